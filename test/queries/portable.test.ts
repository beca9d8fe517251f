import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openTables } from '../../lib/adapters/local/duckdb.ts';
import { checks } from '../../lib/checks/registry.ts';
import { type QueryFile, readQueryFile } from '../../lib/intake/query-file.ts';
import { factQueries } from '../../lib/monitor/activity-facts.ts';
import { faultsOf } from './portable.ts';
import { withRows } from './rows.ts';

const queries = join(import.meta.dirname, '..', '..', 'queries');
const files = ['extract', 'check'].flatMap((folder) =>
  readdirSync(join(queries, folder))
    .sort()
    .map((name) => [`${folder}/${name}`, readQueryFile(readFileSync(join(queries, folder, name), 'utf8'))] as const),
);

describe.each(files)('%s', (path, query) => {
  it('begins with what it is', () => {
    const header = readFileSync(join(queries, path), 'utf8').split('\n').slice(0, 5);

    expect(header.map((line) => /^-- (\w+): ?/.exec(line)?.[1])).toEqual(['id', 'finds', 'reads', 'params', 'returns']);
    expect(`${query.id}.sql`).toBe(path.split('/')[1]);
    expect(query.finds.length).toBeGreaterThan(20);
  });

  it('holds nothing that one of the engines takes otherwise', () => {
    expect(faultsOf(query)).toEqual([]);
  });

  it('returns the columns that it names, as texts and whole numbers', async () => {
    const columns = await columnsOf(query);

    expect(columns.map(({ name }) => name)).toEqual(query.returns);
    // A sum of DuckDB is wider than Trino's.
    const types = path.startsWith('extract/') ? ['VARCHAR', 'BIGINT'] : ['VARCHAR', 'BIGINT', 'INTEGER', 'HUGEINT'];
    expect(columns.filter(({ type }) => !types.includes(String(type)))).toEqual([]);
  });
});

it('has a check for each query, and the queries of the facts and the coverage', () => {
  const owned = checks.filter(({ kind }) => kind === 'activity').map(({ id }) => `check/${id}.sql`);

  expect(files.map(([path]) => path).sort()).toEqual(
    [
      'extract/api_call.sql',
      'extract/login.sql',
      'check/later-logins.sql',
      ...Object.keys(factQueries).map((id) => `check/${id}.sql`),
      ...owned,
    ].sort(),
  );
});

/** Mistakes that DuckDB, or Trino, or both, let pass. */
const mistakes: readonly [sql: string, fault: string | RegExp][] = [
  ['SELECT cluster::varchar FROM log_hour', 'holds ::'],
  ["SELECT cluster FROM log_hour WHERE cluster ILIKE 'a'", 'says ilike'],
  ['SELECT cluster FROM log_hour QUALIFY row_number() OVER (ORDER BY hour) = 1', 'says qualify'],
  ['SELECT cluster FROM log_hour GROUP BY ALL', 'says all'],
  ['SELECT list_transform(x, x -> 1) FROM log_hour', 'calls list_transform'],
  ['SELECT x -> 1 FROM log_hour', 'holds ->'],
  ['SELECT count(*) FILTER (WHERE hour > 1) FROM log_hour', 'says filter'],
  ['SELECT hour FROM log_hour LIMIT 1 OFFSET 2', 'says offset'],
  ['SELECT hour / 3.0 FROM log_hour', 'holds the decimal 3.0'],
  ['SELECT hour FROM log_hour WHERE hour == 1', 'holds =='],
  ['SELECT CAST(cluster AS varchar(2)) FROM log_hour', 'cuts a text by CAST'],
  ['SELECT try_cast(cluster AS bigint) FROM log_hour', 'casts unchecked text'],
  ['SELECT array_agg(hour) FROM log_hour', 'leaves an array unsorted'],
  ["SELECT array_join(array_sort(array_agg(cluster)), ',') FROM log_hour", 'leaves copies in an array'],
  ['SELECT * FROM log_hour CROSS JOIN UNNEST(x) AS t(y)', 'says unnest'],
  ['SELECT hour FROM log_hour WHERE hour > now()', 'calls now'],
  ['SELECT hour FROM log_hour WHERE hour > current_timestamp', 'says current_timestamp'],
  ['SELECT json_extract_scalar(cluster, \'$["a"]\') FROM log_hour', 'holds the path'],
  ["SELECT regexp_like(cluster, 'a$') FROM log_hour", 'holds $ in a pattern'],
  ["SELECT regexp_like(cluster, '(?=a)') FROM log_hour", 'looks around'],
  ["SELECT regexp_extract(cluster, '(a)\\1') FROM log_hour", 'holds \\1 in a pattern'],
  ['SELECT regexp_like(cluster, instance) FROM log_hour', 'holds a pattern that is no literal'],
  ['SELECT lag(hour) IGNORE NULLS OVER (ORDER BY hour) FROM log_hour', 'says ignore'],
  ['SELECT sum(hour) OVER (ORDER BY hour ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM log_hour', 'says following'],
  ['SELECT hour AS at FROM log_hour', 'says at'],
  ['SELECT hour FROM log_hour WHERE hour = ?', 'has 1 parameters and names 0'],
  ['SELECT hour FROM logins', 'reads logins, which no layer defines'],
  ['SELECT cluster FROM login', 'names the days of 0'],
  ['SELECT hour FROM log_hour ORDER BY hour', 'orders its rows'],
  ['SELECT "hour" FROM log_hour', 'holds "hour"'],
  ["SELECT date_format(hour, '%Y') FROM log_hour", 'calls date_format'],
  ['SELECT hour FROM log_hour;', 'holds ;'],
];

