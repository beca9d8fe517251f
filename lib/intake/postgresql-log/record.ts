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
const mostTimeless = 1000;

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
  /** Forged records that wait for the time of a neighbour. */
  #timeless: ((neighbour: number | null) => void)[] = [];
  /** Times of records at the borders. */
  readonly #atBorder: number[] = [];

  /** Where in the object the bytes begin that a reader gets. */
  start = 0;
  /** Time of the last record that is confirmed; null: none yet. */
  lastTime: number | null = null;

  constructor(source: LogSource, emit: (record: LoginRecord) => void) {
    this.#source = source;
    this.#emit = emit;
  }

  /** Genuine records of any kind at `time`; null: their time is not known. */
  count(time: number | null, records = 1): void {
    this.#records += records;
    if (time === null) return;
    if (this.lastTime === null) this.#settle(time);
    this.lastTime = time;
    this.#reach(time, records);
  }

  /**
   * A record so near to the begin or the end of the object that what shows it to be forged may lie in another. Its time counts where no record within says
   * something quite different.
   */
  countAtBorder(time: number): void {
    this.#records++;
    this.#atBorder.push(time);
  }

  #reach(time: number, records = 1): void {
    if (this.#from === null || time < this.#from) this.#from = time;
    if (this.#to === null || time > this.#to) this.#to = time;
    if (!(time >= this.#hourStart && time < this.#hourStart + hourLength)) this.#enterHour(time);
    this.#hour.records += records;
  }

  /** Something that cannot be read; `why` is a constant sentence. */
  reject(why: string): void {
    this.#rejected++;
    this.#notes.set(why, (this.#notes.get(why) ?? 0) + 1);
    if (this.lastTime !== null) this.#hour.rejected++;
  }

  /** `offset`: where it begins in what the reader gets. */
  record(offset: number, message: LoginMessage, { time, process, host, port }: RecordOrigin): LoginRecord {
    const position = this.start + offset;
    return {
      id: this.#id(position),
      object: this.#source.object,
      cluster: this.#source.cluster,
      instance: this.#source.instance,
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

  /**
   * A record that cannot be genuine; `origin` is its true writer and time, as far as known (NaN: not). Then it was written when its neighbours were, and only
   * where none is known, when it says, at `claimedTime`.
   */
  writeForged(offset: number, claimed: object, origin: RecordOrigin, claimedTime: number): void {
    const time = Number.isNaN(origin.time) ? this.lastTime : origin.time;
    const write = (when: number): void =>
      this.#emit({
        ...this.record(offset, emptyMessage, { ...origin, time: when }),
        kind: 'forged',
        forged: 1,
        claimed: JSON.stringify(claimed),
      });
    if (time !== null || this.#timeless.length >= mostTimeless) write(time ?? 0);
    else this.#timeless.push((neighbour) => write(neighbour ?? (Number.isNaN(claimedTime) ? 0 : claimedTime)));
  }

  #settle(time: number | null): void {
    for (const write of this.#timeless) write(time);
    this.#timeless = [];
  }

  summary(format: LogSummary['format']): LogSummary {
    const { cluster, instance } = this.#source;
    const [first, last] = [this.#from, this.#to];
    for (const time of this.#atBorder) {
      if (first === null || last === null || (time >= first - dayLength && time <= last + dayLength)) this.#reach(time);
    }
    this.#atBorder.length = 0;
    this.#settle(this.#to);
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
