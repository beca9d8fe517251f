import { type ReadMessage, readCut, readLoginMessage, type Session } from './message.ts';
import { canBeNames, Heading, isContinuation, longestNames, Marker, type OtherMessage } from './prefix.ts';

/** The begin of a line that looks like a record: what it says before the names. */
export interface Opener {
  /** Where it begins in the text. */
  readonly at: number;
  /** Where its names begin. */
  readonly names: number;
  /** Milliseconds since 1970; NaN: of another time zone than UTC. */
  readonly time: number;
  readonly host: string | null;
  readonly port: number | null;
}

/** A place where the names of a record can end. */
export interface Ending {
  readonly at: number;
  readonly process: number;
  readonly level: string;
  readonly application: string | null;
  /** Where the message begins, and where the record ends. */
  readonly from: number;
  readonly to: number;
  /** What hides the rest of it: the log ends within a line, or perhaps between two of them, or it is longer than what is looked at. Null: nothing does. */
  readonly cut: 'end' | 'line' | 'length' | null;
  readonly message: string;
}

/** An {@link Ending} as one of several that the names of one record can have. */
export interface PossibleEnding extends Ending {
  readonly names: string;
  /** The message, held against the names of the record that it would end. */
  readonly read: ReadMessage;
  /** True: a cut, or the name of an application, hides something of what it says. */
  readonly isLacking: boolean;
  /** True: the name of an application may look like the begin of the message. */
  readonly isAmbiguous: boolean;
  /** Where the line begins that it stands on; continuation lines belong to the line before them. */
  readonly line: number;
  /** Lines that look like records and begin before it, within the names that it would end. */
  readonly lines: readonly Opener[];
}

/** Says where a record ends whose message begins there; negative: that is not known yet. */
export type EndOfRecord = (from: number) => number;

const lineFeed = 10;
const none: readonly never[] = [];

const heading = new Heading();
const marker = new Marker();

/** The line that begins at `at`; null: it does not look like a record. */
export function readOpener(text: string, at: number): Opener | null {
  return heading.read(text, at) ? { at, names: heading.names, time: heading.time, host: heading.host, port: heading.port } : null;
}

/** Every place where the names of a record can end, in order; null: how the last of them ends is not known yet. */
export function endingsOf(text: string, opener: Opener, endOfRecord: EndOfRecord): PossibleEnding[] | null {
  const limit = opener.host === null ? opener.names + 1 : opener.names + longestNames;
  const endings: PossibleEnding[] = [];
  for (let at = text.indexOf(':[', opener.names); at >= 0 && at <= limit; at = text.indexOf(':[', at + 1)) {
    if (!canBeNames(text, opener.names, at) || !marker.read(text, at)) continue;
    const ending = endingAt(text, endOfRecord);
    if (!ending) return null;
    const names = text.slice(opener.names, at);
    const said = readMessage(text, marker, ending, { ...opener, names: opener.host === null ? null : names });
    const line = lineOf(text, opener, at);
    const lines = openersBetween(text, opener.names, at);
    endings.push({ ...ending, ...said, names, line, lines });
  }
  const [only] = endings;
  // What speaks of somebody else may be the name of an application, as it is in the other forms of the log. Who is not logged in has none.
  const isNamed = only?.isAmbiguous && only.application !== '[unknown]' && isOwn(opener, only);
  if (endings.length === 1 && isNamed && only.read === 'disagrees') return [{ ...only, read: null, isLacking: true }];
  return endings;
}

/** Where the names of a line end by itself; null: not on this line. */
export function ownEnding(text: string, { names }: Opener, endOfRecord: EndOfRecord): Ending | null {
  const end = text.indexOf('\n', names);
  const limit = Math.min(names + longestNames, end < 0 ? text.length : end);
  for (let at = text.indexOf(':[', names); at >= 0 && at <= limit; at = text.indexOf(':[', at + 1)) {
    if (canBeNames(text, names, at) && marker.read(text, at)) return endingAt(text, endOfRecord);
  }
  return null;
}

