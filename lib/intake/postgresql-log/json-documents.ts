/** A document longer than this is none that AWS writes. */
const mostBytes = 64_000_000;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93];
/** Space, tab, line breaks, what an array of documents would have between them, and the bytes of a byte-order mark. */
const between = new Set([32, 9, 10, 13, 44, openBracket, closeBracket, 0xef, 0xbb, 0xbf]);

/** Who gets what. */
export interface JsonDocumentsOptions {
  /** Gets a document, which may still be no JSON. */
  readonly document: (text: string) => void;
  readonly reject: (why: string) => void;
  /** Gets a document that does not end, with whatever it took in; without it, that is rejected. */
  readonly cut?: (text: string, why: string) => void;
  /** The begin of each document, where nothing within one begins so (`{"name":`; in a text, its quotes would be escaped): one that is cut off ends there. */
  readonly begin?: string;
}

/** Splits bytes into JSON objects that follow each other with or without anything between; what is no object is skipped and counted. */
export class JsonDocuments {
  readonly #document: (text: string) => void;
  readonly #reject: (why: string) => void;
  readonly #cut: (text: string, why: string) => void;
  /** Without its brace. */
  readonly #begin: Buffer;
  /** The begin of the document that is open. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #isStray = false;
  /** What may be the begin of a document, and is not there as a whole. */
  #rest: Buffer = Buffer.alloc(0);

  constructor({ document, reject, cut, begin = '' }: JsonDocumentsOptions) {
    this.#document = document;
    this.#reject = reject;
    this.#cut = cut ?? ((_text, why) => reject(why));
    this.#begin = Buffer.from(begin.slice(1));
  }

  write(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#begin.length === 0) {
      this.#read(chunk, chunk.length);
      return;
    }
    const whole = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let end = Math.max(0, whole.length - this.#begin.length);
    if (end > 0 && whole[end - 1] === openBrace) end--;
    this.#read(whole, end);
    this.#rest = Buffer.from(whole.subarray(end));
  }

  end(): void {
    this.#read(this.#rest, this.#rest.length);
    this.#rest = Buffer.alloc(0);
    if (this.#depth > 0) this.#cutOff('a document that is cut off');
  }

  /** Reads as far as `length`; what is behind is only looked at. */
  #read(chunk: Buffer, length: number): void {
    let start = 0;
    for (let at = 0; at < length; at++) {
      let isBegin = false;
      if (this.#isInText) {
        at = this.#endOfText(chunk, at, length);
        if (at >= length) break;
        isBegin = at > 0 && chunk[at - 1] === openBrace && this.#isBegin(chunk, at);
        if (!isBegin) continue;
        at--;
      }
      const byte = chunk[at] ?? 0;
      if (isBegin || (this.#depth > 0 && byte === openBrace && this.#isBegin(chunk, at + 1))) {
        this.#keep(chunk.subarray(start, at));
        if (this.#depth > 0) this.#cutOff('a document that is cut off');
        this.#depth = 1;
        start = at;
      } else if (this.#depth === 0) {
        if (byte !== openBrace) {
          this.#stray(byte);
          continue;
        }
        this.#isStray = false;
        this.#depth = 1;
        start = at;
      } else if (byte === quote) this.#isInText = true;
      else if (byte === openBrace || byte === openBracket) this.#depth++;
      else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--;
        if (this.#depth === 0) this.#finish(chunk.subarray(start, at + 1));
      }
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(start, length));
  }

  #isBegin(chunk: Buffer, at: number): boolean {
    const { length } = this.#begin;
    return length > 0 && chunk.length - at >= length && chunk.compare(this.#begin, 0, length, at, at + length) === 0;
  }

  /** Where the text ends that goes on at `at`: at its quote, or with the chunk. */
  #endOfText(chunk: Buffer, at: number, length: number): number {
    let from = at;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      from++;
    }
    for (;;) {
      const found = chunk.indexOf(quote, from);
      const end = found < 0 || found >= length ? -1 : found;
      let slashes = 0;
      for (let before = (end < 0 ? length : end) - 1; before >= from && chunk[before] === backslash; before--) slashes++;
      const isEscaped = slashes % 2 === 1;
      if (end < 0) {
        this.#isEscaped = isEscaped;
        return length;
      }
      if (!isEscaped) {
        this.#isInText = false;
        return end;
      }
      from = end + 1;
    }
  }

  #finish(last: Buffer): void {
    const text = this.#pieces.length === 0 ? last.toString('utf8') : Buffer.concat([...this.#pieces, last]).toString('utf8');
    this.#reset();
    this.#document(text);
  }

  /** A copy: the caller may use its buffer again. */
  #keep(piece: Buffer): void {
    this.#pieces.push(Buffer.from(piece));
    this.#bytes += piece.length;
    if (this.#bytes > mostBytes) this.#cutOff('a document of more than 64 MB');
  }

  #cutOff(why: string): void {
    const text = Buffer.concat(this.#pieces).toString('utf8');
    this.#reset();
    this.#cut(text, why);
  }

  #stray(byte: number): void {
    if (between.has(byte) || this.#isStray) return;
    this.#isStray = true;
    this.#reject('bytes that are no JSON document');
  }

  #reset(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#depth = 0;
    this.#isInText = false;
    this.#isEscaped = false;
  }
}
