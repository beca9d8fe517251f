// Writes into README.md what `npm start` prints today; a test says when it is old.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultConfiguration } from '../lib/domain/configuration.ts';
import { renderReport, scanFolder } from '../lib/main/laptop.ts';

const root = join(import.meta.dirname, '..');
const block = /(<!-- output: [^\n]*-->\n```text\n)[\s\S]*?(```\n<!-- \/output -->)/;

/** README.md as it should be. */
export async function currentReadme(): Promise<string> {
  const { report } = await scanFolder(join(root, 'samples'), { choice: {}, configuration: defaultConfiguration, warn: () => undefined });
  const text = renderReport(report, 'text', { colour: false, width: 100, details: false });
  return (await readFile(join(root, 'README.md'), 'utf8')).replace(block, (_, before: string, after: string) => `${before}${text}${after}`);
}

if (import.meta.main) await writeFile(join(root, 'README.md'), await currentReadme());
