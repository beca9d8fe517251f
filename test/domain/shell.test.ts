import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { shellCommand, shellWord } from '../../lib/domain/shell.ts';

it.each([
  ['orders-pg16', 'orders-pg16'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$(x)`y`', "'$(x)`y`'"],
  ['a\nb', "$'a\\u000ab'"],
  ["\u001b[31m\\n'\u202e", "$'\\u001b[31m\\\\n\\'\\u202e'"],
  ['\u{e0001}', "$'\\U000e0001'"],
])('writes %j as a shell reads it', (word, expected) => {
  expect(shellWord(word)).toBe(expected);
});

it('is read by bash as it was, on one line', () => {
  const words = ["it's", 'a\nb\r\t\u001b[0m', "$'x'", '\\n', '\u2028\u202e\u0085', '"*?~;&|<>'];

  const command = shellCommand('printf', '%s|', ...words);
  const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });

  expect(command).not.toContain('\n');
  expect(stdout).toBe(`${words.join('|')}|`);
});
