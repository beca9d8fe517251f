import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../lib/checks/registry.ts';
import { commands } from '../../lib/evidence/questions.ts';
import { catalogueEntry } from '../../lib/main/catalogue.ts';
import { renderCheckPage } from '../../lib/render/catalogue.ts';

const root = join(import.meta.dirname, '..', '..');
const ids = checks.map(({ id }) => id);

function filesIn(...folder: string[]): string[] {
  return readdirSync(join(root, ...folder))
    .filter((name) => name !== 'index.ts')
    .sort();
}

describe('the registry', () => {
  it('holds each id once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(['posture', 'access', 'change', 'activity'] as const)('has one file for each %s check, named after its id', (kind) => {
    const registered = checks.filter((check) => check.kind === kind).map(({ id }) => `${id}.ts`);

    expect(registered.sort()).toEqual(filesIn('lib', 'checks', kind).filter((name) => ids.includes(name.replace(/\.ts$/, ''))));
  });
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('says why, how it is judged and how to fix it', () => {
    expect(check.title).not.toMatch(/^ensure/i);
    expect(check.title.length).toBeLessThanOrEqual(120);
    expect(check.rationale.length).toBeGreaterThan(20);
    expect(check.rationale.length).toBeLessThanOrEqual(400);
    expect(check.judged.length).toBeGreaterThan(20);
    expect(check.fix.length).toBeGreaterThan(5);
    expect(check.references.length).toBeGreaterThan(0);
    for (const reference of check.references) expect(reference).toMatch(/^https:\/\//);
  });

  it('has a kebab-case id, a test and a page that is current', async () => {
    const page = await readFile(join(root, 'docs', 'checks', `${id}.md`), 'utf8').catch(() => '(no page: run "npm run pages")');

    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(existsSync(join(root, 'test', 'checks', check.kind, `${id}.test.ts`))).toBe(true);
    expect(page).toBe(renderCheckPage(catalogueEntry(check)));
  });

  it('needs only answers that the monitor knows how to ask for', () => {
    const known = new Set(commands.flatMap(({ actions }) => actions));

    expect(check.needs.filter((action) => !known.has(action))).toEqual([]);
  });

  if (check.kind === 'activity') {
    it('has a query of its name', () => {
      expect(existsSync(join(root, 'queries', 'check', `${id}.sql`))).toBe(true);
    });
  }
});
