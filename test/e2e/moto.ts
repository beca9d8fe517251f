// The endpoint emulator moto, from PyPI: what answers in place of AWS.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';
import { install, whyNo } from './python.ts';

const moto = { name: 'moto[server]', version: '5.2.5' };

/** The account that moto plays. */
export const account = '123456789012';

/** An emulator that runs until `stop`. */
export interface MotoServer {
  readonly port: number;
  /** Its environment. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Why moto cannot be had on this machine; null: it can. */
export function whyNoMoto(): string | null {
  return whyNo(moto);
}

/** The environment that moto is in, installed at the first time. */
export function motoFolder(): Promise<string> {
  return install(moto);
}

/** Starts moto on a free port of this machine. Installs it once into `.cache/`. */
export async function startMoto(): Promise<MotoServer> {
  const folder = await motoFolder();
  const port = await freePort();
  const server = spawn(join(folder, 'bin', 'python'), ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', AWS_DEFAULT_REGION: 'eu-central-1' },
  });
  const kill = (): boolean => server.kill('SIGKILL');
  process.once('exit', kill);
  await ready(server, port);
  return {
    port,
    folder,
    async stop() {
      process.off('exit', kill);
      const ended = once(server, 'exit');
      kill();
      await ended;
    },
  };
}

async function ready(server: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error('moto did not start.');
    const answers = await fetch(`http://127.0.0.1:${port}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await sleep(100);
  }
  throw new Error('moto did not answer within half a minute.');
}
