import { describe, expect, it } from '@jest/globals';
import { newSource } from '../../lib/checks/activity/new-source.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Report } from '../../lib/domain/report.ts';
import type { ActivityCheck } from '../../lib/evidence/check-kinds.ts';
import { Inventory } from '../../lib/evidence/inventory.ts';
import { readActivityFacts } from '../../lib/monitor/activity-facts.ts';
import { openKeptActivity } from '../../lib/monitor/kept-activity.ts';
import { scan } from '../../lib/monitor/scan.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import type { QueryRun } from '../../lib/ports/run-store.ts';

const hour = 3_600_000;
const at = Date.parse('2026-05-03T12:00:00Z');
/** Ninety days that end two hours ago. */
const window = { from: at - 90 * 24 * hour, to: at - 2 * hour };
const wanted = 90 * 24 - 2;

const use: QueryRow = {
  cluster: 'orders',
  user_name: 'app',
  sessions: 3,
  plaintext_sessions: 0,
  first_ms: at - 5 * hour,
  last_ms: at - 4 * hour,
  last_plaintext_ms: null,
  methods: 'pam',
  sources: '192.0.2.7',
};
const reach: QueryRow = {
  cluster: 'orders',
  instance: 'orders-1',
  hours: wanted,
  records: 100,
  rejected: 0,
  first_hour: window.from,
  last_hour: at - 3 * hour,
  unbroken_hour: window.from,
};
const trail: QueryRow = {
  cluster: null,
  instance: null,
  hours: 7,
  records: 9,
  rejected: 0,
  first_hour: window.from,
  last_hour: at - 3 * hour,
};
const whole: QueryRow = {
  status: 'complete',
  torn: '',
  objects: 288,
  records: 100,
  rejected: 0,
  first_time: '2026-02-02T12:00:00.000Z',
  last_time: '2026-05-03T09:59:00.000Z',
  last_source: 'cloudwatch:cloudwatch/2026/05/03/09/b.gz',
  last_detail: '',
};
const lost: QueryRow = {
  ...whole,
  status: 'missing',
  objects: 2,
  records: 0,
  rejected: 2,
  first_time: null,
  last_time: null,
  last_source: 'cloudwatch:cloudwatch/2026/05/03/08/a.gz',
  last_detail: 'the object was not parsed (AccessDenied)',
};
const torn: QueryRow = {
  ...whole,
  status: 'partial',
  torn: 'orders',
  objects: 1,
  records: 5,
  rejected: 1,
  last_source: 'cloudwatch:cloudwatch/2026/05/02/08/c.gz',
  last_detail: 'the gzip ends early',
};

const usual: Readonly<Record<string, readonly QueryRow[]>> = {
  'database-use': [use],
  'role-use': [{ role: 'arn:aws:iam::111122223333:role/app', uses: 2, first_ms: at - hour, last_ms: at - hour, callers: 'ecs' }],
  'log-reach': [reach, trail],
  'log-objects': [whole],
};

interface Given {
  readonly rows?: Readonly<Record<string, readonly QueryRow[] | Error>>;
  /** What differs from runs that ended well just now. */
  readonly runs?: Readonly<Record<string, Partial<QueryRun>>>;
  readonly never?: readonly string[];
  readonly delivered?: { readonly logs: boolean; readonly trail: boolean };
}

/** A report of the last 90 days by these checks. */
async function reportOf(checks: readonly ActivityCheck[], given: Given): Promise<Report> {
  const { activity, inventory } = await open(given);
  const { report } = await scan({
    checks,
    configuration: defaultConfiguration,
    account: '111122223333',
    partition: 'aws',
    at,
    window: { from: at - 90 * 24 * hour, to: at + 1 },
    inventory,
    foreign: [],
    databaseRoles: new Map(),
    activity,
    moreCoverage: [],
    judgeChange: () => [],
    version: '0.0.0',
  });
  return report;
}

async function open({ rows = {}, runs = {}, never = [], delivered = { logs: true, trail: true } }: Given = {}) {
  const all = { ...usual, ...rows };
  const asked: string[] = [];
  const activity = await openKeptActivity(
    {
      delivered,
      runs: {
        list: async () =>
          Object.keys(all)
            .filter((query) => !never.includes(query))
            .map((query) => ({
              query,
              reached: at,
              running: null,
              failed: null,
              revision: 1,
              last: { execution: query, ...window, due: at - hour },
              ...runs[query],
            })),
      },
      executions: {
        async rows(execution, most) {
          asked.push(execution);
          const found = all[execution] ?? [];
          if (found instanceof Error) throw found;
          return { rows: found.slice(0, most), all: found.length <= most };
        },
      },
    },
    at,
  );
  const inventory = new Inventory(['eu-central-1']);
  const question = { region: 'eu-central-1', service: 'rds', command: 'describe-db-clusters', key: null };
  const DBClusterMembers = [{ DBInstanceIdentifier: 'orders-1' }];
  inventory.add(question, {
    known: true,
    value: { DBClusters: [{ DBClusterIdentifier: 'orders', Engine: 'aurora-postgresql', DBClusterMembers }] },
  });
  return { activity, asked, inventory, facts: await readActivityFacts(activity, null, inventory) };
}

