import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../../lib/render/markdown.ts';
import { comparedReport, exampleCatalogue, exampleReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

/** What is left of a comment without its code: blocks first, then spans, as CommonMark pairs runs of backticks of one length. */
function withoutCode(markdown: string): string {
  const lines: string[] = [];
  let fence = '';
  for (const line of markdown.split('\n')) {
    const run = /^ {2}(`{3,})(sh)?$/.exec(line);
    if (fence === '' && run?.[2] === 'sh') fence = run[1] ?? '';
    else if (fence !== '' && run && run[2] === undefined && (run[1]?.length ?? 0) >= fence.length) fence = '';
    else if (fence === '') lines.push(line);
  }
  if (fence !== '') throw new Error('a block of code does not end');
  return lines
    .map((line) => {
      let rest = line;
      let kept = '';
      for (let open = rest.indexOf('`'); open >= 0; open = rest.indexOf('`')) {
        const run = /^`+/.exec(rest.slice(open))?.[0] ?? '';
        const after = rest.slice(open + run.length);
        const close = [...after.matchAll(/`+/g)].find(([other]) => other.length === run.length);
        if (!close) throw new Error(`a span of code does not end: ${line.slice(0, 200)}`);
        kept += `${rest.slice(0, open)}CODE`;
        rest = after.slice(close.index + run.length);
      }
      return kept + rest;
    })
    .join('\n');
}

/** Our own markup taken away. */
function foreignMarkup(markdown: string): string {
  return withoutCode(markdown)
    .replaceAll(/^ *<details><summary>[A-Za-z ]+( \(\d+\))?<\/summary>$/gm, '')
    .replaceAll(/^ *<\/details>$/gm, '')
    .replaceAll(/^#{2,3} /gm, '')
    .replaceAll(/^- (was )?/gm, '')
    .replaceAll(/\*\*(critical|high|medium|low|info)\*\*/g, '')
    .replaceAll(/^\*\*(Since .*)\*\*$/gm, '$1');
}

describe('renderMarkdown', () => {
  const markdown = renderMarkdown(exampleReport);

  it.each([
    ['the numbers', '## Aurora Watch: 3 high, 5 medium, 1 info open'],
    [
      'the account and the moment',
      'Account `111122223333` · `eu-central-1` · `2026-05-03 12:00` UTC · 1 suppressed · 5 not known · 39 passed',
    ],
    [
      'a finding, and who did it',
      '- **high** `tls-required` on `billing`: `rds.force_ssl` is 0 in `billing-aurora-pg15`: sessions without TLS are accepted. Changed by alice `(role/dba-oncall)` with the console from `203.0.113.40` at `2026-04-28 09:12` UTC.',
    ],
    ['what is not in effect yet', '`tls-required` on `orders` (not in effect yet)'],
    ['the command', "  ```sh\n  aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier 'orders-2'\n  ```\n"],
    ['who is in the way of TLS', '- `billing`: 1 client without TLS `billing_batch`.'],
    ['since when TLS could be required', '- `orders`: ready since `2026-02-02`.'],
    ['whose log does not tell', '- `ledger`: nobody knows who connects without TLS; no log of it is in the evidence.'],
    ['what is not known', '- 4 checks on `ledger`: access denied to rds'],
    ['who changed what', '- **medium** `2026-03-11 14:25` UTC: jane `(role/platform-admin)` with Terraform'],
    ['unused access', '- principal `role/pg-migration-2024`, never used: '],
    ['who suppressed what', '- check `deletion-protected` on `billing` by `jane` until `2026-09-30`: '],
    ['what could not be seen', '- partial: `log` 3 of 4 clusters have a log'],
  ])('shows %s', (_, expected) => {
    expect(markdown).toContain(expected);
  });

  it('puts names that a sentence or a list parts apart, and no word of the sentence with them', () => {
    const reason = 'app_a, app_b and c-1 store MD5. rds.force_ssl is 0; does x_y use TLS? Yes: a:b:c.';
    const [finding] = exampleReport.findings;
    const markdownOf = renderMarkdown({ ...exampleReport, findings: finding ? [{ ...finding, reason }] : [], changes: [] });

    expect(markdownOf).toContain('`app_a`, `app_b` and `c-1` store MD5. `rds.force_ssl` is 0; does `x_y` use TLS? Yes: `a:b:c`.');
  });

  it('says how to mend what has no command of its own, where the catalogue knows', () => {
    expect(renderMarkdown(exampleReport, { catalogue: exampleCatalogue })).toContain(
      '  Grant `rds-db:connect` to the caller, or find out who it is.\n',
    );
  });

  it('puts the new and the gone before the unchanged', () => {
    const compared = renderMarkdown(comparedReport);
    const order = [
      '**Since `2026-04-26 12:00` UTC: 2 new, 1 gone, 8 unchanged**',
      '### New findings (2)',
      '### Gone (1)',
      '<summary>Unchanged (7)',
    ];

    const places = order.map((part) => compared.indexOf(part));

    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(compared).toContain('- was **high** `certificate-current` on `orders`: ');
  });

  it('says so when there is nothing to say', () => {
    const summary = { ...exampleReport.summary, unknown: 0, pass: 3, findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 } };

    const empty = renderMarkdown({ ...exampleReport, summary, verdicts: [], findings: [], changes: [], accesses: [], coverage: [] });

    expect(empty).toBe(
      '## Aurora Watch: nothing open\n\nAccount `111122223333` · `eu-central-1` · `2026-05-03 12:00` UTC · 0 not known · 3 passed\n',
    );
  });

  it('fits a comment of GitHub whatever was found, and counts the rest', () => {
    const findings = Array.from({ length: 3000 }, (_, index) =>
      exampleReport.findings.map((finding) => ({ ...finding, fingerprint: `${index}-${finding.fingerprint}` })),
    ).flat();

    const long = renderMarkdown({ ...exampleReport, findings });

    expect(long.length).toBeLessThanOrEqual(65_536);
    expect(long).toMatch(/^- and \d+ more$/m);
  });

  describe.each(Object.entries(nastyStrings))('with %s in every field', (_, nasty) => {
    const poisoned = renderMarkdown(poison(comparedReport, nasty));

    it('leaves no markup, mention, reference or address outside of code', () => {
      expect(foreignMarkup(poisoned)).not.toMatch(/[<>[\]*_@#|~\\&!]|https?:|www\.|\bGH-\d/);
    });

    it('is free of control and format characters, and short', () => {
      expect(poisoned.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(poisoned.length).toBeLessThanOrEqual(65_536);
    });
  });
});
