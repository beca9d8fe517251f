import { describe, expect, it } from '@jest/globals';
import { openDuckDb } from '../../lib/adapters/local/duckdb.ts';
import type { LogHour } from '../../lib/domain/login-record.ts';
import type { Coverage } from '../../lib/domain/report.ts';
import type { LogReach } from '../../lib/evidence/activity-facts.ts';
import { Inventory } from '../../lib/evidence/inventory.ts';
import type { Window } from '../../lib/evidence/window.ts';
import { readActivityFacts } from '../../lib/monitor/activity-facts.ts';
import type { Activity } from '../../lib/ports/activity.ts';
import type { QueryRow, RunQuery } from '../../lib/ports/query.ts';
import { hours } from '../queries/logged.ts';
import { withRows } from '../queries/rows.ts';

const at = Date.parse('2026-05-03T12:00:00Z');
/** A day; as a scan makes it, the evidence's own moment is in it. */
const window: Window = { from: at - 24 * 3_600_000 + 1, to: at + 1 };
const day = ['2026-05-02T13:00:00Z', '2026-05-03T12:00:00Z'] as const;

/** What was logged, as a port gives it: sources with records, hours, and the rows of each query. */
function logged({
  sources = ['log', 'cloudtrail'],
  rows = {},
  hours = [],
  torn = [],
  lost = null,
}: {
  sources?: readonly string[];
  rows?: Readonly<Record<string, readonly QueryRow[] | Error>>;
  hours?: readonly LogHour[];
  torn?: readonly string[];
  lost?: string | null;
} = {}): Activity & { readonly asked: [string, unknown][] } {
  const asked: [string, unknown][] = [];
  return {
    asked,
    async run(id, parameters) {
      asked.push([id, parameters]);
      if (id === 'log-reach' && !rows[id]) return withRows({ hours }, (folder) => answerOf(folder, id, parameters));
      const found = rows[id] ?? [];
      if (found instanceof Error) throw found;
      return found;
    },
    coverage: ['log', 'cloudtrail', 'cloudwatch'].map((source): Coverage => {
      const records = sources.includes(source) ? 10 : 0;
      return { source, status: records === 0 ? 'missing' : 'complete', detail: '', from: null, to: null, records, rejected: 0 };
    }),
    events: [],
    newestEvent: null,
    newestLogRecord: null,
    account: null,
    window: null,
    holds: { logs: sources.includes('log') || sources.includes('cloudwatch'), trail: sources.includes('cloudtrail') },
    torn: new Set(torn),
    lost,
    close: async () => undefined,
  };
}

/** Members of cluster orders, with since when they are there where that is told. */
function inventory(members: readonly string[] = ['orders-1'], created: Readonly<Record<string, string>> = {}): Inventory {
  const made = new Inventory(['eu-central-1']);
  const DBClusterMembers = members.map((DBInstanceIdentifier) => ({ DBInstanceIdentifier }));
  made.add(
    { region: 'eu-central-1', service: 'rds', command: 'describe-db-clusters', key: null },
    { known: true, value: { DBClusters: [{ DBClusterIdentifier: 'orders', Engine: 'aurora-postgresql', DBClusterMembers }] } },
  );
  made.add(
    { region: 'eu-central-1', service: 'rds', command: 'describe-db-instances', key: null },
    {
      known: true,
      value: { DBInstances: Object.entries(created).map(([name, time]) => ({ DBInstanceIdentifier: name, InstanceCreateTime: time })) },
    },
  );
  return made;
}

