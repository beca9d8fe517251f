import type { LoginRecord, LogSource, LogSummary } from '../../domain/login-record.ts';
import { ColumnLog, readCsvRecord, readJsonRecord } from './columns.ts';
import { CsvRecords } from './csv.ts';
import { isIamAuthError, readIamAuthError } from './iam-auth-error.ts';
import { LineSplitter } from './lines.ts';
import { RecordWriter } from './record.ts';
import { isTextRecord, TextLog } from './text.ts';

type Format = Exclude<LogSummary['format'], 'cloudwatch' | null>;

/** What takes the lines of a log whose format is known. */
interface LineReader {
  line(start: number, text: string): void;
  end(): void;
}

/** How much is looked at before a file counts as the log of another program. */
const mostUndecided = 1_000_000;

/**
 * Reads one log of PostgreSQL, as downloaded: text, csvlog, jsonlog or `iam-db-auth-error`, told by its content. Bytes go in, in order and in chunks
 * of any size; each record of a login that can be settled comes out through `emit` as soon as it can be.
 */
export class PostgresqlLogParser {
  readonly #writer: RecordWriter;
  readonly #lines: LineSplitter;
  #undecided: { start: number; text: string }[] = [];
  #undecidedLength = 0;
  #format: Format | null = null;
  #reader: LineReader | null = null;
  #isForeign = false;
  #isFirst = true;

  constructor(source: LogSource, emit: (record: LoginRecord) => void) {
    this.#writer = new RecordWriter(source, emit);
    this.#lines = new LineSplitter(
      (start, text) => this.#line(start, text),
      () => this.#writer.reject('a line of more than 10 MB'),
    );
  }

  /** The next bytes; they are not kept. */
  write(bytes: Uint8Array): void {
    if (!this.#isForeign) this.#lines.write(bytes);
  }

  /** Settles what is open and says what was there. */
  end(): LogSummary {
    this.#lines.end();
    if (!this.#reader && !this.#isForeign) this.#giveUp();
    this.#reader?.end();
    return this.#writer.summary(this.#format);
  }

  #line(start: number, text: string): void {
    const line = this.#isFirst && text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text;
    this.#isFirst = false;
    if (this.#reader) {
      this.#reader.line(start, line);
      return;
    }
    if (this.#isForeign) return;
    this.#undecided.push({ start, text: line });
    this.#undecidedLength += line.length;
    this.#format = formatOf(line);
    if (this.#format) this.#begin(this.#format);
    else if (this.#undecidedLength > mostUndecided) this.#giveUp();
  }

  #begin(format: Format): void {
    this.#reader = this.#readerOf(format);
    for (const { start, text } of this.#undecided) this.#reader.line(start, text);
    this.#undecided = [];
  }

  #giveUp(): void {
    this.#isForeign = true;
    if (this.#undecided.some(({ text }) => text.trim() !== '')) this.#writer.reject('nothing in it looks like a log of PostgreSQL');
    this.#undecided = [];
  }

  #readerOf(format: Format): LineReader {
    const writer = this.#writer;
    switch (format) {
      case 'text':
        return new TextLog(writer);
      case 'csv':
        return csvReader(writer);
      case 'json':
        return jsonReader(writer);
      case 'iam-db-auth-error':
        return { line: (start, text) => readIamAuthError(writer, start, text, null), end: () => undefined };
    }
  }
}

function csvReader(writer: RecordWriter): LineReader {
  const log = new ColumnLog(writer);
  const records = new CsvRecords(
    (start, columns) => {
      const record = readCsvRecord(columns);
      if (record) log.take(start, record);
      else writer.reject('a record with another number of columns than csvlog has');
    },
    (why) => writer.reject(why),
  );
  let hasBegun = false;
  return {
    line(start, text) {
      // A download may begin in the middle of a record.
      hasBegun ||= formatOf(text) === 'csv';
      if (hasBegun) records.line(start, text);
    },
    end: () => records.end(),
  };
}

function jsonReader(writer: RecordWriter): LineReader {
  const log = new ColumnLog(writer);
  return {
    line(start, text) {
      if (text.trim() === '') return;
      const record = readJsonRecord(text);
      if (record) log.take(start, record);
      else writer.reject('a line that is no record of jsonlog');
    },
    end: () => undefined,
  };
}

const csvStart = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z]{1,5},(?:"(?:[^"]|"")*"|[^",]*),(?:"(?:[^"]|"")*"|[^",]*),\d{1,10},/;

/** What kind of log this line begins; null: it does not tell. */
function formatOf(line: string): Format | null {
  const first = line.charCodeAt(0);
  if (first === 123) return readJsonRecord(line) ? 'json' : null;
  if (first >= 48 && first <= 57 && csvStart.test(line.slice(0, 400))) return 'csv';
  // Last: a name in another log may hold these words.
  return isTextRecord(line) ? 'text' : isIamAuthError(line) ? 'iam-db-auth-error' : null;
}
