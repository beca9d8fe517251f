import type { LogSummary } from '../../domain/login-record.ts';
import { isCsvLog, readJsonRecord } from './columns.ts';
import { CsvColumns, hasOddQuotes, surelyBegins } from './csv.ts';
import { isIamAuthError } from './iam-auth-error.ts';
import { isTextRecord } from './text.ts';

/** In what form one log is written. */
export type Format = Exclude<LogSummary['format'], 'cloudwatch' | null>;

const csvTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z]{1,5},/;
const csvStart = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z]{1,5},(?:"(?:[^"]|"")*"|[^",]*),(?:"(?:[^"]|"")*"|[^",]*),\d{1,10},/;
/** Downloads and exports may have put it before each line. */
export const exportTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /;
/** So many lines that begin like a record of csvlog are taken for the first one: those before it stand within a record that the begin of the file cuts. */
const mostAnchors = 100;
/** More than one fits into no names. */
const leastCsvRecords = 2;

/** What kind of log this line begins by its looks; null: it does not tell. */
export function formatOfLine(line: string): Format | null {
  const first = line.charCodeAt(0);
  if (first === 123) return readJsonRecord(line) ? 'json' : null;
  if (first >= 48 && first <= 57 && csvStart.test(line.slice(0, 400))) return 'csv';
  // Last: a name in another log may hold these words.
  return isTextRecord(line.replace(exportTime, '')) ? 'text' : isIamAuthError(line) ? 'iam-db-auth-error' : null;
}

/** What kind of log it is; of csvlog, which line begins the first record that is not cut. */
export interface FoundFormat {
  readonly format: Format;
  readonly first: number;
}

/**
 * What kind of log these lines are of (latin1; the first of them tells a format by its looks). A name in a text log may look like a record of csvlog or jsonlog,
 * a message in csvlog like one of the text log; so where lines tell different formats, the one decides in which all of them have their place.
 */
export function formatOfLines(lines: readonly string[]): FoundFormat | null {
  const looks = lines.map(formatOfLine);
  const format = looks.find((look) => look !== null) ?? null;
  if (format === null || format === 'iam-db-auth-error') return format && { format, first: 0 };
  // No record of jsonlog holds a line break: only what is cut at the begin is none.
  const isJson = looks.includes('json') && lines.every((line, index) => index === 0 || line.trim() === '' || looks[index] === 'json');
  if (isJson) return { format: 'json', first: 0 };
  const isText = looks.includes('text');
  const anchors = looks.flatMap((look, index) => (look === 'csv' ? [index] : [])).slice(0, mostAnchors);
  const anchor = anchors.find((index) => areCsvRecords(lines.slice(index), { isFirst: index === 0, isOther: isText }));
  if (anchor !== undefined) return { format: 'csv', first: anchor };
  return isText ? { format: 'text', first: 0 } : { format, first: anchors[0] ?? 0 };
}

const columns = new CsvColumns();
/** Of the columns that the server fills in itself. */
const ownColumns: readonly (readonly [column: number, form: RegExp])[] = [
  [5, /^[0-9a-f]{1,16}\.[0-9a-f]{1,16}$/],
  [6, /^\d{1,19}$/],
  [11, /^[A-Z]{3,9}[1-5]?$/],
  [12, /^[0-9A-Z]{5}$/],
];

/**
 * True: these lines are records of csvlog, one after the other. The last may be cut; then, and where lines stand before them, one record is no proof.
 * `isOther`: lines of a text log stand among them; where none does, what is none of csvlog is a fault of its own.
 */
function areCsvRecords(lines: readonly string[], { isFirst, isOther }: { readonly isFirst: boolean; readonly isOther: boolean }): boolean {
  let records = 0;
  let open: string | null = null;
  for (const [index, line] of lines.entries()) {
    // A record that was cut in the middle of a log.
    if (open !== null && surelyBegins(line)) open = null;
    if (open === null && line.trim() === '') continue;
    const record: string = open === null ? line : `${open}\n${line}`;
    const isWhole: boolean = hasOddQuotes(line) === (open !== null);
    if ((open === null && !csvTime.test(line)) || (isWhole && !isCsvRecord(record))) {
      return isOther ? index === lines.length - 1 && records >= leastCsvRecords : records > 0;
    }
    if (isWhole) records++;
    open = isWhole ? null : record;
  }
  return records >= (isOther && !(isFirst && open === null) ? leastCsvRecords : 1);
}

const strict = /^(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))*$/;

function isCsvRecord(text: string): boolean {
  const record = text.replace(/\r$/, '');
  columns.read(record);
  return isCsvLog(columns) && strict.test(record) && ownColumns.every(([column, form]) => form.test(columns.get(column)));
}
