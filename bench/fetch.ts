// The floor of a live scan: sends the calls that a scan sent, as many at once, reads the answers and judges nothing.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { Sent } from './account.ts';

const [endpoint = '', file = ''] = process.argv.slice(2);
const calls = JSON.parse(readFileSync(file, 'utf8')) as readonly Sent[];
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

function send({ path, method, headers, body }: Sent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${endpoint}${path}`,
      { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent },
      (answer) => {
        answer.resume();
        answer.once('end', resolve);
        answer.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}

const queue = calls.values();
await Promise.all(
  Array.from({ length: 20 }, async () => {
    for (const call of queue) await send(call);
  }),
);
agent.destroy();
