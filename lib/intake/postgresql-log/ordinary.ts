import { Clock } from './clock.ts';
import { longestNames } from './prefix.ts';

const [tab, lineFeed, space, openRound, closeRound, colon, at, openSquare, closeSquare] = [9, 10, 32, 40, 41, 58, 64, 91, 93] as const;
const longestPart = 64;
const secondLength = 19;

/** By code: what may stand in an address. */
const ofAddress = new Uint8Array(256);
for (let code = 0; code < 256; code++) if (/[0-9a-fA-F.:]/.test(String.fromCharCode(code))) ofAddress[code] = 1;

/** Words that statements are read for, all of one length, in any case. */
const words = ['password', 'rdsadmin'] as const;
const wordLength = 8;
/** By code: how far the next look may be behind one at the end of a word. */
const shifts = new Uint8Array(256).fill(wordLength);
/** By code: 1 where a word may end. */
const ends = new Uint8Array(256);
for (const word of words) {
  for (const form of [word, word.toUpperCase()]) {
    [...form].forEach((letter, index) => {
      const code = letter.charCodeAt(0);
      if (index === wordLength - 1) ends[code] = 1;
      else shifts[code] = Math.min(shifts[code] ?? wordLength, wordLength - 1 - index);
    });
  }
}

/**
 * Knows, by its bytes, the record that most of a busy log is made of: one line, the short prefix in UTC, level LOG, of a client with an address, no word in it
 * that is read. It is counted and skipped, which takes a tenth of what reading it takes. Whatever is not surely of this kind is left to be read.
 */
export class OrdinaryRecords {
  /** Of the last record; milliseconds since 1970. */
  time = 0;
  #bytes: Uint8Array = new Uint8Array();
  #text = '';
  /** Where the next `[` stands; -1: not looked for. */
  #bracket = -1;
  readonly #clock = new Clock();
  /** The bytes of its second, which the next record mostly shares. */
  readonly #second = new Uint8Array(secondLength).fill(255);

  /** The next text; `bytes` are the same as latin1. What is short is faster looked at as bytes, what is long as text. */
  look(bytes: Uint8Array, text: string): void {
    this.#bytes = bytes;
    this.#text = text;
    this.#bracket = -1;
  }

  /** Where the line behind the ordinary record begins that begins at `start`; -1: it is none, or cannot be told before there is more. */
  skip(start: number): number {
    const [bytes, text] = [this.#bytes, this.#text];
    if (!this.#readTime(bytes, start)) return -1;
    const names = endOfPlace(bytes, start + secondLength + 5);
    const message = names < 0 ? -1 : endOfNames(bytes, names);
    if (message < 0 || mayBeLogin(bytes, message)) return -1;
    // Names could end at another place within their length.
    if (this.#bracket < message) this.#bracket = text.indexOf('[', message);
    if (this.#bracket < 0) this.#bracket = Number.POSITIVE_INFINITY;
    if (this.#bracket - 1 <= names + longestNames) return -1;
    const end = text.indexOf('\n', message);
    if (end < 0 || end + 1 >= text.length || bytes[end + 1] === tab || speaks(bytes, message, end)) return -1;
    return end + 1;
  }

  #readTime(bytes: Uint8Array, start: number): boolean {
    const zone = start + secondLength;
    const isUtc =
      bytes[zone] === space && bytes[zone + 1] === 85 && bytes[zone + 2] === 84 && bytes[zone + 3] === 67 && bytes[zone + 4] === colon;
    if (!isUtc) return false;
    const second = this.#second;
    let index = secondLength - 1;
    // From its end, where times differ.
    while (index >= 0 && bytes[start + index] === second[index]) index--;
    if (index < 0) return true;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, secondLength + 4).toString('latin1');
    if (this.#clock.read(text, 0) < 0 || Number.isNaN(this.#clock.time)) return false;
    this.time = this.#clock.time;
    second.set(bytes.subarray(start, zone));
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
function endOfNames(bytes: Uint8Array, names: number): number {
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
    bytes[end + 1] === colon &&
    bytes[end + 2] === 76 &&
    bytes[end + 3] === 79 &&
    bytes[end + 4] === 71 &&
    bytes[end + 5] === colon &&
    bytes[end + 6] === space &&
    bytes[end + 7] === space;
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

/** True: one of the words stands between two places. */
function speaks(bytes: Uint8Array, from: number, to: number): boolean {
  for (let last = from + wordLength - 1; last < to; ) {
    const code = bytes[last] ?? 0;
    if (ends[code] === 1 && isWord(bytes, last - wordLength + 1)) return true;
    last += shifts[code] ?? 1;
  }
  return false;
}

function isWord(bytes: Uint8Array, start: number): boolean {
  return words.some((word) => {
    for (let index = 0; index < wordLength; index++) if (((bytes[start + index] ?? 0) | 32) !== word.charCodeAt(index)) return false;
    return true;
  });
}
