import type { LogHour, LoginRecord, LogSource, LogSummary } from '../../domain/login-record.ts';
import { emptyMessage, type LoginMessage } from './message.ts';

/** Who wrote a record and when, beside its message. */
export interface RecordOrigin {
  readonly time: number;
  readonly process: number | null;
  readonly host: string | null;
  readonly port: number | null;
}

const hourLength = 3_600_000;
const dayLength = 86_400_000;
const mostNotes = 5;

/** Turns what was read of one object into rows, and keeps count. */
export class RecordWriter {
  readonly #source: LogSource;
  readonly #emit: (record: LoginRecord) => void;
  readonly #hours = new Map<number, { records: number; rejected: number }>();
  readonly #notes = new Map<string, number>();
  /** The hour of the last record. */
  #hour = { records: 0, rejected: 0 };
  #hourStart = Number.NaN;
  #day = '';
  #dayStart = Number.NaN;
  #records = 0;
  #rejected = 0;
  #from: number | null = null;
  #to: number | null = null;

  /** Time of the last record that is confirmed; null: none yet. */
  lastTime: number | null = null;

  constructor(source: LogSource, emit: (record: LoginRecord) => void) {
    this.#source = source;
    this.#emit = emit;
  }

  /** A genuine record of any kind at `time`; null: its time is not known. */
  count(time: number | null): void {
    this.#records++;
    if (time === null) return;
    this.lastTime = time;
    if (this.#from === null || time < this.#from) this.#from = time;
    if (this.#to === null || time > this.#to) this.#to = time;
    if (!(time >= this.#hourStart && time < this.#hourStart + hourLength)) this.#enterHour(time);
    this.#hour.records++;
  }

  /** Something that cannot be read; `why` is a constant sentence. */
  reject(why: string): void {
    this.#rejected++;
    this.#notes.set(why, (this.#notes.get(why) ?? 0) + 1);
    if (this.lastTime !== null) this.#hour.rejected++;
  }

  record(position: number, message: LoginMessage, { time, process, host, port }: RecordOrigin): LoginRecord {
    return {
      id: this.#id(position),
      ...this.#source,
      position,
      process,
      host: host === null ? null : decode(host),
      port,
      kind: message.kind,
      ts_ms: time,
      user_name: name(message.user),
      database_name: name(message.database),
      identity: name(message.identity),
      method: name(message.method),
      tls: message.tls,
      protocol: name(message.protocol),
      cipher: name(message.cipher),
      application: name(message.application),
      reason: name(message.reason),
      forged: 0,
      claimed: null,
      day: this.#dayOf(time),
    };
  }

  write(record: LoginRecord): void {
    this.#emit(record);
  }

  /** A record that cannot be genuine; `origin` is its true writer, as far as known, `time` when it was written. */
  writeForged(position: number, claimed: object, origin: Omit<RecordOrigin, 'time'>, time: number): void {
    this.#emit({
      ...this.record(position, emptyMessage, { time, ...origin }),
      kind: 'forged',
      forged: 1,
      claimed: JSON.stringify(claimed),
    });
  }

  summary(format: LogSummary['format']): LogSummary {
    const { cluster, instance } = this.#source;
    const hours: LogHour[] = [...this.#hours]
      .sort(([a], [b]) => a - b)
      .map(([hour, { records, rejected }]) => ({ cluster, instance, hour, records, rejected }));
    const notes = [...this.#notes].slice(0, mostNotes).map(([why, times]) => (times === 1 ? why : `${times} times: ${why}`));
    return { format, records: this.#records, rejected: this.#rejected, from: this.#from, to: this.#to, hours, notes };
  }

  #id(position: number): string {
    return `${this.#source.object}:${position}`;
  }

  /** Records of one day follow each other. */
  #dayOf(time: number): string {
    const start = Math.floor(time / dayLength);
    if (start !== this.#dayStart) {
      this.#dayStart = start;
      this.#day = dayOf(time);
    }
    return this.#day;
  }

  #enterHour(time: number): void {
    this.#hourStart = Math.floor(time / hourLength) * hourLength;
    this.#hour = this.#hours.get(this.#hourStart) ?? { records: 0, rejected: 0 };
    this.#hours.set(this.#hourStart, this.#hour);
  }
}

/** `YYYY/MM/DD`, UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '/');
}

function name(text: string | null): string | null {
  return text === null ? null : decode(text);
}

/** Bytes (as latin1 text) read as UTF-8, into a string of its own: a slice would keep the whole chunk of the log alive. */
export function decode(latin1: string): string {
  return isShort(latin1) ? latin1 : Buffer.from(latin1, 'latin1').toString('utf8');
}

/** A string of its own, with the same characters. */
export function copyOf(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1');
}

/** Text as the latin1 of its UTF-8. One byte that was not UTF-8 is one again, so that names are as long as they were. */
export function encode(text: string): string {
  return restored(Buffer.from(text, 'utf8').toString('latin1'));
}

/** U+FFFD in UTF-8: who delivers a log may put these three bytes for one that is not UTF-8. */
export const replacement = '\xef\xbf\xbd';

/** Bytes (as latin1 text) with one byte for each replacement character. */
export function restored(latin1: string): string {
  return latin1.includes(replacement) ? latin1.replaceAll(replacement, '\xff') : latin1;
}

/** True for ASCII that is so short that V8 copies it anyway. */
function isShort(text: string): boolean {
  if (text.length > 12) return false;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
