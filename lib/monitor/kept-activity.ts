import { QueryError } from '../domain/errors.ts';
import type { Coverage } from '../domain/report.ts';
import { isoTime } from '../evidence/window.ts';
import type { Activity } from '../ports/activity.ts';
import type { Executions } from '../ports/executions.ts';
import type { QueryRow } from '../ports/query.ts';
import type { QueryRun, RunStore } from '../ports/run-store.ts';

/** What a deployed monitor delivers to itself: logs of databases, files of a trail. */
export interface Delivered {
  readonly logs: boolean;
  readonly trail: boolean;
}

/** Where the rows of the last runs of queries are. */
export interface KeptRows {
  readonly delivered: Delivered;
  readonly runs: Pick<RunStore, 'list'>;
  readonly executions: Pick<Executions, 'rows'>;
}

const day = 24 * 3_600_000;
const mostRows = 20_000;
/** Groups of objects that are named; more are counted. */
const mostGroups = 50;

/**
 * Opens what the last runs of the scheduled queries found: asking a query gives the rows of its last run, whatever the parameters. It rejects with a
 * QueryError where the query never ran, where its last run that ended well was due more than a day before `at` (milliseconds), or where its rows are gone.
 */
export async function openKeptActivity({ delivered, runs, executions }: KeptRows, at: number, signal?: AbortSignal): Promise<Activity> {
  const byQuery = new Map((await runs.list()).map((run) => [run.query, run]));
  const rowsOf = async (id: string): Promise<readonly QueryRow[]> => {
    const { rows, all } = await executions.rows(lastOf(byQuery.get(id), at).execution, mostRows, signal);
    if (!all) throw new QueryError(`it has more than ${mostRows} rows`);
    return rows;
  };
  // Asked once, though several want them.
  const [objects, reach] = await Promise.all([attempt(rowsOf('log-objects'), signal), attempt(rowsOf('log-reach'), signal)]);
  const last = byQuery.get('log-reach')?.last;
  return {
    async run(id) {
      if (id === 'log-reach') return resultOf(reach);
      // What reads nothing that is delivered here never runs.
      if (!byQuery.has(id) && !(delivered.logs && delivered.trail)) return [];
      return rowsOf(id);
    },
    coverage: [...logCoverage(delivered.logs, objects), trailCoverage(delivered.trail, reach)],
    window: last ? { from: last.from, to: last.to } : { from: at - day, to: at },
    windows: new Map(
      [...byQuery.values()].flatMap(({ query, last: one }) => (one ? [[query, { from: one.from, to: one.to }] as const] : [])),
    ),
    holds: {
      logs: delivered.logs && holds(reach, ({ cluster }) => cluster !== null),
      trail: delivered.trail && holds(reach, ({ cluster }) => cluster === null),
    },
    torn: new Set('rows' in objects ? objects.rows.flatMap(({ torn }) => names(torn)) : []),
    lost: delivered.logs ? lostOf(objects) : null,
    events: [],
    newestEvent: null,
    newestLogRecord: null,
    account: null,
    close: async () => {},
  };
}

function lastOf(run: QueryRun | undefined, at: number): NonNullable<QueryRun['last']> {
  const failed = run?.failed ? `, and failed since: ${run.failed.reason}` : '';
  if (!run?.last) throw new QueryError(run?.failed ? `it failed: ${run.failed.reason}` : 'it has not run yet');
  if (at - run.last.due > day) throw new QueryError(`it last ran at ${isoTime(run.last.due).slice(0, 16)}Z${failed}`);
  return run.last;
}

type Attempt = { readonly rows: readonly QueryRow[] } | { readonly error: unknown };

async function attempt(rows: Promise<readonly QueryRow[]>, signal?: AbortSignal): Promise<Attempt> {
  try {
    return { rows: await rows };
  } catch (error) {
    signal?.throwIfAborted();
    return { error };
  }
}

async function resultOf(result: Attempt): Promise<readonly QueryRow[]> {
  if ('error' in result) throw result.error;
  return result.rows;
}

/** Where the rows cannot be had, something may be there: the query that wants it says then what is wrong. */
function holds(result: Attempt, is: (row: QueryRow) => boolean): boolean {
  return 'error' in result || result.rows.some(is);
}

function names(torn: QueryRow[string] | undefined): string[] {
  return typeof torn === 'string' && torn !== '' ? torn.split('\u001f') : [];
}

