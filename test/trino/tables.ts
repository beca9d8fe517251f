// The tables of the stack's Glue database on Trino, and rows in them.
import { type Table, tables } from '../../lib/adapters/local/tables.ts';
import { literal } from '../../lib/intake/query-file.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import type { TrinoServer } from './server.ts';

/** A row by the names of its columns; one that is not named is NULL. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Makes the table as Glue has it: `<table>_log`. */
export async function createTable(trino: TrinoServer, table: Table): Promise<void> {
  const columns = columnsOf(table).map(([name, type]) => `"${name}" ${type.replaceAll('STRUCT(', 'ROW(')}`);
  await trino.run(`CREATE TABLE ${table}_log (${columns.join(', ')})`);
}

/** Adds rows to `<table>_log`. */
export async function insertRows(trino: TrinoServer, table: Table, rows: readonly TableRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 200) {
    const values = rows.slice(at, at + 200).map(
      (row) =>
        `(${columnsOf(table)
          .map(([name]) => literalOf(row[name]))
          .join(', ')})`,
    );
    await trino.run(`INSERT INTO ${table}_log VALUES ${values.join(', ')}`);
  }
}

/** The rows of a statement. */
export async function rowsOf(trino: TrinoServer, sql: string): Promise<QueryRow[]> {
  const { columns, rows } = await trino.run(sql);
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] as string | number | null])));
}

function columnsOf(table: Table): readonly (readonly [name: string, type: string])[] {
  return Object.entries({
    ...tables[table],
    ...(table === 'cloudtrail' ? { responseelements: 'VARCHAR' } : {}),
    ...(table === 'log_object' ? { torn: 'ARRAY(VARCHAR)' } : {}),
  });
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return `CAST(ARRAY[${value.map(literalOf).join(', ')}] AS array(varchar))`;
  if (typeof value === 'object') return `ROW(${Object.values(value).map(literalOf).join(', ')})`;
  return literal(value as string | number);
}
