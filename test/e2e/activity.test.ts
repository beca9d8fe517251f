import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { loadQuery } from '../../lib/adapters/local/query-files.ts';
import { cloudTrailRow } from '../../lib/adapters/local/tables.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import type { QueryRun } from '../../lib/ports/run-store.ts';
import { recordOf } from '../checks/change/table.ts';
import { describeWhere } from '../needs.ts';
import { assumeRole, stranger } from '../queries/calls.ts';
import { every, failure, forgery, later, session } from '../queries/logged.ts';
import { startTrino, type TrinoServer, whyNoTrino } from '../trino/server.ts';
import { createTable, insertRows } from '../trino/tables.ts';
import { createAthena, type FakeAthena } from './athena.ts';
import type { Call } from './front.ts';
import { account, whyNoMoto } from './moto.ts';
import { deliver, drain } from './stack.ts';
import { openWorld, type World } from './world.ts';

const long = 600_000;
const hour = 3_600_000;
/** The hour before now, on the second. */
const start = new Date(Math.floor((Date.now() - hour) / 1000) * 1000).toISOString();

describeWhere(whyNoMoto() ?? whyNoTrino('iceberg'), 'the queries over what was logged, by the packaged function, on a real Trino', () => {
  let world: World;
  let trino: TrinoServer;
  let athena: FakeAthena;
  /** When the next run is due: an hour after the last one. */
  let due = Math.ceil(Date.now() / 1000) * 1000;

  const insert = async (rows: readonly object[]) => insertRows(trino, 'login_record', rows as readonly Record<string, unknown>[]);
  const schedule = async (): Promise<void> => {
    due += hour;
    const message = { source: 'aws.events', 'detail-type': 'Scheduled Event', time: new Date(due).toISOString(), detail: {} };
    await world.caller.json('AmazonSQS.SendMessage', { QueueUrl: world.queues.activity, MessageBody: JSON.stringify(message) });
  };
  const handle = async (): Promise<void> => {
    for (let tries = 0; tries < 20; tries++) {
      const run = await deliver('QueryEvents', world.queues.activity, world.caller, world.functions);
      if (run === null) return;
    }
  };
  /** Puts the events of all executions that ended on the bus. */
  const end = async (): Promise<number> => {
    const events = await athena.ended();
    for (const event of events) await world.put(event as Record<string, unknown>);
    return events.length;
  };
  /** A run by the schedule, with all that follows from it. */
  const run = async (): Promise<void> => {
    await schedule();
    do await handle();
    while ((await end()) > 0);
  };
  const hear = async (): Promise<readonly string[]> => {
    const alerts = await world.alerts();
    return alerts.map(
      ({ check, transition, severity, resources }) => `${check} ${transition} ${severity} ${resources.map(({ name }) => name)}`,
    );
  };
  const runs = async (): Promise<readonly QueryRun[]> => {
    const { Items } = await world.caller.json<{ Items: readonly { pk: { S: string }; body?: { S: string } }[] }>('DynamoDB_20120810.Scan', {
      TableName: String(world.template.resolve({ Ref: 'Table' })),
    });
    return Items.filter(({ pk }) => pk.S === 'run').map(({ body }) => JSON.parse(body?.S ?? 'null'));
  };

  beforeAll(async () => {
    trino = await startTrino('iceberg');
    for (const table of ['login_record', 'log_hour', 'cloudtrail'] as const) await createTable(trino, table);
    const { returns } = await loadQuery('extract', 'api_call');
    const columns = returns.map((name) => `${name} ${name === 'ts_ms' ? 'bigint' : 'varchar'}`);
    await trino.run(`CREATE TABLE api_call (${columns.join(', ')})`);
    athena = createAthena(trino, { workgroup: 'aurora-watch-prod', database: 'aurora_watch_prod' });
    world = await openWorld(athena.gap);
  }, long);
  afterAll(async () => {
    await Promise.all([world?.stop(), trino?.stop()]);
  });

  it(
    'tell nothing where nothing happened, and read every table',
    async () => {
      await insert(every(600, start, 5, (time) => session(time)));

      await run();

      expect(await hear()).toEqual([]);
      expect((await runs()).map(({ query, running, failed }) => [query, running, failed?.reason])).toEqual(
        (await runs()).map(({ query }) => [query, null, undefined]),
      );
      expect(new Set(athena.executions.map(({ state, reason }) => `${state} ${reason}`))).toEqual(new Set(['SUCCEEDED ']));
    },
    long,
  );

  it(
    'tell failed logins once: who, where, how often',
    async () => {
      await insert(every(5, later(start, 60), 7, (time) => failure(time, { user: 'app', host: '192.0.2.66' })));

      await run();
      const [alert] = await world.alerts();
      await run();

      expect(alert).toMatchObject({
        check: 'failed-password-logins',
        transition: 'opened',
        severity: 'medium',
        resources: [{ arn: `arn:aws:rds:eu-central-1:${account}:cluster:orders` }],
        reason: '7 password logins as app to database orders of orders from 192.0.2.66 failed: password authentication failed.',
      });
      expect(await hear()).toEqual([]);
    },
    long,
  );

  it(
    'tell what comes late, and denied calls as soon as the extract has them',
    async () => {
      const identity = {
        type: 'IAMUser',
        arn: `arn:aws:iam::${account}:user/mallory`,
        accountId: account,
        principalId: 'AIDA',
        userName: 'mallory',
      };
      const calls = Array.from({ length: 12 }, (_, index) => {
        const record = {
          eventID: `denied-${index}`,
          eventTime: later(start, index).replace('.000', ''),
          userIdentity: identity,
          errorCode: 'AccessDenied',
        };
        const event = readCloudTrailRecord(
          recordOf({ name: 'DescribeDBClusters', request: null, record: { ...record, recipientAccountId: account } }),
        );
        return event ? cloudTrailRow(event) : {};
      });
      const role = `arn:aws:iam::${account}:role/orders-reader`;
      const assumed = readCloudTrailRecord(
        assumeRole(later(start, 90).replace('.000', ''), role, stranger, { recipientAccountId: account }),
      );
      await insertRows(trino, 'cloudtrail', [...calls, ...(assumed ? [cloudTrailRow(assumed)] : [])]);
      await insert([forgery(later(start, 30), { kind: 'authorized', user_name: 'ceo' }, { host: '192.0.2.99' })]);

      await run();

      expect([...(await hear())].sort()).toEqual([
        'cross-account-access opened high orders-reader',
        'denied-rds-calls opened medium mallory',
        'log-forgery opened high orders',
      ]);
    },
    long,
  );

  it(
    'tell once what an execution found whose event came twice, or never; and start nothing twice while it runs',
    async () => {
      await insert(guesses('twice'));
      await schedule();
      await handle();
      const events = await athena.ended();
      for (const event of [...events, ...events]) await world.put(event as Record<string, unknown>);
      await handle();
      const twice = await hear();

      await insert(guesses('never'));
      athena.hold = true;
      await schedule();
      await handle();
      const started = athena.executions.length;
      await schedule();
      await handle();
      const still = athena.executions.length;
      athena.hold = false;
      await athena.ended();
      await run();

      expect(twice).toEqual([opened]);
      expect(still).toBe(started);
      expect(await hear()).toEqual([opened]);
      expect(await drain(world.caller, world.queues.dead)).toEqual([]);
    },
    long,
  );

  it.each<[string, (call: Call) => boolean]>([
    ['has started a query', ({ action }) => action === 'StartQueryExecution'],
    ['has read a page of rows', ({ action }) => action === 'GetQueryResults'],
    ['has written the alert', isWriteOf('cause#')],
    ['has told', ({ action }) => action === 'Publish'],
  ])(
    'lose nothing and say nothing twice when the function is killed after it %s',
    async (name, isMoment) => {
      await insert(guesses(name));
      let kills = 0;
      world.front.done = (call) => {
        if (call.by === 'activity' && isMoment(call) && ++kills === 1) world.functions.kill('activity');
      };
      await run();
      world.front.done = () => {};
      const alerts = await world.alerts();

      expect(kills).toBeGreaterThan(0);
      expect(new Set(alerts.map(({ id, check, transition }) => `${id} ${check} ${transition}`)).size).toBe(1);
      expect(alerts.length).toBeLessThanOrEqual(2);
      expect(alerts[0]).toMatchObject({ check: 'failed-password-logins', transition: 'opened', findings: [expect.any(String)] });
      expect((await runs()).map(({ query, running }) => [query, running])).toEqual((await runs()).map(({ query }) => [query, null]));
      expect(await drain(world.caller, world.queues.dead)).toEqual([]);
    },
    long,
  );

  it(
    'are blind where Athena fails them three times, which is told once; and tell then what happened meanwhile',
    async () => {
      athena.failing = () => 'Query exhausted resources at this scale factor';
      const blind: string[][] = [];
      for (let hours = 0; hours < 3; hours++) {
        await run();
        blind.push((await world.alerts()).map(({ check, transition }) => `${check} ${transition}`).sort());
      }
      athena.failing = () => null;
      await insert(guesses('while blind'));
      await run();

      expect(blind[0]).toEqual([]);
      expect(blind[1]).toEqual([]);
      expect(blind[2]).toEqual([
        'denied-rds-calls blind',
        'failed-iam-logins blind',
        'failed-password-logins blind',
        'log-forgery blind',
        'log-gaps blind',
        'login-after-failures blind',
        'login-without-grant blind',
        'plaintext-sessions blind',
        'protected-role-tampering blind',
      ]);
      expect(await hear()).toEqual([opened]);
    },
    long,
  );

  it('kept the extract of CloudTrail small meanwhile', () => {
    const kinds = new Set(athena.executions.filter(({ state }) => state === 'SUCCEEDED').map(({ sql }) => sql.split(' ', 1)[0]));

    expect([...kinds].filter((kind) => kind !== '--').sort()).toEqual(['DELETE', 'MERGE', 'OPTIMIZE', 'VACUUM']);
  });

  it('needed nothing that the role does not grant, and was granted nothing that it did not need', () => {
    // Lambda itself uses these with the function's role, to write the log.
    const byLambda = /logs:CreateLogStream|logs:PutLogEvents|on arn:aws:logs:/;
    const unused = world.grants.unused().filter((one) => one.startsWith('Activity') && !byLambda.test(one));

    expect(world.front.ungranted).toEqual([]);
    expect(unused).toEqual([]);
  });
});

const opened = 'failed-password-logins opened medium orders';
let guessers = 0;

/** Failed logins of a user of its own, from an address of its own. */
function guesses(user: string) {
  const host = `192.0.2.${100 + ++guessers}`;
  return every(5, later(start, 120 + 60 * guessers), 6, (time) => failure(time, { user, host, process: 2000 + guessers }));
}

/** A write of an item whose key begins so. */
function isWriteOf(pk: string): (call: Call) => boolean {
  return ({ action, parameters }) => action === 'PutItem' && String((parameters.Item as { pk?: { S: string } })?.pk?.S).startsWith(pk);
}