describe('what the last runs of the queries found', () => {
  it('is what is known of the use of databases and roles, and of the reach of the logs', async () => {
    const { facts, asked } = await open();

    expect(facts.databaseUse).toMatchObject({ known: true, value: [{ cluster: 'orders', user: 'app', last: '2026-05-03T08:00:00.000Z' }] });
    expect(facts.roleUse).toMatchObject({ known: true, value: [{ role: 'arn:aws:iam::111122223333:role/app' }] });
    expect(facts.logs.get('orders')).toEqual({
      from: '2026-02-02T12:00:00.000Z',
      to: '2026-05-03T10:00:00.000Z',
      complete: true,
      unbrokenFrom: '2026-02-02T12:00:00.000Z',
      detail: '',
    });
    expect(asked.toSorted()).toEqual(['database-use', 'log-objects', 'log-reach', 'role-use']);
  });

  it.each<[string, Given, string]>([
    ['never ran', { never: ['database-use'] }, 'it has not run yet'],
    [
      'failed before it ever ended well',
      { runs: { 'database-use': { last: undefined as never, failed: { runs: 2, to: at, reason: 'no such bucket' } } } },
      'it failed: no such bucket',
    ],
    [
      'ended well more than a day ago',
      { runs: { 'database-use': { last: { execution: 'database-use', ...window, due: at - 24 * hour - 1 } } } },
      'it last ran at 2026-05-02T11:59Z',
    ],
    [
      'has failed for more than a day',
      {
        runs: {
          'database-use': {
            last: { execution: 'database-use', ...window, due: at - 25 * hour },
            failed: { runs: 3, to: at, reason: 'throttled' },
          },
        },
      },
      'it last ran at 2026-05-02T11:00Z, and failed since: throttled',
    ],
    ['has rows that are gone or denied', { rows: { 'database-use': new Error('AccessDenied') } }, 'AccessDenied'],
    ['has more rows than are read', { rows: { 'database-use': Array.from({ length: 20_001 }, () => use) } }, 'it has more than 20000 rows'],
  ])('is not known where the query %s, and the rest is', async (_name, given, detail) => {
    const { facts } = await open(given);

    expect(facts.databaseUse).toEqual({ known: false, cause: { kind: 'failed', question: 'query database-use', detail } });
    expect(facts.roleUse.known).toBe(true);
    expect(facts.logs.get('orders')?.complete).toBe(true);
  });

  it('is known up to a day after it was due, also while a later run failed', async () => {
    const last = { execution: 'database-use', ...window, due: at - 24 * hour };
    const { facts } = await open({ runs: { 'database-use': { last, failed: { runs: 1, to: at, reason: 'throttled' } } } });

    expect(facts.databaseUse.known).toBe(true);
  });

  it('says why the reach of the logs is not known', async () => {
    const { facts, activity } = await open({ rows: { 'log-reach': new Error('HIVE_CANNOT_OPEN_SPLIT') } });

    expect(facts.databaseUse.known).toBe(true);
    expect(facts.logs.get('orders')).toMatchObject({ complete: false, detail: 'failed: query log-reach: HIVE_CANNOT_OPEN_SPLIT' });
    expect(activity.coverage.find(({ source }) => source === 'cloudtrail')).toMatchObject({
      status: 'missing',
      detail: 'query log-reach: HIVE_CANNOT_OPEN_SPLIT',
    });
  });

  it.each([
    ['logs', { logs: false, trail: true }, false, true],
    ['a trail', { logs: true, trail: false }, true, false],
    ['both', { logs: false, trail: false }, false, false],
  ])(
    'knows nothing of what is not delivered, and never that there was no use: without %s',
    async (_name, delivered, databaseUse, roleUse) => {
      const { facts, activity } = await open({ delivered });

      expect([facts.databaseUse.known, facts.roleUse.known]).toEqual([databaseUse, roleUse]);
      expect(facts.logs.size).toBe(databaseUse ? 1 : 0);
      const missing = activity.coverage.filter(({ detail }) => detail === 'not collected').map(({ source }) => source);
      expect(missing).toEqual([...(databaseUse ? [] : ['cloudwatch']), ...(roleUse ? [] : ['cloudtrail'])]);
    },
  );

  it('knows nothing of logins before the first log arrives', async () => {
    const { facts } = await open({ rows: { 'log-reach': [], 'database-use': [] } });

    expect(facts.databaseUse.known).toBe(false);
    expect(facts.roleUse.known).toBe(false);
  });
});

