import type { LoginRecord, LoginRecordKind } from '../../domain/login-record.ts';
import { noTime } from './clock.ts';
import {
  chooseEnding,
  type Ending,
  endingsOf,
  isOwn,
  isWitness,
  markedEnding,
  messageBetween,
  type Opener,
  openersBetween,
  ownEnding,
  type PossibleEnding,
  readMessage,
  readOpener,
} from './endings.ts';
import { interestOf, mayGoOn, spokenOf } from './interest.ts';
import { emptyMessage, type LoginMessage, missingRole, type ReadMessage, readCut, readLoginMessage, roleMissing } from './message.ts';
import { OrdinaryRecords } from './ordinary.ts';
import { PamReasons, pamFailure } from './pam-reasons.ts';
import { canBeNames, Heading, isContinuation, longestNames, Marker } from './prefix.ts';
import { Recent } from './recent.ts';
import { decode, type RecordWriter, replacement, restored } from './record.ts';
import { TlsReports } from './tls-reports.ts';

/** What is looked at of one message; more is read and dropped. */
const longestMessage = 16_384;
/** More than a prefix and its names can take: a record is judged when so much of what follows is there. */
const lookAhead = 2048;
const [tab, lineFeed] = [9, 10];
const colon = 58;
const atSign = 64;
const openBracket = 91;
/** So much is gathered before it is read, since short pieces cost more. */
const mostWaiting = 65_536;
const longestLine = 10_000_000;
const mostLive = 20_000;

/** Of the long prefix, with the longest name of an application. */
const longestMarker = 600;
/** A time, the longest name of a host, a port. */
const longestHeading = 400;
/** The begin of a marker that the end of the log cuts; a message of CloudWatch Logs ends with a line feed that nobody wrote. */
const cutMarker = /^:\[\d{0,10}(?:\]?|\]:[^\n]{0,500})\n?$/;

const cutOff = 'a record that is cut off';
const hidden = 'a record that looks as if the name of an application began another';
const undecided = 'a record that may be part of the names of another';

const shortened =
  /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,3})?\d{0,3}(?: ([A-Z]{1,5}))? ?:?\[(\d{1,10})\]:? ?(LOG|FATAL|ERROR|DETAIL|WARNING|STATEMENT|HINT|PANIC|NOTICE):\s{1,2}/y;

const spoken = new RegExp(spokenOf, 'gi');

interface Place {
  readonly host: string | null;
  readonly port: number | null;
}

/** A line that was written by means of names, and where it pretends that its own names end. */
interface Claim {
  readonly line: Opener;
  readonly ending: Ending | null;
}

/** Who wrote what is forged, as far as known. */
interface Forger {
  readonly place: Place | null;
  readonly process: number | null;
  /** Milliseconds since 1970; NaN where it is not known. */
  readonly time: number;
}

/** What skips ordinary records. */
export type Skipping = Pick<OrdinaryRecords, 'look' | 'skip' | 'time' | 'count'>;

/**
 * Reads PostgreSQL's text log in the order of its bytes. Where a record begins is known from the record before; where its names end, and with
 * them whatever a client wrote into the log by its names, is decided by all that stands within the length of two names.
 */
export class TextLog {
  readonly #writer: RecordWriter;
  readonly #heading = new Heading();
  readonly #marker = new Marker();
  /** What is not judged yet (from the begin of a line, or from within one whose rest is skipped), and room for more. */
  #buffer = Buffer.allocUnsafe(4 * mostWaiting);
  #length = 0;
  /** How much of it came since it was read. */
  #fresh = 0;
  /** What is looked at of it, as latin1. */
  #text = '';
  readonly #ordinary: Skipping;
  /** Where the text begins in the log. */
  #base = 0;
  #isEnded = false;
  #isInLine = false;
  #isInPadding = false;
  #lineStart = 0;
  readonly #isShortened: boolean;
  /** Where the next `[` stands, and the next word that statements are read for; -1: not looked for. */
  #bracket = -1;
  #spoken = -1;
  /** Lines before this offset may stand within the names of a record before: only what repeats its names counts, and not its time. */
  #doubtfulTo = 0;
  /** By process: where its receipt says that it comes from. */
  readonly #live = new Recent<number, Place>(mostLive);
  #hasReceipts = false;
  readonly #pam = new PamReasons();
  readonly #tls = new TlsReports();
  /** A failure, until it is known whether a DETAIL follows. */
  #failed: LoginRecord | null = null;

