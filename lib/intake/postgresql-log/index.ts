import type { LoginRecord, LogSource, LogSummary } from '../../domain/login-record.ts';
import { ColumnLog, isCsvLog, isOrdinaryCsv, readCsvRecord, readJsonRecord, timeOfOrdinaryJson } from './columns.ts';
import { CsvRecords } from './csv.ts';
import { exportTime, type Format, formatOfLine, formatOfLines } from './format.ts';
import { readIamAuthError } from './iam-auth-error.ts';
import { LineSplitter } from './lines.ts';
import { RecordWriter } from './record.ts';
import { isWholeRecord, TextLog } from './text.ts';

/** What takes the bytes of a log whose format is known. */
interface LogReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** How much is looked at before a file counts as the log of another program; of a long line no more than this. */
const mostLooked = 1_000_000;
const mostLookedOfLine = 10_000;
const tooLong = 'a line of more than 10 MB';
const beginIsMissing = 'the end of a record whose begin is missing';
/** How much becomes text at once. */
const mostAtOnce = 1 << 20;
/** So much is kept of what tells nothing; no line that is looked at is longer. */
const mostKept = 12_000_000;
const mark = /^\u00ef\u00bb\u00bf/;
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/**
 * Reads one log of PostgreSQL, as downloaded: text, csvlog, jsonlog or `iam-db-auth-error`, told by its content. Bytes go in, in order and in chunks
 * of any size; each record of a login that can be settled comes out through `emit` as soon as it can be.
 */
export class PostgresqlLogParser {
  readonly #writer: RecordWriter;
  readonly #lines: LineSplitter;
  #undecided: Uint8Array[] = [];
  /** How many bytes came, and where those that are kept begin: behind lines that are too long. */
  #offset = 0;
  #keptFrom = 0;
  #looked = 0;
  #format: Format | null = null;
  /** The first line that tells a format, and where what is looked at for it begins and ends. */
  #formStart = 0;
  #formEnd = 0;
  #reader: LogReader | null = null;
  #isForeign = false;
  #isEmpty = true;