/** Lines that look like records and begin between two places. */
export function openersBetween(text: string, from: number, to: number): Opener[] {
  const openers: Opener[] = [];
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    const opener = readOpener(text, at + 1);
    if (opener) openers.push(opener);
  }
  return openers;
}

/** True: on the first line of the record, as it is with names that hold no line break. */
export function isOwn(opener: Opener, { line, names }: PossibleEnding): boolean {
  return line === opener.at && !names.includes('\n');
}

/** Which ending is taken for the true one. */
export interface ChosenEnding {
  /** Null: none can be true. */
  readonly ending: PossibleEnding | null;
  /** Up to here neither words nor receipts tell whether the lines behind the record stand within its names; 0: no line does. */
  readonly doubtfulTo: number;
}

/**
 * Which ending is the true one. Decoys stand before it. What stands behind it and could still end the names, each of which has 63 bytes at most, is text
 * of the same record: a prefix and a message mostly fill more. So the last line decides, unless its words say that it does not end these names, or a
 * receipt says that it ends those of a line between. On one line the record's own message is the best witness, since it repeats the names. Where a receipt
 * was seen of this record's own process, nothing else counts. `isFrom` says whether a receipt was seen of that process and place.
 */
export function chooseEnding(
  opener: Opener,
  endings: readonly PossibleEnding[],
  isFrom: (process: number, place: Opener) => boolean,
): ChosenEnding {
  const own = endings.find((one) => isOwn(opener, one));
  const agreeing = endings.filter(({ read }) => read !== 'disagrees');
  const agreeingReceived = agreeing.filter(({ process }) => isFrom(process, opener));
  // A receipt says more than words: a record whose message names somebody else is still this process's own.
  const received =
    agreeingReceived.length > 0 ? agreeingReceived : endings.filter((one) => !isOwn(opener, one) && isFrom(one.process, opener));
  const isReceived = received.length > 0;
  const isOfAnother = ({ process, lines }: PossibleEnding): boolean =>
    lines.some((line) => isFrom(process, line) && !isOutOfTime(opener, line));
  const known = isReceived ? received : agreeing;
  // Two records of one process and place, one after the other, are received both.
  const possible = isReceived && !(own && received.includes(own)) ? received : known.filter((one) => !isOfAnother(one));
  const last = possible.filter(({ line }) => line === possible.at(-1)?.line);
  const others = (isReceived ? received : possible).filter(({ line }) => line !== opener.at);
  const best = last.findLast(isWitness) ?? (isReceived ? last.at(-1) : undefined);
  if (best && best !== own) {
    const isNext = !isReceived && own?.read === null && isNextRecord(opener, best);
    return { ending: isNext ? own : best, doubtfulTo: 0 };
  }
  const isPossible = own && possible.includes(own);
  // Perhaps two records one after the other: a short message with an @ in it is enough. What the next line is, is decided there.
  if (own && (best || others.every(({ lines }) => lines.length > 0))) {
    return { ending: isPossible && !isWithinNames(opener, endings) ? own : null, doubtfulTo: others.at(-1)?.at ?? 0 };
  }
  return { ending: last.find((one) => one === own) ?? last.at(-1) ?? null, doubtfulTo: 0 };
}

const longestPause = 3_600_000;

/** True: one record does not follow the other so. The records of a login, which alone can be taken for each other's names, take a minute at most. */
function isOutOfTime(before: Opener, { time }: Opener): boolean {
  return time < before.time || time - before.time > longestPause;
}

/**
 * True: what looks like names that hold a short record is as well a record of its own, one line after the other of the same host and in order of time, that
 * says the same of the same user. Whoever wrote it blames nobody but himself, so that it is read as what it mostly is.
 */
function isNextRecord(opener: Opener, { lines, names, read }: PossibleEnding): boolean {
  const line = lines.at(-1);
  if (!line || lines.length > 1 || line.host !== opener.host || read === null || read === 'disagrees') return false;
  if (isOutOfTime(opener, line)) return false;
  return names.slice(line.names - opener.names).startsWith(`${read.user}@`);
}