  /**
   * `ordinary` skips what it knows; nothing but the time that it takes depends on it. `isShortened`: no line has a whole prefix, as in AWS's samples; in every
   * other log what looks like a shortened line is somebody's text.
   */
  constructor(writer: RecordWriter, ordinary: Skipping = new OrdinaryRecords(), isShortened = false) {
    this.#writer = writer;
    this.#ordinary = ordinary;
    this.#isShortened = isShortened;
  }

  /** The next bytes as latin1, in pieces of any length. */
  write(text: string): void {
    this.writeBytes(Buffer.from(text, 'latin1'));
  }

  /** The next bytes, in pieces of any length; they are not kept. */
  writeBytes(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += mostWaiting) {
      const piece = bytes.subarray(from, from + mostWaiting);
      if (this.#length + piece.length > this.#buffer.length) {
        const larger = Buffer.allocUnsafe(2 * (this.#length + piece.length));
        this.#buffer.copy(larger, 0, 0, this.#length);
        this.#buffer = larger;
      }
      this.#buffer.set(piece, this.#length);
      this.#length += piece.length;
      this.#fresh += piece.length;
      if (this.#fresh >= mostWaiting) this.#readOn();
    }
  }

  /** Judges what is left; nothing comes any more. */
  end(): void {
    this.#isEnded = true;
    this.#readOn();
    this.#release();
    for (const word of this.#pam.open()) this.#writer.write(word);
  }

  /** Makes one byte of each replacement character. What may be the begin of one waits for the rest of it: how many bytes do. */
  #restore(): number {
    const [before, last] = [this.#buffer[this.#length - 2], this.#buffer[this.#length - 1]];
    const partial = this.#isEnded ? 0 : last === 0xef ? 1 : last === 0xbf && before === 0xef ? 2 : 0;
    const whole = this.#buffer.subarray(0, this.#length - partial);
    if (whole.includes(replacement, 0, 'latin1')) {
      const written = this.#buffer.write(restored(whole.toString('latin1')), 0, 'latin1');
      this.#buffer.copyWithin(written, this.#length - partial, this.#length);
      this.#length = written + partial;
    }
    return partial;
  }

  #readOn(): void {
    this.#fresh = this.#restore();
    const size = this.#length - this.#fresh;
    const bytes = this.#buffer.subarray(0, size);
    const text = bytes.toString('latin1');
    this.#text = text;
    this.#ordinary.look(bytes, text);
    this.#bracket = -1;
    this.#spoken = -1;
    let at = 0;
    for (;;) {
      if (this.#isInLine) {
        const end = text.indexOf('\n', at);
        at = end < 0 ? size : end + 1;
        if (this.#base + at - this.#lineStart > longestLine) {
          this.#writer.reject('a line of more than 10 MB');
          this.#lineStart = Number.POSITIVE_INFINITY;
        }
        if (end < 0) break;
        this.#isInLine = false;
      }
      at = this.#behindPadding(bytes, at);
      if (at >= size || (size - at < lookAhead && !this.#isEnded)) break;
      // Near a border of the log their times count less.
      if (this.#failed === null && this.#base + at >= this.#doubtfulTo && this.#base + at > longestNames) {
        const behind = this.#ordinary.skip(at, size - lookAhead);
        if (behind > at) {
          this.#writer.count(this.#ordinary.time, this.#ordinary.count);
          at = behind;
          continue;
        }
      }
      const next = bytes[at] === tab ? at : this.#line(at);
      if (next < 0) break;
      this.#lineStart = this.#base + at;
      this.#isInLine = true;
      at = next;
    }
    this.#buffer.copyWithin(0, at, this.#length);
    this.#length -= at;
    this.#base += at;
  }

  /** What a crash of the server left before a line, or who put files together: neither is text of its own. */
  #behindPadding(bytes: Uint8Array, start: number): number {
    let at = start;
    while (bytes[at] === 0) at++;
    if (at > start && !this.#isInPadding) this.#writer.reject('zero bytes, as a crash leaves them');
    this.#isInPadding = at > start && at === bytes.length;
    return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at;
  }

  /** Reads the record that begins at `at`. Gives a place from which the rest of a line can be skipped; -1: more must be there to decide. */
  #line(at: number): number {
    const text = this.#text;
    const head = this.#heading;
    const marker = this.#marker;
    if (!head.read(text, at)) return this.#other(at);
    if (!this.#isAlone(head.names, head.isBackground) || this.#failed !== null || this.#base + at < this.#doubtfulTo)
      return this.#judge(at);
    switch (this.#interest()) {
      case 'login':
        return this.#readAlone(at);
      case 'statement': {
        const end = this.#endOfRecord(marker.message);
        if (end < 0) return -1;
        if (this.#speaks(marker.message, end)) return this.#readAlone(at);
      }
    }
    this.#count(head.time, at);
    if (this.#isCutBy(marker.message, marker.level, marker.isInApplication(text.length))) this.#writer.reject(cutOff);
    return marker.message;
  }

  /** True: the log ends within the message that begins at `from`, and what is missing may say what is read. */
  #isCutBy(from: number, level: string, mayHide: boolean): boolean {
    const text = this.#text;
    if (!this.#isEnded || text.endsWith('\n') || this.#endOfRecord(from) !== text.length) return false;
    return mayHide || mayGoOn(level, messageBetween(text, from, text.length));
  }

  /** What the record can say at whose marker we are, also where the name of an application hides it. */
  #interest(): ReturnType<typeof interestOf> {
    const text = this.#text;
    const marker = this.#marker;
    const first = interestOf(text, marker.level, marker.message);
    if (first === 'login' || !marker.mayHide(text)) return first;
    const all = [first, ...marker.otherMessages(text).map(({ level, from }) => interestOf(text, level, from))];
    return all.includes('login') ? 'login' : all.includes('statement') ? 'statement' : null;
  }

  /** True: the names that begin at `names` end on this line, at the marker that is read, and could not end anywhere else. */
  #isAlone(names: number, isBackground: boolean): boolean {
    const text = this.#text;
    const limit = isBackground ? names + 1 : names + longestNames;
    let first = names;
    let isNamed = false;
    for (; first <= limit; first++) {
      const code = text.charCodeAt(first);
      if (code === lineFeed) return false;
      if (code === atSign) isNamed = true;
      else if (code === colon && text.charCodeAt(first + 1) === openBracket) break;
    }
    if (first > limit || !isNamed || !canBeNames(text, names, first)) return false;
    // Most lines hold one bracket, so that one search a line is enough.
    if (this.#bracket < first + 2) this.#bracket = bracketAt(text, first + 2);
    for (let bracket = this.#bracket; bracket - 1 <= limit; bracket = bracketAt(text, bracket + 1)) {
      if (text.charCodeAt(bracket - 1) === colon && canBeNames(text, names, bracket - 1)) return false;
    }
    return this.#marker.read(text, first);
  }

  /** A line that begins no record with a whole prefix: of the shortened form, or somebody's text. */
  #other(at: number): number {
    const text = this.#text;
    if (text.startsWith(':[', at) && this.#marker.read(text, at)) this.#writer.reject('the end of a record whose begin is missing');
    shortened.lastIndex = at;
    const match = this.#isShortened ? shortened.exec(text) : null;
    if (!match) {
      if (this.#isEnded && text.indexOf('\n', at) < 0 && text.slice(at, at + lookAhead).trim() !== '') this.#writer.reject(cutOff);
      return at;
    }
    const from = shortened.lastIndex;
    const end = this.#endOfRecord(from);
    if (end < 0) return -1;
    const [, day, clock, fraction = '.0', zone = 'UTC', process, level = ''] = match;
    const time = zone === 'UTC' || zone === 'GMT' ? timeOf(`${day}T${clock}${fraction}Z`) : Number.NaN;
    const message = messageBetween(text, from, end);
    this.#addDetail(level, message, Number(process));
    this.#release();
    this.#count(time, at);
    const said = readLoginMessage(level, message, { names: null, host: null, port: null });
    const { read, isLacking } = end === text.length ? readCut(said, message) : { read: said, isLacking: false };
    if (isLacking) this.#writer.reject(cutOff);
    if (read === null || read === 'disagrees' || Number.isNaN(time)) return from;
    this.#emit(this.#writer.record(this.#base + at, read, { time, process: Number(process), host: read.host, port: read.port }));
    return from;
  }

  /** Reads the record that begins at `at`, whose names can end at the marker that is read and nowhere else; that is so of nearly all. */
  #readAlone(at: number): number {
    const text = this.#text;
    const { names: begin, time, host, port } = this.#heading;
    const to = this.#endOfRecord(this.#marker.message);
    if (to < 0) return -1;
    const opener: Opener = { at, names: begin, time, host, port };
    const end = markedEnding(text, this.#marker, to);
    const names = text.slice(begin, end.at);
    const said = readMessage(text, this.#marker, end, { names: host === null ? null : names, host, port });
    if (said.read === 'disagrees') return this.#judge(at);
    // By hand, since a busy log holds millions: copies of objects take several times as long.
    const { level, application, from, message, read, isLacking, isAmbiguous } = said;
    const { process, cut } = end;
    const ending = {
      at: end.at,
      process,
      level,
      application,
      from,
      to,
      cut,
      message,
      names,
      read,
      isLacking,
      isAmbiguous,
      line: at,
      lines: [],
    };
    this.#record(opener, ending, ending, false);
    return end.from;
  }

  /** Decides where the names end of the record that begins at `at`, and says what it and the lines within its names are. */
  #judge(at: number): number {
    const text = this.#text;
    const opener = readOpener(text, at);
    const endings = opener && endingsOf(text, opener, (from) => this.#endOfRecord(from));
    if (!opener || !endings) return -1;
    const { ending: chosen, doubtfulTo } = chooseEnding(opener, endings, (process, place) => this.#isFrom(process, place));
    const own = endings.find((one) => isOwn(opener, one)) ?? null;
    const isDoubtful = this.#base + at < this.#doubtfulTo;
    if (doubtfulTo > 0) this.#doubtfulTo = Math.max(this.#doubtfulTo, this.#base + doubtfulTo);
    if (chosen) {
      this.#record(opener, chosen, own, isDoubtful);
      return chosen.from;
    }
    this.#release();
    if (own) {
      // Its message speaks of somebody else: who wrote it is known only if the process is known to be from there.
      const isKnown = own.read === 'disagrees' && this.#isFrom(own.process, opener);
      const forger = isKnown
        ? { place: opener, process: own.process, time: opener.time }
        : { place: null, process: null, time: Number.NaN };
      this.#forged({ line: opener, ending: own }, forger);
      return own.from;
    }
    return this.#reject(opener);
  }

  /** A line whose names do not end. */
  #reject(opener: Opener): number {
    const text = this.#text;
    const end = text.indexOf('\n', opener.names);
    const isBroken = end >= 0 && end <= opener.names + longestNames;
    this.#writer.reject(isBroken ? 'a line that ends inside its prefix' : 'a line that begins like a record and is none');
    if (!this.#mayEndBehind(opener)) return opener.names;
    // The log ends within the names: what they hold is not believed unless a receipt speaks for it.
    // Its own begin may stand within names as well.
    const isSure =
      this.#base + opener.at > longestNames && this.#base + opener.at >= this.#doubtfulTo && this.#linesBefore(opener.at).length === 0;
    const forger = isSure ? { place: opener, process: null, time: opener.time } : { place: null, process: null, time: Number.NaN };
    let at = opener.names;
    for (const line of openersBetween(text, opener.names, text.length)) {
      const ending = ownEnding(text, line, (from) => this.#endOfRecord(from));
      if (ending && this.#isFrom(ending.process, line)) break;
      this.#forged({ line, ending }, forger);
      at = ending?.from ?? line.names;
    }
    return at;
  }

  /** True: the names may end where the log, which has ended, holds nothing more. */
  #mayEndBehind({ names }: Opener): boolean {
    const text = this.#text;
    const limit = names + longestNames;
    if (!this.#isEnded) return false;
    // One byte more: of a marker, its first; and the line feed behind a message of CloudWatch Logs.
    if (text.length <= limit + 1 + (text.endsWith('\n') ? 1 : 0)) return true;
    const last = text.lastIndexOf(':[', limit);
    return (
      last >= names &&
      cutMarker.test(text.slice(last, last + longestMarker)) &&
      canBeNames(text, names, last) &&
      !this.#marker.read(text, last)
    );
  }

  /** Lines of clients before the one that begins at `at`, within the length of whose names it stands. */
  #linesBefore(at: number): Opener[] {
    const text = this.#text;
    const openers: Opener[] = [];
    for (let line = at; line > 1 && at - line <= longestHeading + longestNames; ) {
      line = text.lastIndexOf('\n', line - 2) + 1;
      const opener = readOpener(text, line);
      if (opener && opener.host !== null && at <= opener.names + longestNames) openers.push(opener);
    }
    return openers;
  }

  /** Those within whose names it may stand, for the log ends before that shows. */
  #openBefore(at: number): Opener[] {
    return this.#isEnded ? this.#linesBefore(at).filter((opener) => this.#mayEndBehind(opener)) : [];
  }

  /**
   * Who wrote the record of `opener` by names, if the log ends before it shows: it, or a line before it, ends its own names with a process that did not get the
   * connection from there. Another did, by its receipt, and what would end its names is not there any more.
   */
  #writerOf(opener: Opener, { process, read }: PossibleEnding): Forger | null {
    if (!this.#isEnded || this.#isFrom(process, opener)) return null;
    const text = this.#text;
    const isOpen = opener.port !== null && kindOf(read) !== 'received' && this.#mayEndBehind(opener);
    for (const line of [...this.#openBefore(opener.at), ...(isOpen ? [opener] : [])]) {
      const own = ownEnding(text, line, (from) => Math.max(this.#endOfRecord(from), from));
      if (!own || this.#isFrom(own.process, line)) continue;
      const writer = this.#live.findKey((place) => isSamePlace(place, line));
      if (writer !== undefined) return { place: line, process: writer, time: line.time };
    }
    return null;
  }

  /** True: what shows whether a record that no receipt speaks for stands within names, or ends its own, may lie beyond a border of the log. */
  #isUndecided(opener: Opener, chosen: PossibleEnding): boolean {
    if (opener.host === null) return false;
    // Where no port tells connections apart, a guessed process is enough for a receipt to speak for a lie.
    if (this.#isFrom(chosen.process, opener)) return opener.port === null && this.#openBefore(opener.at).length > 0;
    // All of it but the server's own words may be the end of names that begin in another object; the user alone those may hold before the border.
    const isToldWhole = isWitness(chosen) && (databaseOf(chosen.read) !== null || kindOf(chosen.read) === 'received');
    if (this.#base + chosen.at <= longestNames && !isToldWhole) return true;
    if (!this.#isEnded) return false;
    if (this.#openBefore(opener.at).length > 0) return true;
    // By its own names a client can say of itself what it could do as well; not that it got in.
    const kind = kindOf(chosen.read);
    const isOwnWord =
      kind === 'received' || kind === 'disconnected' || (!this.#hasReceipts && kind !== 'authorized' && kind !== 'authenticated');
    return !isOwnWord && this.#mayEndBehind(opener);
  }

  #record(opener: Opener, chosen: PossibleEnding, own: PossibleEnding | null, isDoubtful: boolean): void {
    const { process, level, message, read } = chosen;
    const isAnnounced = read === null && level === 'LOG' && !chosen.isAmbiguous && pamFailure.test(message);
    const isClaim = read !== null || isAnnounced;
    const writer = isClaim ? this.#writerOf(opener, chosen) : null;
    if (writer) {
      this.#release();
      this.#forged({ line: opener, ending: chosen }, writer);
      return;
    }
    const isDetail = this.#addDetail(level, message, process, opener);
    this.#release();
    const isCut = chosen.isLacking || (read === null && !isDetail && this.#isCutBy(chosen.from, level, chosen.isAmbiguous));
    if (isCut) this.#writer.reject(chosen.isAmbiguous && chosen.cut !== 'end' ? hidden : cutOff);
    const claims = this.#claimsIn(opener, chosen, own);
    if (claims.length > 0) {
      // At the begin of the log the line itself may stand within names, or within a message that is cut.
      const isWhole = own === null && !isDoubtful && this.#base + opener.at > longestNames;
      const isKnown = isWhole || isWitness(chosen) || this.#isFrom(process, opener);
      const time = isKnown ? opener.time : Number.NaN;
      const place = isKnown ? opener : null;
      this.#count(isKnown && !isDoubtful ? time : null, opener.at);
      for (const claim of claims) this.#forged(claim, { place, process, time }, chosen);
      return;
    }
    this.#count(isDoubtful ? null : opener.time, opener.at);
    const isUndecided = isClaim && this.#isUndecided(opener, chosen);
    if (isUndecided) this.#writer.reject(undecided);
    // A failure counts, unconfirmed; a receipt would confirm what other lies say, and one of a Unix socket, perhaps in another object, this one.
    if (isUndecided && (kindOf(read) === 'received' || opener.port === null)) return;
    if (!isDoubtful && level === 'LOG' && !chosen.isAmbiguous) {
      const place = { process, host: opener.host, port: opener.port };
      this.#pam.hear(place, message, isAnnounced ? this.#announced(opener, chosen) : null);
    }
    if (isDetail || read === null || read === 'disagrees' || opener.host === null || Number.isNaN(opener.time)) return;
    if (isDoubtful && !isWitness(chosen) && (read.user === null || !this.#isFrom(process, opener))) {
      if (!isUndecided) this.#writer.reject(undecided);
      return;
    }
    const { time, host, port } = opener;
    const record = this.#writer.record(this.#base + opener.at, this.#completed(read, opener, chosen), { time, process, host, port });
    this.#learn(record, message);
    this.#emit(record);
  }

  /** What PAM says of the failure that follows, as a record; null: of a process without a client, or a time. */
  #announced(opener: Opener, { process, names, message }: PossibleEnding): LoginRecord | null {
    const { at, time, host, port } = opener;
    if (host === null || Number.isNaN(time)) return null;
    const [user, database] = namesOf(names, emptyMessage);
    const reason = `PAM authentication failed: ${message.replace(pamFailure, '').slice(0, 200).trimEnd()}`;
    return this.#writer.record(
      this.#base + at,
      { ...emptyMessage, kind: 'explained', user, database, reason },
      { time, process, host, port },
    );
  }

  /** Lines within the names that look like records. Without any, the record's own line where a false ending made it claim a login. */
  #claimsIn(opener: Opener, chosen: PossibleEnding, own: PossibleEnding | null): Claim[] {
    if (chosen === own) return [];
    const lines = openersBetween(this.#text, opener.names, chosen.at);
    const endOfRecord = (from: number): number => Math.max(this.#endOfRecord(from), from);
    if (lines.length > 0) return lines.map((line) => ({ line, ending: ownEnding(this.#text, line, endOfRecord) }));
    return own !== null && own.read !== null ? [{ line: opener, ending: own }] : [];
  }

  /** The message with what the prefix adds to it. */
  #completed(read: LoginMessage, opener: Opener, { names, process, application }: PossibleEnding): LoginMessage {
    const [user, database] = namesOf(names, read);
    const why = read.kind === 'failed' ? this.#pam.of({ process, host: opener.host, port: opener.port }) : null;
    const isPlain = read.kind === 'disconnected' && this.#tls.isPlain(process, application);
    return {
      ...read,
      user,
      database,
      reason: why === null ? read.reason : `${read.reason}: ${why}`,
      application: read.application ?? (read.kind === 'disconnected' ? known(application) : null),
      tls: isPlain ? 'no' : read.tls,
    };
  }

  #learn({ kind, process, host, port }: LoginRecord, message: string): void {
    if (process === null) return;
    if (kind === 'received') {
      this.#live.set(process, { host, port });
      this.#hasReceipts = true;
    }
    if (kind === 'received' || kind === 'failed') this.#pam.ended(process);
    if (kind === 'authorized') this.#tls.authorized(process, message);
    if (kind !== 'disconnected') return;
    this.#live.delete(process);
    this.#pam.ended(process);
    this.#tls.ended(process);
  }

  #isFrom(process: number, place: Place): boolean {
    const known = this.#live.get(process);
    return known !== undefined && isSamePlace(known, place);
  }

  /** `chosen`: where the names truly end that the line stands in; null where that is not known. */
  #forged(claim: Claim, { place, process, time }: Forger, chosen: PossibleEnding | null = null): void {
    const text = this.#text;
    const { line } = claim;
    const end = chosen?.at ?? Number.POSITIVE_INFINITY;
    // A line whose names do not end before the true ones do reads as if the server's own words were its.
    const ending = claim.ending ?? (chosen !== null && openEnd(text, line) > chosen.at ? chosen : null);
    // What lies before the end of the names is forged, what follows is the server's own.
    const to = ending === null || ending.at === end ? (ending?.to ?? 0) : Math.max(ending.from, Math.min(ending.to, end));
    const claimed = {
      time: Number.isNaN(line.time) ? null : new Date(line.time).toISOString(),
      source: line.host,
      port: line.port,
      names: decode(text.slice(line.names, ending?.at ?? Math.min(end, line.names + longestNames)).split('\n', 1)[0] ?? ''),
      process: ending?.process ?? null,
      level: ending?.level ?? null,
      text: ending && decode(messageBetween(text, ending.from, to).slice(0, 500).trimEnd()),
    };
    this.#writer.count(null);
    const origin = { time, host: place?.host ?? null, port: place?.port ?? null, process };
    this.#writer.writeForged(this.#base + line.at, claimed, origin, line.time);
  }

  /** True: it is of the failure just before, and says that the role is not there. */
  #addDetail(level: string, message: string, process: number, place: Place | null = null): boolean {
    const failed = this.#failed;
    if (failed === null || level !== 'DETAIL' || failed.process !== process) return false;
    if (place !== null && (place.host !== failed.host || place.port !== failed.port)) return false;
    if (!missingRole.test(message)) return false;
    this.#failed = { ...failed, reason: `${failed.reason}: ${roleMissing}` };
    return true;
  }

  #emit(record: LoginRecord): void {
    if (record.kind === 'failed') this.#failed = record;
    else this.#writer.write(record);
  }

  #release(): void {
    if (this.#failed === null) return;
    this.#writer.write(this.#failed);
    this.#failed = null;
  }

  /** A record that begins at `at`. Null: its time proves nothing. */
  #count(time: number | null, at: number): void {
    if (time === null || Number.isNaN(time)) this.#writer.count(null);
    else if (this.#base + at <= longestNames || (this.#isEnded && this.#text.length - at <= longestNames)) this.#writer.countAtBorder(time);
    else this.#writer.count(time);
    if (Number.isNaN(time)) this.#writer.reject(noTime);
  }

  /** Where the record ends whose message begins at `from`, continuation lines included; -1: that is not there yet. */
  #endOfRecord(from: number): number {
    const text = this.#text;
    for (let at = from; ; ) {
      const end = text.indexOf('\n', at);
      if (end < 0 || end - from > longestMessage) {
        if (text.length - from > longestMessage) return from + longestMessage;
        return this.#isEnded ? text.length : -1;
      }
      if (end + 1 >= text.length) return this.#isEnded ? end : -1;
      if (!isContinuation(text, end + 1)) return end;
      at = end + 1;
    }
  }

  /** True: between two places somebody speaks of what is read. */
  #speaks(from: number, to: number): boolean {
    if (this.#spoken < from) {
      spoken.lastIndex = from;
      this.#spoken = spoken.exec(this.#text)?.index ?? Number.POSITIVE_INFINITY;
    }
    return this.#spoken < to;
  }
}

/** Milliseconds since 1970; NaN where no calendar has it, or before that year. */
function timeOf(iso: string): number {
  const time = Date.parse(iso);
  return time >= 0 ? time : Number.NaN;
}

function bracketAt(text: string, from: number): number {
  const at = text.indexOf('[', from);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

/** True for a line that begins a record of the text log, with a prefix that RDS allows or the shortened one of AWS's samples. */
export function isTextRecord(line: string): boolean {
  if (isWholeRecord(line)) return true;
  shortened.lastIndex = 0;
  return shortened.test(line);
}

/** True for a line that begins a record with a prefix that RDS allows. */
export function isWholeRecord(line: string): boolean {
  const head = readOpener(line, 0);
  return head !== null && (head.host !== null || line.startsWith('@:[', head.names));
}

/** User and database, as far as the message or the prefix tell. */
function namesOf(names: string, { user, database }: LoginMessage): [user: string | null, database: string | null] {
  if (names === '[unknown]@[unknown]') return [null, null];
  const name = user ?? names.slice(0, names.indexOf('@'));
  return [known(name), known(database ?? (names.startsWith(`${name}@`) ? names.slice(name.length + 1) : null))];
}

function known(name: string | null): string | null {
  return name === '' || name === '[unknown]' ? null : name;
}

/** Where the line ends on which names begin. */
function openEnd(text: string, { names }: Opener): number {
  const end = text.indexOf('\n', names);
  return end < 0 ? text.length : end;
}

function databaseOf(read: ReadMessage): string | null {
  return read === null || read === 'disagrees' ? null : read.database;
}

function kindOf(read: ReadMessage): LoginRecordKind | null {
  return read === null || read === 'disagrees' ? null : read.kind;
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.port === other.port && one.host === other.host;
}