  constructor(source: LogSource, emit: (record: LoginRecord) => void) {
    this.#writer = new RecordWriter(source, emit);
    this.#lines = new LineSplitter(
      (start, text) => this.#look(start, start === 0 ? text.replace(mark, '') : text),
      (end) => this.#drop(end),
    );
  }

  /** The next bytes; they are not kept. */
  write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += mostAtOnce) this.#write(bytes.subarray(from, from + mostAtOnce));
  }

  /** Settles what is open and says what was there. */
  end(): LogSummary {
    if (!this.#reader && !this.#isForeign) this.#lines.end();
    this.#decide(true);
    this.#reader?.end();
    return this.#writer.summary(this.#format);
  }

  #write(bytes: Uint8Array): void {
    this.#reader?.write(bytes);
    if (this.#reader || this.#isForeign) return;
    // A copy: the caller may use its buffer again.
    this.#undecided.push(bytes.slice());
    this.#offset += bytes.length;
    this.#lines.write(bytes);
    if (!this.#format && this.#offset - this.#keptFrom > mostKept) {
      const { start } = this.#lines;
      this.#keepFrom(this.#offset - start > mostKept ? this.#offset : start);
    }
    this.#decide(this.#looked > mostLooked);
  }

  #look(start: number, line: string): void {
    this.#isEmpty &&= line.trim() === '';
    this.#looked += Math.min(line.length + 1, mostLookedOfLine);
    if (this.#format) return;
    this.#format = formatOfLine(line);
    this.#formStart = start;
    this.#formEnd = start + line.length + formLength;
  }

  /** A line that is too long, before anything told what log it is. */
  #drop(end: number): void {
    this.#isEmpty = false;
    if (this.#format) return;
    this.#writer.reject(tooLong);
    this.#keepFrom(end);
  }

  #keepFrom(from: number): void {
    const bytes = Buffer.concat(this.#undecided).subarray(from - this.#keptFrom);
    this.#undecided = bytes.length === 0 ? [] : [bytes];
    this.#keptFrom = from;
  }

  #decide(isLast: boolean): void {
    if (this.#reader || this.#isForeign || !(isLast || (this.#format && this.#offset >= this.#formEnd))) return;
    const bytes = Buffer.concat(this.#undecided);
    this.#undecided = [];
    this.#writer.start = this.#keptFrom;
    if (this.#format) {
      const looked = bytes
        .subarray(this.#formStart - this.#keptFrom, this.#formEnd - this.#keptFrom)
        .toString('latin1')
        .replace(mark, '');
      const lines = looked.split('\n');
      const { format, first } = formatOfLines(lines) ?? { format: this.#format, first: 0 };
      this.#format = format;
      this.#reader = readerOf(format, this.#writer, {
        begin: this.#formStart - this.#keptFrom + lines.slice(0, first).reduce((sum, { length }) => sum + length + 1, 0),
        hasTime: lines.some((line) => exportTime.test(line)),
        isShortened: !lines.some((line) => isWholeRecord(line.replace(exportTime, ''))),
        hasReturn: lines.length > 1 && lines.slice(0, -1).every((line) => line.endsWith('\r')),
      });
      if (format === 'text' && this.#keptFrom === 0 && isCutBegin(bytes.subarray(0, Math.min(this.#formStart, mostLookedOfLine)))) {
        this.#writer.reject(beginIsMissing);
      }
      const hasMark = byteOrderMark.every((byte, at) => bytes[at] === byte);
      this.#reader.write(hasMark ? bytes.subarray(byteOrderMark.length) : bytes);
      return;
    }
    this.#isForeign = true;
    if (!this.#isEmpty || this.#offset > mostLooked) this.#writer.reject('nothing in it looks like a log of PostgreSQL');
  }
}

function readerOf(format: Format, writer: RecordWriter, form: Form): LogReader {
  switch (format) {
    case 'text':
      return textReader(writer, form);
    case 'csv':
      return csvReader(writer, form.begin);
    case 'json':
      return jsonReader(writer);
    case 'iam-db-auth-error':
      return lineReader(writer, (start, text, isWhole) => {
        if (isWhole || /[).]\s*$/.test(text.slice(-20))) readIamAuthError(writer, start, text, null);
        else writer.reject('a line that is cut off');
      });
  }
}

/** What libcurl traces, and the headers that it sends. */
const trace = /^(?:[*<>{}] |[A-Z][A-Za-z-]{0,40}: \S)/;

/** True: what stands before the first record of a text log is the rest of one; that of a whole prefix is told where it is read. */
function isCutBegin(before: Uint8Array): boolean {
  const [line = ''] = Buffer.from(before).toString('latin1').replace(mark, '').replace(/^\0+/, '').split('\n', 1);
  return line.trim() !== '' && !trace.test(line) && !/^:\[\d{1,10}\]:/.test(line);
}

interface Form {
  /** Where the first record begins that is not cut. */
  readonly begin: number;
  /** Downloads and exports may have put a time before each line, or a CR behind it: the server wrote neither. */
  readonly hasTime: boolean;
  readonly hasReturn: boolean;
  /** Of a text log: no line has a whole prefix. */
  readonly isShortened: boolean;
}

/** How much is looked at for what a log is; a single line proves nothing, since a name can hold anything. */
const formLength = 65_536;

function textReader(writer: RecordWriter, { hasTime, hasReturn, isShortened }: Form): LogReader {
  const log = new TextLog(writer, undefined, isShortened);
  if (hasTime || hasReturn) {
    const bare = (line: string): string => {
      const text = hasTime ? line.replace(exportTime, '') : line;
      return hasReturn && text.endsWith('\r') ? text.slice(0, -1) : text;
    };
    return lineReader(
      writer,
      (_, line, isWhole) => log.write(isWhole ? `${bare(line)}\n` : bare(line)),
      () => log.end(),
    );
  }
  return {
    write: (bytes) => log.writeBytes(bytes),
    end: () => log.end(),
  };
}

function lineReader(
  writer: RecordWriter,
  line: (start: number, text: string, isWhole: boolean) => void,
  end: () => void = () => undefined,
): LogReader {
  const lines = new LineSplitter(line, () => writer.reject(tooLong));
  return {
    write: (bytes) => lines.write(bytes),
    end() {
      lines.end();
      end();
    },
  };
}

function csvReader(writer: RecordWriter, begin: number): LogReader {
  const log = new ColumnLog(writer);
  const records = new CsvRecords(
    (start, columns) => {
      const isOrdinary = isCsvLog(columns) && isOrdinaryCsv(columns);
      const record = isOrdinary ? null : readCsvRecord(columns);
      if (isOrdinary) log.count(columns.text, 0);
      else if (record) log.take(start, record);
      else writer.reject('a record with another number of columns than csvlog has');
    },
    (why) => writer.reject(why),
  );
  let hasBegun = false;
  let isCut = false;
  return lineReader(
    writer,
    (start, text) => {
      // A download may begin in the middle of a record, in whose text a line may look like a record.
      if (!hasBegun && start >= begin && formatOfLine(text) === 'csv') {
        hasBegun = true;
        if (isCut) writer.reject(beginIsMissing);
      }
      if (hasBegun) records.line(start, text);
      else isCut ||= text.trim() !== '';
    },
    () => records.end(),
  );
}

function jsonReader(writer: RecordWriter): LogReader {
  const log = new ColumnLog(writer);
  return lineReader(writer, (start, text) => {
    if (text === '' || text.trim() === '') return;
    const time = timeOfOrdinaryJson(text);
    if (time >= 0) {
      log.count(text, time);
      return;
    }
    const record = readJsonRecord(text);
    if (record) log.take(start, record);
    else writer.reject('a line that is no record of jsonlog');
  });
}
