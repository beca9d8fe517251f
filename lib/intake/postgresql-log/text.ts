import type { LoginRecord } from '../../domain/login-record.ts';
import { type LoginMessage, readLoginMessage } from './message.ts';
import { decode, type RecordWriter } from './record.ts';

/**
 * Names come raw out of the startup packet and the prefix prints them raw, newlines included: user and database are 63 bytes at most, so whatever
 * a client writes into the log by its names begins and ends within this many bytes of the place where the names begin.
 */
const zoneLength = 63 + 1 + 63;

/** What is kept of a record that runs over several lines; more is read and dropped. */
const mostKept = 16_384;
const mostLive = 20_000;

const heading =
  /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z )?(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? ([A-Z]{1,5}|[+-]\d\d):(?:(\[local\])|([^()\s:][^()\s]{0,254})\((\d{1,5})\))?:/;
const shortened =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?: ([A-Z]{1,5}))? ?:?\[(\d{1,10})\]:? ?(LOG|FATAL|ERROR|DETAIL|WARNING|STATEMENT|HINT|PANIC|NOTICE):\s{1,2}/;
const levels = 'LOG|FATAL|DETAIL|ERROR|STATEMENT|WARNING|HINT|NOTICE|INFO|CONTEXT|QUERY|LOCATION|PANIC|DEBUG[1-5]?';
/** `:[835]:LOG:  ` of the usual prefix. */
const shortMarker = new RegExp(`:?\\[(\\d{1,10})\\]:(${levels}):`, 'y');
/** `:[835]:1:00000:2026-05-03 10:00:00 UTC:3/4:0:6b021ae8.631c:psql:LOG:  ` of the long one; the application's name may lack. */
const longMarker = new RegExp(
  `:?\\[(\\d{1,10})\\]:\\d{1,12}:[0-9A-Z]{5}:\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [A-Z]{1,5}:[0-9/]{0,24}:\\d{1,20}:[0-9a-f]{1,16}\\.[0-9a-f]{1,16}:([^\\n]{0,64}?):?(${levels}):`,
  'y',
);

interface Heading {
  /** Milliseconds since 1970; null: of another time zone. */
  readonly time: number | null;
  readonly host: string | null;
  readonly port: number | null;
  /** Where the names begin, from the begin of the record. */
  readonly names: number;
}

interface Marker {
  /** Where the names end, from the begin of the record. */
  readonly at: number;
  readonly end: number;
  readonly process: number;
  readonly level: string;
  readonly application: string | null;
}

/** A line and the lines behind it that begin with a tab. */
interface Piece {
  readonly start: number;
  readonly text: string;
  readonly heading: Heading | null;
  readonly marker: Marker | null;
}

/** What waits until nothing can unmask it: that a record was there, and what it says of a login, if anything. */
interface Held {
  readonly start: number;
  readonly time: number | null;
  readonly piece: Piece | null;
  record: LoginRecord | null;
}

/** A line whose address and port belong to another process: it may be the first line of a record with names that complete it. */
interface Suspect {
  readonly start: number;
  readonly until: number;
  readonly heading: Heading;
}

/**
 * Reads PostgreSQL's text log, line by line, in the order of its bytes. What names could have forged is told apart from what the server wrote:
 * a record is held until nothing that could unmask it may come, and goes out as genuine only if its message and its prefix agree.
 */
export class TextLog {
  readonly #writer: RecordWriter;
  #start = -1;
  #lines: string[] = [];
  #kept = 0;
  #recent: Piece[] = [];
  #held: Held[] = [];
  #zone: { readonly opener: Piece; readonly pieces: Piece[] } | null = null;
  /** By process: the address and port of its receipt. */
  readonly #live = new Map<number, string>();
  /** By address and port: the process of its receipt. */
  readonly #places = new Map<string, number>();
  readonly #pamReasons = new Map<number, string>();
  #last: { process: number; held: Held } | null = null;
  #suspects: Suspect[] = [];

  constructor(writer: RecordWriter) {
    this.#writer = writer;
  }

  /** One line as latin1, without its line feed; `start` is the offset of its first byte. */
  line(start: number, text: string): void {
    if (text.charCodeAt(0) === 9 && this.#start >= 0) {
      if (this.#kept < mostKept) {
        this.#lines.push(text);
        this.#kept += text.length;
      }
      return;
    }
    this.#finishPiece();
    this.#start = start;
    this.#lines = [text];
    this.#kept = text.length;
  }

