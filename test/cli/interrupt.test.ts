import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { textSession } from '../adapters/local/logs.ts';
import { write } from './run.ts';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'aurora-watch.js');
/** Makes the launcher take its Node.js for one that does not run the sources. */
const older = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.0.0" } });';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'aurora-watch-interrupt-'));
  // What takes a while to read.
  const log = textSession({ time: '2026-05-03T10:00:00Z' }).repeat(250_000);
  for (const instance of ['orders-1', 'orders-2']) write(home, { [`logs/orders/${instance}/postgresql.log`]: log });
});
beforeEach(() => mkdirSync(join(home, 'temporary')));
afterEach(() => rmSync(join(home, 'temporary'), { recursive: true }));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const temporary = (): string[] => readdirSync(join(home, 'temporary'));

/** Scans, and sends a signal to all of the program's processes once it reads. */
async function interrupt(name: NodeJS.Signals, options: readonly string[] = []) {
  const child = spawn(process.execPath, [...options, launcher, 'scan', home], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: join(home, 'temporary') },
  });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const closed = new Promise<[code: number | null, signal: NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  while (temporary().length === 0 && child.exitCode === null) await pause(5);
  await pause(500);
  process.kill(-(child.pid ?? 0), name);
  const [code, signal] = await closed;
  return { code, signal, stderr, left: temporary() };
}

describe('an interrupted scan', () => {
  const clean = { code: 2, signal: null, stderr: 'aurora-watch: Interrupted.\n', left: [] };

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends with 2 and leaves nothing behind: %s',
    async (name) => {
      expect(await interrupt(name)).toEqual(clean);
    },
    30_000,
  );

  it('leaves nothing behind and does not end with 0 where an older Node.js starts the one that comes with a clone', async () => {
    const { code, signal, left } = await interrupt('SIGINT', ['--import', older]);

    expect(left).toEqual([]);
    // The signal that is passed on may meet a program that has all but ended.
    expect(code === 2 || signal === 'SIGINT').toBe(true);
  }, 30_000);
});
