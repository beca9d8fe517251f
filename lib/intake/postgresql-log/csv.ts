/** A record longer than this is none: a quote is missing. */
const mostCharacters = 10_000_000;

const sureBegin =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z]{1,5},(?:"(?:[^"]|"")+")?,(?:"(?:[^"]|"")+")?,\d{1,10},"[^"]{1,300}",[0-9a-f]{1,16}\.[0-9a-f]{1,16},\d/;

/** Puts the lines of one record of csvlog together again (messages hold line breaks, in quotes) and takes its columns apart. */
export class CsvRecords {
  readonly #record: (start: number, columns: CsvColumns) => void;
  readonly #columns = new CsvColumns();
  readonly #reject: (why: string) => void;
  #lines: string[] = [];
  #length = 0;
  #start = 0;
  #isOpen = false;

  constructor(record: (start: number, columns: CsvColumns) => void, reject: (why: string) => void) {
    this.#record = record;
    this.#reject = reject;
  }

  line(start: number, text: string): void {
    if (this.#lines.length === 0) {
      if (text === '' || text === '\r') return;
      this.#start = start;
    }
    // A record before was cut: its quote would take in all that follows.
    if (this.#isOpen && surelyBegins(text)) {
      this.#clear();
      this.#start = start;
      this.#reject('a record that is cut off');
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
    this.#columns.read(text.endsWith('\r') ? text.slice(0, -1) : text);
    this.#record(start, this.#columns);
  }

  #clear(): void {
    this.#lines = [];
    this.#length = 0;
    this.#isOpen = false;
  }
}

/** True: a record begins here, that cannot stand within quotes, where each quote is doubled: its address would need one that is not. */
export function surelyBegins(line: string): boolean {
  return sureBegin.test(line.slice(0, 1000));
}

/** True: a quote opens in it, or closes, and its other one does not stand in it. */
export function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

/** The columns of one record. One object is read into again and again; a column becomes a string only when it is asked for. */
export class CsvColumns {
  text = '';
  length = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Finds the columns of a record without its line end. */
  read(text: string): void {
    this.text = text;
    this.length = 0;
    for (let at = 0; ; at++) {
      const isQuoted = text.charCodeAt(at) === 34;
      const start = isQuoted ? at + 1 : at;
      let end = text.indexOf(isQuoted ? '"' : ',', start);
      if (isQuoted) while (end >= 0 && text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2);
      if (end < 0) end = text.length;
      this.#starts[this.length] = start;
      this.#ends[this.length] = end;
      this.length++;
      at = isQuoted ? end + 1 : end;
      if (at >= text.length) return;
    }
  }

  /** Where the value of a column begins. */
  startOf(column: number): number {
    return column < this.length ? (this.#starts[column] ?? 0) : this.text.length;
  }

  get(column: number): string {
    if (column >= this.length) return '';
    const start = this.#starts[column] ?? 0;
    const value = this.text.slice(start, this.#ends[column]);
    return this.text.charCodeAt(start - 1) === 34 && value.includes('""') ? value.replaceAll('""', '"') : value;
  }
}