  /** What is still open is settled; nothing comes any more. */
  end(): void {
    this.#finishPiece();
    while (this.#zone) this.#settle();
    this.#flush(Number.POSITIVE_INFINITY);
  }

  #finishPiece(): void {
    if (this.#start < 0) return;
    const text = this.#lines.length === 1 ? (this.#lines[0] ?? '') : this.#lines.join('\n');
    const start = this.#start;
    this.#start = -1;
    this.#take(start, text);
  }

  #take(start: number, text: string): void {
    const head = readHeading(text);
    const marker = head ? findMarker(text, head.names, head.names + zoneLength) : null;
    const piece: Piece = { start, text, heading: head, marker };
    if (this.#zone) {
      const { opener, pieces } = this.#zone;
      if (start <= opener.start + (opener.heading?.names ?? 0) + zoneLength) {
        pieces.push(piece);
        return;
      }
      this.#settle();
      this.#take(start, text);
      return;
    }

    this.#flush(start);
    this.#judge(piece);
    if (this.#recent.length > 0) this.#recent = this.#recent.filter((one) => one.start + (one.heading?.names ?? 0) + zoneLength >= start);
    this.#recent.push(piece);
  }

  #judge(piece: Piece): void {
    const { heading: head, marker, text } = piece;
    if (head && !marker) {
      const firstEnd = text.indexOf('\n');
      if ((firstEnd < 0 ? text.length : firstEnd) - head.names <= zoneLength) {
        this.#open(piece);
      } else {
        this.#writer.reject('a line that begins like a record and is none');
      }
      return;
    }
    // Only what may end the names of a record that began within the last 127 bytes can unmask one.
    for (const later of laterMarkers(piece)) if (this.#unmask(piece, later)) return;
    if (head && marker) this.#judgeRecord(piece, head, marker);
    else this.#judgeShortened(piece);
  }

  #judgeRecord(piece: Piece, head: Heading, marker: Marker): void {
    const names = piece.text.slice(head.names, marker.at);
    const message = messageOf(piece.text, marker);
    this.#suspect(piece, head, marker);
    const held: Held = { start: piece.start, time: head.time, piece, record: null };
    this.#held.push(held);
    if (marker.level === 'DETAIL') this.#addDetail(marker.process, message);
    if (marker.level === 'LOG' && message.startsWith('pam_')) remember(this.#pamReasons, marker.process, pamReason(message));
    const read = readLoginMessage(marker.level, message, { names: names === '' || names === '@' ? null : names, host: head.host });
    if (read === null) return;
    if (read === 'disagrees') {
      if (this.#unmask(piece, marker)) return;
      const own = this.#live.get(marker.process) === place(head);
      this.#held.pop();
      this.#forged(piece, own ? head : null, own ? marker.process : null);
      return;
    }
    if (head.time === null) return;
    held.record = this.#recordOf(piece, head, head.time, marker, read, names);
    this.#last = { process: marker.process, held };
  }

  /** Remembers a line whose address and port are known to belong to another process. */
  #suspect(piece: Piece, head: Heading, marker: Marker): void {
    if (head.port === null || marker.level === 'FATAL') return;
    const where = place(head);
    const held = this.#held.findLast(({ record }) => record?.kind === 'received' && record.host === head.host && record.port === head.port);
    const process = held?.record?.process ?? this.#places.get(where);
    const isReceipt = piece.text.startsWith('  connection received: ', marker.end);
    if (process === undefined || process === marker.process || isReceipt) return;
    this.#suspects.push({ start: piece.start, until: piece.start + head.names + zoneLength, heading: head });
  }

  #judgeShortened({ text, start }: Piece): void {
    const match = shortened.exec(text);
    if (!match) return;
    const time = timeOf(match, match[8] ?? 'UTC');
    const process = Number(match[9]);
    const message = joined(text.slice(match[0].length));
    if (match[10] === 'DETAIL') this.#addDetail(process, message);
    const read = readLoginMessage(match[10] ?? '', message, { names: null, host: null });
    const isRead = read !== null && read !== 'disagrees' && time !== null;
    const record = isRead ? this.#writer.record(start, read, { time, process, host: read.host, port: read.port }) : null;
    const held: Held = { start, time, piece: null, record };
    this.#held.push(held);
    if (record) this.#last = { process, held };
  }

