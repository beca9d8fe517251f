import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { textSession } from '../adapters/local/logs.ts';
import { run, write } from './run.ts';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'aurora-watch.js');
/** Files of more than two megabytes cannot be written. */
const limited = 'trap "" XFSZ; ulimit -f 2000; exec "$0" "$@"';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'aurora-watch-full-'));
  mkdirSync(join(home, 'temporary'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

it.each([
  ['without threads', 1],
  ['in threads, of which others go on', 6],
])(
  'a temporary folder that takes no more ends the scan with a sentence: %s',
  (_name, instances) => {
    const log = Array.from({ length: 15_000 }, (_, index) =>
      textSession({ time: '2026-05-03T10:00:00Z', port: 1025 + index, process: 32 * (1 + index) }),
    ).join('');
    for (let index = 0; index < instances; index++) write(home, { [`evidence-${instances}/logs/orders/orders-${index}/a.log`]: log });

    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', limited, process.execPath, launcher, 'scan', join(home, `evidence-${instances}`)],
      { encoding: 'utf8', timeout: 60_000, env: { ...process.env, TMPDIR: join(home, 'temporary') } },
    );

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^aurora-watch: The temporary folder .* takes no more \(EFBIG: .*\); TMPDIR names another\.$/m);
    expect(readdirSync(join(home, 'temporary'))).toEqual([]);
  },
  90_000,
);

it('says which temporary folder is not there', () => {
  write(home, { 'evidence/evidence.json': {} });

  const { status, stderr } = run(['scan', join(home, 'evidence')], { env: { TMPDIR: join(home, 'nowhere') } });

  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: `aurora-watch: The temporary folder ${join(home, 'nowhere')} cannot be written to (ENOENT); TMPDIR names another.\n`,
  });
});
