import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startAccount } from './account.ts';

/** What a child process took. */
interface Taken {
  readonly seconds: number;
  /** Seconds of processors: what a busy machine does not change. */
  readonly work: number;
  readonly megabytes: number;
}

/** A live scan of accounts of several sizes, beside the bare fetching of the same answers; a table for docs/benchmarks.md. Writes into `folder`. */
export async function live(folder: string, launcher: string): Promise<void> {
  console.log('Live scan, beside the same answers fetched and nothing judged\n');
  console.log('| clusters | delay of a call | scan | of it at work | calls | memory | floor | ratio |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [clusters, delay] of [
    [10, 0],
    [100, 0],
    [500, 0],
    [10, 100],
  ] as const) {
    const account = await startAccount(clusters, delay);
    try {
      const report = join(folder, 'report.json');
      const args = ['scan', '--live', '--region', 'eu-central-1', '--format', 'json', '--output', report, '--fail-on', 'never'];
      const scan = await best(() => {
        account.calls.length = 0;
        return take(account.endpoint, [launcher, ...args]);
      });
      const calls = join(folder, 'calls.json');
      const count = account.calls.length;
      writeFileSync(calls, JSON.stringify(account.calls));
      const floor = await best(() => take(account.endpoint, [join(import.meta.dirname, 'fetch.ts'), account.endpoint, calls]));
      const ratio = (scan.seconds / floor.seconds).toFixed(1);
      console.log(
        `| ${clusters} | ${delay} ms | ${scan.seconds.toFixed(2)} s | ${scan.work.toFixed(2)} s | ${count} | ${scan.megabytes} MB | ${floor.seconds.toFixed(2)} s | ${ratio} |`,
      );
    } finally {
      await account.stop();
    }
  }
  console.log('');
}

/** The fastest of three: others use the machine too. */
async function best(run: () => Promise<Taken>): Promise<Taken> {
  const runs = [await run(), await run(), await run()];
  return runs.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
}

async function take(endpoint: string, args: readonly string[]): Promise<Taken> {
  const began = performance.now();
  const child = spawn('/usr/bin/time', ['-f', '%M %U %S', process.execPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  });
  const [said, status] = await Promise.all([text(child.stderr), new Promise<number | null>((resolve) => child.once('exit', resolve))]);
  if (status !== 0) throw new Error(`${args.slice(0, 3).join(' ')} ended with ${status}: ${said}`);
  const seconds = (performance.now() - began) / 1000;
  const [memory = 0, user = 0, system = 0] = (said.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds, work: user + system, megabytes: Math.round(memory / 1024) };
}