  #recordOf(piece: Piece, head: Heading, time: number, marker: Marker, read: LoginMessage, names: string): LoginRecord {
    const at = names.indexOf('@');
    const known = at > 0 && names !== '[unknown]@[unknown]';
    const user = read.user ?? (known ? decodable(names.slice(0, at)) : null);
    const database = read.database ?? (known && read.user === null ? decodable(names.slice(at + 1)) : databaseOf(names, read.user));
    const reason = read.kind === 'failed' ? joinReasons(read.reason, this.#pamReasons.get(marker.process)) : read.reason;
    const application = read.application ?? (read.kind === 'disconnected' ? marker.application : null);
    const origin = { time, process: marker.process, host: head.host, port: head.port };
    return this.#writer.record(piece.start, { ...read, user, database, reason, application }, origin);
  }

  #addDetail(process: number, message: string): void {
    const last = this.#last;
    if (last?.process !== process || last.held.record?.kind !== 'failed') return;
    if (/^Role ".{1,300}" does not exist\.?/s.test(message)) {
      last.held.record = { ...last.held.record, reason: joinReasons(last.held.record.reason, 'role does not exist') };
    }
  }

  /** Lets go of what nothing can unmask any more: forged bytes end within a zone's length of where they began. */
  #flush(before: number): void {
    let gone = 0;
    for (const held of this.#held) {
      if (held.start + zoneLength >= before) break;
      gone++;
      this.#release(held);
    }
    if (gone > 0) this.#held.splice(0, gone);
    if (this.#suspects.length > 0) this.#suspects = this.#suspects.filter(({ until }) => until + zoneLength >= before);
  }

  #release({ start, time, piece, record }: Held): void {
    const suspect = record && this.#suspects.find((one) => one.start < start && start <= one.until);
    if (record && suspect && piece && this.#live.get(record.process ?? -1) !== `${record.host}(${record.port})`) {
      this.#forged(piece, suspect.heading, null);
      return;
    }
    this.#writer.count(time);
    if (record === null) return;
    this.#learn(record);
    this.#writer.write(record);
  }

  #learn({ kind, process, host, port }: LoginRecord): void {
    if (process === null || host === null) return;
    const where = `${host}(${port})`;
    if (kind === 'received') {
      remember(this.#live, process, where);
      if (port !== null) remember(this.#places, where, process);
    } else if (kind === 'disconnected') {
      this.#live.delete(process);
      this.#places.delete(where);
      this.#pamReasons.delete(process);
    }
  }

  #open(opener: Piece): void {
    this.#zone = { opener, pieces: [] };
  }

  /** Decides where the names of the broken record end, quarantines what lies between, and reads the rest again. */
  #settle(): void {
    const zone = this.#zone;
    this.#zone = null;
    if (!zone) return;
    const { opener, pieces } = zone;
    const head = opener.heading;
    if (!head) return;
    const closer = chooseCloser(opener, head, pieces);
    if (closer === null) {
      this.#writer.reject('a line that ends inside its prefix');
      this.#recent = [];
      for (const piece of pieces) this.#take(piece.start, piece.text);
      return;
    }
    const { index, marker, read, names } = closer;
    const forged = pieces.slice(0, index + 1).filter((piece) => piece.heading && (piece.marker || piece === pieces[index]));
    if (forged.length > 0) for (const piece of forged) this.#forged(piece, head, marker.process);
    else if (read && head.time !== null) {
      // A name with a line break in it, and nothing that pretends to be a record: an attempt like any other.
      const at = names.indexOf('@');
      const record = this.#writer.record(
        opener.start,
        { ...read, user: read.user ?? names.slice(0, at), database: read.database ?? databaseOf(names, read.user) },
        { time: head.time, process: marker.process, host: head.host, port: head.port },
      );
      this.#held.push({ start: opener.start, time: head.time, piece: opener, record });
    }
    this.#recent = [];
    for (const piece of pieces.slice(index + 1)) this.#take(piece.start, piece.text);
  }

  /**
   * A marker that cannot stand where it stands ends the names of a record that began a little before: looks for that record, takes back what
   * was read since, and quarantines it. False: there is no such record.
   */
  #unmask(piece: Piece, marker: Marker): boolean {
    const end = piece.start + marker.at;
    const openers = [...this.#recent, piece].filter(
      (one) =>
        one.heading &&
        end - (one.start + one.heading.names) <= zoneLength &&
        end > one.start + one.heading.names &&
        !(one === piece && marker === piece.marker),
    );
    if (openers.length === 0) return false;
    const message = messageOf(piece.text, marker);
    const verified = openers.find((one) => {
      const names = this.#between(one, end, piece);
      const read = names === null ? null : readLoginMessage(marker.level, message, { names, host: null });
      return read !== null && read !== 'disagrees' && read.user !== null;
    });
    const isOwn = marker === piece.marker;
    const isTabbed = piece.text.slice(0, marker.at).includes('\n');
    // Text of a message may hold a marker too: without the names' word for it, only a line that could not be there otherwise counts.
    if (!verified && (isOwn || isTabbed || piece.heading)) return false;
    const receipt = this.#live.get(marker.process);
    const opener = verified ?? openers.find((one) => one.heading && place(one.heading) === receipt) ?? openers[0];
    if (!opener?.heading) return false;

    this.#held = this.#held.filter((held) => held.start < opener.start);
    this.#last = null;
    const since = [...this.#recent, piece].filter((one) => one.start > opener.start && one.heading && one.marker);
    const claims = since.length > 0 || opener === piece ? (since.length > 0 ? since : [opener]) : [];
    const isKnown = verified !== undefined || receipt === place(opener.heading);
    for (const claim of claims) this.#forged(claim, isKnown ? opener.heading : this.#placeOf(marker.process), marker.process);
    this.#recent = [];
    return true;
  }

  #placeOf(process: number): Pick<Heading, 'host' | 'port'> | null {
    const where = /^(.*)\((\d+)\)$/.exec(this.#live.get(process) ?? '');
    return where?.[1] ? { host: where[1], port: Number(where[2]) } : null;
  }

  /** The bytes from where an opener's names begin to `end`, which lies in `piece`. */
  #between(opener: Piece, end: number, piece: Piece): string | null {
    const pieces = [...this.#recent.filter((one) => one.start >= opener.start), ...(opener === piece ? [] : [piece])];
    const all = opener === piece ? piece.text : pieces.map(({ text }) => text).join('\n');
    const from = opener.heading?.names ?? 0;
    return end - opener.start > all.length ? null : all.slice(from, end - opener.start);
  }

  #forged(piece: Piece, forger: (Pick<Heading, 'host' | 'port'> & Partial<Heading>) | null, process: number | null): void {
    const { heading: head, marker, text } = piece;
    if (!head) return;
    const names = marker ? text.slice(head.names, marker.at) : text.slice(head.names, head.names + zoneLength).split('\n', 1)[0];
    const claimed = {
      time: head.time === null ? null : new Date(head.time).toISOString(),
      source: head.host,
      port: head.port,
      names: decode(names ?? ''),
      process: marker?.process ?? null,
      level: marker?.level ?? null,
      text: marker ? decode(messageOf(text, marker).slice(0, 500)) : null,
    };
    this.#writer.count(null);
    this.#writer.writeForged(
      piece.start,
      claimed,
      { host: forger?.host ?? null, port: forger?.port ?? null, process },
      forger?.time ?? this.#writer.lastTime ?? head.time ?? 0,
    );
  }
}

