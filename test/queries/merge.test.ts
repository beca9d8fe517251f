import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { loadQuery } from '../../lib/adapters/local/query-files.ts';
import { cloudTrailRow } from '../../lib/adapters/local/tables.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { apiCallMerge } from '../../lib/main/query-text.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import { packageService } from '../e2e/packaged.ts';
import { describeWhere } from '../needs.ts';
import { createIcebergStatement, icebergTable } from '../trino/glue.ts';
import { startTrino, type TrinoServer, whyNoTrino } from '../trino/server.ts';
import { createTable, insertRows, rowsOf, type TableRow } from '../trino/tables.ts';
import { extract } from './extract.ts';
import { randomCalls } from './random.ts';

const hour = 3_600_000;
const begin = '2026-05-01T00:00:00Z';
const start = Date.parse(begin);

/** Calls of two days, as CloudTrail's files hold them. */
const calls: readonly TableRow[] = randomCalls(7, 300, begin, 2 * 86_400).flatMap((call) => {
  const event = readCloudTrailRecord(call);
  return event ? cloudTrailRow(event) : [];
});

describeWhere(whyNoTrino('iceberg'), 'the extract of CloudTrail, merged into an Iceberg table', () => {
  let trino: TrinoServer;
  let columns: readonly string[];
  /** What DuckDB extracts from everything at once. */
  let whole: readonly string[];

  beforeAll(async () => {
    trino = await startTrino('iceberg');
    await createTable(trino, 'cloudtrail');
    columns = (await loadQuery('extract', 'api_call')).returns;
    const template = (await packageService()).resolved();
    await trino.run(createIcebergStatement('api_call', icebergTable(template, 'api_call')));
    whole = inOrder(await extract('api_call', { calls: randomCalls(7, 300, begin, 2 * 86_400) }));
  }, 300_000);
  beforeEach(async () => {
    for (const table of ['cloudtrail_log', 'api_call']) await trino.run(`DELETE FROM ${table}`);
  });
  afterAll(async () => {
    await trino?.stop();
  });

  /** The rows of api_call as text, sorted. */
  async function rows(): Promise<readonly string[]> {
    return inOrder(await rowsOf(trino, `SELECT ${columns.join(', ')} FROM api_call`));
  }
  /** The days that the table has files of. */
  async function partitions(): Promise<readonly unknown[]> {
    const found = await trino.run('SELECT partition.day FROM "api_call$partitions"');
    return found.rows.flat().sort();
  }
  const inOrder = (all: readonly QueryRow[]): readonly string[] => all.map((row) => JSON.stringify(row)).sort();
  const merge = async (from: number, to: number): Promise<void> => {
    await trino.run(await apiCallMerge({ from: start + from * hour, to: start + to * hour }));
  };
  const before = (hours: number) => calls.filter(({ eventtime }) => Date.parse(String(eventtime)) < start + hours * hour);
  const since = (hours: number) => calls.filter(({ eventtime }) => Date.parse(String(eventtime)) >= start + hours * hour);

  it('is the same when it runs twice', async () => {
    await insertRows(trino, 'cloudtrail', calls);
    await merge(0, 48);
    const once = await rows();
    await merge(0, 48);

    expect(whole.length).toBeGreaterThan(100);
    expect(once).toEqual(whole);
    expect(await partitions()).toEqual(['2026/05/01', '2026/05/02']);
    expect(await rows()).toEqual(whole);
  }, 60_000);

  it('is the same hour by hour, with windows that overlap', async () => {
    for (let end = 12; end <= 48; end += 12) {
      await insertRows(trino, 'cloudtrail', end === 12 ? before(12) : before(end).filter((call) => since(end - 12).includes(call)));
      await merge(end - 18, end);
    }

    expect(await rows()).toEqual(whole);
  }, 60_000);

  it('is the same when a file comes late', async () => {
    const [late, early] = [calls.filter((_, index) => index % 5 === 0), calls.filter((_, index) => index % 5 !== 0)];
    await insertRows(trino, 'cloudtrail', early);
    await merge(0, 48);
    await insertRows(trino, 'cloudtrail', late);
    await merge(0, 48);

    expect(await rows()).toEqual(whole);
  }, 60_000);

  it('is the same when another trail delivers the same events, on another day', async () => {
    await insertRows(trino, 'cloudtrail', calls);
    await merge(0, 24);
    await insertRows(
      trino,
      'cloudtrail',
      calls.map((call) => ({ ...call, day: '2026/05/03' })),
    );
    await merge(24, 72);

    expect(await rows()).toEqual(whole);
  }, 60_000);

  it('is the same where every file comes a day later: an event keeps its own day', async () => {
    await insertRows(
      trino,
      'cloudtrail',
      calls.map((call) => ({ ...call, day: call.day === '2026/05/01' ? '2026/05/02' : '2026/05/03' })),
    );
    await merge(24, 72);

    expect(await rows()).toEqual(whole);
  }, 60_000);

  it('takes no row without a time, which no day has', async () => {
    await insertRows(
      trino,
      'cloudtrail',
      calls.slice(0, 50).map((call) => ({ ...call, eventtime: null })),
    );
    await merge(0, 48);

    expect(await rows()).toEqual([]);
  }, 60_000);

  it('takes no row without an id, which would come again with every run', async () => {
    await insertRows(
      trino,
      'cloudtrail',
      calls.slice(0, 50).map((call) => ({ ...call, eventid: null })),
    );
    await merge(0, 48);

    expect(await rows()).toEqual([]);
  }, 60_000);
});
