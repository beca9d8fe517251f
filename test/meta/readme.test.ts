import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { currentReadme } from '../../scripts/readme.ts';

const file = join(import.meta.dirname, '..', '..', 'README.md');

it('shows what the first command prints today ("npm run readme" writes it again)', async () => {
  const text = await readFile(file, 'utf8');

  expect(text).toBe((await currentReadme()).text);
  expect(text).toContain('Aurora Watch · account 111122223333');
});
