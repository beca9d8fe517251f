import { createHash } from 'node:crypto';
import { BusyError } from '../domain/errors.ts';
import type { ActivityCheck } from '../evidence/check-kinds.ts';
import { isoTime, type Window } from '../evidence/window.ts';
import type { ExecutionState, Executions } from '../ports/executions.ts';
import type { StoredAlert } from '../ports/finding-store.ts';
import type { QueryRun, RunningQuery, RunStore } from '../ports/run-store.ts';
import type { Monitor } from './monitor.ts';
import { type ActivityJudge, blindOf, observeRows } from './observe-activity.ts';
import type { RunWindow } from './query-window.ts';
import { reconcile } from './reconcile.ts';
import { tell } from './tell.ts';
import type { Observation } from './transition.ts';

/** A query that runs again and again over what was logged, or a statement that only writes. */
export interface ScheduledQuery {
  readonly id: string;
  /** Judges its rows; null: it gives none. */
  readonly check: ActivityCheck | null;
  /** Starts whenever this one has ended well; null: by the schedule. */
  readonly after: string | null;
  /** The table that it writes: of those that write the same, one runs at a time. */
  readonly writes: string | null;
  /** What a run reads that was due then (milliseconds since 1970); null: nothing is due. */
  window(run: QueryRun | undefined, due: number): RunWindow | null;
  /** Its text over a window. */
  sql(window: Window): Promise<string>;
}

/** What runs queries in AWS, and tells what they find. */
export interface ActivityMonitor extends ActivityJudge, Pick<Monitor, 'store' | 'notify' | 'now' | 'wait'> {
  /** Of those that start after the same one and write the same table, the first that is due comes first. */
  readonly queries: readonly ScheduledQuery[];
  readonly runs: RunStore;
  readonly executions: Executions;
}

/** What happened to queries: their ids, and of those that failed why. */
export interface Ran {
  readonly started: readonly string[];
  readonly collected: readonly string[];
  readonly failed: Readonly<Record<string, string>>;
}

/** Athena ends what runs for half an hour; what has not ended so long after it was due is given up. */
const longestRun = 6 * 3_600_000;
/** More rows are no longer findings that people read; whoever can make so many rows must not stop the monitor. */
const mostRows = 20_000;
/** So many findings with one alert are the most that an item of the store holds, with room to spare. */
const atOnce = 1_000;

/**
 * A run by the schedule: collects what ended without an event, then starts what is due (milliseconds since 1970) and returns; it waits for nothing. May be
 * repeated, also after a crash: what was started, reconciled or told is not again. Rejects where the store or the topic refuses.
 */
export async function runQueries(monitor: ActivityMonitor, due: number, signal?: AbortSignal): Promise<Ran> {
  const ran = new Log();
  const failures: unknown[] = [];
  for (const run of await monitor.runs.list()) {
    try {
      await collect(monitor, run, ran, signal);
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
    }
  }
  await start(monitor, null, due, ran, signal);
  if (failures.length > 0) throw new AggregateError(failures, `The rows of ${failures.length} queries could not be collected.`);
  return ran;
}

/** The end of an execution: collects its rows. Does nothing where it is none of ours, or was collected. Rejects as {@link runQueries} does. */
export async function collectExecution(monitor: ActivityMonitor, execution: string, signal?: AbortSignal): Promise<Ran> {
  const ran = new Log();
  const run = (await monitor.runs.list()).find(({ running }) => running?.execution === execution);
  if (run) await collect(monitor, run, ran, signal);
  return ran;
}

class Log implements Ran {
  readonly started: string[] = [];
  readonly collected: string[] = [];
  readonly failed: Record<string, string> = {};
}

/** Starts what is due of those that start after `after`. One that cannot be started keeps none of the others back. */
async function start(monitor: ActivityMonitor, after: string | null, due: number, ran: Log, signal?: AbortSignal): Promise<void> {
  const runs = new Map((await monitor.runs.list()).map((run) => [run.query, run]));
  const writing = new Set(
    monitor.queries.flatMap(({ id, writes }) => (writes !== null && id !== after && runs.get(id)?.running ? [writes] : [])),
  );
  for (const query of monitor.queries.filter((one) => one.after === after)) {
    const run = runs.get(query.id) ?? { query: query.id, reached: null, running: null, failed: null, revision: 0 };
    const isFree = run.running === null && !(query.writes !== null && writing.has(query.writes));
    const window = isFree ? query.window(run, due) : null;
    if (!window) continue;
    if (query.writes !== null) writing.add(query.writes);
    try {
      const execution = await monitor.executions.start(await query.sql(window), tokenOf(query.id, window), signal);
      // Where somebody was faster, it started the same: the token gave the same execution.
      await monitor.runs.save({ ...run, running: { execution, ...window, due }, revision: run.revision + 1 });
      ran.started.push(query.id);
    } catch (error) {
      signal?.throwIfAborted();
      await fail(monitor, query, run, window, messageOf(error), ran, signal);
    }
  }
}

