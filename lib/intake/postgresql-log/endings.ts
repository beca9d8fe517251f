import { type ReadMessage, readLoginMessage } from './message.ts';
import { canBeNames, Heading, isContinuation, longestNames, Marker } from './prefix.ts';

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
  readonly message: string;
}

/** An {@link Ending} as one of several that the names of one record can have. */
export interface PossibleEnding extends Ending {
  readonly names: string;
  /** The message, held against the names of the record that it would end. */
  readonly read: ReadMessage;
  /**
   * `own`: on the first line of the record; `head`: the prefix of another line that looks like a record; `orphan`: a line begins with it, or it stands
   * behind a claim that is false by its own words; `inner`: in the text of a line that may be whole by itself.
   */
  readonly kind: 'own' | 'head' | 'orphan' | 'inner';
  /** The line of a `head`. */
  readonly head: Opener | null;
}

/** Says where a record ends whose message begins there; negative: that is not known yet. */
export type EndOfRecord = (from: number) => number;

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
    const ending = endingAt(text, at, endOfRecord);
    if (!ending) return null;
    const names = text.slice(opener.names, at);
    const read = readLoginMessage(ending.level, ending.message, { ...opener, names: opener.host === null ? null : names });
    endings.push({ ...ending, names, read, ...kindOf(text, opener, at, endOfRecord) });
  }
  return endings;
}

/** Where the names of a line end by itself; null: not on this line. */
export function ownEnding(text: string, { names }: Opener, endOfRecord: EndOfRecord): Ending | null {
  const end = text.indexOf('\n', names);
  const limit = Math.min(names + longestNames, end < 0 ? text.length : end);
  for (let at = text.indexOf(':[', names); at >= 0 && at <= limit; at = text.indexOf(':[', at + 1)) {
    if (canBeNames(text, names, at) && marker.read(text, at)) return endingAt(text, at, endOfRecord);
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

/**
 * Which ending is the true one. The record's own message is the best witness: it repeats the names. Next counts the last ending that could not stand
 * where it stands otherwise: decoys come before it, never after it. Null: none can be true. `isFrom` says whether a receipt was seen of that process
 * and place.
 */
export function chooseEnding(
  opener: Opener,
  endings: readonly PossibleEnding[],
  isFrom: (process: number, place: Opener) => boolean,
): PossibleEnding | null {
  const possible = endings.filter(({ read }) => read !== 'disagrees');
  const own = endings.find(({ kind }) => kind === 'own');
  const isInnocent = ({ kind, head, process }: PossibleEnding): boolean =>
    kind === 'head'
      ? head !== null && isFrom(process, head)
      : kind === 'inner' && own !== undefined && isFrom(own.process, opener) && !isFrom(process, opener);
  const witness = possible.findLast((one) => one !== own && isWitness(one) && !isInnocent(one));
  if (witness) return witness;
  // Its process was received from the place of another line here: it ends the names of that line.
  const isOfAnother = (orphan: PossibleEnding): boolean =>
    endings.some(({ head, at }) => head !== null && at < orphan.at && isFrom(orphan.process, head));
  const orphan = possible.findLast((one) => one.kind === 'orphan' && !isOfAnother(one));
  if (orphan) return orphan;
  const last = possible.findLast((one) => one !== own && (one.kind === 'head' || own === undefined) && !isInnocent(one));
  return last ?? possible.find((one) => one === own) ?? null;
}

/** True: the message repeats the names. */
export function isWitness({ read }: PossibleEnding): boolean {
  return read !== null && read !== 'disagrees' && read.isWitness;
}

/** What the marker that was just read says, and its message. */
function endingAt(text: string, at: number, endOfRecord: EndOfRecord): Ending | null {
  const { process, level, application, message: from } = marker;
  const end = endOfRecord(from);
  return end < 0 ? null : { at, process, level, application, from, to: end, message: messageBetween(text, from, end) };
}

function kindOf(text: string, opener: Opener, at: number, endOfRecord: EndOfRecord): Pick<PossibleEnding, 'kind' | 'head'> {
  let start = text.lastIndexOf('\n', at - 1) + 1;
  while (start > opener.at && isContinuation(text, start)) start = text.lastIndexOf('\n', start - 2) + 1;
  const line = start <= opener.at ? opener : readOpener(text, start);
  const first = line && ownEnding(text, line, endOfRecord);
  if (!line || !first || at < first.at) return { kind: 'orphan', head: null };
  if (at === first.at) return line === opener ? { kind: 'own', head: null } : { kind: 'head', head: line };
  const read = readLoginMessage(first.level, first.message, { ...line, names: text.slice(line.names, first.at) });
  return { kind: read === 'disagrees' ? 'orphan' : 'inner', head: null };
}

/** A message without the tabs that protect its continuation lines. */
export function messageBetween(text: string, from: number, to: number): string {
  const message = text.slice(from, to);
  return message.includes('\n') ? message.replaceAll('\n\t', '\n') : message;
}
