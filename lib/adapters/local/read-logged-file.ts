import type { CloudTrailEvent } from '../../domain/event.ts';
import type { LogHour, LogSummary } from '../../domain/login-record.ts';
import type { Coverage } from '../../domain/report.ts';
import { CloudWatchLogParser } from '../../intake/postgresql-log/cloudwatch.ts';
import { PostgresqlLogParser } from '../../intake/postgresql-log/index.ts';
import { CloudTrailBytes } from './cloudtrail-bytes.ts';
import { readBytes } from './file-bytes.ts';
import type { LoggedFile } from './logged-files.ts';
import { type Rows, RowsError } from './rows.ts';
import { cloudTrailRow, logHourRow } from './tables.ts';
import { asUtf8, isUtf16 } from './text-file.ts';

/** What one file gave, beside its rows. */
export interface FileResult {
  readonly coverage: Coverage;
  /** Of CloudTrail: events of watched kinds, the newest event's time, and the accounts that the events are of. */
  readonly events: readonly CloudTrailEvent[];
  readonly newestEvent: number | null;
  readonly accounts: readonly string[];
  /** Of logs. */
  readonly newestRecord: number | null;
  readonly hours: readonly LogHour[];
  /** Clusters of whose log there is, or may be, more than could be read. */
  readonly torn: readonly string[];
  /** Of a log: there is something, and none of it is what such a file holds. */
  readonly foreign: boolean;
}

/** How a file is read. */
export interface ReadFileOptions {
  /** Events that a change check may judge. */
  readonly watches: (source: string, name: string) => boolean;
  /** Gets how many bytes more were read from the disk. */
  readonly progress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

const nothing: Omit<FileResult, 'coverage'> = {
  events: [],
  newestEvent: null,
  accounts: [],
  newestRecord: null,
  hours: [],
  torn: [],
  foreign: false,
};
const mostNotes = 3;
/** CloudTrail's own records are a dozen levels deep; JSON and threads give up at some thousand. */
const mostLevels = 100;

/** Reads one file into rows. Rejects when `signal` aborts or the rows cannot be kept (RowsError), never for what is in the file. */
export async function readLoggedFile(file: LoggedFile, rows: Rows, options: ReadFileOptions): Promise<FileResult> {
  try {
    return await (file.kind === 'cloudtrail' ? readCloudTrailFile(file, rows, options) : readLogFile(file, rows, options));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof RowsError) throw error;
    return unreadFile(file, error instanceof Error ? error.message : String(error));
  }
}

/** What a file gave that could not be read; `why` is what was said. */
export function unreadFile({ kind, name, cluster }: LoggedFile, why: string): FileResult {
  const detail = `the file cannot be read (${why})`;
  const torn = kind === 'log' ? [cluster] : [];
  return {
    ...nothing,
    torn,
    coverage: { source: `${kind}:${name}`, status: 'missing', detail, from: null, to: null, records: 0, rejected: 1 },
  };
}

async function readLogFile(file: LoggedFile, rows: Rows, options: ReadFileOptions): Promise<FileResult> {
  const { cluster, instance, kind, name } = file;
  const emit: ConstructorParameters<typeof PostgresqlLogParser>[1] = (record) => rows.add('login_record', record);
  const parser = kind === 'log' ? new PostgresqlLogParser({ object: name, cluster, instance }, emit) : new CloudWatchLogParser(name, emit);
  const { problem, length } = await readContent(file, (bytes) => parser.write(bytes), options);
  const summary = parser.end();
  // An error of IAM authentication does not show that the log of PostgreSQL is there.
  const hours = summary.format === 'iam-db-auth-error' ? [] : summary.hours;
  for (const hour of hours) rows.add('log_hour', logHourRow(hour));
  const clusters = kind === 'log' ? [cluster] : hours.map((hour) => hour.cluster);
  return {
    ...nothing,
    coverage: logCoverage(file, summary, faultOf(problem, length)),
    newestRecord: summary.to,
    hours,
    torn: problem === null && !(summary.format === null && summary.rejected > 0) ? [] : clusters,
    foreign: summary.format === null && (length > 0 || problem !== null),
  };
}

