import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDuckDb } from '../../lib/adapters/local/duckdb.ts';
import { loadLayer } from '../../lib/adapters/local/query-files.ts';
import { RowsByDay } from '../../lib/adapters/local/rows-by-day.ts';
import { logHourRow } from '../../lib/adapters/local/tables.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { logObjectOf } from '../../lib/domain/log-object.ts';
import type { LogHour, LoginRecord } from '../../lib/domain/login-record.ts';
import { readObject } from '../../lib/main/parse-logs.ts';
import { printQueryText } from '../../lib/main/query-text.ts';
import { deliver, plainLog } from '../adapters/local/delivery.ts';
import { packageService } from '../e2e/packaged.ts';
import { parseDelivery } from '../intake/postgresql-log/parse.ts';
import { describeWhere } from '../needs.ts';
import { createStatement, glueTables } from '../trino/glue.ts';
import { startTrino, type TrinoServer, whyNoTrino } from '../trino/server.ts';
import { createTable, rowsOf } from '../trino/tables.ts';
import { parametersOf } from './parameters.ts';
import { randomHours, randomRecords } from './random.ts';
import { withRows } from './rows.ts';

const begin = '2026-05-01T00:00:00Z';

describeWhere(whyNoTrino('hive'), "the parse function's rows, read by Trino through the template's tables", () => {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-glue-'));
  let trino: TrinoServer;
  /** Rows with any text in them, and rows of a log that the stream delivered. */
  const records: LoginRecord[] = [...randomRecords(1, 700, begin, 2.5 * 86_400)];
  const hours: LogHour[] = [...randomHours(3, 60, begin)];

  const keep = (key: string, path: string): void => {
    const place = join(trino.folder, key);
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(path, place);
  };

  beforeAll(async () => {
    const [server, packaged] = await Promise.all([startTrino('hive'), packageService()]);
    trino = server;
    for (const [name, table] of glueTables(packaged.resolved({ account: '111122223333' })))
      if (/^log/.test(name)) await trino.run(createStatement(table));
    // Of another form, which Athena alone reads: here so that the layer, which names it, is understood.
    await createTable(trino, 'cloudtrail');

    const rows = new RowsByDay(mkdtempSync(join(folder, 'rows-')), { from: '2026/05/01', to: '2026/05/31' });
    for (const record of records) rows.add('login_record', record);
    for (const hour of hours) rows.add('log_hour', logHourRow(hour));
    for (const { table, day, path } of await rows.zip()) keep(`${table}/${day}/random.gz`, path);

    for (const [index, content] of deliver(plainLog(), { size: 50, documents: 3, newline: true, apart: false, members: false }).entries()) {
      const key = `cloudwatch/2026/05/03/11/logs-${index}.gz`;
      const object = logObjectOf(key);
      if (!object) throw new Error(key);
      const read = await readObject(object, async (_, path) => writeFileSync(path, content));
      for (const one of read.rows) keep(one.key, one.path);
      await read.discard();
      const parsed = parseDelivery(gunzipSync(content));
      const named = (text: string): string => text.replace(/^delivery/, key);
      records.push(...parsed.records.map((one) => ({ ...one, id: named(one.id), object: named(one.object) })));
      hours.push(...parsed.summary.hours);
    }
    // No trail has delivered anything.
    await trino.run('CREATE TABLE api_call (ts_ms bigint, day varchar)');
  }, 300_000);
  afterAll(async () => {
    await trino?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const select = async (sql: string): Promise<readonly string[]> =>
    sorted(await rowsOf(trino, `WITH ${await loadLayer('athena')}\n${sql}`));
  const sorted = (rows: readonly object[]): readonly string[] =>
    rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

  /** No query reads the id, nor the object of what is not forged, so neither is kept. */
  const asKept = (record: LoginRecord): object => ({ ...record, id: null, object: record.forged === 1 ? record.object : null });

  it('are the rows that the parser emitted, with every text as it was', async () => {
    const found = await select("SELECT * FROM login_record WHERE day BETWEEN '2026/05/01' AND '2026/05/04'");

    expect(records.length).toBeGreaterThan(1000);
    expect(found).toEqual(sorted(records.map(asKept)));
  }, 60_000);

  it('are found by their day alone', async () => {
    const found = await select("SELECT * FROM login_record WHERE day BETWEEN '2026/05/02' AND '2026/05/02'");
    const { rows } = await trino.run(`SELECT DISTINCT "$path" FROM login_record_log WHERE day = '2026/05/02'`);

    expect(found).toEqual(sorted(records.filter(({ day }) => day === '2026/05/02').map(asKept)));
    expect(rows).toEqual([[expect.stringMatching(/login_record\/2026\/05\/02\/random\.gz$/)]]);
  }, 60_000);

  it('count the hours of each instance, however many objects an hour is in', async () => {
    const sums = new Map<string, LogHour & { day: string }>();
    for (const hour of hours) {
      const key = JSON.stringify([hour.cluster, hour.instance, hour.hour]);
      const { records: before = 0, rejected = 0 } = sums.get(key) ?? {};
      sums.set(key, { ...logHourRow(hour), records: before + hour.records, rejected: rejected + hour.rejected });
    }
    const found = await select("SELECT * FROM log_hour WHERE day BETWEEN '2026/05/01' AND '2026/05/31'");

    expect(found).toEqual(sorted([...sums.values()]));
  }, 60_000);

  it.each(['failed-password-logins', 'plaintext-sessions', 'log-forgery', 'log-gaps'])(
    'are what "aurora-watch query %s" prints the SQL for, the same as on a laptop',
    async (id) => {
      const now = Date.parse('2026-05-04T00:00:00Z');
      const text = await printQueryText(id, { now, from: Date.parse(begin), configuration: defaultConfiguration });

      const theirs = await rowsOf(trino, text);
      const rows = await withRows({ records, hours }, async (rowsFolder) => {
        const engine = await openDuckDb(rowsFolder);
        const window = { from: Date.parse(begin), to: now };
        const parameters = parametersOf(id, defaultConfiguration, window);
        return engine.run(id, parameters).finally(() => engine.close());
      });

      expect(rows).not.toEqual([]);
      expect(sorted(theirs)).toEqual(sorted(rows));
    },
    60_000,
  );
});
