import type { CloudTrailEvent } from '../../domain/event.ts';
import type { LogHour, LogSummary } from '../../domain/login-record.ts';
import type { Coverage } from '../../domain/report.ts';
import { readCloudTrailDocument } from '../../intake/cloudtrail.ts';
import { CloudWatchLogParser } from '../../intake/postgresql-log/cloudwatch.ts';
import { PostgresqlLogParser } from '../../intake/postgresql-log/index.ts';
import { readBytes } from './file-bytes.ts';
import type { LoggedFile } from './logged-files.ts';
import type { RowFiles } from './rows.ts';
import { cloudTrailRow } from './tables.ts';

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
}

const nothing: Omit<FileResult, 'coverage'> = { events: [], newestEvent: null, accounts: [], newestRecord: null, hours: [] };
/** JavaScript cannot hold a longer text. */
const mostCloudTrailBytes = 400_000_000;

/** Reads one file into rows. `watches` says which events a change check may judge. Never rejects for what is in the file. */
export async function readLoggedFile(
  file: LoggedFile,
  rows: RowFiles,
  { watches, signal }: { readonly watches: (source: string, name: string) => boolean; readonly signal?: AbortSignal },
): Promise<FileResult> {
  if (file.kind === 'cloudtrail') return readCloudTrailFile(file, rows, watches, signal);
  const emit = (record: Parameters<ConstructorParameters<typeof PostgresqlLogParser>[1]>[0]): void => rows.add('login_record', record);
  const parser =
    file.kind === 'log'
      ? new PostgresqlLogParser({ object: file.name, cluster: file.cluster, instance: file.instance }, emit)
      : new CloudWatchLogParser(file.name, emit);
  const problem = await readBytes(file.path, (bytes) => parser.write(bytes), signal);
  const summary = parser.end();
  for (const hour of summary.hours) rows.add('log_hour', hour);
  return { ...nothing, coverage: logCoverage(file, summary, problem), newestRecord: summary.to, hours: summary.hours };
}

function logCoverage({ kind, name, bytes }: LoggedFile, summary: LogSummary, problem: string | null): Coverage {
  const { records, rejected, from, to, notes } = summary;
  const details = [...(problem === null ? [] : [problem]), ...(bytes === 0 ? ['the file is empty'] : notes)];
  const isMissing = records === 0 && (problem !== null || rejected > 0);
  return {
    source: `${kind}:${name}`,
    status: isMissing ? 'missing' : problem === null && rejected === 0 ? 'complete' : 'partial',
    detail: details.join('; '),
    from: isoOrNull(from),
    to: isoOrNull(to),
    records,
    rejected: rejected + (problem === null ? 0 : 1),
  };
}

async function readCloudTrailFile(
  file: LoggedFile,
  rows: RowFiles,
  watches: (source: string, name: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<FileResult> {
  const chunks: Buffer[] = [];
  let length = 0;
  let problem = await readBytes(
    file.path,
    (bytes) => {
      length += bytes.length;
      if (length <= mostCloudTrailBytes) chunks.push(Buffer.from(bytes));
    },
    signal,
  );
  if (length > mostCloudTrailBytes) problem = 'the file is larger than 400 MB';
  const { events, rejected, digest, notes } = readCloudTrailDocument(Buffer.concat(chunks).toString('utf8'));
  for (const event of events) if (isQueried(event)) rows.add('cloudtrail', cloudTrailRow(event));
  const times = events.map(({ eventTime }) => Date.parse(eventTime));
  const [from, to] = extremes(times);
  const faults = rejected + (problem !== null && rejected === 0 ? 1 : 0);
  const details = [
    ...(problem === null ? [] : [problem]),
    ...(length === 0 && problem === null ? ['the file is empty'] : []),
    ...(digest ? ['a digest, which holds no events'] : []),
    ...notes.slice(0, 3),
  ];
  return {
    ...nothing,
    events: events.filter(({ eventSource, eventName }) => watches(eventSource, eventName)),
    newestEvent: to,
    accounts: [...new Set(events.flatMap(({ account }) => (account !== null && /^\d{12}$/.test(account) ? [account] : [])))],
    coverage: {
      source: `cloudtrail:${file.name}`,
      status: faults === 0 ? 'complete' : events.length === 0 ? 'missing' : 'partial',
      detail: details.join('; '),
      from: isoOrNull(from),
      to: isoOrNull(to),
      records: events.length,
      rejected: faults,
    },
  };
}

/** Sources whose events the queries read; api_call.sql says which of them. */
const queried = new Set(['sts.amazonaws.com', 'rds.amazonaws.com', 'rds-data.amazonaws.com', 'cloudtrail.amazonaws.com']);

function isQueried({ eventSource }: CloudTrailEvent): boolean {
  return queried.has(eventSource);
}

function extremes(times: readonly number[]): [number | null, number | null] {
  let from: number | null = null;
  let to: number | null = null;
  for (const time of times) {
    if (from === null || time < from) from = time;
    if (to === null || time > to) to = time;
  }
  return [from, to];
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
