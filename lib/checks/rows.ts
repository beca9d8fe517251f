import type { ActivityContext } from '../evidence/check-kinds.ts';

/** A row of a query. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Separates the texts of a list in one column; no name that PostgreSQL logs whole can hold it. */
const separator = '\u001f';

/** The column as text, null where it is empty. */
export function textOf(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

/** The column as a number; 0 where it is empty. */
export function numberOf(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}

/** The column as a moment, ISO 8601. */
export function timeOf(row: Row, column: string): string {
  return new Date(numberOf(row, column)).toISOString();
}

/** The column as a sorted list: `array_join(array_sort(array_agg(DISTINCT x)), chr(31))`. */
export function listOf(row: Row, column: string): readonly string[] {
  const text = textOf(row, column);
  return text === null || text === '' ? [] : text.split(separator).sort();
}

/** Whether a call is one in the account that is judged: an organization's trail holds those of others too. Where either is not told, it is. */
export function isOfAccount(row: Row, { evidence }: Pick<ActivityContext, 'evidence'>): boolean {
  const account = textOf(row, 'account') ?? '';
  return account === '' || evidence.account === '' || account === evidence.account;
}
