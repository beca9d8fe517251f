// A Slack that answers as it is told, and keeps what was posted.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** An incoming webhook. */
export interface FakeSlack {
  readonly url: string;
  /** What was posted and taken, in order. */
  readonly taken: Record<string, unknown>[];
  /** Statuses of the next answers; then all is taken, or answered with `always`. */
  readonly answers: number[];
  /** Set: how everything is answered, with what Slack says. */
  always: { readonly status: number; readonly body: string } | null;
  /** How often it was asked. */
  asked: number;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startSlack(): Promise<FakeSlack> {
  const taken: Record<string, unknown>[] = [];
  const answers: number[] = [];
  const slack: FakeSlack = { url: '', taken, answers, always: null, asked: 0, stop };
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        slack.asked += 1;
        const status = answers.shift() ?? slack.always?.status ?? 200;
        if (status === 200) taken.push(JSON.parse(body));
        response
          .writeHead(status, status === 429 ? { 'retry-after': '1' } : {})
          .end(status === 200 ? 'ok' : (slack.always?.body ?? 'busy'));
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return Object.assign(slack, { url: `http://127.0.0.1:${address.port}/services/webhook` });

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}
