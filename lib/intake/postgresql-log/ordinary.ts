import { Clock } from './clock.ts';
import { spokenOf } from './interest.ts';
import { longestNames } from './prefix.ts';

const [tab, lineFeed, openRound, closeRound, colon, at, openSquare, closeSquare] = [9, 10, 40, 41, 58, 64, 91, 93] as const;
const longestPart = 64;
const secondLength = 19;

/** By code: what may stand in an address. */
const ofAddress = new Uint8Array(256);
for (let code = 0; code < 256; code++) if (/[0-9a-fA-F.:]/.test(String.fromCharCode(code))) ofAddress[code] = 1;

const spoken = new RegExp(spokenOf, 'gi');
/** Four letters as a number, as they are read from bytes. */
const four = (text: string): number => Buffer.from(text, 'latin1').readInt32LE();
const [utc, levelLog, behindLevel] = [four(' UTC'), four(':LOG'), 0x20_20_3a];

/**
 * Knows, by its bytes, the record that most of a busy log is made of: one line, the short prefix in UTC, level LOG, of a client with an address, no word in it
 * that is read. It is counted and skipped, which takes a tenth of what reading it takes. Whatever is not surely of this kind is left to be read.
 */
export class OrdinaryRecords {
  /** Of the last run: the time of its records, milliseconds since 1970, and how many they are. */
  time = 0;
  count = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #text = '';
  /** Where the next `[` stands; -1: not looked for. */
  #bracket = -1;
  /** Where the next word stands that statements are read for; -1: not looked for. */
  #spoken = -1;
  readonly #clock = new Clock();
  /** The bytes of its second, which the next record mostly shares. */
  readonly #second = new DataView(new Uint8Array(secondLength).fill(255).buffer);

  /** The next text; `bytes` are the same as latin1. What is short is faster looked at as bytes, what is long as text. */
  look(bytes: Buffer, text: string): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#text = text;
    this.#bracket = -1;
    this.#spoken = -1;
  }

  /**
   * Where the line behind the last of the ordinary records begins that follow each other within a second, the first at `start`, none beyond `last`. `start`: there
   * is none there, or that cannot be told before there is more. Behind `last` there must be more than a prefix can take.
   */
  skip(start: number, last: number): number {
    this.count = 0;
    if (start > last || !this.#readTime(start)) return start;
    const [bytes, view, text, second] = [this.#bytes, this.#view, this.#text, this.#second];
    const [begin, middle, rest] = [second.getFloat64(0), second.getFloat64(8), second.getInt32(15)];
    let at = start;
    let bracket = this.#bracket;
    let spokenAt = this.#spoken;
    while (
      at <= last &&
      view.getInt32(at + 15) === rest &&
      view.getFloat64(at + 8) === middle &&
      view.getFloat64(at) === begin &&
      view.getInt32(at + secondLength, true) === utc &&
      bytes[at + secondLength + 4] === colon
    ) {
      const names = endOfPlace(bytes, at + secondLength + 5);
      const message = names < 0 ? -1 : endOfNames(bytes, view, names);
      if (message < 0 || mayBeLogin(bytes, message)) break;
      // Names could end at another place within their length.
      if (bracket < message) bracket = text.indexOf('[', message);
      if (bracket < 0) bracket = Number.MAX_SAFE_INTEGER;
      if (bracket - 1 <= names + longestNames) break;
      const end = text.indexOf('\n', message);
      if (end < 0 || end + 1 >= text.length || bytes[end + 1] === tab) break;
      if (spokenAt < message) spokenAt = this.#findSpoken(message);
      if (spokenAt < end) break;
      this.count++;
      at = end + 1;
    }
    this.#bracket = bracket;
    this.#spoken = spokenAt;
    return at;
  }

  #findSpoken(from: number): number {
    spoken.lastIndex = from;
    return spoken.exec(this.#text)?.index ?? Number.MAX_SAFE_INTEGER;
  }

  /** False: no second begins there. */
  #readTime(start: number): boolean {
    const [bytes, second] = [this.#bytes, this.#second];
    for (let index = secondLength - 1; bytes[start + index] === second.getUint8(index); index--) if (index === 0) return true;
    if (this.#clock.read(bytes.toString('latin1', start, start + secondLength + 4), 0) < 0 || Number.isNaN(this.#clock.time)) return false;
    this.time = this.#clock.time;
    for (let index = 0; index < secondLength; index++) second.setUint8(index, bytes[start + index] ?? 0);
    return true;
  }
}

/** Where `192.0.2.7(13708):` ends; -1: there is no such thing. */
function endOfPlace(bytes: Uint8Array, start: number): number {
  let end = start;
  while (ofAddress[bytes[end] ?? 0] === 1) end++;
  if (end === start || end - start > longestPart || bytes[end] !== openRound) return -1;
  const port = end + 1;
  end = endOfDigits(bytes, port);
  return end > port && end - port <= 5 && bytes[end] === closeRound && bytes[end + 1] === colon ? end + 2 : -1;
}

/** Where the message begins behind `app@orders:[835]:LOG:  `; -1: there is no such thing, or names are so long that they must be looked at. */
function endOfNames(bytes: Uint8Array, view: DataView, names: number): number {
  let end = names;
  let isNamed = false;
  for (; ; end++) {
    const code = bytes[end];
    if (code === at) isNamed = true;
    else if (code === lineFeed || code === undefined) return -1;
    else if (code === colon && bytes[end + 1] === openSquare) break;
  }
  if (!isNamed || end - names > longestPart) return -1;
  const process = end + 2;
  end = endOfDigits(bytes, process);
  const isLog =
    end > process &&
    end - process <= 9 &&
    bytes[end] === closeSquare &&
    view.getInt32(end + 1, true) === levelLog &&
    (view.getInt32(end + 5, true) & 0xff_ff_ff) === behindLevel;
  return isLog ? end + 8 : -1;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let end = start;
  for (let code = bytes[end]; code !== undefined && code >= 48 && code <= 57; code = bytes[end]) end++;
  return end;
}

/** By their first letters: `connection …`, `disconnection: …`, `replication connection …`, `pam_…`. */
function mayBeLogin(bytes: Uint8Array, message: number): boolean {
  const first = bytes[message];
  const second = bytes[message + 1];
  return (first === 99 && second === 111) || (first === 100 && second === 105) || (first === 114 && second === 101) || first === 112;
}
