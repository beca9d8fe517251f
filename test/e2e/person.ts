// A person at the command line: runs the program as a process of its own, against the front of the emulator.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { accessKeyOf } from './functions.ts';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'aurora-watch.js');

/** Gives the program a terminal for its standard error only, and passes on what it draws there. */
const terminal = `
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stderr=theirs)
os.close(theirs)
while True:
    try:
        drawn = os.read(ours, 65536)
    except OSError:
        break
    if not drawn:
        break
    os.write(2, drawn)
sys.exit(child.wait())
`;

/** What a run printed, and its exit status. */
export interface Printed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `aurora-watch` with these arguments; `watched`: standard error is a terminal. */
export async function aurora(endpoint: string, args: readonly string[], { watched = false } = {}): Promise<Printed> {
  const command = [process.execPath, launcher, ...args];
  const [file = '', ...rest] = watched ? ['python3', '-c', terminal, ...command] : command;
  const child = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyOf('person'),
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code))),
  ]);
  return { status, stdout, stderr };
}
