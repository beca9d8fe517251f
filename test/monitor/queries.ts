import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { checks } from '../../lib/checks/registry.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { scheduledQueries } from '../../lib/main/activity.ts';
import type { Delivered } from '../../lib/monitor/kept-activity.ts';
import type { ActivityMonitor } from '../../lib/monitor/run-queries.ts';
import type { ExecutionState } from '../../lib/ports/executions.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import type { QueryRun } from '../../lib/ports/run-store.ts';
import { type Answers, account, fine, inventoryOf, region } from '../evidence/answers.ts';

export const hour = 3_600_000;

/** What the world holds; the test changes it as it goes. */
export interface QueryWorld {
  answers: Answers;
  /** Milliseconds since 1970. */
  now: number;
  /** Rows of each query, whenever it is asked. */
  readonly rows: Map<string, readonly QueryRow[]>;
  /** Runs as each port is called: `start failed-password-logins`, `save a run`, `notify`; it may throw, which stands for a refusal or a crash before. */
  before: (step: string) => void;
  /** The same after the port has done its work. */
  after: (step: string) => void;
}

/** An execution as the engine knows it. */
export interface Started {
  readonly id: string;
  readonly query: string;
  readonly sql: string;
  readonly token: string;
  state: ExecutionState;
}

/** A monitor whose engine, store and topic are in memory. `ids`: the queries that there are. */
export async function watching(
  ids: readonly string[],
  delivered: Delivered = { logs: true, trail: true },
  more: Partial<ActivityMonitor> = {},
) {
  const world: QueryWorld = {
    answers: fine,
    now: Date.parse('2026-05-03T12:00:10Z'),
    rows: new Map(),
    before: () => undefined,
    after: () => undefined,
  };
  const step = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    world.before(name);
    const result = await work();
    world.after(name);
    return result;
  };
  const started: Started[] = [];
  const told: Alert[] = [];
  const runs = new Map<string, QueryRun>();
  const memory = createMemoryStore();
  const found = (id: string): Started => {
    const execution = started.find((one) => one.id === id);
    if (!execution) throw new Error(`Query ${id} was not found`);
    return execution;
  };
  const all = await scheduledQueries(delivered, defaultConfiguration);
  const queries = all.filter(({ id }) => ids.includes(id));
  const monitor: ActivityMonitor = {
    account,
    partition: 'aws',
    region,
    home: true,
    configuration: defaultConfiguration,
    ask: async (question) => inventoryOf(world.answers).answer(question.region, question.service, question.command, question.key),
    store: {
      ...memory,
      save: (next) => step('save a finding', () => memory.save(next)),
      saveAlert: (next) => step('save an alert', () => memory.saveAlert(next)),
    },
    notify: (alert) => step('notify', () => void told.push(alert)),
    runs: {
      list: async () => [...runs.values()],
      save: (next) =>
        step('save a run', () => {
          if ((runs.get(next.query)?.revision ?? 0) !== next.revision - 1) return false;
          runs.set(next.query, next);
          return true;
        }),
    },
    executions: {
      start: async (sql, token) => {
        const query = queries.find(({ id }) => sql.startsWith(`-- ${id}:`) || (id === 'api_call' && sql.startsWith('MERGE')))?.id ?? sql;
        return step(`start ${query}`, () => {
          const same = started.find((one) => one.token === token);
          if (same && same.sql !== sql) throw new Error('Idempotent parameters do not match');
          if (same) return same.id;
          started.push({ id: `execution-${started.length + 1}`, query, sql, token, state: { state: 'running', reason: '' } });
          return `execution-${started.length}`;
        });
      },
      state: (id) => step('ask for the state', () => found(id).state),
      rows: (id, most) =>
        step('ask for rows', () => {
          const rows = world.rows.get(found(id).query) ?? [];
          return { rows: rows.slice(0, most), all: rows.length <= most };
        }),
    },
    queries,
    now: () => world.now,
    wait: async () => {},
    ...more,
  };
  /** Ends executions of a query that run, or all; gives their ids. */
  const end = (query: string | null = null, state: ExecutionState['state'] = 'succeeded', reason = ''): string[] =>
    started.flatMap((one) => {
      if (one.state.state !== 'running' || (query !== null && one.query !== query)) return [];
      one.state = { state, reason };
      return one.id;
    });
  return { world, monitor, started, told, runs, findings: memory.findings, end };
}

/** Ids of all queries that there may be. */
export const activityIds = checks.filter(({ kind }) => kind === 'activity').map(({ id }) => id);

/** A row of failed-password-logins: user app on database orders from 192.0.2.7, five times in the minute before `time`. */
export function guessing(time: string, more: QueryRow = {}): QueryRow {
  return {
    cluster: 'orders',
    user_name: 'app',
    database_name: 'orders',
    host: '192.0.2.7',
    unknown_user: 0,
    attempts: 5,
    unconfirmed: 0,
    reached: 1,
    reached_tenfold: 0,
    first_ms: Date.parse(time) - 60_000,
    last_ms: Date.parse(time),
    reasons: 'password authentication failed',
    ...more,
  };
}
