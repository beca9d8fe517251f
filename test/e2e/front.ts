// A server in front of the emulator: it knows which function calls what, refuses what the function's role does not grant, answers what the emulator
// cannot, and passes the rest on.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessKeyOf, type CallerName, callerNames } from './functions.ts';

/** One call of AWS, as far as it tells itself. */
export interface Call {
  /** Null: who sets the scene. */
  readonly by: CallerName | null;
  /** As in IAM's actions: `rds`. */
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Parameters of forms and JSON, as they are called there. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What is answered in place of the emulator. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What the test may change while it runs. */
export interface Front {
  readonly endpoint: string;
  /** Every call of a function or a person, in order. */
  readonly calls: Call[];
  /** What was answered in place of the emulator. */
  readonly made: { readonly call: Call; readonly answer: Answer }[];
  /** Why calls were refused for want of a grant: a sentence for each. */
  readonly ungranted: string[];
  /** A code, such as `AccessDenied`, refuses the call. */
  refuse: (call: Call) => string | null;
  /** Milliseconds that a call waits before anything is done. */
  delay: (call: Call) => number;
  /** Comes after the emulator has done the call and before the caller knows of it. */
  done: (call: Call) => void;
  stop(): Promise<void>;
}

/** An answer to a call that the emulator cannot give, or null. `pass` asks the emulator, for what it knows. */
export type Gap = (call: Call, pass: () => Promise<string>) => Promise<Answer | null>;

/** Starts the front of the emulator on `port`. `granted` is the role's word on a call: null, or why it is refused. */
export async function startFront(port: number, gap: Gap, granted: (call: Call) => string | null): Promise<Front> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });

  const front: Front = {
    endpoint: '',
    calls: [],
    made: [],
    ungranted: [],
    refuse: () => null,
    delay: () => 0,
    done: () => {},
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const call = callOf(incoming, body);
    if (call.by !== null) front.calls.push(call);
    const delay = front.delay(call);
    if (delay > 0) await sleep(delay);
    // Who gave up waiting asked for nothing.
    if (incoming.socket.destroyed) return;
    const ungranted = call.by === null || call.by === 'person' ? null : granted(call);
    if (ungranted !== null) front.ungranted.push(`${call.by} ${call.service}:${call.action}: ${ungranted}`);
    const refused = ungranted === null ? front.refuse(call) : 'AccessDenied';
    if (refused !== null) {
      const { status, type, body: text } = refusal(call, refused, ungranted ?? 'refused by the test');
      outgoing.writeHead(status, { 'content-type': type, 'x-amzn-errortype': errorName(call, refused) }).end(text);
      return;
    }
    const pass = async (): Promise<string> => (await passOn(incoming, body)).body.toString();
    const own = await gap(call, pass);
    if (own !== null) front.made.push({ call, answer: own });
    const given = own ?? (await passOn(incoming, body));
    if (call.by !== null) front.done(call);
    const headers = 'headers' in given ? given.headers : { 'content-type': given.type };
    outgoing.writeHead(given.status, headers).end(given.body);
  }

  async function passOn(incoming: IncomingMessage, body: Buffer) {
    const { method, url, headers } = incoming;
    const passing = request({ host: '127.0.0.1', port, method, path: url, headers });
    passing.end(body);
    const [response] = (await once(passing, 'response')) as [IncomingMessage];
    const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = response.headers;
    return { status: response.statusCode ?? 500, headers: rest, body: await buffer(response) };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The front has no port.');
  return Object.assign(front, { endpoint: `http://127.0.0.1:${address.port}` });
}

function callOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Call {
  // A presigned address carries the permission of who signed it.
  const presigned = new URL(url, 'http://front').searchParams.get('X-Amz-Credential');
  const signature = headers.authorization ?? `Credential=${presigned ?? ''}`;
  const [, key = '', region = '', signed = ''] = /Credential=([^/]*)\/\d*\/([^/]*)\/([^/]*)\//.exec(signature) ?? [];
  const by = callerNames.find((name) => accessKeyOf(name) === key) ?? null;
  const target = headers['x-amz-target'];
  const service = signed === 'monitoring' ? 'cloudwatch' : signed;
  const common = { by, service, region, method, path: url };
  if (typeof target === 'string') {
    return { ...common, action: target.slice(target.lastIndexOf('.') + 1), parameters: JSON.parse(body.toString() || '{}') };
  }
  if (String(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    const { Action = '', ...parameters } = Object.fromEntries(new URLSearchParams(body.toString()));
    return { ...common, action: Action, parameters };
  }
  return { ...common, action: restAction(service, method, url), parameters: {} };
}

/** What a request by method and path is called in IAM. */
function restAction(service: string, method: string, path: string): string {
  if (service === 's3' && path.includes('list-type=2')) return 'ListBucket';
  if (service === 's3') return { PUT: 'PutObject', GET: 'GetObject', DELETE: 'DeleteObject' }[method] ?? method;
  if (service === 'guardduty') return /^\/detector\/./.test(path) ? 'GetDetector' : 'ListDetectors';
  if (service === 'securityhub') return path === '/findings/import' ? 'BatchImportFindings' : 'DescribeHub';
  return `${method} ${path}`;
}

/** Services whose errors are XML; all others speak JSON. */
const xml: ReadonlySet<string> = new Set(['rds', 'iam', 'sns', 'sts', 'ec2', 's3']);

function errorName({ service }: Call, code: string): string {
  if (code !== 'AccessDenied' || (xml.has(service) && service !== 'ec2')) return code;
  return service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDeniedException';
}

function refusal(call: Call, code: string, reason: string): Answer {
  const status = code.startsWith('Throttl') ? 400 : 403;
  const name = errorName(call, code);
  const message = `${call.by ?? 'nobody'} is not authorized to perform: ${call.service}:${call.action} (${reason})`;
  if (!xml.has(call.service)) {
    return { status, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: name, message, Message: message }) };
  }
  const error = `<Code>${name}</Code><Message>${message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Message>`;
  if (call.service === 'ec2') {
    return { status, type: 'text/xml', body: `<Response><Errors><Error>${error}</Error></Errors><RequestID>none</RequestID></Response>` };
  }
  if (call.service === 's3') return { status, type: 'application/xml', body: `<Error>${error}</Error>` };
  const body = `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>none</RequestId></ErrorResponse>`;
  return { status, type: 'text/xml', body };
}
