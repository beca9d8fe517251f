// The queries over what was logged, in an account of the emulator whose Athena is a real Trino.
import type { QueryRun } from '../../lib/ports/run-store.ts';
import { createIcebergStatement, icebergTable } from '../trino/glue.ts';
import { startTrino, type TrinoServer } from '../trino/server.ts';
import { createTable } from '../trino/tables.ts';
import { createAthena, type FakeAthena } from './athena.ts';
import { deliver } from './stack.ts';
import { openWorld, type World } from './world.ts';

const hour = 3_600_000;

/** What runs queries, and what they find. */
export interface QueryWorld {
  readonly world: World;
  readonly trino: TrinoServer;
  readonly athena: FakeAthena;
  /** The schedule asks for a run, so many hours after the last one. */
  schedule(hours?: number): Promise<void>;
  /** Delivers the queue of queries until it is empty. */
  handle(): Promise<void>;
  /** A run by the schedule, with all that follows from it. */
  run(hours?: number): Promise<void>;
  /** `check transition severity resources` of what was told since the last time. */
  hear(): Promise<readonly string[]>;
  runs(): Promise<readonly QueryRun[]>;
  stop(): Promise<void>;
}

/** Opens the account, with the tables that the stack makes. `trail` false: none is configured. */
export async function openQueryWorld({ trail = true }: { readonly trail?: boolean } = {}): Promise<QueryWorld> {
  const trino = await startTrino('iceberg');
  for (const table of ['login_record', 'log_hour', 'log_object'] as const) await createTable(trino, table);
  if (trail) await createTable(trino, 'cloudtrail');
  const athena = createAthena(trino, { workgroup: 'aurora-watch-prod', database: 'aurora_watch_prod' });
  const world = await openWorld(athena.gap, trail ? 'everything' : 'withoutTrail');
  await trino.run(createIcebergStatement('api_call', icebergTable(world.template, 'api_call')));
  let due = Math.ceil(Date.now() / 1000) * 1000;

  const schedule = async (hours = 1): Promise<void> => {
    due += hours * hour;
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
  return {
    world,
    trino,
    athena,
    schedule,
    handle,
    async run(hours) {
      await schedule(hours);
      do await handle();
      while ((await end()) > 0);
    },
    async hear() {
      const alerts = await world.alerts();
      return alerts.map(
        ({ check, transition, severity, resources }) => `${check} ${transition} ${severity} ${resources.map(({ name }) => name)}`,
      );
    },
    async runs() {
      const { Items } = await world.caller.json<{ Items: readonly { pk: { S: string }; body?: { S: string } }[] }>(
        'DynamoDB_20120810.Scan',
        { TableName: String(world.template.resolve({ Ref: 'Table' })) },
      );
      return Items.filter(({ pk }) => pk.S === 'run').map(({ body }) => JSON.parse(body?.S ?? 'null'));
    },
    async stop() {
      await Promise.all([world.stop(), trino.stop()]);
    },
  };
}
