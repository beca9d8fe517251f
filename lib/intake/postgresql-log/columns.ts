import { Clock, noTime } from './clock.ts';
import type { CsvColumns } from './csv.ts';
import { interestOf, spokenOf } from './interest.ts';
import { missingRole, readLoginMessage, roleMissing } from './message.ts';
import { PamReasons } from './pam-reasons.ts';
import { decode, encode, type RecordWriter, restored } from './record.ts';
import { TlsReports } from './tls-reports.ts';

/** One record of csvlog or jsonlog: its fields are apart, so that names in it are data; latin1 text, null where empty. */
export interface ColumnRecord {
  readonly time: string;
  readonly user: string | null;
  readonly database: string | null;
  readonly process: number;
  readonly host: string | null;
  readonly port: number | null;
  readonly level: string;
  readonly message: string;
  readonly detail: string | null;
  /** Of an error: what was asked for. */
  readonly statement: string | null;
  readonly application: string | null;
}

/** Reads records whose fields are apart. Nothing can be forged in them but by who is logged in already (`RAISE LOG`). */
export class ColumnLog {
  readonly #writer: RecordWriter;
  readonly #pam = new PamReasons();
  readonly #tls = new TlsReports();
  readonly #clock = new Clock();

  constructor(writer: RecordWriter) {
    this.#writer = writer;
  }

  /** Counts a record by its time alone, which begins at `at`; null: it is not UTC. */
  count(text: string, at: number): number | null {
    const time = this.#clock.read(text, at) < 0 || Number.isNaN(this.#clock.time) ? null : this.#clock.time;
    this.#writer.count(time);
    if (time === null) this.#writer.reject(noTime);
    return time;
  }

  take(position: number, column: ColumnRecord): void {
    const time = this.count(column.time, 0);
    if (time === null) return;
    const { process, level, message, host, port } = column;
    if (level === 'LOG') this.#pam.hear({ process, host, port }, message);
    const names = column.user === null && column.database === null ? null : `${column.user ?? ''}@${column.database ?? ''}`;
    const session = { names, host, port };
    const said = readLoginMessage(level, message, session);
    const read = said === null && column.statement !== null ? readLoginMessage('STATEMENT', column.statement, session) : said;
    // A process without a client logs nobody in.
    if (read === null || host === null) return;
    const origin = { time, process, host, port };
    if (read === 'disagrees') {
      const claimed = {
        time: column.time,
        source: host,
        port,
        names: decode(names ?? ''),
        process,
        level,
        text: decode(message.slice(0, 500)),
      };
      this.#writer.writeForged(position, claimed, { time, process, host, port }, time);
      return;
    }
    if (read.kind === 'authorized') this.#tls.authorized(process, message);
    const more = [
      read.kind === 'failed' ? this.#pam.of(origin) : null,
      column.detail !== null && missingRole.test(column.detail) ? roleMissing : null,
    ];
    const reason = [read.reason, ...more].filter((part) => part !== null).join(': ') || null;
    const database = (column.database ?? read.database) || null;
    const record = this.#writer.record(
      position,
      { ...read, user: column.user ?? read.user, database, reason, application: read.application ?? column.application },
      origin,
    );
    const isPlain = read.kind === 'disconnected' && this.#tls.isPlain(process, column.application);
    this.#writer.write(isPlain ? { ...record, tls: 'no' } : record);
    if (read.kind === 'disconnected') {
      this.#tls.ended(process);
      this.#pam.ended(process);
    }
  }
}

/** `192.0.2.7:13708`, `2001:db8::1:5432` (the last colon counts) or `[local]`. */
export function readConnection(from: string): { readonly host: string | null; readonly port: number | null } {
  if (from === '') return { host: null, port: null };
  const match = /^(.{1,255}):(\d{1,5})$/.exec(from);
  return match?.[1] ? { host: match[1], port: Number(match[2]) } : { host: from, port: null };
}

/** True: a record of csvlog with these columns says nothing that is read. */
export function isOrdinaryCsv(columns: CsvColumns): boolean {
  const { text } = columns;
  const message = columns.startOf(13);
  const interest = interestOf(text, columns.get(11), message);
  return interest === null || (interest === 'statement' && !spokenOf.test(text));
}

/** True for a number of columns that csvlog has: up to 12, in 13, from 14 on. */
export function isCsvLog({ length }: CsvColumns): boolean {
  return length === 23 || length === 24 || length === 26;
}

/** A record of csvlog from its columns; null: it is none. */
export function readCsvRecord(columns: CsvColumns): ColumnRecord | null {
  const process = columns.get(3);
  if (!isCsvLog(columns) || !/^\d{1,10}$/.test(process)) return null;
  return {
    time: columns.get(0),
    user: restored(columns.get(1)) || null,
    database: restored(columns.get(2)) || null,
    process: Number(process),
    ...readConnection(columns.get(4)),
    level: columns.get(11),
    message: restored(columns.get(13)),
    detail: columns.get(14) || null,
    statement: columns.get(19) || null,
    application: columns.get(22) || null,
  };
}

/**
 * Where the time of a record of jsonlog begins, if the record says nothing that is read; -1: look closer. Quotes within texts are escaped, so a key with
 * its quotes is a key.
 */
export function timeOfOrdinaryJson(line: string): number {
  const time = line.startsWith('{"timestamp":"') ? 14 : -1;
  const level = line.indexOf('"error_severity":"');
  const message = line.indexOf('"message":"', level);
  if (time < 0 || level < 0 || message < 0 || !/\}\r?$/.test(line.slice(-2))) return -1;
  const interest = interestOf(line, line.slice(level + 18, line.indexOf('"', level + 18)), message + 11);
  return interest === null || (interest === 'statement' && !spokenOf.test(line)) ? time : -1;
}

const [mostProcess, mostPort] = [9_999_999_999, 99_999];

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

/** A record of jsonlog; null: it is none. Text comes out as latin1, like everything that is parsed here. */
export function readJsonRecord(line: string): ColumnRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(decode(line));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const record = value as Readonly<Record<string, unknown>>;
  const text = (key: string): string | null => {
    const found = record[key];
    return typeof found === 'string' && found !== '' ? encode(found) : null;
  };
  const time = text('timestamp');
  const level = text('error_severity');
  const [process, port] = [record.pid, record.remote_port ?? null];
  // A number that is none of a process would not fit into the tables.
  if (time === null || level === null || !isWhole(process, mostProcess) || !(port === null || isWhole(port, mostPort))) return null;
  return {
    time,
    user: text('user'),
    database: text('dbname'),
    process,
    host: text('remote_host'),
    port,
    level,
    message: text('message') ?? '',
    detail: text('detail'),
    statement: text('statement'),
    application: text('application_name'),
  };
}
