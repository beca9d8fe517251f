// Writes down what of the template must outlive the next upgrade: run it with every release, and with nothing else.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageService } from '../test/e2e/packaged.ts';
import { lastingIn } from '../test/template/lasting.ts';

const lasting = await lastingIn((await packageService()).raw);
writeFileSync(join(import.meta.dirname, '..', 'test', 'template', 'released.json'), `${JSON.stringify(lasting, null, 2)}\n`);
