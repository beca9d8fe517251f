import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { renderMarkdown } from '../../lib/render/markdown.ts';
import { renderText } from '../../lib/render/text.ts';
import { comparedReport, exampleReport, largeReport, withSummary } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

const plain = { colour: false, width: 100, details: false };

describe('renderText', () => {
  const text = renderText(exampleReport, plain);

  it.each([
    ['the account and the moment', 'Aurora Watch · account 111122223333 · eu-central-1 · 2026-05-03 12:00 UTC'],
    ['the numbers', '3 high, 5 medium, 1 info open · 1 suppressed · 5 not known · 39 passed'],
    ['a cluster that is fine', '✔ accounts  1 info            TLS required'],
    [
      'a cluster with TLS off, and who would be locked out',
      '✖ billing   2 high, 2 medium  TLS off (1 client without TLS): rds.force_ssl is 0',
    ],
    ['a cluster that waits for a reboot', '✖ orders    1 high, 1 medium  TLS pending (ready since 2026-02-02): '],
    ['a cluster that could not be read', '? ledger    4 not known       TLS not known: access denied'],
    ['since when and by whom', 'since 2026-04-28 09:12, by alice (role/dba-oncall) with the console from 203.0.113.40'],
    ['what to do', "$ aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier 'orders-2'"],
    ['when that is effective', 'effective after a reboot'],
    ['an unused access', '○ role/pg-migration-2024  any user on 4 clusters · never used'],
    ['a file that could not be read', 'partial   the gzip ends early'],
    ['what to run next', 'aurora-watch explain 9a1f6c02'],
    ['why a check matters', 'aurora-watch checks log-forgery'],
  ])('shows %s', (_, expected) => {
    expect(text).toContain(expected);
  });

  it('fits a tall screen without details', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(64);
  });

  it('stays a page of a hundred lines however much there is', () => {
    const large = renderText(largeReport(500, 5000), plain);

    expect(large.trimEnd().split('\n').length).toBeLessThanOrEqual(100);
    expect(large).toContain('and 488 more');
    expect(large).toContain('more checks with findings');
  });

  it('puts the worst finding first', () => {
    const order = ['log-forgery', 'tls-required', 'failed-iam-logins', 'plaintext-sessions'].map((check) => text.indexOf(` ${check}: `));

    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
  });

  it('prints evidence and complete coverage only with details', () => {
    const details = renderText(exampleReport, { ...plain, width: 132, details: true });

    expect(text).not.toContain('SSL enabled (protocol=TLSv1.3)');
    expect(details).toContain('connection authorized: user=billing_admin database=billing SSL enabled (protocol=TLSv1.3)');
    expect(details).toContain('The cluster is rebuilt every night until the migration ends.');
    expect(details).toContain('inventory:rds:describe-db-clusters');
  });

  it('says what is new and what is gone', () => {
    const compared = renderText(comparedReport, plain);

    expect(compared).toContain('Since 2026-04-26 12:00 UTC: 2 new, 1 gone, 8 unchanged');
    expect(compared).toContain('gone: certificate-current on orders');
    expect(compared).toContain('1c52d9a0  new: rds.force_ssl is 0');
    expect(compared).toContain('77e0a4b3  rds.force_ssl is 1');
  });

  it('says so when there is nothing to say', () => {
    const empty = withSummary({
      ...exampleReport,
      verdicts: [],
      findings: [],
      coverage: [],
      changes: [],
      accesses: [],
      account: null,
      at: null,
      window: null,
      regions: [],
    });

    expect(renderText(empty, plain)).toBe('Aurora Watch · account not known · no time known\n\nnothing open · 0 passed\n');
  });

  it('breaks a command so that a shell reads it as one', () => {
    const narrow = renderText(exampleReport, { ...plain, width: 60 });

    const start = narrow.indexOf('$ aws rds modify-db-cluster-parameter-group');
    const command = narrow
      .slice(start + 2, narrow.indexOf('effective', start))
      .replaceAll(/ \\\n */g, ' ')
      .trim();

    expect(command).toBe(
      "aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name 'billing-aurora-pg15' --parameters 'ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate'",
    );
  });

  it('paints only when asked, and the same words', () => {
    const coloured = renderText(exampleReport, { ...plain, colour: true });

    expect(text).not.toContain('\x1b');
    expect(coloured).toContain('\x1b[1;31mhigh\x1b[0m');
    expect(coloured.replaceAll(/\x1b\[[\d;]*m/g, '')).toBe(text);
  });

  it.each([40, 60, 80, 100, 132, 200])('keeps to %d columns, commands left out', (width) => {
    const lines = renderText(poison(comparedReport, '漢字😀 データベース '), { ...plain, width, details: true }).split('\n');

    const tooWide = lines.filter((line) => stringWidth(line) > width && !line.trimStart().startsWith('$') && !/ {16}/.test(line));

    expect(tooWide).toEqual([]);
  });

  describe.each(Object.entries(nastyStrings))('with %s in every field', (_, nasty) => {
    it.each([true, false])('is free of control and format characters (details: %p)', (details) => {
      const printed = renderText(poison(comparedReport, nasty), { ...plain, details });

      expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    });

    it('stays short without details', () => {
      expect(renderText(poison(comparedReport, nasty), plain).length).toBeLessThan(60_000);
    });
  });

  it('drops nothing: what is escaped can be read', () => {
    const printed = renderText(poison(exampleReport, nastyStrings.terminal ?? ''), plain);

    expect(printed).toContain('\\x1b[2J\\x1b[31mred\\x1b]0;title\\x07');
  });
});

it('says what is not known of a region that the evidence does not name', () => {
  const resource = { arn: 'arn:aws:iam:::root', type: 'region', name: '', region: '' } as const;
  const verdicts = [{ check: 'tls-required', resource, verdict: 'unknown', reason: 'not collected' } as const];

  expect(renderText({ ...exampleReport, verdicts }, plain)).toContain('? tls-required on the region: not collected');
  expect(renderMarkdown({ ...exampleReport, verdicts })).toContain('- 1 check on `the region`: ');
});
