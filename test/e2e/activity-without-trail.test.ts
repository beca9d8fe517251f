import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWhere } from '../needs.ts';
import { every, hours, session } from '../queries/logged.ts';
import { whyNoTrino } from '../trino/server.ts';
import { insertRows } from '../trino/tables.ts';
import { whyNoMoto } from './moto.ts';
import { openQueryWorld, type QueryWorld } from './queries.ts';
import { drain } from './stack.ts';

const long = 600_000;
const hour = 3_600_000;

describeWhere(whyNoMoto() ?? whyNoTrino('iceberg'), 'the queries over what was logged, in a stack without a trail', () => {
  let queries: QueryWorld;

  beforeAll(async () => {
    queries = await openQueryWorld({ trail: false });
  }, long);
  afterAll(async () => {
    await queries?.stop();
  });

  it(
    'tell of silence, start nothing that reads a trail, and need only what the role grants',
    async () => {
      const { world, trino, athena, run, hear, runs } = queries;
      const now = Math.floor(Date.now() / hour) * hour;
      const wrote = hours(new Date(now - 48 * hour).toISOString(), new Date(now + 3 * hour).toISOString());
      const rows = wrote.map((one) => ({ ...one, day: new Date(one.hour).toISOString().slice(0, 10).replaceAll('-', '/') }));
      await insertRows(
        trino,
        'log_hour',
        rows.filter((one) => one.hour !== now - 10 * hour && one.hour !== now - 9 * hour),
      );
      await insertRows(trino, 'login_record', every(600, new Date(now - hour).toISOString(), 3, (time) => session(time)) as never);

      await run();
      const told = await hear();
      await world.functions.run('sweep', {});

      expect(told).toEqual(['log-gaps opened medium orders']);
      expect((await runs()).map(({ query, running, failed }) => [query, running, failed])).toEqual(
        (await runs()).map(({ query }) => [query, null, null]),
      );
      const ids = (await runs()).map(({ query }) => query);
      expect(ids).toEqual(expect.arrayContaining(['database-use', 'log-gaps', 'log-objects', 'log-reach']));
      expect(
        ids.filter((id) => ['api_call', 'role-use', 'denied-rds-calls', 'cross-account-access', 'parameter-history'].includes(id)),
      ).toEqual([]);
      expect(athena.executions.filter(({ sql }) => /cloudtrail_log|MERGE/.test(sql))).toEqual([]);
      expect(new Set(athena.executions.map(({ state, reason }) => `${state} ${reason}`))).toEqual(new Set(['SUCCEEDED ']));
      expect(world.front.ungranted).toEqual([]);
      expect(await drain(world.caller, world.queues.dead)).toEqual([]);
    },
    long,
  );
});
