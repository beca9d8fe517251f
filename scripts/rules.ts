// Writes resources/rules.yml, the rules that let events in, from what the change checks say they judge; `--check` only says whether it is current.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checks } from '../lib/checks/registry.ts';
import { eventRules } from '../lib/main/event-rules.ts';

const file = join(import.meta.dirname, '..', 'resources', 'rules.yml');
const wanted = eventRules(checks);
const before = await readFile(file, 'utf8').catch(() => '');
if (process.argv.includes('--check')) {
  if (before !== wanted) console.error('resources/rules.yml is old: run "node scripts/rules.ts"');
  process.exitCode = before === wanted ? 0 : 1;
} else {
  await writeFile(file, wanted);
}
