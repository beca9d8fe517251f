import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../../domain/errors.ts';
import { valuesOf } from '../../intake/query-file.ts';
import type { QueryParameter, QueryRow, RunQuery } from '../../ports/query.ts';
import { loadLayer, loadQuery } from './query-files.ts';
import { besideSessions, mostRowBytes, rowFileGroups, rowFiles, tableNames } from './rows.ts';
import { type Table, tables } from './tables.ts';

/** Memory that the engine takes; what is more goes to the disk. */
const mostMemory = '200MB';
/** Bytes of rows that are grouped into `login` at a time, which takes several times as much memory. */
const mostGrouped = 50_000_000;
/** Every day that a partition may have. */
const allDays = { from_day: '0000/00/00', to_day: '9999/99/99' };

/** An embedded engine with the tables that the queries read. */
export interface Engine {
  readonly run: RunQuery;
  close(): void;
}

/** An engine with the tables that the extracts read. */
interface Tables {
  /** Runs SQL; rejects with a QueryError when the engine refuses it. */
  query(sql: string, values: readonly QueryParameter[]): Promise<QueryRow[]>;
  /** Has a view read these files. */
  read(view: Table, files: readonly string[]): Promise<void>;
  /** Makes a table of these files, in the place of a view. */
  keep(view: Table, files: readonly string[]): Promise<void>;
  /** Stops what runs. */
  interrupt(): void;
  close(): void;
}

/**
 * Opens DuckDB over the rows that {@link rowFiles} finds in `folder`, and fills `login` and `api_call` by the same SQL as Athena: `login` from about
 * `grouped` bytes of rows at a time. `progress` gets how many of these parts are grouped, of all.
 */
export async function openDuckDb(
  folder: string,
  signal?: AbortSignal,
  grouped = mostGrouped,
  progress?: (done: number, total: number) => void,
): Promise<Engine> {
  const tables = await openTables(folder, ['login_record']);
  try {
    const fill = async (id: string, into: string): Promise<void> => {
      signal?.throwIfAborted();
      const extract = await loadQuery('extract', id);
      await interruptible(tables, signal, () => tables.query(`${into} ${extract.sql}`, valuesOf(extract, allDays)));
    };
    await fill('api_call', 'CREATE TABLE api_call AS');
    // An attempt is of one process, so that what stands in other files is no part of it.
    const files = await rowFiles(folder, 'login_record');
    const [first = [], ...others] = await rowFileGroups(files, grouped);
    progress?.(0, others.length + 1);
    await tables.read('login_record', first);
    await fill('login', 'CREATE TABLE login AS');
    for (const [index, group] of others.entries()) {
      progress?.(index + 1, others.length + 1);
      await tables.read('login_record', group);
      await fill('login', 'INSERT INTO login');
    }
    progress?.(others.length + 1, others.length + 1);
    signal?.throwIfAborted();
    // Of sessions the checks read `login`.
    await interruptible(tables, signal, () => tables.keep('login_record', besideSessions(files)));
  } catch (error) {
    tables.close();
    throw error;
  }
  // One connection runs one query at a time; DuckDB itself uses all cores for it.
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(id, parameters, signal) {
      const next = last.then(async () => {
        signal?.throwIfAborted();
        const query = await loadQuery('check', id);
        const rows = await interruptible(tables, signal, () => tables.query(query.sql, valuesOf(query, parameters)));
        return inOrder(rows);
      });
      last = next.catch(() => undefined);
      return next;
    },
    close: () => tables.close(),
  };
}

/**
 * Opens DuckDB over the rows that {@link rowFiles} finds in `folder`, with the layer that lets it read Athena's SQL. `views` are not filled: they are read from the
 * files by each query.
 */
export async function openTables(folder: string, views: readonly Table[] = []): Promise<Tables> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: folder,
    memory_limit: mostMemory,
    // Each thread needs its own share of the memory.
    threads: String(Math.min(8, availableParallelism())),
    preserve_insertion_order: 'false',
    // What is freed goes back to the system early: a fifth less memory, in the same time.
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
  });
  const connection = await instance.connect();
  await connection.run(await loadLayer('duckdb'));
  for (const table of tableNames) {
    const source = sourceOf(table, await rowFiles(folder, table));
    await read(connection, `CREATE ${views.includes(table) ? 'VIEW' : 'TABLE'} "${table}" AS ${source}`, []);
  }
  return {
    query: (sql, values) => read(connection, sql, values),
    async read(view, files) {
      await read(connection, `CREATE OR REPLACE VIEW "${view}" AS ${sourceOf(view, files)}`, []);
    },
    async keep(view, files) {
      await connection.run(`DROP VIEW "${view}"`);
      await read(connection, `CREATE TABLE "${view}" AS ${sourceOf(view, files)}`, []);
    },
    interrupt: () => connection.interrupt(),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** SQL that gives the rows of a table. */
function sourceOf(table: Table, files: readonly string[]): string {
  const columns = Object.entries(tables[table]);
  if (files.length === 0) return `SELECT ${columns.map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`).join(', ')} WHERE false`;
  const types = columns.map(([name, type]) => `"${name}": '${type}'`).join(', ');
  const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
  return `SELECT * FROM read_json([${list}], columns = {${types}}, format = 'newline_delimited', maximum_object_size = ${mostRowBytes})`;
}

async function read(connection: DuckDBConnection, sql: string, values: readonly QueryParameter[]): Promise<QueryRow[]> {
  try {
    return await readOnce(connection, sql, values).catch(async (error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('Out of Memory'))) throw error;
      // Rather more memory than no answer.
      await connection.run(`SET memory_limit = '${Math.ceil(totalmem() / 2_000_000)}MB'`);
      return readOnce(connection, sql, values);
    });
  } catch (error) {
    throw new QueryError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function readOnce(connection: DuckDBConnection, sql: string, values: readonly QueryParameter[]): Promise<QueryRow[]> {
  const { BIGINT, VARCHAR } = await import('@duckdb/node-api');
  const bound = values.map((value) => (typeof value === 'number' ? BigInt(value) : value));
  const types = values.map((value) => (typeof value === 'number' ? BIGINT : VARCHAR));
  const reader = await connection.runAndReadAll(sql, bound, types);
  return reader.getRowObjectsJS().map(plainRow);
}

/** The rows in the order of their text: an engine that works on several cores gives them in any. */
function inOrder(rows: readonly QueryRow[]): QueryRow[] {
  const keyed = rows.map((row) => [JSON.stringify(row), row] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function plainRow(row: Readonly<Record<string, unknown>>): QueryRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value === null || typeof value === 'string') return [name, value];
      if (typeof value === 'bigint' || typeof value === 'number') return [name, Number(value)];
      throw new QueryError(`The column ${name} is neither text nor a whole number.`);
    }),
  );
}

async function interruptible<T>(tables: Tables, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const interrupt = (): void => tables.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}
