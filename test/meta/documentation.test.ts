import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandLine } from '../../lib/cli/index.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'samples/README.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const texts = new Map(pages.map((page) => [page, readFileSync(join(root, page), 'utf8')]));
const commands = [...texts].flatMap(([page, text]) =>
  [...text.matchAll(/aurora-watch (scan|collect|event|checks|explain|query|suppress|completion|doctor)\b([^`\n#]*)/g)].map(
    ([, name = '', rest = '']) => [page, name, rest.match(/--[a-z-]+/g) ?? []] as const,
  ),
);
const scripts = Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts);

describe('the documentation', () => {
  it('holds commands to look at', () => {
    expect(commands.length).toBeGreaterThanOrEqual(10);
  });

  it.each(commands)('%s: aurora-watch %s takes the options %j', (_, name, options) => {
    const command = commandLine().commands.find((one) => one.name() === name);
    const known = new Set(command?.options.map(({ long }) => long));

    expect(command).toBeDefined();
    expect(options.filter((option) => !known.has(option))).toEqual([]);
  });

  it.each([...texts])('%s names only scripts that there are', (_, text) => {
    const named = [...text.matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name ?? '');

    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it.each([...texts])('%s leads only to files that are there', (page, text) => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');

    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});
