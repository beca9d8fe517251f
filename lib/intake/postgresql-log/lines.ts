/** A line longer than this is no record of PostgreSQL; what is beyond is read and dropped. */
const mostBytes = 10_000_000;

/**
 * Splits bytes into lines at LF alone (names hold CR and U+2028), whatever the chunks. Gives each line as latin1 without its LF,
 * and the offset of its first byte; latin1 keeps offsets exact.
 */
export class LineSplitter {
  readonly #line: (start: number, text: string) => void;
  readonly #tooLong: () => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #start = 0;
  #offset = 0;

  constructor(line: (start: number, text: string) => void, tooLong: () => void) {
    this.#line = line;
    this.#tooLong = tooLong;
  }

  write(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#finish(chunk.subarray(from, end));
      from = end + 1;
      this.#start = this.#offset + from;
    }
    this.#offset += chunk.length;
    const rest = chunk.length - from;
    if (rest === 0) return;
    // A copy: the caller may use its buffer again.
    if (this.#pendingBytes <= mostBytes) this.#pending.push(chunk.slice(from));
    this.#pendingBytes += rest;
  }

  end(): void {
    if (this.#pendingBytes > 0) this.#finish(new Uint8Array(0));
    this.#start = this.#offset;
  }

  #finish(last: Uint8Array): void {
    const isTooLong = this.#pendingBytes + last.length > mostBytes;
    const bytes = this.#pendingBytes === 0 ? last : Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (isTooLong) {
      this.#tooLong();
      return;
    }
    this.#line(this.#start, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
  }
}
