import { readLoginMessage } from './message.ts';
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
  readonly application: string | null;
}

const mostLive = 20_000;

/** Reads records whose fields are apart. Nothing can be forged in them but by who is logged in already (`RAISE LOG`). */
export class ColumnLog {
  readonly #writer: RecordWriter;
  readonly #pamReasons = new Map<number, string>();
  readonly #tls = new TlsReports();

  constructor(writer: RecordWriter) {
    this.#writer = writer;
  }

  take(position: number, column: ColumnRecord): void {
    const time = readTime(column.time);
    this.#writer.count(time);
    if (time === null) {
      this.#writer.reject('a time that is not UTC');
      return;
    }
    const { process, level, message, host, port } = column;
    if (level === 'LOG' && message.startsWith('pam_'))
      this.#keep(this.#pamReasons, process, message.replace(/^pam_\w{1,40} failed: /, '').slice(0, 200));
    const names = column.user === null && column.database === null ? null : `${column.user ?? ''}@${column.database ?? ''}`;
    const read = readLoginMessage(level, message, { names, host, port });
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
      this.#writer.writeForged(position, claimed, { process, host: decode(host), port }, time);
      return;
    }
    if (read.kind === 'authorized') this.#tls.authorized(process, message);
    const more = [
      read.kind === 'failed' ? this.#pamReasons.get(process) : undefined,
      roleIsMissing(column.detail) ? 'role does not exist' : undefined,
    ];
    const reason = [read.reason, ...more].filter((part) => part !== null && part !== undefined).join(': ') || null;
    const database = (column.database ?? read.database) || null;
    const record = this.#writer.record(
      position,
      { ...read, user: column.user ?? read.user, database, reason, application: read.application ?? column.application },
      origin,
    );
    const isPlain =
      read.kind === 'disconnected' && column.application?.includes(' SSL enabled (') && this.#tls.isPlain(process, column.application);
    this.#writer.write(isPlain ? { ...record, tls: 'no' } : record);
    if (read.kind === 'disconnected') {
      this.#tls.ended(process);
      this.#pamReasons.delete(process);
    }
  }

  #keep(map: Map<number, string>, process: number, text: string): void {
    map.delete(process);
    map.set(process, text);
    if (map.size > mostLive) for (const oldest of map.keys()) return void map.delete(oldest);
  }
}

function roleIsMissing(detail: string | null): boolean {
  return detail !== null && /^Role ".{1,300}" does not exist/s.test(detail);
}

/** `2026-05-03 10:00:00.123 UTC` in milliseconds since 1970; null for other time zones. */
function readTime(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d* (?:UTC|GMT)$/.exec(text);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** `192.0.2.7:13708`, `2001:db8::1:5432` (the last colon counts) or `[local]`. */
export function readConnection(from: string): { readonly host: string | null; readonly port: number | null } {
  if (from === '') return { host: null, port: null };
  const match = /^(.{1,255}):(\d{1,5})$/.exec(from);
  return match?.[1] ? { host: match[1], port: Number(match[2]) } : { host: from, port: null };
}

/** A record of csvlog from its 23, 24 or 26 columns; null: it has another number. */
export function readCsvRecord(columns: readonly string[]): ColumnRecord | null {
  if (columns.length !== 23 && columns.length !== 24 && columns.length !== 26) return null;
  const [time = '', user = '', database = '', process = '', from = ''] = columns;
  if (!/^\d{1,10}$/.test(process)) return null;
  return {
    time,
    user: restored(user) || null,
    database: restored(database) || null,
    process: Number(process),
    ...readConnection(from),
    level: columns[11] ?? '',
    message: restored(columns[13] ?? ''),
    detail: columns[14] || null,
    application: columns[22] || null,
  };
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
  if (time === null || level === null || typeof record.pid !== 'number') return null;
  return {
    time,
    user: text('user'),
    database: text('dbname'),
    process: record.pid,
    host: text('remote_host'),
    port: typeof record.remote_port === 'number' ? record.remote_port : null,
    level,
    message: text('message') ?? '',
    detail: text('detail'),
    application: text('application_name'),
  };
}