/** Gives what is in the file, as bytes; `length`: how many. `problem`: why not to its end. */
async function readContent(
  { path }: LoggedFile,
  take: (bytes: Uint8Array) => void,
  options: Omit<ReadFileOptions, 'watches'>,
): Promise<{ readonly problem: string | null; readonly length: number }> {
  let length = 0;
  let isWide = false;
  const problem = await readBytes(
    path,
    (bytes) => {
      if (length === 0) isWide = isUtf16(bytes);
      if (isWide) return;
      length += bytes.length;
      take(bytes);
    },
    options,
  );
  return { problem: isWide ? asUtf8 : problem, length };
}

function logCoverage(file: LoggedFile, summary: LogSummary, fault: string | null): Coverage {
  const { records, rejected, from, to, notes } = summary;
  return coverageOf(file, { records, rejected: rejected + (fault === null ? 0 : 1), from, to }, [fault ?? '', ...notes]);
}

async function readCloudTrailFile(file: LoggedFile, rows: Rows, { watches, ...options }: ReadFileOptions): Promise<FileResult> {
  const events: CloudTrailEvent[] = [];
  const accounts = new Set<string>();
  const times = new TimeRange();
  let account: string | null = null;
  let deep = 0;
  const see = (event: Pick<CloudTrailEvent, 'eventTime' | 'account'>): void => {
    times.add(event.eventTime);
    if (event.account === null || event.account === account) return;
    account = event.account;
    if (/^\d{12}$/.test(account)) accounts.add(account);
  };
  const reader = new CloudTrailBytes(
    (event) => {
      const [isQueried, isWatched] = [queried.has(event.eventSource), watches(event.eventSource, event.eventName)];
      if ((isQueried || isWatched) && isDeeper([event.requestParameters, event.responseElements], mostLevels)) {
        deep += 1;
        return;
      }
      see(event);
      if (isQueried) rows.add('cloudtrail', cloudTrailRow(event));
      if (isWatched) events.push(event);
    },
    (head) => {
      if (queried.has(head.eventSource) || watches(head.eventSource, head.eventName)) return false;
      see(head);
      return true;
    },
  );
  const { problem, length } = await readContent(file, (bytes) => reader.write(bytes), options);
  const read = length === 0 ? { records: 0, rejected: 0, digest: false, notes: [] } : reader.end();
  const { from, to } = times;
  const fault = faultOf(problem, length);
  // What a cut tore apart is no fault of its own.
  const faults = Math.max(read.rejected + deep, fault === null ? 0 : 1);
  const details = [
    fault ?? '',
    read.digest ? 'a digest, which holds no events' : '',
    deep === 0 ? '' : `${deep} nested too deeply`,
    ...read.notes.slice(0, mostNotes),
  ];
  return {
    ...nothing,
    events,
    newestEvent: to,
    accounts: [...accounts],
    coverage: coverageOf(file, { records: read.records - deep, rejected: faults, from, to }, details),
  };
}

/** The first and the last of times. ISO 8601, as CloudTrail writes it: those of one length are in the order of their texts. */
class TimeRange {
  from: number | null = null;
  to: number | null = null;
  #first = '';
  #last = '';

  add(text: string): void {
    if (text.length === this.#first.length && text.length === this.#last.length && text >= this.#first && text <= this.#last) return;
    const time = Date.parse(text);
    if (this.from === null || time < this.from) [this.from, this.#first] = [time, text];
    if (this.to === null || time > this.to) [this.to, this.#last] = [time, text];
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** Sources whose events the queries read; api_call.sql says which of them. */
const queried = new Set(['sts.amazonaws.com', 'rds.amazonaws.com', 'rds-data.amazonaws.com', 'cloudtrail.amazonaws.com']);

function faultOf(problem: string | null, length: number): string | null {
  return problem ?? (length === 0 ? 'the file is empty' : null);
}

function coverageOf(
  { kind, name }: LoggedFile,
  { records, rejected, from, to }: { records: number; rejected: number; from: number | null; to: number | null },
  details: readonly string[],
): Coverage {
  return {
    source: `${kind}:${name}`,
    status: rejected === 0 ? 'complete' : records === 0 ? 'missing' : 'partial',
    detail: details.filter((detail) => detail !== '').join('; '),
    from: isoOrNull(from),
    to: isoOrNull(to),
    records,
    rejected,
  };
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