/** True: behind the record stands a bare ending of other names, and no line between that it could belong to. So the log began within those names. */
function isWithinNames(opener: Opener, endings: readonly PossibleEnding[]): boolean {
  return endings.some(({ line, lines, read }) => line !== opener.at && lines.length === 0 && read === 'disagrees');
}

/** True: the message repeats the names. */
export function isWitness({ read }: PossibleEnding): boolean {
  return read !== null && read !== 'disagrees' && read.isWitness;
}

/** What the marker that was just read says, and its message. */
function endingAt(text: string, endOfRecord: EndOfRecord): Ending | null {
  const end = endOfRecord(marker.message);
  return end < 0 ? null : markedEnding(text, marker, end);
}

/** What a marker says, and its message, which ends at `to`. */
export function markedEnding(text: string, { at, process, level, application, message: from }: Marker, to: number): Ending {
  const cut = to >= text.length ? 'end' : text.charCodeAt(to) !== lineFeed ? 'length' : to + 1 >= text.length ? 'line' : null;
  return { at, process, level, application, from, to, cut, message: messageBetween(text, from, to) };
}

function lineOf(text: string, opener: Opener, at: number): number {
  let line = text.lastIndexOf('\n', at - 1) + 1;
  while (line > opener.at && isContinuation(text, line)) line = text.lastIndexOf('\n', line - 2) + 1;
  return Math.max(line, opener.at);
}

/** What a record says, by whichever message it is. */
export type Said = Pick<PossibleEnding, 'level' | 'application' | 'from' | 'message' | 'read' | 'isLacking' | 'isAmbiguous'>;

/**
 * What the message says that ends the record. Where it says nothing of whoever wrote it, the name of his application may be what looks like its begin: behind it
 * stands the end of his session, or his statement. Nobody who is not logged in has a name for it.
 */
export function readMessage(text: string, marker: Marker, ending: Ending, session: Session): Said {
  const { read, isLacking } = readWhole(ending, session);
  const others = marker.mayHide(text) ? marker.otherMessages(text).filter(({ from }) => from < ending.to) : none;
  const isAmbiguous = others.length > 0;
  const { level, application, from, message } = ending;
  const said = { level, application, from, message, read, isLacking, isAmbiguous };
  if (read !== null && read !== 'disagrees' && (read.user !== null || isStatement(read))) return said;
  for (const other of others) {
    const hidden = readHidden(text, other, ending, session);
    if (hidden) return { ...hidden, isAmbiguous };
  }
  // Who has an application with a name was not turned away: no words of the server that name nobody hold a level.
  const mayBeHidden = isAmbiguous || (ending.cut === 'end' && marker.isInApplication(ending.to));
  return mayBeHidden && read !== null && read !== 'disagrees' && read.kind === 'rejected' ? { ...said, read: null } : said;
}

function readHidden(
  text: string,
  { level, from, application }: OtherMessage,
  ending: Ending,
  session: Session,
): Omit<Said, 'isAmbiguous'> | null {
  const message = messageBetween(text, from, ending.to);
  const said = readWhole({ ...ending, level, message }, session);
  const { read } = said;
  if (read === null || read === 'disagrees' || !(isStatement(read) || read.kind === 'disconnected')) return null;
  return { ...said, level, from, application, message };
}

function readWhole({ level, message, cut }: Pick<Ending, 'level' | 'message' | 'cut'>, session: Session): Pick<Said, 'read' | 'isLacking'> {
  const read = readLoginMessage(level, message, session);
  if (cut === 'end' || (cut === 'length' && read !== 'disagrees')) return readCut(read, message);
  // It repeats names, and where those break the line it may go on in another object.
  const isPart = cut === 'line' && read === 'disagrees' && session.names?.includes('\n') === true;
  return isPart ? { read: null, isLacking: true } : { read, isLacking: false };
}

function isStatement(read: ReadMessage): boolean {
  return read !== null && read !== 'disagrees' && (read.kind === 'password-set' || read.kind === 'protected-role');
}

/** A message without the tabs that protect its continuation lines. */
export function messageBetween(text: string, from: number, to: number): string {
  const message = text.slice(from, to);
  return message.includes('\n') ? message.replaceAll('\n\t', '\n') : message;
}
