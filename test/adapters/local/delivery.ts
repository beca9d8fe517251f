// What CloudWatch Logs → Firehose → S3 makes of a log.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Attempt, recordsOf, write } from '../../intake/postgresql-log/server.ts';

/** A day of attempts as a server writes them, interleaved, with names that hold what JSON and lines escape. */
export function plainLog(): string {
  const users = ['app', 'b"c', 'd\\e', 'sch\u00f6n', 'f@g'];
  const outcomes = ['session', 'password', 'pam', 'refused', 'missing-database'] as const;
  // Not in step with the users, so that each of them meets each end.
  const outcomeOf = (index: number): Attempt['outcome'] =>
    outcomes[(index + Math.floor(index / outcomes.length)) % outcomes.length] ?? 'session';
  const attempts = Array.from(
    { length: 120 },
    (_, index): Attempt => ({
      process: 5000 + index,
      host: `192.0.2.${10 + (index % 4)}`,
      port: 20_000 + index,
      user: Buffer.from(users[index % users.length] ?? '', 'utf8').toString('latin1'),
      database: 'orders',
      outcome: outcomeOf(index),
    }),
  );
  const queues = attempts.map((attempt) => recordsOf(attempt));
  const lines: string[] = [];
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const open = queues.filter((queue) => queue.length > 0).slice(0, 3);
    const next = open[turn % open.length]?.shift();
    if (next) lines.push(write(next.entry, 'short'));
  }
  return Buffer.from(lines.join(''), 'latin1').toString('utf8');
}

/** How the log is cut. */
export interface Delivery {
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
export function deliver(log: string, { size, documents, newline, apart, members }: Delivery): Buffer[] {
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