describe('readActivityFacts', () => {
  it('reads who used a database and who assumed a role', async () => {
    const activity = logged({
      rows: {
        'database-use': [
          {
            cluster: 'orders',
            user_name: 'app,x',
            sessions: 3,
            plaintext_sessions: 1,
            first_ms: at - 5000,
            last_ms: at,
            last_plaintext_ms: at - 1000,
            methods: 'pam\u001fscram-sha-256',
            sources: '192.0.2.7',
          },
          {
            cluster: 'orders',
            user_name: 'old',
            sessions: 1,
            plaintext_sessions: 0,
            first_ms: at,
            last_ms: at,
            last_plaintext_ms: null,
            methods: '',
            sources: null,
          },
        ],
        'role-use': [
          {
            role: 'arn:aws:iam::111122223333:role/app',
            uses: 2,
            first_ms: at,
            last_ms: at,
            callers: 'ec2.amazonaws.com\u001f444455556666',
          },
        ],
      },
    });

    const facts = await readActivityFacts(activity, window, inventory());

    const now = '2026-05-03T12:00:00.000Z';
    expect(facts.databaseUse).toEqual({
      known: true,
      value: [
        {
          cluster: 'orders',
          user: 'app,x',
          sessions: 3,
          plaintextSessions: 1,
          first: '2026-05-03T11:59:55.000Z',
          last: now,
          lastPlaintext: '2026-05-03T11:59:59.000Z',
          methods: ['pam', 'scram-sha-256'],
          sources: ['192.0.2.7'],
        },
        {
          cluster: 'orders',
          user: 'old',
          sessions: 1,
          plaintextSessions: 0,
          first: now,
          last: now,
          lastPlaintext: null,
          methods: [],
          sources: [],
        },
      ],
    });
    expect(facts.roleUse).toEqual({
      known: true,
      value: [
        { role: 'arn:aws:iam::111122223333:role/app', count: 2, first: now, last: now, callers: ['ec2.amazonaws.com', '444455556666'] },
      ],
    });
    const parameters = { from_day: '2026/05/02', to_day: '2026/05/03', from_ms: window.from, to_ms: window.to };
    expect(activity.asked.filter(([id]) => id !== 'log-reach')).toEqual([
      ['database-use', parameters],
      ['role-use', parameters],
    ]);
  });

  it.each([
    ['no CloudTrail', ['log'], true, false],
    ['no log', ['cloudtrail'], false, true],
    ['the log from CloudWatch alone', ['cloudwatch'], true, false],
    ['nothing', [], false, false],
  ])('knows nothing of what was not collected, never that there was no use: %s', async (_name, sources, databaseUse, roleUse) => {
    const facts = await readActivityFacts(logged({ sources }), window, inventory());

    const missing = (question: string) => ({ known: false, cause: { kind: 'not-collected', question } });
    const empty = { known: true, value: [] };
    expect(facts.databaseUse).toMatchObject(databaseUse ? empty : missing("PostgreSQL's logs"));
    expect(facts.roleUse).toMatchObject(roleUse ? empty : missing("CloudTrail's records"));
  });

  it('knows nothing where nothing tells from when the evidence is', async () => {
    const activity = logged({ hours: hours(...day) });

    const facts = await readActivityFacts(activity, null, inventory());

    expect(facts).toMatchObject({ databaseUse: { known: false, cause: { kind: 'failed' } }, roleUse: { known: false } });
    expect(facts.logs.size).toBe(0);
    expect(activity.asked).toEqual([]);
  });

  it('knows nothing where the query fails, and the other fact all the same', async () => {
    const activity = logged({ rows: { 'database-use': new Error('out of memory') } });

    const facts = await readActivityFacts(activity, window, inventory());

    expect(facts.databaseUse).toEqual({
      known: false,
      cause: { kind: 'failed', question: 'query database-use', detail: 'out of memory' },
    });
    expect(facts.roleUse.known).toBe(true);
  });

  it('ends with the reason of an abort', async () => {
    const reason = new Error('enough');

    const reading = readActivityFacts(
      logged({ rows: { 'role-use': new Error('interrupted') } }),
      window,
      inventory(),
      AbortSignal.abort(reason),
    );

    await expect(reading).rejects.toBe(reason);
  });
});

interface Row {
  readonly name: string;
  readonly hours: readonly LogHour[];
  readonly members?: readonly string[];
  readonly created?: Readonly<Record<string, string>>;
  readonly torn?: readonly string[];
  readonly window?: Window;
  readonly reach: Partial<LogReach> | undefined;
}

const second = { instance: 'orders-2' };
const third = { instance: 'orders-3' };
const complete = { complete: true, detail: '' };