/** Of an object that could not be read at all nobody can say whose logs it held. */
function lostOf(objects: Attempt): string | null {
  if ('error' in objects) return `whether all that was delivered could be read is not known (${messageOf(objects.error)})`;
  const lost = objects.rows
    .filter(({ status }) => status === 'missing' || status === 'denied')
    .reduce((sum, row) => sum + numberOf(row.objects), 0);
  return lost === 0 ? null : `${lost} delivered ${lost === 1 ? 'object' : 'objects'} could not be read`;
}

const nothing = { from: null, to: null, records: 0, rejected: 0 } as const;

function logCoverage(isDelivered: boolean, objects: Attempt): Coverage[] {
  const source = 'cloudwatch';
  if (!isDelivered) return [{ source, status: 'missing', detail: 'not collected', ...nothing }];
  if ('error' in objects) return [{ source, status: 'missing', detail: `query log-objects: ${messageOf(objects.error)}`, ...nothing }];
  if (objects.rows.length === 0) return [{ source, status: 'missing', detail: 'nothing was delivered', ...nothing }];
  const faulty = objects.rows.filter(({ status }) => status !== 'complete');
  const [all, notWhole] = [objects.rows, faulty].map((rows) => rows.reduce((sum, row) => sum + numberOf(row.objects), 0)) as [
    number,
    number,
  ];
  const sum: Coverage = {
    source,
    status:
      notWhole === 0
        ? 'complete'
        : faulty.length === objects.rows.length && faulty.every(({ status }) => status === 'missing')
          ? 'missing'
          : 'partial',
    detail: `${counted(all)}${notWhole === 0 ? '' : `, ${notWhole} of them not whole`}`,
    from: least(objects.rows.map((row) => row.first_time)),
    to: most(objects.rows.map((row) => row.last_time)),
    records: objects.rows.reduce((total, row) => total + numberOf(row.records), 0),
    rejected: objects.rows.reduce((total, row) => total + numberOf(row.rejected), 0),
  };
  return [sum, ...faulty.slice(0, mostGroups).map(groupCoverage)];
}

/** A line for the last of the objects that share what is wrong. */
function groupCoverage(row: QueryRow): Coverage {
  const whose = names(row.torn);
  const details = [
    String(row.last_detail ?? ''),
    numberOf(row.objects) === 1
      ? ''
      : `the last of ${counted(numberOf(row.objects))} that could not be read ${row.status === 'partial' ? 'as a whole' : 'at all'}`,
    whose.length === 0 ? '' : `there is more of ${whose.join(', ')}`,
  ];
  return {
    source: String(row.last_source),
    status: row.status === 'denied' || row.status === 'missing' ? row.status : 'partial',
    detail: details.filter((one) => one !== '').join('; '),
    from: textOf(row.first_time),
    to: textOf(row.last_time),
    records: numberOf(row.records),
    rejected: numberOf(row.rejected),
  };
}

function trailCoverage(isDelivered: boolean, reach: Attempt): Coverage {
  const source = 'cloudtrail';
  if (!isDelivered) return { source, status: 'missing', detail: 'not collected', ...nothing };
  if ('error' in reach) return { source, status: 'missing', detail: `query log-reach: ${messageOf(reach.error)}`, ...nothing };
  const row = reach.rows.find(({ cluster }) => cluster === null);
  if (!row) return { source, status: 'missing', detail: 'its files hold no call that a check reads', ...nothing };
  return {
    source,
    // What is missing in it shows as a gap, by the check log-gaps.
    status: 'complete',
    detail: `calls in ${numberOf(row.hours)} hours`,
    from: isoTime(numberOf(row.first_hour)),
    to: isoTime(numberOf(row.last_hour) + 3_600_000),
    records: numberOf(row.records),
    rejected: 0,
  };
}

function counted(objects: number): string {
  return `${objects} ${objects === 1 ? 'object' : 'objects'}`;
}

function numberOf(value: QueryRow[string] | undefined): number {
  return Number(value ?? 0);
}

function textOf(value: QueryRow[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function least(times: readonly (QueryRow[string] | undefined)[]): string | null {
  return times.flatMap((time) => textOf(time) ?? []).sort()[0] ?? null;
}

function most(times: readonly (QueryRow[string] | undefined)[]): string | null {
  return (
    times
      .flatMap((time) => textOf(time) ?? [])
      .sort()
      .at(-1) ?? null
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
