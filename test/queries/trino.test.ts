import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTables } from '../../lib/adapters/local/duckdb.ts';
import { loadLayer, loadQuery } from '../../lib/adapters/local/query-files.ts';
import { RowFiles, rowFiles, tableNames } from '../../lib/adapters/local/rows.ts';
import { cloudTrailRow, logHourRow, type Table } from '../../lib/adapters/local/tables.ts';
import { checks } from '../../lib/checks/registry.ts';
import { type Configuration, defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { LoginRecord } from '../../lib/domain/login-record.ts';
import type { Window } from '../../lib/evidence/window.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { literal, valuesOf, withLiterals } from '../../lib/intake/query-file.ts';
import { printQueryText } from '../../lib/main/query-text.ts';
import { factQueries } from '../../lib/monitor/activity-facts.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import { describeWhere } from '../needs.ts';
import { startTrino, type TrinoServer, whyNoTrino } from '../trino/server.ts';
import { createTable, insertRows, rowsOf, type TableRow } from '../trino/tables.ts';
import { assumeRole, call, stranger } from './calls.ts';
import { every, failure, iamError, iamFailure, session } from './logged.ts';
import { parametersOf } from './parameters.ts';
import { randomCalls, randomHours, randomObjects, randomRecords } from './random.ts';

const begin = '2026-05-01T00:00:00Z';
const dayLength = 86_400_000;
const allDays = { from_day: '0000/00/00', to_day: '9999/99/99' };

const usual = { configuration: defaultConfiguration, window: { from: Date.parse(begin), to: Date.parse(begin) + 3 * dayLength } };
/** What else is asked, and how: such that nearly everything is found, and a part of what is there. */
const cases: readonly { readonly how: string; readonly configuration: Configuration; readonly window: Window }[] = [
  { how: 'with low thresholds', ...usual, configuration: lowered({ failedLogins: 2, deniedCalls: 2 }) },
  {
    how: 'from a moment of a burst to another',
    ...usual,
    window: { from: Date.parse('2026-05-02T12:00:03Z'), to: Date.parse('2026-05-02T12:00:20Z') },
  },
  { how: 'in half a day', ...usual, window: { from: Date.parse(begin) + dayLength, to: Date.parse(begin) + 1.5 * dayLength } },
];

/** Queries that Athena runs, and one that a scan of a folder asks. */
const printed = [...checks.filter(({ kind }) => kind === 'activity').map(({ id }) => id), ...Object.keys(factQueries)];
const ids = [...printed, 'later-logins'];

describeWhere(whyNoTrino(), 'the queries on DuckDB and on Trino', () => {
  let trino: TrinoServer;
  let duckDb: Awaited<ReturnType<typeof openTables>>;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aurora-watch-test-'));
    writeRows(folder);
    [trino, duckDb] = await Promise.all([startTrino(), openTables(folder)]);
    const layer = tablesOf(await loadLayer('athena'));
    for (const table of tableNames) {
      await createTable(trino, table);
      await insertRows(trino, table, await writtenRows(folder, table));
      await trino.run(`CREATE VIEW ${table} AS ${layer.get(table) ?? `SELECT * FROM ${table}_log`}`);
    }
    for (const id of ['login', 'api_call']) {
      const text = withLiterals(await loadQuery('extract', id), allDays);
      await duckDb.query(`CREATE TABLE ${id} AS ${text}`, []);
      await trino.run(`CREATE TABLE ${id} AS ${text}`);
    }
  }, 150_000);

  afterAll(async () => {
    duckDb?.close();
    await trino?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it.each(['login', 'api_call'])('%s has the same rows, of the columns that its header names', async (id) => {
    const { returns } = await loadQuery('extract', id);

    const rows = await duckDb.query(`SELECT * FROM ${id}`, []);
    const theirs = await rowsOf(trino, `SELECT * FROM ${id}`);

    expect(rows.length).toBeGreaterThan(100);
    expect(sorted(theirs)).toEqual(sorted(rows));
    expect(Object.keys(rows[0] ?? {})).toEqual(returns);
  });

  it.each(cases.flatMap((one) => ids.map((id) => [id, one.how, one] as const)))(
    '%s %s',
    async (id, _how, { configuration, window }) => {
      const query = await loadQuery('check', id);
      const parameters = parametersOf(id, configuration, window);

      const rows = await duckDb.query(query.sql, valuesOf(query, parameters));
      const theirs = await rowsOf(trino, withLiterals(query, parameters));

      expect(sorted(theirs)).toEqual(sorted(rows));
      for (const row of rows) expect(Object.keys(row)).toEqual(query.returns);
      // Rows of each kind: a column that is the same in all of them would hide what one of the engines makes of it.
      const single = query.returns.filter((name) => new Set(rows.map((row) => row[name])).size < 2);
      if (window === usual.window && id !== 'later-logins') expect(single.filter((name) => name !== 'began_ms')).toEqual([]);
    },
    20_000,
  );

  it.each(printed)(
    '"aurora-watch query %s" prints what Trino runs, over the tables of the stack; with parameters it is the same',
    async (id) => {
      const query = await loadQuery('check', id);
      const parameters = parametersOf(id, defaultConfiguration, usual.window);
      const text = await printQueryText(id, { now: usual.window.to, from: usual.window.from, configuration: defaultConfiguration });

      const rows = await duckDb.query(query.sql, valuesOf(query, parameters));
      const theirs = await rowsOf(trino, text);
      const bound = await rowsOf(trino, execute(query.sql, valuesOf(query, parameters)));

      expect(sorted(theirs)).toEqual(sorted(rows));
      expect(sorted(bound)).toEqual(sorted(rows));
    },
    20_000,
  );
});

/** What the layer says that each table is. The hours stay as they are, so that the queries themselves are seen to add them up. */
function tablesOf(layer: string): Map<string, string> {
  return new Map([...layer.matchAll(/^(log_object) AS \(\n([\s\S]*?)^\)/gm)].map(([, name = '', text = '']) => [name, text]));
}

function lowered(thresholds: Partial<Configuration['thresholds']>): Configuration {
  return { ...defaultConfiguration, thresholds: { ...defaultConfiguration.thresholds, ...thresholds } };
}

function writeRows(folder: string): void {
  const rows = new RowFiles(folder, 0);
  // Many attempts that collide, and some over days.
  for (const record of randomRecords(1, 700, begin, 900)) rows.add('login_record', record);
  for (const record of randomRecords(2, 700, begin, 2.5 * 86_400)) rows.add('login_record', record);
  // Around the end of February in a leap year; of a cluster of its own, lest a session of before ends then.
  for (const record of randomRecords(8, 300, '2028-02-28T23:50:00Z', 86_400 + 1200))
    rows.add('login_record', { ...record, cluster: 'leap' });
  for (const record of found) rows.add('login_record', record);
  for (const hour of randomHours(3, 200, begin)) rows.add('log_hour', logHourRow(hour));
  for (const object of randomObjects(6, 60, begin)) rows.add('log_object', object);
  const calls = [...randomCalls(4, 300, begin, 900), ...randomCalls(5, 300, begin, 2.5 * 86_400)];
  for (const call of [...calls, ...assumed]) {
    const event = readCloudTrailRecord(call);
    if (event) rows.add('cloudtrail', cloudTrailRow(event));
  }
  rows.flush();
}

/** What chance makes too seldom: bursts of both kinds, IAM sessions and weak TLS of several users. */
const noon = '2026-05-02T12:00:00Z';
const found: readonly LoginRecord[] = [
  ...every(1, noon, 25, (time) => iamFailure(time, { user: 'guessed', host: '198.51.100.7' })),
  iamError(noon, 'arn:aws:sts::111122223333:assumed-role/reporting/mallory', { user: 'guessed' }),
  ...every(1, noon, 25, (time) => failure(time, { user: 'guessed', host: '198.51.100.8' })),
  ...every(60, noon, 3, (time) => session(time, { user: 'reader', method: 'pam', host: '198.51.100.9' })),
  ...every(60, noon, 2, (time) => session(time, { user: 'writer', method: 'pam', cluster: 'billing', host: '198.51.100.9' })),
  ...every(60, noon, 4, (time) => session(time, { user: 'old', protocol: 'TLSv1', cipher: 'RC4-MD5', host: '198.51.100.10' })),
];
const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const theirs = {
  type: 'AssumedRole',
  principalId: 'AROA:theirs',
  arn: 'arn:aws:sts::444455556666:assumed-role/deploy/theirs',
  accountId: '444455556666',
};
const assumed: readonly object[] = [
  ...every(60, noon, 3, (time) => [assumeRole(time, role('orders-app'), stranger)]),
  assumeRole('2026-05-02T13:00:00Z', role('orders-app'), theirs, { sourceIPAddress: '198.51.100.4' }),
  // Of this one only the trail of the caller's account tells.
  assumeRole(noon, role('billing-app'), theirs, { recipientAccountId: '444455556666' }),
  call(
    noon,
    'AssumeRole',
    { roleArn: role('billing-app'), sourceIdentity: 'jo@example.com' },
    { eventSource: 'sts.amazonaws.com', userIdentity: { ...stranger, accountId: '123456789012' } },
  ),
];

/** With `?` in the text and the values beside it, as Athena's parameters work. */
function execute(sql: string, values: readonly (string | number)[]): string {
  return `EXECUTE IMMEDIATE ${literal(sql)} USING ${values.map(literal).join(', ')}`;
}

/** The rows of a table that {@link RowFiles} wrote. */
async function writtenRows(folder: string, table: Table): Promise<readonly TableRow[]> {
  const lines = (await rowFiles(folder, table)).flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  // Glue has a list where the layer gives a text.
  const listed = ({ torn, ...row }: TableRow): TableRow => ({ ...row, torn: torn === '' ? [] : String(torn).split('\u001f') });
  return lines.map((line) => JSON.parse(line) as TableRow).map((row) => (table === 'log_object' ? listed(row) : row));
}

function sorted(rows: readonly QueryRow[]): QueryRow[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