describe('what is looked for', () => {
  it.each(mistakes)('finds what is wrong in %s', (sql, fault) => {
    const query: QueryFile = { id: 'x', finds: '', reads: ['log_hour'], params: [], returns: [], sql };

    expect(faultsOf(query).join('; ')).toContain(fault);
  });

  it('takes words in texts and comments for what they are', () => {
    const sql = "SELECT 'it''s now() ? :: ILIKE' AS x -- now() ? ::\nFROM log_hour";

    expect(faultsOf({ id: 'x', finds: '', reads: ['log_hour'], params: [], returns: [], sql })).toEqual([]);
  });
});

describe('the layer of Athena', () => {
  it('has the tables of the laptop, column by column', async () => {
    const layer = readFileSync(join(queries, 'layer', 'athena.sql'), 'utf8');
    const named = [...layer.matchAll(/^(\w+) AS \(\s+SELECT\s([\s\S]*?)\sFROM/gm)].map(([, table, columns = '']) => [
      table,
      columns
        .replaceAll(/\w+\((?:[^()]|\([^()]*\))*\)/g, '')
        .split(',')
        .map((column) => column.trim().split(/\s/).at(-1)),
    ]);

    const own = await withRows({}, async (folder) => {
      const tables = await openTables(folder);
      const rows = await tables.query(
        "SELECT table_name AS name, array_join(array_agg(column_name ORDER BY ordinal_position), ',') AS columns FROM information_schema.columns GROUP BY 1",
        [],
      );
      tables.close();
      return rows.map(({ name, columns }) => [name, String(columns).split(',')]);
    });

    expect(named.sort()).toEqual(own.sort());
  });
});

async function columnsOf({ sql, params }: QueryFile): Promise<{ name: unknown; type: unknown }[]> {
  return withRows({}, async (folder) => {
    const tables = await openTables(folder);
    for (const [path, extract] of files.filter(([name]) => name.startsWith('extract/'))) {
      await tables.query(`CREATE TABLE ${path.slice(8, -4)} AS ${extract.sql}`, ['0000/00/00', '9999/99/99']);
    }
    const values = params.map((name) => (name.endsWith('_day') ? '2026/05/01' : 1));
    await tables.query(`CREATE TABLE result AS ${sql}`, values);
    const rows = await tables.query(
      "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = 'result' ORDER BY ordinal_position",
      [],
    );
    tables.close();
    return rows.map(({ name, type }) => ({ name, type }));
  });
}
