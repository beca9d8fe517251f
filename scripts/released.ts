// Writes down what of the template must outlive the next upgrade: run it with every release, and with nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageService } from '../test/e2e/packaged.ts';
import { templateFile } from '../test/e2e/template.ts';
import { lastingIn } from '../test/template/lasting.ts';

const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-released-'));
await packageService(folder);
const lasting = await lastingIn(JSON.parse(readFileSync(join(folder, templateFile), 'utf8')));
rmSync(folder, { recursive: true });
writeFileSync(join(import.meta.dirname, '..', 'test', 'template', 'released.json'), `${JSON.stringify(lasting, null, 2)}\n`);
