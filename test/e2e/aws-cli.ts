// The real AWS CLI, out of PyPI, kept warm: a script of a hundred calls would spend minutes on starting it.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { install, whyNo } from './python.ts';

const awscli = { name: 'awscli', version: '1.46.3' };

/** Why the AWS CLI cannot be had on this machine; null: it can. */
export function whyNoAwsCli(): string | null {
  return whyNo(awscli);
}

/** Answers each call in a child of its own, as a process that has just been started would: with the caller's arguments, environment and folder. */
const server = `
import contextlib, io, json, os, socketserver, sys
from awscli.clidriver import create_clidriver
create_clidriver()

class Call(socketserver.StreamRequestHandler):
    def handle(self):
        call = json.loads(self.rfile.readline())
        data = os.environ['AWS_DATA_PATH']
        os.environ.clear()
        os.environ.update(call['env'], AWS_DATA_PATH=data)
        os.chdir(call['cwd'])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = create_clidriver().main(call['argv'])
            except SystemExit as ended:
                status = ended.code
        answer = {'status': status or 0, 'out': out.getvalue(), 'err': err.getvalue()}
        self.wfile.write(json.dumps(answer).encode() + b'\\n')

class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    pass

Server(sys.argv[1], Call).serve_forever()
`;

const client = (socket: string): string => `#!/usr/bin/env -S python3 -SE
import json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(${JSON.stringify(socket)})
with line.makefile('rw') as file:
    file.write(json.dumps({'argv': sys.argv[1:], 'env': dict(os.environ), 'cwd': os.getcwd()}) + '\\n')
    file.flush()
    answer = json.loads(file.readline())
sys.stdout.write(answer['out'])
sys.stderr.write(answer['err'])
sys.exit(answer['status'])
`;

/** Puts a command `aws` into the folder, which works until `stop`. Resolves with the Python that has the CLI's library, too. */
export async function startAwsCli(folder: string): Promise<{ readonly python: string; stop(): void }> {
  const python = join(await install(awscli), 'bin', 'python');
  const socket = join(folder, 'aws.socket');
  const child = spawn(python, ['-c', server, socket], { stdio: 'ignore' });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  for (let attempt = 0; attempt < 600 && !existsSync(socket); attempt++) {
    if (child.exitCode !== null) throw new Error('The AWS CLI did not start.');
    await sleep(100);
  }
  writeFileSync(join(folder, 'aws'), client(socket));
  chmodSync(join(folder, 'aws'), 0o755);
  return {
    python,
    stop() {
      process.off('exit', kill);
      kill();
    },
  };
}
