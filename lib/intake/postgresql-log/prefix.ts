import { Clock, isDigit } from './clock.ts';

/**
 * Names come raw out of the startup packet and the prefix prints them raw, newlines included. Each is cut to this many bytes, so whatever a client
 * writes into the log by its names begins and ends within 63 + 1 + 63 bytes of the place where they begin.
 */
const longestName = 63;
/** How far behind the begin of the names their end can be. */
export const longestNames = longestName + 1 + longestName;

/** The longest name of an application: cut to as many bytes, of which from 16 on each that is not ASCII is written as `\xNN`. */
const longestApplication = 4 * longestName;

const [tab, space, colon] = [9, 32, 58];
const longestHost = 255;

function isUpperCase(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** By code: addresses, host names, and the `???` of an address that could not be told. */
const ofHost = new Uint8Array(256);
for (let code = 0; code < 256; code++) if (/[0-9A-Za-z.:%_?-]/.test(String.fromCharCode(code))) ofHost[code] = 1;

/**
 * The part of a record before the names: `2023-03-10 11:10:07 UTC:192.0.2.7(13708):`. One object is read into again and again, for speed; every
 * position is one of the text.
 */
export class Heading {
  /** Where the names begin. */
  names = 0;
  readonly #clock = new Clock();
  #hostAt = 0;
  #hostEnd = 0;
  #text = '';

  /** False: no record begins at `at`. */
  read(text: string, at: number): boolean {
    const end = this.#clock.read(text, at);
    if (end < 0 || text.charCodeAt(end) !== colon) return false;
    this.#text = text;
    return this.#readHost(text, end + 1);
  }

  /** Milliseconds since 1970; NaN: of another time zone than UTC. */
  get time(): number {
    return this.#clock.time;
  }

  /** Client address; `[local]` for a Unix socket; null for a process without a client. */
  get host(): string | null {
    if (this.#hostEnd === this.#hostAt) return null;
    const from = this.#text.slice(this.#hostAt, this.#hostEnd);
    return from.endsWith(')') ? from.slice(0, from.lastIndexOf('(')) : from;
  }

  get port(): number | null {
    const from = this.#text.slice(this.#hostAt, this.#hostEnd);
    return from.endsWith(')') ? Number(from.slice(from.lastIndexOf('(') + 1, -1)) : null;
  }

  /** True: a process without a client, whose names are empty. */
  get isBackground(): boolean {
    return this.#hostEnd === this.#hostAt;
  }

  #readHost(text: string, at: number): boolean {
    this.#hostAt = at;
    if (text.startsWith(':@:', at)) {
      this.#hostEnd = at;
      this.names = at + 1;
      return true;
    }
    if (text.startsWith('[local]:', at)) {
      this.#hostEnd = at + 7;
      this.names = at + 8;
      return true;
    }
    let end = at;
    while (end - at < longestHost && ofHost[text.charCodeAt(end)] === 1) end++;
    if (end === at || text.charCodeAt(end) !== 40) return false;
    let port = end + 1;
    while (isDigit(text.charCodeAt(port)) && port - end <= 5) port++;
    if (port === end + 1 || text.charCodeAt(port) !== 41 || text.charCodeAt(port + 1) !== colon) return false;
    this.#hostEnd = port + 1;
    this.names = port + 2;
    return true;
  }
}

const levels = [
  'LOG',
  'FATAL',
  'DETAIL',
  'ERROR',
  'STATEMENT',
  'WARNING',
  'HINT',
  'NOTICE',
  'CONTEXT',
  'INFO',
  'QUERY',
  'LOCATION',
  'PANIC',
  'DEBUG',
] as const;
/** What stands between process and level in the long prefix; the colon before the level may lack. The application is the session's own word. */
const longRest = new RegExp(
  `\\d{1,12}:[0-9A-Z]{5}:\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [A-Z0-9+-]{1,5}:[0-9/-]{0,30}:\\d{1,20}:[0-9a-f]{1,16}\\.[0-9a-f]{1,16}:(([^\\n]{0,${longestApplication}}?):?(${levels.join('|')})[1-5]?:)`,
  'y',
);

/** From the begin of the longest name of an application to the end of a level behind it. */
const longestEnd = longestApplication + 11;

/** The part of a record between the names and the message: `:[835]:LOG:  `, or the same with the fields of the long prefix. */
export class Marker {
  at = 0;
  process = 0;
  level: string = 'LOG';
  /** Where the message begins. */
  message = 0;
  /** `%a` of the long prefix. */
  application: string | null = null;
  /** Where that begins; -1: the prefix is the short one. */
  #applicationAt = -1;

  /** False: there is no marker at `at`. */
  read(text: string, at: number): boolean {
    if (text.charCodeAt(at) !== colon || text.charCodeAt(at + 1) !== 91) return false;
    let end = at + 2;
    let process = 0;
    for (; isDigit(text.charCodeAt(end)) && end - at <= 11; end++) process = process * 10 + text.charCodeAt(end) - 48;
    if (end === at + 2 || text.charCodeAt(end) !== 93 || text.charCodeAt(end + 1) !== colon) return false;
    end += 2;
    const level = levelAt(text, end);
    this.at = at;
    this.process = process;
    if (level !== null) {
      this.level = level;
      this.application = null;
      this.#applicationAt = -1;
      end += level.length;
      if (level === 'DEBUG' && isDigit(text.charCodeAt(end))) end++;
      if (text.charCodeAt(end) !== colon) return false;
      end++;
    } else {
      if (!isDigit(text.charCodeAt(end))) return false;
      longRest.lastIndex = end;
      const long = longRest.exec(text);
      if (!long?.[1] || !long[3]) return false;
      this.level = long[3];
      this.application = long[2] || null;
      end += long[0].length;
      this.#applicationAt = end - long[1].length;
    }
    if (text.charCodeAt(end) === space) end++;
    if (text.charCodeAt(end) === space) end++;
    this.message = end;
    return true;
  }

  /** True: the name of the application, a session's own word, may look like a level and the begin of a message, so that the true one begins later. */
  mayHide(text: string): boolean {
    if (this.#applicationAt < 0) return false;
    const end = text.indexOf(':  ', this.message);
    return end >= 0 && end <= this.#applicationAt + longestEnd && !text.slice(this.message, end).includes('\n');
  }

  /** True: the text ends, at `end`, where that name may still go on. */
  isInApplication(end: number): boolean {
    return this.#applicationAt >= 0 && end <= this.#applicationAt + longestEnd;
  }

  /** Where the message could begin besides, with which level, and what the name would be then. */
  otherMessages(text: string): OtherMessage[] {
    const others: OtherMessage[] = [];
    const lineEnd = text.indexOf('\n', this.message);
    const limit = Math.min(this.#applicationAt + longestEnd, lineEnd < 0 ? text.length : lineEnd);
    for (let end = text.indexOf(':  ', this.message); end >= 0 && end <= limit; end = text.indexOf(':  ', end + 1)) {
      const level = levels.find((one) => text.endsWith(one, end) && end - one.length >= this.message);
      if (level) others.push({ level, from: end + 3, application: text.slice(this.#applicationAt, end - level.length).replace(/:$/, '') });
    }
    return others;
  }
}

/** A message that the name of an application may hide. */
export interface OtherMessage {
  readonly level: string;
  readonly from: number;
  readonly application: string;
}

function levelAt(text: string, at: number): string | null {
  if (!isUpperCase(text.charCodeAt(at))) return null;
  for (const level of levels) if (text.startsWith(level, at)) return level;
  return null;
}

/** True: what lies from `names` to `end` can be `user@database`, each of 63 bytes at most. */
export function canBeNames(text: string, names: number, end: number): boolean {
  const at = text.indexOf('@', Math.max(names, end - 1 - longestName));
  return at >= 0 && at < end && at <= names + longestName;
}

/** True for the tab that begins a continuation line. */
export function isContinuation(text: string, at: number): boolean {
  return text.charCodeAt(at) === tab;
}
