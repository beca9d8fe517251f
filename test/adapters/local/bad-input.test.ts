import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openActivity } from '../../../lib/adapters/local/activity.ts';
import { csvFailure, textFailure, textLine } from './logs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-bad-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const time = '2026-05-03T10:00:00Z';
/** Attempt number `index`, of three records, a process of its own. */
const good = (index: number): string => textFailure({ time, process: 5000 + index, port: 5000 + index });
const csv = (index: number): string => csvFailure({ time: '2026-05-03T10:00:00.000Z', process: 5000 + index, port: 5000 + index });
/** The quote that closes the message of a failure in csvlog. */
const openedAgain = /"(?=,{5}[^\n]*\n$)/;

/** The same as two records of jsonlog; with `fields`, the second alone. */
function json(index: number, fields: object = {}): string {
  const record = { timestamp: '2026-05-03 10:00:00.000 UTC', pid: 5000 + index, remote_host: '192.0.2.7', remote_port: 5000 + index };
  const received = { ...record, error_severity: 'LOG', message: `connection received: host=192.0.2.7 port=${5000 + index}` };
  const message = 'password authentication failed for user "app"';
  const failed = JSON.stringify({ ...record, user: 'app', dbname: 'orders', ...fields, error_severity: 'FATAL', message });
  return `${Object.keys(fields).length === 0 ? `${JSON.stringify(received)}\n` : ''}${failed}\n`;
}

/** A gzip whose damage stands right behind `content`. */
function damagedAfter(content: string): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  return Buffer.concat([head, deflateRawSync(content, { finishFlush: constants.Z_FULL_FLUSH }), Buffer.from([7, 7, 7])]);
}

const tenMegabytes = 'x'.repeat(10_500_000);
const foreign = 'nothing in it looks like a log of PostgreSQL';
const tooLong = 'a line of more than 10 MB';

type Expected = readonly [attempts: number, status: 'complete' | 'partial' | 'missing', rejected: number, detail: string];

/** What stands in a folder of logs, how many of its attempts count, and what the coverage says of it. */
const files: Readonly<Record<string, readonly [content: string | Buffer, ...Expected]>> = {
  'a line of 10 MB': [good(1) + textLine({ time }, 'LOG', `statement: ${tenMegabytes}`) + good(2), 2, 'partial', 1, tooLong],
  '10 MB without a prefix, first': [`${tenMegabytes}\n${good(3)}`, 1, 'partial', 1, tooLong],
  '10 MB of csvlog': [`${csv(4)}${tenMegabytes}\n${csv(5)}`, 2, 'partial', 1, tooLong],
  'bytes that are no UTF-8': [Buffer.from(good(6).replaceAll('orders', 'caf\u00e9'), 'latin1'), 1, 'complete', 0, ''],
  'zero bytes between': [`${good(7)}${'\0'.repeat(5000)}${good(8)}`, 2, 'partial', 1, 'zero bytes, as a crash leaves them'],
  'byte-order marks': [`\ufeff${good(9)}\ufeff${good(10)}`, 2, 'complete', 0, ''],
  'plain.gz': [good(11), 1, 'complete', 0, ''],
  'zipped.log': [gzipSync(good(12)), 1, 'complete', 0, ''],
  'members.gz': [Buffer.concat([gzipSync(good(13)), gzipSync(good(14))]), 2, 'complete', 0, ''],
  'cut.gz': [gzipSync(good(15)).subarray(0, -9), 1, 'partial', 1, 'the gzip ends early'],
  'empty.gz': [gzipSync(''), 0, 'missing', 1, 'the file is empty'],
  'blank lines': ['\n\r\n\n', 0, 'complete', 0, ''],
  'one.zst': [zstdCompressSync(good(16)), 0, 'missing', 1, foreign],
  'UTF-16': [Buffer.from(`\ufeff${good(17)}`, 'utf16le'), 0, 'missing', 1, 'the file is UTF-16: save it as UTF-8'],
  'UTF-16.csv.gz': [gzipSync(Buffer.from(`\ufeff${csv(17)}`, 'utf16le').swap16()), 0, 'missing', 1, 'the file is UTF-16: save it as UTF-8'],
  'damaged.gz': [damagedAfter(good(19)), 1, 'partial', 1, 'the gzip is damaged'],
  'blocks.gz': [Buffer.concat([gzipSync(good(20)), Buffer.alloc(512), gzipSync(good(21))]), 2, 'complete', 0, ''],
  'numbers.json': [
    json(22) + [1.5, -1, 1e300, '7', 2 ** 53].map((pid) => json(23, { pid })).join('') + json(24, { remote_port: 0.5 }) + json(25),
    2,
    'partial',
    6,
    '6 times: a line that is no record of jsonlog',
  ],
  'half a line.json': [`${json(26)}${json(27).slice(0, -60)}\n${json(28)}`, 2, 'partial', 1, 'a line that is no record of jsonlog'],
  'an open quote.csv': [csv(29) + csv(30).replace(openedAgain, '') + csv(31) + csv(32), 3, 'partial', 1, 'a record that is cut off'],
  'a digest': ['{"awsAccountId":"111122223333","digestStartTime":"2026-05-03T10:00:00Z","logFiles":[]}', 0, 'missing', 1, foreign],
  'no last line feed': [good(18).trimEnd(), 1, 'complete', 0, ''],
};

describe('a folder of logs in which much is wrong', () => {
  it('is read as far as it goes, and the coverage names and counts the rest', async () => {
    const path = join(folder, 'logs', 'orders', 'orders-1');
    await mkdir(join(path, 'a folder'), { recursive: true });
    for (const [name, [content]] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    }
    await symlink('round', join(path, 'round'));
    await symlink('nowhere', join(path, 'a link'));
    const links = [
      ['round', 'the file cannot be read (ELOOP)'],
      ['a link', 'the file cannot be read (ENOENT)'],
    ] as const;

    const activity = await openActivity({ folder, watched: { named: [], changesOf: [] } });
    try {
      const lineOf = (name: string): unknown[] =>
        activity.coverage
          .filter(({ source }) => source === `log:logs/orders/orders-1/${name}`)
          .map(({ status, rejected, detail }) => [status, rejected, detail]);
      for (const [name, [, , ...said]] of Object.entries(files)) expect([name, lineOf(name)]).toEqual([name, [said]]);
      for (const [name, detail] of links) expect(lineOf(name)).toEqual([['missing', 1, detail]]);
      const rows = await activity.run('failed-password-logins', {
        from_day: '2026/05/03',
        to_day: '2026/05/03',
        from_ms: Date.parse(time),
        to_ms: Date.parse(time) + 1000,
        before_threshold: 4,
        before_tenfold: 49,
        window_ms: 300_000,
      });
      const counted = rows.reduce((sum, row) => sum + Number(row.attempts), 0);
      expect(counted).toBe(Object.values(files).reduce((sum, [, attempts]) => sum + attempts, 0));
      expect(rows.reduce((sum, row) => sum + Number(row.unconfirmed), 0)).toBe(0);
      const all = Object.values(files);
      expect(activity.coverage.find(({ source }) => source === 'log')).toMatchObject({
        status: 'partial',
        detail: `${all.length + 2} files, ${all.filter(([, , status]) => status !== 'complete').length + 2} of them not whole`,
        rejected: all.reduce((sum, [, , , rejected]) => sum + rejected, 2),
      });
    } finally {
      await activity.close();
    }
  });
});
