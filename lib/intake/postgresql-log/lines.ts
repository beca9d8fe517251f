/** A line longer than this is no record of PostgreSQL; what is beyond is read and dropped. */
const mostBytes = 10_000_000;

/**
 * Splits bytes into lines at LF alone (names hold CR and U+2028), whatever the chunks. Gives each line as latin1 without its LF,
 * and the offset of its first byte; latin1 keeps offsets exact.
 */
export class LineSplitter {
  readonly #line: (start: number, text: string, isWhole: boolean) => void;
  readonly #tooLong: (end: number) => void;
  #pending: string[] = [];
  #pendingBytes = 0;
  #start = 0;
  #offset = 0;

  /** `line` gets whether the line has its LF: only the last may lack it. `tooLong` gets where the line after one that is too long begins. */
  constructor(line: (start: number, text: string, isWhole: boolean) => void, tooLong: (end: number) => void) {
    this.#line = line;
    this.#tooLong = tooLong;
  }

  /** Where the line begins that is open. */
  get start(): number {
    return this.#start;
  }

  write(chunk: Uint8Array): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#finish(text.slice(from, end), this.#offset + end + 1, true);
      from = end + 1;
      this.#start = this.#offset + from;
    }
    this.#offset += text.length;
    if (from === text.length) return;
    if (this.#pendingBytes <= mostBytes) this.#pending.push(text.slice(from));
    this.#pendingBytes += text.length - from;
  }

  end(): void {
    if (this.#pendingBytes > 0) this.#finish('', this.#offset, false);
    this.#start = this.#offset;
  }

  #finish(last: string, end: number, isWhole: boolean): void {
    const isTooLong = this.#pendingBytes + last.length > mostBytes;
    const text = this.#pendingBytes === 0 ? last : this.#pending.join('') + last;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (isTooLong) this.#tooLong(end);
    else this.#line(this.#start, text, isWhole);
  }
}
