/** A document longer than this is none that AWS writes. */
const mostBytes = 64_000_000;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93];
/** Space, tab, line breaks, and what an array of documents would have between them. */
const between = new Set([32, 9, 10, 13, 44, openBracket, closeBracket]);

/** Splits bytes into JSON objects that follow each other with or without anything between; what is no object is skipped and counted. */
export class JsonDocuments {
  readonly #document: (text: string) => void;
  readonly #reject: (why: string) => void;
  /** The begin of the document that is open. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #isStray = false;

  constructor(document: (text: string) => void, reject: (why: string) => void) {
    this.#document = document;
    this.#reject = reject;
  }

  write(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isInText) {
        at = this.#endOfText(chunk, at);
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (this.#depth === 0) {
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
    if (this.#depth > 0) this.#keep(chunk.subarray(start));
  }

  end(): void {
    if (this.#depth > 0) this.#reject('a document that is cut off');
    this.#reset();
  }

  /** Where the text ends that goes on at `at`: at its quote, or with the chunk. */
  #endOfText(chunk: Buffer, at: number): number {
    let from = at;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      from++;
    }
    for (;;) {
      const end = chunk.indexOf(quote, from);
      let slashes = 0;
      for (let before = (end < 0 ? chunk.length : end) - 1; before >= from && chunk[before] === backslash; before--) slashes++;
      const isEscaped = slashes % 2 === 1;
      if (end < 0) {
        this.#isEscaped = isEscaped;
        return chunk.length;
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
    if (this.#bytes <= mostBytes) return;
    this.#reject('a document of more than 64 MB');
    this.#reset();
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
