/** A document longer than this is none that AWS writes. */
const mostBytes = 64_000_000;

/** Splits bytes into JSON objects that follow each other with or without anything between; what is no object is skipped and counted. */
export class JsonDocuments {
  readonly #document: (text: string) => void;
  readonly #reject: (why: string) => void;
  #pending: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #depth = 0;
  #isInText = false;
  #isStray = false;

  constructor(document: (text: string) => void, reject: (why: string) => void) {
    this.#document = document;
    this.#reject = reject;
  }

  write(chunk: Uint8Array): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    let start = 0;
    for (let at = this.#scanned; at < this.#pending.length; at++) {
      const byte = this.#pending[at];
      if (this.#isInText) {
        if (byte === 92) at++;
        else if (byte === 34) this.#isInText = false;
        continue;
      }
      if (this.#depth === 0) {
        if (byte !== 123) {
          this.#stray(byte);
          continue;
        }
        this.#isStray = false;
        start = at;
        this.#depth = 1;
      } else if (byte === 34) this.#isInText = true;
      else if (byte === 123 || byte === 91) this.#depth++;
      else if (byte === 125 || byte === 93) {
        this.#depth--;
        if (this.#depth === 0) {
          this.#document(this.#pending.toString('utf8', start, at + 1));
          start = at + 1;
        }
      }
    }
    // An escape at the very end has stepped over a byte that is still to come.
    const overshoot = this.#isInText && endsInEscape(this.#pending) ? 1 : 0;
    this.#pending = this.#depth === 0 ? Buffer.alloc(0) : this.#pending.subarray(start);
    this.#scanned = this.#pending.length + overshoot;
    if (this.#pending.length > mostBytes) {
      this.#reject('a document of more than 64 MB');
      this.#reset();
    }
  }

  end(): void {
    if (this.#depth > 0) this.#reject('a document that is cut off');
    this.#reset();
  }

  #stray(byte: number | undefined): void {
    const isSpace = byte === 10 || byte === 13 || byte === 32 || byte === 9 || byte === 44 || byte === 91 || byte === 93;
    if (isSpace || this.#isStray) return;
    this.#isStray = true;
    this.#reject('bytes that are no JSON document');
  }

  #reset(): void {
    this.#pending = Buffer.alloc(0);
    this.#scanned = 0;
    this.#depth = 0;
    this.#isInText = false;
  }
}

/** True when the last bytes are an odd number of backslashes. */
function endsInEscape(bytes: Buffer): boolean {
  let count = 0;
  while (count < bytes.length && bytes[bytes.length - 1 - count] === 92) count++;
  return count % 2 === 1;
}
