import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createSlack } from '../../../lib/adapters/aws/slack.ts';

/** What Slack answers, in order; the last one again and again. */
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
type Answers = readonly Answer[];

const ok: Answer = { status: 200, body: 'ok' };
const busy = (seconds: string) => ({ status: 429, headers: { 'retry-after': seconds }, body: 'rate_limited' });

describe('a message to Slack', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** A server that is Slack and the store of parameters, and what was posted to it. */
  async function slackThat(answers: Answers, parameter = true) {
    const posted: unknown[] = [];
    const base = (): string => {
      const address = server?.address();
      return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
    };
    server = createServer((request, response) => {
      text(request).then(
        (body) => {
          if (request.url === '/') {
            const missing = { __type: 'ParameterNotFound' };
            response
              .writeHead(parameter ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
              .end(JSON.stringify(parameter ? { Parameter: { Value: ` ${base()}/services/secret\n` } } : missing));
            return;
          }
          posted.push(JSON.parse(body));
          const { status, headers = {}, body: said = '' } = answers[Math.min(posted.length, answers.length) - 1] ?? ok;
          response.writeHead(status, headers).end(said);
        },
        () => response.destroy(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const credentials = async () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' });
    const post = createSlack({ credentials, endpoint: base(), region: 'eu-central-1' }, { region: 'eu-central-1', parameter: '/slack' });
    const began = Date.now();
    const outcome = await post({ text: 'hello' }, new AbortController().signal).catch(String);
    return { outcome, posted, took: Date.now() - began };
  }

  it('is posted once where Slack takes it', async () => {
    expect(await slackThat([ok])).toMatchObject({ outcome: true, posted: [{ text: 'hello' }] });
  });

  it('is not posted where Slack was never set up', async () => {
    expect(await slackThat([ok], false)).toMatchObject({ outcome: false, posted: [] });
  });

  it('is posted again after the time that Slack asks for, for as long as it is busy', async () => {
    const { outcome, posted, took } = await slackThat([busy('1'), ...Array.from({ length: 5 }, () => busy('0.1')), ok]);

    expect({ outcome, posted: posted.length }).toEqual({ outcome: true, posted: 7 });
    expect(took).toBeGreaterThanOrEqual(1_500);
  });

  it.each([
    ['asks for more time than the function has', [busy('60')], 1, 'SlackError: Slack answered 429: rate_limited (asks to wait 60 s)'],
    ['is broken', [{ status: 500, body: 'server_error' }], 4, 'SlackError: Slack answered 500: server_error'],
    ['refuses the message', [{ status: 400, body: 'invalid_payload' }], 1, 'SlackError: Slack answered 400: invalid_payload'],
    ['refuses the webhook', [{ status: 403, body: 'invalid_token' }], 1, 'SlackError: Slack answered 403: invalid_token'],
  ])('is given back where Slack %s', async (_, answers, times, outcome) => {
    const done = await slackThat(answers as Answers);

    expect({ outcome: done.outcome, posted: done.posted.length }).toEqual({ outcome, posted: times });
  });
});
