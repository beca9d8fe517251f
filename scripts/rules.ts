// Writes the rules that let events in, from what the change checks say they judge: resources/rules.yml for the stack, forwarder.yml for us-east-1; `--check` only says whether they are current.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checks } from '../lib/checks/registry.ts';
import { eventRules, forwarderTemplate } from '../lib/main/event-rules.ts';

const root = join(import.meta.dirname, '..');
for (const [name, wanted] of [
  ['resources/rules.yml', eventRules(checks)],
  ['forwarder.yml', forwarderTemplate(checks)],
] as const) {
  const file = join(root, name);
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before === wanted) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is old: run "node scripts/rules.ts"`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
  }
}
