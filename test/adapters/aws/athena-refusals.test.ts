import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createExecutions } from '../../../lib/adapters/aws/athena.ts';
import { collectExecution, runQueries } from '../../../lib/monitor/run-queries.ts';
import { inWords } from '../../monitor/deployed.ts';
import { hour, watching } from '../../monitor/queries.ts';

const due = Date.parse('2026-05-03T12:00:00Z');
const id = 'plaintext-sessions';
const long = 120_000;

type Answer = readonly [status: number, body: object];

let server: Server;
let endpoint: string;
/** What Athena says to each action; by default a query starts, succeeds, and has no rows. */
let says: Record<string, () => Answer>;
let calls: string[];
let tokens: string[];

const error = (status: number, type: string, message: string) => (): Answer => [status, { __type: type, Message: message }];
const status = (State: string, StateChangeReason?: string) => (): Answer => [
  200,
  { QueryExecution: { QueryExecutionId: 'x', Status: { State, StateChangeReason } } },
];
const columns = ['cluster', 'user_name', 'database_name', 'host', 'sessions', 'first_ms', 'last_ms', 'applications'];
const cells = (values: readonly string[]) => ({ Data: values.map((value) => ({ VarCharValue: value })) });
const metadata = { ColumnInfo: columns.map((Name) => ({ Name, Type: /ms$|sessions/.test(Name) ? 'bigint' : 'varchar' })) };
const rows =
  (...found: readonly (readonly string[])[]) =>
  (): Answer => [200, { ResultSet: { Rows: [cells(columns), ...found.map(cells)], ResultSetMetadata: metadata } }];

beforeEach(async () => {
  calls = [];
  tokens = [];
  says = {
    StartQueryExecution: () => [200, { QueryExecutionId: `execution-${tokens.length}` }],
    GetQueryExecution: status('SUCCEEDED'),
    GetQueryResults: rows(),
  };
  server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = JSON.parse(await text(request)) as { ClientRequestToken?: string };
    calls.push(action);
    const [code, answer] = says[action]?.() ?? [400, {}];
    if (code === 200 && body.ClientRequestToken) tokens.push(body.ClientRequestToken);
    response.writeHead(code, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A monitor that asks the server above through the SDK. */
async function open() {
  const credentials = async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' });
  const place = { region: 'eu-central-1', workgroup: 'aurora-watch-prod', database: 'aurora_watch_prod' };
  return watching(
    [id],
    { logs: true, trail: false },
    { executions: createExecutions({ credentials, endpoint, region: 'eu-central-1' }, place) },
  );
}

const found = ['orders', 'app', 'orders', '192.0.2.7', '3', String(due - hour), String(due - hour), 'psql'];

describe('a query that Athena refuses to start', () => {
  it.each([
    [
      'for want of the workgroup',
      error(400, 'InvalidRequestException', 'WorkGroup aurora-watch-prod is not found.'),
      /WorkGroup aurora-watch-prod is not found/,
    ],
    [
      'for want of a grant',
      error(400, 'AccessDeniedException', 'You are not authorized to perform: athena:StartQueryExecution'),
      /not authorized to perform: athena:StartQueryExecution/,
    ],
    [
      'because too many wait',
      error(400, 'TooManyRequestsException', 'You have exceeded the limit for the number of queries you can run concurrently.'),
      /exceeded the limit/,
    ],
  ])(
    'is a run that failed, and is started by the next one: %s',
    async (_name, refusal, reason) => {
      const it = await open();
      const usual = says.StartQueryExecution;
      says.StartQueryExecution = refusal;

      const ran = await runQueries(it.monitor, due);
      if (usual) says.StartQueryExecution = usual;
      says.GetQueryResults = rows(found);
      const next = await runQueries(it.monitor, due + hour);
      it.world.now = due + hour;
      await collectExecution(it.monitor, it.runs.get(id)?.running?.execution ?? '');

      expect(ran).toMatchObject({ started: [], failed: { [id]: expect.stringMatching(reason) } });
      expect(next).toMatchObject({ started: [id], failed: {} });
      expect(it.runs.get(id)).toMatchObject({ reached: due + hour, failed: null });
      expect(inWords(it.told)).toEqual([`${id} opened`]);
    },
    long,
  );
});

describe('a query that Athena ends without rows', () => {
  it.each([
    [
      'Lake Formation denies',
      status('FAILED', 'Insufficient Lake Formation permission(s) on login_record_log'),
      /Lake Formation permission/,
    ],
    [
      'it reads more than the workgroup lets it',
      status('CANCELLED', 'Bytes scanned limit was exceeded'),
      /Bytes scanned limit was exceeded/,
    ],
    ['somebody cancelled it', status('CANCELLED', 'Query cancelled by user'), /cancelled by user/],
    ['its rows are denied', null, /not authorized to read/],
  ])('moves nothing, is told as blind after three runs, and the next run covers it: %s', async (_name, state, reason) => {
    const it = await open();
    if (state) says.GetQueryExecution = state;
    else says.GetQueryResults = error(400, 'AccessDeniedException', 'You are not authorized to read results/one.csv');
    const failed: unknown[] = [];
    for (let run = 0; run < 3; run++) {
      it.world.now = due + run * hour;
      await runQueries(it.monitor, due + run * hour);
      failed.push((await collectExecution(it.monitor, it.runs.get(id)?.running?.execution ?? '')).failed);
    }
    const blind = inWords(it.told);
    says.GetQueryExecution = status('SUCCEEDED');
    says.GetQueryResults = rows(found);
    it.world.now = due + 3 * hour;
    await runQueries(it.monitor, due + 3 * hour);
    await collectExecution(it.monitor, it.runs.get(id)?.running?.execution ?? '');

    expect(failed).toEqual([1, 2, 3].map(() => ({ [id]: expect.stringMatching(reason) })));
    expect(blind).toEqual([`${id} blind`]);
    expect(new Set(tokens).size).toBe(4);
    expect(it.runs.get(id)).toMatchObject({ reached: due + 3 * hour, failed: null });
    expect(inWords(it.told).filter((one) => one === `${id} opened`)).toHaveLength(1);
  });
});

describe('an Athena that is too busy to answer', () => {
  it.each([
    ['throttles GetQueryExecution', 'GetQueryExecution', error(400, 'ThrottlingException', 'Rate exceeded')],
    ['throttles GetQueryResults', 'GetQueryResults', error(400, 'TooManyRequestsException', 'Rate exceeded')],
    ['fails at GetQueryExecution', 'GetQueryExecution', error(500, 'InternalServerException', 'try again')],
  ])(
    '%s: is asked again by the next run, and starts nothing twice',
    async (_name, action, refusal) => {
      const it = await open();
      await runQueries(it.monitor, due);
      const execution = it.runs.get(id)?.running?.execution ?? '';
      const usual = says[action];
      says[action] = refusal;
      const ran = await collectExecution(it.monitor, execution);
      const waiting = it.runs.get(id);
      if (usual) says[action] = usual;
      says.GetQueryResults = rows(found);
      it.world.now = due + hour;
      const next = await runQueries(it.monitor, due + hour);

      expect(ran).toEqual({ started: [], collected: [], failed: {} });
      expect(waiting).toMatchObject({ running: { execution }, failed: null });
      expect(next).toEqual({ started: [id], collected: [id], failed: {} });
      expect(tokens).toHaveLength(2);
      expect(inWords(it.told)).toEqual([`${id} opened`]);
    },
    long,
  );
});