const rows: readonly Row[] = [
  { name: 'no log', hours: [], reach: undefined },
  {
    name: 'every hour of the window',
    hours: hours(...day),
    reach: { ...complete, from: '2026-05-02T13:00:00.000Z', to: '2026-05-03T12:00:00.000Z' },
  },
  {
    name: 'the hour that has just begun may still be silent, and more than the window is fine',
    hours: hours('2026-05-01T00:00:00Z', '2026-05-03T12:00:00Z'),
    window: { from: at - 24 * 3_600_000, to: at + 20 * 60_000 },
    reach: { ...complete, from: '2026-05-01T00:00:00.000Z' },
  },
  { name: 'the same hour in two files', hours: [...hours(...day), ...hours(...day)], reach: complete },
  {
    name: 'an hour without a record',
    hours: hours(...day).filter((_hour, index) => index !== 7),
    reach: { complete: false, detail: 'orders-1 lacks 1 of 23 hours' },
  },
  {
    name: 'an hour of which nothing could be read',
    hours: [
      ...hours(...day).slice(0, -1),
      ...hours(...day)
        .slice(-1)
        .map((hour) => ({ ...hour, records: 0, rejected: 9 })),
    ],
    reach: { complete: false, detail: 'orders-1 lacks 1 of 23 hours' },
  },
  {
    name: 'a log that begins after the window',
    hours: hours('2026-05-03T00:00:00Z', day[1]),
    reach: { complete: false, detail: 'orders-1 lacks 11 of 23 hours', from: '2026-05-03T00:00:00.000Z' },
  },
  {
    name: 'a log from before the window only',
    hours: hours('2026-04-01T00:00:00Z', '2026-04-02T00:00:00Z'),
    reach: { complete: false, detail: 'orders-1 lacks 23 of 23 hours', to: '2026-04-02T00:00:00.000Z' },
  },
  {
    name: 'a reader with a gap',
    hours: [...hours(...day), ...hours(...day, second).slice(3)],
    members: ['orders-1', 'orders-2'],
    reach: { complete: false, detail: 'orders-2 lacks 3 of 23 hours' },
  },
  { name: 'writer and reader', hours: [...hours(...day), ...hours(...day, second)], members: ['orders-1', 'orders-2'], reach: complete },
  {
    name: 'a member whose log nobody has',
    hours: hours(...day),
    members: ['orders-1', 'orders-2'],
    reach: { complete: false, detail: 'there is no log of orders-2' },
  },
  {
    name: 'a file that ends early',
    hours: hours(...day),
    torn: ['orders'],
    reach: { complete: false, detail: 'a file could not be read to its end' },
  },
  { name: 'a torn file of another cluster', hours: hours(...day), torn: ['ledger'], reach: complete },
  {
    name: 'a reader that came with the load and is gone again, and one that came and stayed',
    hours: [
      ...hours(...day),
      ...hours('2026-05-02T20:00:00Z', '2026-05-03T02:00:00Z', second),
      ...hours('2026-05-03T08:00:00Z', day[1], third),
    ],
    members: ['orders-1', 'orders-3'],
    created: { 'orders-3': '2026-05-03T07:20:00Z' },
    reach: { ...complete, unbrokenFrom: '2026-05-02T13:00:00.000Z' },
  },
  {
    name: 'a reader that is gone and was silent meanwhile',
    hours: [...hours(...day), ...hours('2026-05-02T20:00:00Z', '2026-05-03T02:00:00Z', second).filter((_hour, index) => index !== 2)],
    reach: { complete: false, detail: 'orders-2 lacks 1 of 6 hours', unbrokenFrom: '2026-05-02T23:00:00.000Z' },
  },
  {
    name: 'a member that was made within the window and wrote nothing at first',
    hours: [...hours(...day), ...hours('2026-05-03T10:00:00Z', day[1], second)],
    members: ['orders-1', 'orders-2'],
    created: { 'orders-2': '2026-05-03T07:20:00Z' },
    reach: { complete: false, detail: 'orders-2 lacks 2 of 4 hours', unbrokenFrom: '2026-05-03T10:00:00.000Z' },
  },
  {
    name: 'a member that was made just now',
    hours: hours(...day),
    members: ['orders-1', 'orders-2'],
    created: { 'orders-2': '2026-05-03T11:40:00Z' },
    reach: complete,
  },
  {
    name: 'a time of which no member is known',
    hours: [...hours('2026-05-02T13:00:00Z', '2026-05-02T20:00:00Z', second), ...hours('2026-05-03T08:00:00Z', day[1])],
    created: { 'orders-1': '2026-05-03T07:20:00Z' },
    reach: { complete: false, detail: 'no member is known of 2026-05-02T20:00Z', unbrokenFrom: null },
  },
  {
    name: 'a gap that is over: since when there is none',
    hours: hours(...day).filter((_hour, index) => index !== 7),
    reach: { complete: false, unbrokenFrom: '2026-05-02T21:00:00.000Z' },
  },
  {
    name: 'a gap that is over, and a file that ends early, which nothing dates',
    hours: hours(...day).filter((_hour, index) => index !== 7),
    torn: ['orders'],
    reach: { complete: false, unbrokenFrom: null },
  },
  {
    name: 'one that has fallen silent',
    hours: hours(...day).slice(0, -1),
    reach: { complete: false, detail: 'orders-1 lacks 1 of 23 hours', unbrokenFrom: null },
  },
  {
    name: 'a window within one hour',
    hours: hours('2026-05-03T09:00:00Z', '2026-05-03T10:00:00Z'),
    window: { from: Date.parse('2026-05-03T09:10:00Z'), to: Date.parse('2026-05-03T09:20:00Z') },
    reach: complete,
  },
  {
    name: 'a window within an hour that is not there',
    hours: hours('2026-05-03T09:00:00Z', '2026-05-03T10:00:00Z'),
    window: { from: Date.parse('2026-05-03T10:10:00Z'), to: Date.parse('2026-05-03T10:20:00Z') },
    reach: { complete: false, detail: 'orders-1 lacks 1 of 1 hours' },
  },
];

