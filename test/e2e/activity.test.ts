import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateDBClusterCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterParameterGroupCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cloudTrailRow } from '../../lib/adapters/local/tables.ts';
import type { Report } from '../../lib/domain/report.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { recordOf } from '../checks/change/table.ts';
import { describeWhere } from '../needs.ts';
import { assumeRole, stranger } from '../queries/calls.ts';
import { every, failure, forgery, hours, later, session } from '../queries/logged.ts';
import { type TrinoServer, whyNoTrino } from '../trino/server.ts';
import { insertRows } from '../trino/tables.ts';
import type { FakeAthena } from './athena.ts';
import type { Call } from './front.ts';
import { ofQueryRows } from './grants.ts';
import { account, whyNoMoto } from './moto.ts';
import { openQueryWorld, type QueryWorld } from './queries.ts';
import { drain } from './stack.ts';
import type { World } from './world.ts';

const long = 600_000;
const hour = 3_600_000;
const ninetyDays = 90 * 24 * hour;
/** The hour before now, on the second. */
const start = new Date(Math.floor((Date.now() - hour) / 1000) * 1000).toISOString();

describeWhere(whyNoMoto() ?? whyNoTrino('iceberg'), 'the queries over what was logged, by the packaged function, on a real Trino', () => {
  let queries: QueryWorld;
  let world: World;
  let trino: TrinoServer;
  let athena: FakeAthena;

  const insert = async (rows: readonly object[]) => insertRows(trino, 'login_record', rows as readonly Record<string, unknown>[]);
  const { schedule, handle, run, hear, runs } = {
    schedule: () => queries.schedule(),
    handle: () => queries.handle(),
    run: (hours?: number) => queries.run(hours),
    hear: () => queries.hear(),
    runs: () => queries.runs(),
  };

  beforeAll(async () => {
    queries = await openQueryWorld();
    ({ world, trino, athena } = queries);
  }, long);
  afterAll(async () => {
    await queries?.stop();
  });

  /** The report's JSON, written now. */
  const report = async (): Promise<Report> => {
    const { answer } = await world.functions.run('report', { format: ['json'], checks: ['*'] });
    const { objects } = answer as { objects: readonly { url: string }[] };
    return (await fetch(objects[0]?.url ?? '')).json() as Promise<Report>;
  };
  const verdictOf = ({ verdicts }: Report, check: string, name: string) =>
    verdicts.find((one) => one.check === check && one.resource.name === name);
  const states = async (...checks: readonly string[]): Promise<readonly string[]> => {
    const { findings } = await world.table();
    return findings
      .filter(({ check }) => checks.includes(check))
      .map(({ check, resource, state }) => `${check} ${resource.name} ${state}`)
      .sort();
  };

  it(
    'tell the sweep and the report what only the logs know, and nothing before they ran',
    async () => {
      await makeReports(world);
      await makeRole(world, 'orders-writer', 'app');
      await makeRole(world, 'orders-idle', 'nobody');
      await world.functions.run('sweep', {});
      const before = await states('grant-used', 'tls-upgrade-safe');
      await insert(every(600, start, 5, (time) => session(time)));
      const assumed = ['orders-writer', 'orders-idle'].flatMap((role) => {
        const event = readCloudTrailRecord(
          assumeRole(start.replace('.000', ''), `arn:aws:iam::${account}:role/${role}`, undefined, { recipientAccountId: account }),
        );
        return event ? cloudTrailRow(event) : [];
      });
      await insertRows(trino, 'cloudtrail', assumed);
      const [from, to] = [new Date(Date.now() - ninetyDays - 3 * hour).toISOString(), new Date(Date.now() + 48 * hour).toISOString()];
      for (const name of ['orders', 'billing', 'reports'])
        await insertRows(
          trino,
          'log_hour',
          hours(wholeHour(from), to, { cluster: name, instance: `${name}-1` }).map((one) => ({ ...one, day: dayOf(one.hour) })),
        );
      await insertRows(trino, 'log_object', [objectRow('complete')]);

      await run();
      await world.functions.run('sweep', {});
      const after = await states('grant-used', 'tls-upgrade-safe');
      const written = await report();
      await world.alerts();

      // Nobody is known to have used the role yet.
      expect(before).toContain('grant-used orders-writer open');
      expect(before).toContain('tls-upgrade-safe reports unseen');
      expect(after).toContain('grant-used orders-idle open');
      expect(after).toContain('grant-used orders-writer resolved');
      expect(after).toContain('tls-upgrade-safe reports passing');
      expect(verdictOf(written, 'grant-used', 'orders-idle')).toMatchObject({
        verdict: 'fail',
        reason: expect.stringContaining('the logs are complete and hold no login as nobody'),
      });
      expect(verdictOf(written, 'grant-used', 'orders-writer')).toMatchObject({
        verdict: 'pass',
        reason: expect.stringContaining('app on orders logged in'),
      });
      expect(verdictOf(written, 'tls-upgrade-safe', 'reports')).toMatchObject({ verdict: 'pass' });
      expect(written.coverage.find(({ source }) => source === 'cloudwatch')).toMatchObject({
        status: 'complete',
        detail: '1 object',
        records: 10,
      });
      expect(written.coverage.find(({ source }) => source === 'cloudtrail')).toMatchObject({ status: 'complete', records: 2 });
      expect(written.coverage.filter(({ source, status }) => source.startsWith('query:') && status !== 'complete')).toEqual([]);
    },
    long,
  );

  it(
    'tell nothing where nothing happened, and read every table',
    async () => {
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

  it(
    'tell in the report what of the delivered logs could not be read, and take no log for complete then',
    async () => {
      await insertRows(trino, 'log_object', [objectRow('missing')]);

      await run(22);
      const written = await report();

      expect(written.coverage.find(({ source }) => source === 'cloudwatch')).toMatchObject({
        status: 'partial',
        detail: '2 objects, 1 of them not whole',
      });
      expect(written.coverage.find(({ source }) => source === 'cloudwatch:cloudwatch/missing.gz')).toMatchObject({
        status: 'missing',
        detail: 'the object was not parsed (AccessDenied)',
      });
      expect(verdictOf(written, 'grant-used', 'orders-idle')).toMatchObject({
        verdict: 'unknown',
        reason: expect.stringContaining('1 delivered object could not be read'),
      });
      expect(verdictOf(written, 'tls-upgrade-safe', 'reports')).toMatchObject({
        verdict: 'unknown',
        reason: expect.stringContaining('1 delivered object could not be read'),
      });
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
    const unused = world.grants.unused().filter((one) => (one.startsWith('Activity') || ofQueryRows.test(one)) && !byLambda.test(one));

    expect(world.front.ungranted).toEqual([]);
    expect(unused).toEqual([]);
  });
});

/** A cluster whose rds.force_ssl is at the default, and whose logins are logged. */
async function makeReports({ settings }: World): Promise<void> {
  const rds = new RDSClient(settings);
  const group = { DBClusterParameterGroupName: 'reports-pg16' };
  await rds.send(
    new CreateDBClusterParameterGroupCommand({ ...group, DBParameterGroupFamily: 'aurora-postgresql16', Description: 'reports' }),
  );
  const Parameters = [{ ParameterName: 'log_connections', ParameterValue: '1', ApplyMethod: 'immediate' as const }];
  await rds.send(new ModifyDBClusterParameterGroupCommand({ ...group, Parameters }));
  const cluster = { DBClusterIdentifier: 'reports', Engine: 'aurora-postgresql' };
  await rds.send(
    new CreateDBClusterCommand({ ...cluster, ...group, EngineVersion: '16.6', MasterUsername: 'owner', ManageMasterUserPassword: true }),
  );
  await rds.send(new CreateDBInstanceCommand({ ...cluster, DBInstanceIdentifier: 'reports-1', DBInstanceClass: 'db.r6g.large' }));
}

/** A role that may log in to cluster orders as this user. */
async function makeRole({ settings }: World, RoleName: string, user: string): Promise<void> {
  const { DBClusters = [] } = await new RDSClient(settings).send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'orders' }));
  const Resource = `arn:aws:rds-db:eu-central-1:${account}:dbuser:${DBClusters[0]?.DbClusterResourceId}/${user}`;
  const iam = new IAMClient(settings);
  const trust = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }) }),
  );
  const connect = { Effect: 'Allow', Action: 'rds-db:connect', Resource };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [connect] });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'connect', PolicyDocument }));
}

/** What the parse function says of an object. */
function objectRow(status: 'complete' | 'missing') {
  const read =
    status === 'complete'
      ? { detail: '', records: 10, rejected: 0 }
      : { detail: 'the object was not parsed (AccessDenied)', records: 0, rejected: 1 };
  const times = { first_time: status === 'complete' ? start : null, last_time: status === 'complete' ? start : null };
  return { source: `cloudwatch:cloudwatch/${status}.gz`, status, ...read, ...times, torn: [], day: dayOf(Date.parse(start)) };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '/');
}

function wholeHour(time: string): string {
  return `${time.slice(0, 13)}:00:00.000Z`;
}

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
