import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openDuckDb } from '../../../lib/adapters/local/duckdb.ts';
import { RowFiles, splits } from '../../../lib/adapters/local/rows.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import type { QueryRow } from '../../../lib/ports/query.ts';
import { parametersOf } from '../../queries/parameters.ts';
import { randomRecords } from '../../queries/random.ts';

const begin = '2026-05-01T00:00:00Z';
const window = { from: Date.parse(begin), to: Date.parse('2026-05-04T00:00:00Z') };
const records = randomRecords(11, 3000, begin, 86_400).map((record, index) => ({
  ...record,
  process: index % 5 === 0 ? null : 100 + (index % 97),
}));
const queries = [
  'failed-password-logins',
  'plaintext-sessions',
  'master-user-logins',
  'log-forgery',
  'failed-iam-logins',
  'password-set-by-sql',
];

/** What the queries find in rows that `count` writers wrote in turn. */
async function found(of: readonly LoginRecord[], { count, into, grouped }: { count: number; into: number; grouped?: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-test-'));
  const told: [done: number, total: number][] = [];
  try {
    const writers = Array.from({ length: count }, (_, part) => new RowFiles(folder, part, into));
    for (const [index, record] of of.entries()) writers[index % count]?.add('login_record', record);
    for (const writer of writers) writer.flush();
    const engine = await openDuckDb(folder, undefined, grouped, (...far) => told.push(far));
    const rows: QueryRow[][] = [];
    for (const id of queries) rows.push([...(await engine.run(id, parametersOf(id, defaultConfiguration, window)))]);
    engine.close();
    return { files: readdirSync(folder).filter((name) => name.startsWith('login_record')).length, rows, told };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('finds the same where login records are grouped part by part as where they are grouped at once', async () => {
  const whole = await found(records, { count: 1, into: 1 });
  const parts = await found(records, { count: 2, into: splits, grouped: 1 });

  expect(whole.rows.map((rows) => rows.length > 0)).toEqual(queries.map(() => true));
  // Those of sessions are apart.
  expect(parts.files).toBe(2 * 2 * splits);
  expect(parts.rows).toEqual(whole.rows);
});

it('says how many parts are grouped, of all', async () => {
  const { told } = await found(records, { count: 2, into: splits, grouped: 1 });

  const parts = told.length - 1;
  expect(parts).toBeGreaterThan(1);
  expect(told).toEqual(Array.from({ length: parts + 1 }, (_, done) => [done, parts]));
});

it('finds nothing where there are no rows', async () => {
  expect((await found([], { count: 1, into: splits })).rows).toEqual(queries.map(() => []));
});