describe('how far the log of a cluster reaches', () => {
  it.each(rows)('$name', async ({ hours: seen, members, created, torn = [], window: given = window, reach }) => {
    const activity = logged({ hours: seen, torn });

    const { logs } = await readActivityFacts(activity, given, inventory(members, created));

    if (reach === undefined) expect(logs.get('orders')).toBeUndefined();
    else expect(logs.get('orders')).toMatchObject(reach);
  });

  it('is not complete where an instance wrote for a while only and no inventory says that it is gone', async () => {
    const activity = logged({ hours: hours('2026-05-02T20:00:00Z', '2026-05-03T02:00:00Z') });

    const { logs } = await readActivityFacts(activity, window, new Inventory(['eu-central-1']));

    expect(logs.get('orders')).toMatchObject({ complete: false, unbrokenFrom: null, detail: 'orders-1 lacks 17 of 23 hours' });
  });

  it('is not complete where something was lost, whose ever it was', async () => {
    const { logs } = await readActivityFacts(
      logged({ hours: hours(...day), lost: '2 delivered objects could not be read' }),
      window,
      inventory(),
    );

    expect(logs.get('orders')).toMatchObject({ complete: false, detail: '2 delivered objects could not be read' });
  });

  it('is not known, with the cause, where its query fails', async () => {
    const activity = logged({ hours: hours(...day), rows: { 'log-reach': new Error('no such table') } });

    const { logs } = await readActivityFacts(activity, window, inventory());

    expect(logs.get('orders')).toEqual({
      from: null,
      to: null,
      complete: false,
      unbrokenFrom: null,
      detail: 'failed: query log-reach: no such table',
    });
  });
});

/** The rows of a query on DuckDB. */
async function answerOf(folder: string, id: string, parameters: Parameters<RunQuery>[1]): Promise<readonly QueryRow[]> {
  const engine = await openDuckDb(folder);
  return engine.run(id, parameters).finally(() => engine.close());
}
