import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../domain/errors.ts';
import type { CloudTrailEvent, EventFilter } from '../../domain/event.ts';
import type { Coverage } from '../../domain/report.ts';
import type { Activity } from '../../ports/activity.ts';
import type { Engine } from './duckdb.ts';
import { errorCode } from './errors.ts';
import { type LoggedFile, listLoggedFiles, type Stray } from './logged-files.ts';
import type { FileResult } from './read-logged-file.ts';
import { readLoggedFiles } from './read-logged-files.ts';

/** What is read, and who is told how far it is. */
export interface ActivityOptions {
  /** Evidence folder with `logs/`, `cloudtrail/` and `cloudwatch/`. */
  readonly folder: string;
  /** Events that a change check may judge. */
  readonly watched: EventFilter;
  /** Gets the bytes that are read, of all. */
  readonly progress?: (done: number, total: number) => void;
  /** Gets how many parts of what was read are grouped into logins, of all, once the first query is asked. */
  readonly grouping?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Reads everything that was logged; what cannot be read is in the coverage. Rejects only when `signal` aborts or the disk is full. */
export async function openActivity({ folder, watched, progress, grouping, signal }: ActivityOptions): Promise<Activity> {
  const { files, strays } = await listLoggedFiles(folder);
  const rows = await mkdtemp(join(tmpdir(), 'aurora-watch-')).catch((cause: unknown) => {
    throw new UsageError(`The temporary folder ${tmpdir()} cannot be written to (${errorCode(cause) || 'error'}); TMPDIR names another.`, {
      cause,
    });
  });
  let engine: Promise<Engine> | null = null;
  const close = async (): Promise<void> => {
    const opened = await engine?.catch(() => null);
    opened?.close();
    await rm(rows, { recursive: true, force: true });
  };
  try {
    const results = await readLoggedFiles(files, {
      folder: rows,
      watched,
      ...(progress ? { progress } : {}),
      ...(signal ? { signal } : {}),
    });
    const isEmpty = results.every(({ coverage }) => coverage.records === 0);
    const coverage = coverageOf(files, results, strays);
    const isHeld = (kind: string): boolean => coverage.some(({ source, records }) => source === kind && records > 0);
    const accounts = [...new Set(results.flatMap((one) => one.accounts))];
    return {
      async run(id, parameters, abort) {
        if (isEmpty) return [];
        engine ??= import('./duckdb.ts').then(({ openDuckDb }) => openDuckDb(rows, signal, undefined, grouping));
        return (await engine).run(id, parameters, abort);
      },
      coverage,
      window: null,
      holds: { logs: isHeld('log') || isHeld('cloudwatch'), trail: isHeld('cloudtrail') },
      events: eachOnce(results.flatMap(({ events }) => events)),
      newestEvent: newest(results.map((one) => one.newestEvent)),
      newestLogRecord: newest(results.map((one) => one.newestRecord)),
      account: accounts.length === 1 ? (accounts[0] ?? null) : null,
      torn: new Set(results.flatMap(({ torn }) => torn)),
      lost: lostOf(files, results, strays),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of a file that could not be read at all, nobody can say whose logs it held, unless it stands in the folder of its cluster. */
function lostOf(files: readonly LoggedFile[], results: readonly FileResult[], strays: readonly Stray[]): string | null {
  const unread = results.filter(
    ({ coverage, torn }, index) => files[index]?.kind === 'cloudwatch' && coverage.status === 'missing' && torn.length === 0,
  );
  const lost = unread.length + strays.filter(({ kind }) => kind !== 'cloudtrail').length;
  return lost === 0 ? null : `${lost} ${lost === 1 ? 'file' : 'files'} of logs could not be read`;
}

function coverageOf(files: readonly LoggedFile[], results: readonly FileResult[], strays: readonly Stray[]): Coverage[] {
  const lines = [
    ...results.map(({ coverage }, index) => ({ kind: files[index]?.kind, coverage })),
    ...strays.map(({ kind, name, why }) => ({ kind, coverage: { ...nothing(`${kind}:${name}`, why), rejected: 1 } })),
  ];
  const sums = (['log', 'cloudtrail', 'cloudwatch'] as const).map((kind) =>
    sum(
      kind,
      lines.flatMap((line) => (line.kind === kind ? line.coverage : [])),
    ),
  );
  return [...lines.map(({ coverage }) => coverage), ...sums];
}

function sum(kind: string, lines: readonly Coverage[]): Coverage {
  if (lines.length === 0) return nothing(kind, 'not collected');
  const faulty = lines.filter(({ status }) => status !== 'complete').length;
  const froms = lines.flatMap(({ from }) => from ?? []).sort();
  const tos = lines.flatMap(({ to }) => to ?? []).sort();
  return {
    source: kind,
    status: faulty === 0 ? 'complete' : lines.every(({ status }) => status === 'missing') ? 'missing' : 'partial',
    detail: `${lines.length} ${lines.length === 1 ? 'file' : 'files'}${faulty === 0 ? '' : `, ${faulty} of them not whole`}`,
    from: froms[0] ?? null,
    to: tos.at(-1) ?? null,
    records: lines.reduce((total, { records }) => total + records, 0),
    rejected: lines.reduce((total, { rejected }) => total + rejected, 0),
  };
}

function nothing(source: string, detail: string): Coverage {
  return { source, status: 'missing', detail, from: null, to: null, records: 0, rejected: 0 };
}

/** Events in the order of their time, each id once. */
function eachOnce(events: readonly CloudTrailEvent[]): CloudTrailEvent[] {
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return [...byId.values()].sort((a, b) => compare(a.eventTime, b.eventTime) || compare(a.eventId, b.eventId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function newest(times: readonly (number | null)[]): number | null {
  const there = times.filter((time) => time !== null);
  return there.length === 0 ? null : Math.max(...there);
}