/** Where a broken prefix ends: see {@link chooseCloser}. */
interface Closer {
  readonly index: number;
  readonly marker: Marker;
  readonly names: string;
  readonly read: LoginMessage | null;
}

/**
 * The last marker within the zone that can end the names which the opener began. The record's own message is the best witness: it repeats the names.
 * Where it does not name anybody, a marker that is no line's own prefix counts before one that is, and a line that is whole by itself
 * (its message and prefix agree, or it is a receipt, which has no names yet) never does. Null: nothing can.
 */
function chooseCloser(opener: Piece, head: Heading, pieces: readonly Piece[]): Closer | null {
  let verified: Closer | null = null;
  let orphan: Closer | null = null;
  let nameless: Closer | null = null;
  const from = opener.start + head.names;
  let before = `${opener.text.slice(head.names)}\n`;
  for (const [index, piece] of pieces.entries()) {
    for (const marker of allMarkers(piece, from + zoneLength - piece.start)) {
      const names = before + piece.text.slice(0, marker.at);
      if (!names.includes('@')) continue;
      const isOwn = marker.at === piece.marker?.at;
      const message = messageOf(piece.text, marker);
      const read = readLoginMessage(marker.level, message, { names, host: null });
      if (read !== null && read !== 'disagrees' && read.user !== null) {
        verified = { index, marker, names, read };
        continue;
      }
      const own =
        isOwn && piece.heading
          ? readLoginMessage(marker.level, message, { names: piece.text.slice(piece.heading.names, marker.at), host: piece.heading.host })
          : null;
      if (own !== null && own !== 'disagrees') continue;
      if (isOwn) nameless = { index, marker, names, read: null };
      else orphan = { index, marker, names, read: null };
    }
    before += `${piece.text}\n`;
  }
  return verified ?? orphan ?? nameless;
}

