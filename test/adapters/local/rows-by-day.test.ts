import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RowsByDay } from '../../../lib/adapters/local/rows-by-day.ts';
import { logHourRow } from '../../../lib/adapters/local/tables.ts';
import { failure, hours } from '../../queries/logged.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aurora-watch-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const range = { from: '2026/05/01', to: '2026/05/03' };

async function write(times: readonly string[], at = folder) {
  const rows = new RowsByDay(at, range);
  for (const time of times) for (const record of failure(time)) rows.add('login_record', record);
  for (const hour of hours('2026-05-02T23:00:00Z', '2026-05-03T01:00:00Z')) rows.add('log_hour', logHourRow(hour));
  return { rows, zipped: await rows.zip() };
}

describe('RowsByDay', () => {
  it('parts the rows by their day', async () => {
    const { zipped } = await write(['2026-05-02T23:59:59.999Z', '2026-05-03T00:00:00Z', '2026-05-02T10:00:00Z']);
    const found = zipped.map(({ table, day, path }) => {
      const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
      return [table, day, lines.length, new Set(lines.map((line) => JSON.parse(line).day))];
    });

    expect(found.sort()).toEqual([
      ['log_hour', '2026/05/02', 1, new Set(['2026/05/02'])],
      ['log_hour', '2026/05/03', 1, new Set(['2026/05/03'])],
      ['login_record', '2026/05/02', 4, new Set(['2026/05/02'])],
      ['login_record', '2026/05/03', 2, new Set(['2026/05/03'])],
    ]);
  });

  it('counts rows of days that are far away, and keeps none', async () => {
    const { rows, zipped } = await write(['1970-01-01T00:00:00Z', '2026-04-30T23:59:59Z', '2026-05-04T00:00:00Z', '9999-01-01T00:00:00Z']);

    expect(rows.outside).toBe(8);
    expect(zipped.map(({ table }) => table)).toEqual(['log_hour', 'log_hour']);
  });

  it('gives the same bytes for the same rows', async () => {
    const again = mkdtempSync(join(tmpdir(), 'aurora-watch-test-'));
    try {
      const [one, two] = [await write(['2026-05-03T00:00:00Z']), await write(['2026-05-03T00:00:00Z'], again)];
      const bytes = ({ zipped }: typeof one) => zipped.map(({ path }) => readFileSync(path).toString('hex'));

      expect(bytes(one)).toEqual(bytes(two));
      expect(bytes(one)).toHaveLength(3);
    } finally {
      rmSync(again, { recursive: true, force: true });
    }
  });
});
