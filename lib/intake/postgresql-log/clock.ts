import { copyOf } from './record.ts';

const [space, plus, minus, dot, colon] = [32, 43, 45, 46, 58];

/** Why a record is counted without its time. */
export const noTime = 'a time that is not UTC, or none at all';

/** Not in latin1, so that no text begins with it. */
const nothing = '\u0100';

/** Reads times such as `2023-03-10 11:10:07.123 UTC`; one clock for many times, since most are of the day of the time before. */
export class Clock {
  /** Milliseconds since 1970; NaN: of another time zone than UTC, or none that a calendar has. */
  time = 0;
  /** The last second as it was written, without its zone, and when it began: records of one second follow each other. */
  #second = nothing;
  #secondStart = 0;
  #day = -1;
  /** NaN: a day that no calendar has, or one before 1970. */
  #dayStart = 0;

  /** Where the time ends that begins at `at`, its zone included; -1: there is none. */
  read(text: string, at: number): number {
    if (!text.startsWith(this.#second, at) && !this.#readSecond(text, at)) return -1;
    let end = at + 19;
    let millisecond = 0;
    if (text.charCodeAt(end) === dot) {
      let scale = 100;
      for (end++; isDigit(text.charCodeAt(end)) && scale > 0.0001; end++, scale /= 10) millisecond += (text.charCodeAt(end) - 48) * scale;
    }
    if (text.charCodeAt(end) !== space) return -1;
    const zone = end + 1;
    end = endOfZone(text, zone);
    if (end < 0) return -1;
    this.time = isUtc(text, zone, end) ? this.#secondStart + Math.floor(millisecond) : Number.NaN;
    return end;
  }

  /** False: no time begins there. */
  #readSecond(text: string, at: number): boolean {
    if (
      text.charCodeAt(at + 4) !== minus ||
      text.charCodeAt(at + 7) !== minus ||
      text.charCodeAt(at + 10) !== space ||
      text.charCodeAt(at + 13) !== colon ||
      text.charCodeAt(at + 16) !== colon
    ) {
      return false;
    }
    const hour = twoDigits(text, at + 11);
    const minute = twoDigits(text, at + 14);
    const second = twoDigits(text, at + 17);
    const century = twoDigits(text, at);
    const year = twoDigits(text, at + 2);
    const month = twoDigits(text, at + 5);
    const date = twoDigits(text, at + 8);
    // Negative where one of them is.
    if ((hour | minute | second | century | year | month | date) < 0) return false;
    const day = century * 1_000_000 + year * 10_000 + month * 100 + date;
    if (day !== this.#day) {
      this.#day = day;
      this.#dayStart = startOfDay(century * 100 + year, month, date);
    }
    const isTime = hour < 24 && minute < 60 && second < 60;
    this.#secondStart = isTime ? this.#dayStart + hour * 3_600_000 + minute * 60_000 + second * 1000 : Number.NaN;
    // A copy: a slice would keep the whole piece of the log alive.
    this.#second = copyOf(text.slice(at, at + 19));
    return true;
  }
}

function startOfDay(year: number, month: number, date: number): number {
  const start = Date.UTC(year, month - 1, date);
  return year >= 1970 && new Date(start).getUTCMonth() === month - 1 && date > 0 ? start : Number.NaN;
}

/** True for the code of a digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Two digits as a number; negative: others. */
function twoDigits(text: string, at: number): number {
  const first = text.charCodeAt(at) - 48;
  const second = text.charCodeAt(at + 1) - 48;
  return first >= 0 && first <= 9 && second >= 0 && second <= 9 ? first * 10 + second : -1;
}

/** Where `UTC`, `CEST` or `+0530` ends; -1: there is no such thing. */
function endOfZone(text: string, at: number): number {
  let end = at;
  const first = text.charCodeAt(at);
  if (first === plus || first === minus) for (end++; isDigit(text.charCodeAt(end)) && end - at < 5; ) end++;
  else while (text.charCodeAt(end) >= 65 && text.charCodeAt(end) <= 90 && end - at < 5) end++;
  return end - at >= 1 ? end : -1;
}

function isUtc(text: string, at: number, end: number): boolean {
  return end - at === 3 && (text.startsWith('UTC', at) || text.startsWith('GMT', at) || text.startsWith('+00', at));
}