/** True for a line that begins a record of the text log, with a prefix that RDS allows or the shortened one of AWS's samples. */
export function isTextRecord(line: string): boolean {
  const head = readHeading(line);
  return (head !== null && (head.host !== null || findMarker(line, head.names, head.names + zoneLength) !== null)) || shortened.test(line);
}

function readHeading(text: string): Heading | null {
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return null;
  const match = heading.exec(text);
  if (!match) return null;
  const time = timeOf(match, match[8] ?? 'UTC');
  return { time, host: match[9] ?? match[10] ?? null, port: match[11] === undefined ? null : Number(match[11]), names: match[0].length };
}

function timeOf(match: RegExpExecArray, zone: string): number | null {
  if (zone !== 'UTC' && zone !== 'GMT' && zone !== '+00') return null;
  const [, year, month, day, hour, minute, second, fraction] = match;
  const milliseconds = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), milliseconds);
}

/** The first marker whose place is from `from` to `to`. */
function findMarker(text: string, from: number, to: number): Marker | null {
  for (let at = text.indexOf(':[', from); at >= 0 && at <= to; at = text.indexOf(':[', at + 1)) {
    const marker = readMarker(text, at);
    if (marker) return marker;
  }
  return null;
}

function readMarker(text: string, at: number): Marker | null {
  shortMarker.lastIndex = at;
  const short = shortMarker.exec(text);
  if (short) return { at, end: at + short[0].length, process: Number(short[1]), level: short[2] ?? '', application: null };
  longMarker.lastIndex = at;
  const long = longMarker.exec(text);
  return (
    long && { at, end: at + long[0].length, process: Number(long[1]), level: long[3] ?? '', application: long[2] ? decode(long[2]) : null }
  );
}

/** Every marker of a piece whose place is at most `to`; a line that begins with `[835]:LOG:` has lost its colon. */
function allMarkers(piece: Piece, to: number): Marker[] {
  const { text } = piece;
  const markers: Marker[] = [];
  for (let at = text.indexOf('['); at >= 0 && at <= to + 1; at = text.indexOf('[', at + 1)) {
    const place = text.charCodeAt(at - 1) === 58 ? at - 1 : at === 0 || /[\n\t]/.test(text.charAt(at - 1)) ? at : -1;
    if (place < 0 || place > to) continue;
    const marker = readMarker(text, place);
    if (marker) markers.push(marker.at === piece.marker?.at ? piece.marker : marker);
  }
  return markers;
}

/** The markers of a piece beside the one of its own prefix that could end names. */
function laterMarkers(piece: Piece): Marker[] {
  const limit = (piece.heading?.names ?? 0) + zoneLength;
  if (piece.text.indexOf('[', piece.marker ? piece.marker.end : 0) < 0) return [];
  return allMarkers(piece, limit).filter((marker) => marker !== piece.marker);
}

function messageOf(text: string, marker: Marker): string {
  return joined(text.slice(marker.end).replace(/^ {1,2}/, ''));
}

/** Continuation lines without the tab that protects them. */
function joined(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n\t', '\n') : text;
}

function databaseOf(names: string, user: string | null): string | null {
  if (user === null || !names.startsWith(`${user}@`)) return null;
  return decodable(names.slice(user.length + 1));
}

function decodable(name: string): string | null {
  return name === '' || name === '[unknown]' ? null : name;
}

function pamReason(message: string): string {
  return message
    .replace(/^pam_\w{1,40} failed: /, '')
    .slice(0, 200)
    .trimEnd();
}

function joinReasons(reason: string | null, more: string | undefined): string | null {
  return more === undefined ? reason : reason === null ? more : `${reason}: ${more}`;
}

function place({ host, port }: Pick<Heading, 'host' | 'port'>): string {
  return `${host}(${port})`;
}

/** Keeps a bounded memory: the oldest goes first. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > mostLive) for (const oldest of map.keys()) return void map.delete(oldest);
}
