// A Slack that answers as it is told, and keeps what was posted.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** An incoming webhook. */
export interface FakeSlack {
  readonly url: string;
  /** What was posted and taken, in order. */
  readonly taken: Record<string, unknown>[];
  /** Statuses of the next answers; then all is taken. */
  readonly answers: number[];
  stop(): Promise<void>;
}

/** Starts it. */
export async function startSlack(): Promise<FakeSlack> {
  const taken: Record<string, unknown>[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const status = answers.shift() ?? 200;
        if (status === 200) taken.push(JSON.parse(body));
        response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end(status === 200 ? 'ok' : 'busy');
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/services/webhook`,
    taken,
    answers,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