describe('a report of what the last runs found', () => {
  const run = { from: at - 7 * 24 * hour, to: at - hour };
  const runs = { 'new-source': { last: { execution: 'new-source', ...run, due: at - hour } } };
  /** Sessions of app from one address, one a day, over the days (before now) that a run of new-source reads. */
  const daily = (from: number, host: string): QueryRow[] =>
    Array.from({ length: from }, (_, index) => {
      const time = at - (from - index) * 24 * hour;
      return { cluster: 'orders', user_name: 'app', host, day: '', sessions: 1, first_ms: time, last_ms: time };
    });

  it('judges rows as what they are of: what is older than their window is no proof that somebody is new', async () => {
    const longAgo = { ...reach, first_hour: at - 121 * 24 * hour };
    const rows = { 'new-source': [...daily(37, '192.0.2.7'), ...daily(2, '198.51.100.7')], 'log-reach': [longAgo, trail] };

    const { findings } = await reportOf([newSource], { rows, runs });

    expect(findings.map(({ evidence }) => evidence.source)).toEqual(['198.51.100.7']);
  });

  it('tells of each cluster how far its log reaches, and who had sessions without TLS in it, whatever the last day holds', async () => {
    const plain = { ...use, user_name: 'batch', plaintext_sessions: 2, last_plaintext_ms: at - 40 * 24 * hour };

    const { logs } = await reportOf([], { rows: { 'database-use': [use, plain] } });

    expect(logs).toMatchObject([
      {
        resource: { name: 'orders', type: 'cluster' },
        from: '2026-02-02T12:00:00.000Z',
        withoutTls: [{ user: 'batch', sessions: 2, last: '2026-03-24T12:00:00.000Z' }],
      },
    ]);
  });

  it('says which time they are of', async () => {
    const { coverage } = await reportOf([newSource], { rows: { 'new-source': daily(2, '192.0.2.7') }, runs });

    expect(coverage.find(({ source }) => source === 'query:new-source')).toEqual({
      source: 'query:new-source',
      status: 'complete',
      detail: 'what its last run looked at; what was logged before was told then',
      from: '2026-04-26T12:00:00.000Z',
      to: '2026-05-03T11:00:00.000Z',
      records: 2,
      rejected: 0,
    });
  });
});

describe('what of the delivered logs could not be read', () => {
  it('is in the coverage, with the last object and why', async () => {
    const { activity } = await open({ rows: { 'log-objects': [whole, lost, torn] } });

    expect(activity.coverage).toEqual([
      {
        source: 'cloudwatch',
        status: 'partial',
        detail: '291 objects, 3 of them not whole',
        from: '2026-02-02T12:00:00.000Z',
        to: '2026-05-03T09:59:00.000Z',
        records: 105,
        rejected: 3,
      },
      {
        source: 'cloudwatch:cloudwatch/2026/05/03/08/a.gz',
        status: 'missing',
        detail: 'the object was not parsed (AccessDenied); the last of 2 objects that could not be read at all',
        from: null,
        to: null,
        records: 0,
        rejected: 2,
      },
      expect.objectContaining({
        source: 'cloudwatch:cloudwatch/2026/05/02/08/c.gz',
        status: 'partial',
        detail: 'the gzip ends early; there is more of orders',
        records: 5,
        rejected: 1,
      }),
      expect.objectContaining({ source: 'cloudtrail', status: 'complete', records: 9 }),
    ]);
  });

  it('makes the log of its cluster incomplete', async () => {
    const { facts } = await open({ rows: { 'log-objects': [whole, torn] } });

    expect(facts.logs.get('orders')).toMatchObject({ complete: false, detail: 'a file could not be read to its end' });
  });

  it('makes every log incomplete where nobody can say whose it was', async () => {
    const { facts } = await open({ rows: { 'log-objects': [whole, lost] } });

    expect(facts.logs.get('orders')).toMatchObject({ complete: false, detail: '2 delivered objects could not be read' });
  });

  it('makes every log incomplete where it is not known', async () => {
    const { facts, activity } = await open({ never: ['log-objects'] });

    expect(facts.logs.get('orders')).toMatchObject({
      complete: false,
      detail: 'whether all that was delivered could be read is not known (it has not run yet)',
    });
    expect(activity.coverage[0]).toMatchObject({
      source: 'cloudwatch',
      status: 'missing',
      detail: 'query log-objects: it has not run yet',
    });
  });
});
