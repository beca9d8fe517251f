// Writes schemas/<name>.schema.json from the schemas that the code reads with; `--check` only says whether they are current.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishedSchemas } from '../lib/main/schemas.ts';

const folder = join(import.meta.dirname, '..', 'schemas');
await mkdir(folder, { recursive: true });
for (const [name, text] of publishedSchemas()) {
  const before = await readFile(join(folder, name), 'utf8').catch(() => null);
  if (before === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`schemas/${name} is old: run "node scripts/schemas.ts"`);
    process.exitCode = 1;
  } else {
    await writeFile(join(folder, name), text);
    console.error(`Wrote schemas/${name}`);
  }
}
