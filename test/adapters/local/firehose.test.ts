import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { Finding } from '../../../lib/domain/finding.ts';
import { scanFolder } from '../../../lib/main/laptop.ts';
import { type Attempt, recordsOf } from '../../intake/postgresql-log/attempts.ts';

/** A day of attempts as a server writes them, interleaved, with names that hold what JSON and lines escape. */
function plainLog(): string {
  const users = ['app', 'b"c', 'd\\e', 'sch\u00f6n', 'f@g'];
  const outcomes = ['session', 'password', 'refused', 'missing-database'] as const;
  const attempts = Array.from(
    { length: 120 },
    (_, index): Attempt => ({
      process: 5000 + index,
      host: `192.0.2.${10 + (index % 4)}`,
      port: 20_000 + index,
      user: Buffer.from(users[index % users.length] ?? '', 'utf8').toString('latin1'),
      database: 'orders',
      outcome: outcomes[index % outcomes.length] ?? 'session',
    }),
  );
  const queues = attempts.map(recordsOf);
  const lines: string[] = [];
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const open = queues.filter((queue) => queue.length > 0).slice(0, 3);
    const next = open[turn % open.length]?.shift();
    if (next) lines.push(next.text);
  }
  return Buffer.from(lines.join(''), 'latin1').toString('utf8');
}

interface Delivery {
  /** Events of one document. */
  readonly size: number;
  /** Documents of one file. */
  readonly documents: number;
  readonly newline: boolean;
  /** Continuation lines are events of their own. */
  readonly apart: boolean;
  readonly members: boolean;
}

/** Files as CloudWatch Logs → Firehose → S3 delivers them: attempts split over documents and files, documents repeated and out of order, files late. */
function deliver(log: string, { size, documents, newline, apart, members }: Delivery): Buffer[] {
  const messages = apart ? log.trimEnd().split('\n') : log.trimEnd().split(/\n(?!\t)/);
  const events = messages.map((message, index) => ({
    id: String(39_000_000_000_000_000n + BigInt(index)),
    timestamp: Date.parse('2026-05-03T10:00:00Z'),
    message,
  }));
  const all: string[] = [];
  for (let from = 0; from < events.length; from += size) {
    all.push(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner: '111122223333',
        logGroup: '/aws/rds/cluster/orders/postgresql',
        logStream: 'orders-1',
        subscriptionFilters: ['aurora-watch-prod-logs'],
        logEvents: events.slice(from, from + size),
      }),
    );
  }
  all.splice(
    1,
    0,
    JSON.stringify({
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logGroup: '',
      logStream: '',
      subscriptionFilters: [],
      logEvents: [],
    }),
  );
  const files: string[][] = [];
  for (let from = 0; from < all.length; from += documents) files.push(all.slice(from, from + documents));
  // Every third file comes once more, and whole files come in another order.
  const repeated = files.flatMap((file, index) => (index % 3 === 0 ? [file, file] : [file]));
  const order = repeated
    .map((file, index) => [createHash('sha256').update(String(index)).digest('hex'), file] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return order.map(([, file]) => (members ? Buffer.concat(file.map((one) => gzipSync(one))) : gzipSync(file.join(newline ? '\n' : ''))));
}

let home: string;
let plain: readonly Finding[];
const log = plainLog();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'aurora-watch-firehose-'));
  const folder = join(home, 'plain', 'logs', 'orders', 'orders-1');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'postgresql.log'), log);
  plain = await scan(join(home, 'plain'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('what Firehose delivers', () => {
  it('is held against a log in which something happened', () => {
    expect(new Set(plain.map(({ check }) => check))).toEqual(
      new Set(['failed-password-logins', 'plaintext-refused', 'plaintext-sessions']),
    );
  });

  it.each([
    ['one document', { size: 10_000, documents: 1, newline: true, apart: false, members: false }],
    ['a record a document, ten documents a file', { size: 1, documents: 10, newline: true, apart: false, members: false }],
    ['documents with nothing between them', { size: 7, documents: 5, newline: false, apart: false, members: false }],
    ['gzip members one after the other', { size: 7, documents: 5, newline: false, apart: false, members: true }],
    ['continuation lines as events of their own', { size: 50, documents: 3, newline: true, apart: true, members: false }],
  ] as const)('says the same as the plain log: %s', async (name, delivery) => {
    const folder = join(home, name, 'cloudwatch', '2026', '05', '03', '10');
    await mkdir(folder, { recursive: true });
    for (const [index, file] of deliver(log, delivery).entries())
      await writeFile(join(folder, `delivery-${String(index).padStart(3, '0')}`), file);

    const findings = await scan(join(home, name));

    expect(findings.map(comparable)).toEqual(plain.map(comparable));
  });

  it('counts once what is in both', async () => {
    const both = join(home, 'both');
    await mkdir(join(both, 'logs', 'orders', 'orders-1'), { recursive: true });
    await mkdir(join(both, 'cloudwatch'), { recursive: true });
    await writeFile(join(both, 'logs', 'orders', 'orders-1', 'postgresql.log'), log);
    const [file] = deliver(log, { size: 10_000, documents: 2, newline: true, apart: false, members: false });
    await writeFile(join(both, 'cloudwatch', 'delivery'), file ?? '');

    expect((await scan(both)).map(comparable)).toEqual(plain.map(comparable));
  });
});

function comparable({ check, evidence, severity, count }: Finding): unknown {
  return { check, severity, count, evidence };
}

async function scan(folder: string): Promise<readonly Finding[]> {
  const { report } = await scanFolder(folder, { choice: {}, configuration: defaultConfiguration, warn: () => undefined });
  return report.findings;
}
