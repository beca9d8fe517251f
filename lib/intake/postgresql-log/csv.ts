/** A record longer than this is none: a quote is missing. */
const mostCharacters = 10_000_000;

/** Puts the lines of one record of csvlog together again (messages hold line breaks, in quotes) and takes its columns apart. */
export class CsvRecords {
  readonly #record: (start: number, columns: readonly string[]) => void;
  readonly #reject: (why: string) => void;
  #lines: string[] = [];
  #length = 0;
  #start = 0;
  #isOpen = false;

  constructor(record: (start: number, columns: readonly string[]) => void, reject: (why: string) => void) {
    this.#record = record;
    this.#reject = reject;
  }

  line(start: number, text: string): void {
    if (this.#lines.length === 0) {
      if (text === '' || text === '\r') return;
      this.#start = start;
    }
    this.#lines.push(text);
    this.#length += text.length;
    if (hasOddQuotes(text)) this.#isOpen = !this.#isOpen;
    if (!this.#isOpen) this.#finish();
    else if (this.#length > mostCharacters) {
      this.#clear();
      this.#reject('a record whose quotes do not close');
    }
  }

  end(): void {
    if (this.#lines.length > 0) this.#reject('a record that is cut off');
    this.#clear();
  }

  #finish(): void {
    const text = this.#lines.length === 1 ? (this.#lines[0] ?? '') : this.#lines.join('\n');
    const start = this.#start;
    this.#clear();
    this.#record(start, columnsOf(text.endsWith('\r') ? text.slice(0, -1) : text));
  }

  #clear(): void {
    this.#lines = [];
    this.#length = 0;
    this.#isOpen = false;
  }
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

function columnsOf(text: string): string[] {
  const columns: string[] = [];
  let at = 0;
  for (;;) {
    if (text.charCodeAt(at) === 34) {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2);
      const quoted = text.slice(at + 1, end < 0 ? text.length : end);
      columns.push(quoted.includes('""') ? quoted.replaceAll('""', '"') : quoted);
      at = end < 0 ? text.length : end + 1;
    } else {
      const end = text.indexOf(',', at);
      columns.push(text.slice(at, end < 0 ? text.length : end));
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return columns;
    at++;
  }
}
