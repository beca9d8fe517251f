// Writes docs/checks/<id>.md from the checks; `--check` only says whether they are current.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checks } from '../lib/checks/registry.ts';
import { catalogueEntry } from '../lib/main/catalogue.ts';
import { renderCheckPage } from '../lib/render/catalogue.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'checks');
await mkdir(folder, { recursive: true });
const pages = new Map(checks.map((check) => [`${check.id}.md`, renderCheckPage(catalogueEntry(check))]));
pages.set(
  'README.md',
  `# The checks\n\n| check | kind | severity | |\n| --- | --- | --- | --- |\n${checks
    .map(({ id, kind, severity, title }) => `| [${id}](${id}.md) | ${kind} | ${severity} | ${title} |`)
    .join('\n')}\n`,
);

const old: string[] = [];
for (const [name, page] of pages) {
  const before = await readFile(join(folder, name), 'utf8').catch(() => null);
  if (before !== page) old.push(name);
}
const gone = (await readdir(folder)).filter((name) => !pages.has(name));
if (process.argv.includes('--check')) {
  for (const name of [...old, ...gone]) console.error(`docs/checks/${name} is old: run "npm run pages"`);
  process.exitCode = old.length + gone.length === 0 ? 0 : 1;
} else {
  for (const [name, page] of pages) await writeFile(join(folder, name), page);
  for (const name of gone) await rm(join(folder, name));
  console.error(`${pages.size} pages, ${old.length} changed, ${gone.length} taken away`);
}
