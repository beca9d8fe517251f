import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import type { Coverage } from '../../lib/domain/report.ts';
import { script, scriptHash } from '../../lib/render/html/script.ts';
import { style, styleHash } from '../../lib/render/html/style.ts';
import { contentSecurityPolicy, renderHtml } from '../../lib/render/html.ts';
import { comparedReport, exampleCatalogue, exampleReport, largeReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

interface Page {
  /** Element name and attribute names of every element, in order. */
  readonly elements: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[];
  readonly text: string;
  readonly errors: readonly string[];
}

function read(html: string): Page {
  const errors: string[] = [];
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  let text = '';
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if (defaultTreeAdapter.isTextNode(node)) text += `${node.value}\n`;
    if (defaultTreeAdapter.isElementNode(node)) {
      elements.push({ name: node.tagName, attributes: Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])) });
      if (node.tagName === 'style' || node.tagName === 'script') return;
    }
    if ('childNodes' in node) for (const child of node.childNodes) visit(child);
  };
  visit(parse(html, { onParseError: (error) => errors.push(error.code) }));
  return { elements, text, errors };
}

describe('renderHtml', () => {
  const html = renderHtml(exampleReport, { catalogue: exampleCatalogue });
  const page = read(html);

  it.each([
    'billing',
    'orders',
    'ledger',
    'accounts',
    'rds.force_ssl is 0 in billing-aurora-pg15: sessions without TLS are accepted.',
    'rds.force_ssl is 1, but not in effect on orders-2: its group waits for a reboot.',
    '198.51.100.23',
    '203.0.113.5',
    '203.0.113.77',
    'role/pg-migration-2024',
    'alice (role/dba-oncall)',
    'Access that nobody uses is access that nobody misses when it is stolen.',
    'the gzip ends early, after 3 102 lines',
    "aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier 'orders-2'",
  ])('shows %j', (text) => {
    expect(page.text).toContain(text);
  });

  it('says of a check whose title is the good state that it fails, and of none else', () => {
    const headings = page.text.split('\n').flatMap((line, index, lines) => (line === 'Fails: ' ? [lines[index + 1]] : []));

    expect(headings).toContain('Cluster accepts only connections with TLS');
    expect(headings.join()).not.toMatch(/forged|failed|Sessions without TLS/);
  });

  it('shows more clusters than there are cards for as a map, each named', () => {
    const squares = (one: Page): number =>
      one.elements.filter(({ name, attributes }) => name === 'rect' && /^(?:act|improve|unknown|fine)$/.test(attributes.class ?? ''))
        .length;

    expect(squares(page)).toBe(0);
    expect(squares(read(renderHtml(largeReport(60, 60))))).toBe(60);
  });

  it('is well-formed', () => {
    expect(page.errors).toEqual([]);
  });

  it('names each element id once', () => {
    const ids = page.elements.flatMap(({ attributes }) => attributes.id ?? []);

    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('links to elements of its own, and to nothing but the catalogue’s references', () => {
    const ids = new Set(page.elements.flatMap(({ attributes }) => attributes.id ?? []));
    const links = page.elements.flatMap(({ attributes }) => attributes.href ?? []);

    const outside = links.filter((link) => !link.startsWith('#'));
    const inside = links.filter((link) => link.startsWith('#'));

    expect([...new Set(outside)].sort()).toEqual([...exampleCatalogue.values()].flatMap(({ references }) => references).sort());
    expect(inside.filter((link) => !ids.has(link.slice(1)))).toEqual([]);
  });

  it('loads nothing: no element that fetches, no style attribute, no handler', () => {
    const fetching = page.elements.filter(({ name }) =>
      ['img', 'link', 'iframe', 'object', 'embed', 'video', 'audio', 'base', 'image', 'use'].includes(name),
    );
    const attributes = new Set(page.elements.flatMap((element) => Object.keys(element.attributes)));

    expect(fetching).toEqual([]);
    expect(
      [...attributes].filter((name) => name.startsWith('on') || ['style', 'src', 'srcset', 'srcdoc', 'action'].includes(name)),
    ).toEqual([]);
  });

  it('allows its own style and script by their hashes, and nothing else', () => {
    const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
    const meta = page.elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');

    expect(styleHash).toBe(hash(style));
    expect(scriptHash).toBe(hash(script));
    expect(html).toContain(`<style>${style}</style>`);
    expect(html).toContain(`<script type="module">${script}</script>`);
    expect(meta?.attributes.content).toBe(contentSecurityPolicy);
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'; /);
    expect(contentSecurityPolicy).not.toContain('unsafe');
  });

  it('keeps the script within seventy lines', () => {
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(70);
  });

  it('says how to mend what has no command of its own, as its check does', () => {
    expect(page.text).toContain('Grant rds-db:connect to the caller, or find out who it is.');
  });

  it('says what is new and what is gone', () => {
    const { text } = read(renderHtml(comparedReport));

    expect(text).toContain('Since 2026-04-26 12:00 UTC: 2 new, 1 gone, 8 unchanged');
    expect(text).toContain('Gone: certificate-current on orders. The certificate of orders-1 ends on 2026-06-01.');
  });

  it.each(['complete', 'partial'] as const)('lists a thousand %s files, says how many more there are, and sums up all', (status) => {
    const file = (index: number): Coverage => ({ ...line, status, source: `cloudtrail:cloudtrail/${index}.json.gz` });
    const line: Coverage = { source: 'cloudtrail', status, detail: '3000 files', from: null, to: null, records: 3000, rejected: 0 };
    const coverage = [line, ...Array.from({ length: 3000 }, (_, index) => file(index))];

    const { text } = read(renderHtml({ ...exampleReport, coverage }, { catalogue: exampleCatalogue }));

    const listed = text.match(/cloudtrail:cloudtrail/g)?.length ?? 0;
    expect(text).toContain('3000 files');
    expect(text).toContain(`And ${(3000 - listed).toLocaleString('en')} more lines: the JSON report lists them all.`);
    expect(listed).toBeLessThanOrEqual(1100);
  });

  it('gives the same bytes for the same report', () => {
    expect(renderHtml(structuredClone(exampleReport), { catalogue: exampleCatalogue })).toBe(html);
  });

  describe.each(Object.entries(nastyStrings))('with %s in every field', (_, text) => {
    const poisoned = read(renderHtml(poison(comparedReport, text)));
    const tame = read(renderHtml(poison(comparedReport, 'tame')));
    const names = (one: Page): string[] => [...new Set(one.elements.map(({ name }) => name))].sort();
    const attributes = (one: Page): string[] => [...new Set(one.elements.flatMap((element) => Object.keys(element.attributes)))].sort();

    it('makes no element and no attribute that harmless text does not make', () => {
      expect(names(poisoned).filter((name) => !names(tame).includes(name))).toEqual([]);
      expect(attributes(poisoned).filter((name) => !attributes(tame).includes(name))).toEqual([]);
      expect(poisoned.errors).toEqual([]);
    });

    it('leads nowhere', () => {
      const links = poisoned.elements.flatMap(({ attributes: found }) => [found.href ?? '#', found.id ?? '', found.class ?? '']);

      expect(links.filter((link) => !/^#?[a-z0-9 -]*$/.test(link))).toEqual([]);
    });

    it('holds no character that moves or hides others', () => {
      expect(poisoned.text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    });
  });
});