/**
 * Collects what a run has waited for, if it has ended; others may collect the same at the same time. Where the engine refuses to tell, the run has failed,
 * and the next one covers it; where it is only busy, it is asked again.
 */
async function collect(monitor: ActivityMonitor, run: QueryRun, ran: Log, signal?: AbortSignal): Promise<void> {
  const query = monitor.queries.find(({ id }) => id === run.query);
  const { running } = run;
  if (!query || !running) return;
  const ended = await endOf(monitor, running, signal);
  const observed = ended.state === 'succeeded' ? await observe(monitor, query, running, signal) : ended;
  if ('state' in observed && observed.state === 'running') {
    // Asked again by the next run, and nothing is started meanwhile: but not for ever.
    if (monitor.now() - running.due < longestRun) return;
    return fail(monitor, query, run, running, `it has not ended for ${longestRun / 3_600_000} hours: ${observed.reason}`, ran, signal);
  }
  if ('reason' in observed) return fail(monitor, query, run, running, observed.reason, ran, signal);

  await report(monitor, `query#${running.execution}`, observed.observations, run.reached, signal);
  // Before the end is marked: after a crash in between they are started again, with the same tokens.
  await start(monitor, query.id, running.due, ran, signal);
  const reached = Math.max(run.reached ?? 0, running.to);
  const { execution, from, to, due } = running;
  await monitor.runs.save({ ...run, reached, running: null, last: { execution, from, to, due }, failed: null, revision: run.revision + 1 });
  ran.collected.push(query.id);
}

async function endOf(monitor: ActivityMonitor, { execution }: RunningQuery, signal?: AbortSignal): Promise<ExecutionState> {
  try {
    const { state, reason } = await monitor.executions.state(execution, signal);
    return { state, reason: reason.slice(0, 500) };
  } catch (error) {
    signal?.throwIfAborted();
    return { state: error instanceof BusyError ? 'running' : 'failed', reason: messageOf(error) };
  }
}

/** What the rows of an execution say, or why they say nothing; `running`: they may be had later. */
async function observe(
  monitor: ActivityMonitor,
  { check }: ScheduledQuery,
  running: RunningQuery,
  signal?: AbortSignal,
): Promise<{ readonly observations: readonly Observation[] } | Pick<ExecutionState, 'state' | 'reason'>> {
  if (check === null) return { observations: [] };
  const open = await monitor.store.listOpen();
  try {
    const rows = await monitor.executions.rows(running.execution, mostRows, signal);
    return { observations: await observeRows(monitor, check, rows, running, open, signal) };
  } catch (error) {
    signal?.throwIfAborted();
    return { state: error instanceof BusyError ? 'running' : 'failed', reason: messageOf(error) };
  }
}

/** A run that failed is covered by the next one: how far the query is stays as it was. The checks that it fails are blind meanwhile. */
async function fail(
  monitor: ActivityMonitor,
  query: ScheduledQuery,
  run: QueryRun,
  window: RunWindow,
  reason: string,
  ran: Log,
  signal?: AbortSignal,
): Promise<void> {
  ran.failed[query.id] = reason;
  const blind = monitor.queries.flatMap(({ id, after, check }) => (check !== null && (id === query.id || after === query.id) ? check : []));
  const observations = blind.map((check) => blindOf(monitor, check, window, `The query ${query.id} failed: ${reason}`));
  await report(monitor, `query#${query.id}#${isoTime(window.to)}`, observations, run.reached, signal);
  const before = run.failed?.runs ?? 0;
  const failed = { runs: run.failed?.to === window.to ? before : before + 1, to: window.to, reason };
  await monitor.runs.save({ ...run, running: null, failed, revision: run.revision + 1 });
}

/** Brings what was seen together with what is known, and tells what is new. */
async function report(
  monitor: ActivityMonitor,
  cause: string,
  observations: readonly Observation[],
  reached: number | null,
  signal?: AbortSignal,
): Promise<void> {
  const { store, account, region, configuration, now } = monitor;
  const sorted = observations.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const alerts: StoredAlert[] = [];
  for (let from = 0; from < sorted.length; from += atOnce) {
    const reconciled = await reconcile(store, {
      cause: from === 0 ? cause : `${cause}#${from}`,
      eventTime: null,
      account,
      region,
      observations: sorted.slice(from, from + atOnce),
      changes: [],
      minimumSeverity: configuration.alerts.minimumSeverity,
      now: now(),
      lookedBefore: reached ?? 0,
    });
    alerts.push(...reconciled.alerts);
  }
  await tell(monitor, alerts, signal);
}

/** The same query over the same window has the same one: 64 hexadecimal digits. */
function tokenOf(query: string, { from, to }: Window): string {
  return createHash('sha256')
    .update(JSON.stringify([query, from, to]))
    .digest('hex');
}

/** What an engine says may be long. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
