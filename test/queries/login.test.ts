import { describe, expect, it } from '@jest/globals';
import type { LoginRecord } from '../../lib/domain/login-record.ts';
import { extract } from './extract.ts';
import { failure, forgery, iamFailure, later, record, refusal, session } from './logged.ts';

interface Row {
  readonly name: string;
  readonly records: readonly LoginRecord[];
  /** The attempts, in part, in the order of their begin. */
  readonly attempts: readonly Readonly<Record<string, unknown>>[];
}

const ten = '2026-05-01T10:00:00.000Z';
const at = (seconds: number): string => later(ten, seconds);
const ms = (seconds: number): number => Date.parse(ten) + seconds * 1000;

/** The same records as another file holds them. */
function in_(object: string, records: readonly LoginRecord[], shift = 0): LoginRecord[] {
  return records.map((one) => ({
    ...one,
    object,
    id: `${object}:${one.position}`,
    ts_ms: one.ts_ms + shift,
    position: one.position + shift,
  }));
}

/** One client port for all of an attempt. */
const port = { port: 5000 };
const local = { host: '[local]' };
const csv = 'logs/orders/orders-1/postgresql.log.csv';
const gone = (time: string, login = {}): LoginRecord => record('disconnected', time, { ...port, ...login });

const rows: readonly Row[] = [
  {
    name: 'a session and its end',
    records: [...session(ten, { ...port, application: 'psql' }), gone(at(60))],
    attempts: [
      {
        cluster: 'orders',
        instance: 'orders-1',
        process: 835,
        host: '192.0.2.7',
        port: 5000,
        first_ms: ms(0),
        last_ms: ms(60),
        day: '2026/05/01',
        user_name: 'app',
        database_name: 'orders',
        outcome: 'session',
        method: 'scram-sha-256',
        identity: 'app',
        reason: null,
        tls: 'yes',
        protocol: 'TLSv1.3',
        cipher: 'TLS_AES_256_GCM_SHA384',
        application: 'psql',
        confirmed: 1,
        ended_ms: ms(60),
      },
    ],
  },
  {
    name: 'a session of hours is one, and a session without its end is one',
    records: [...session(ten, port), gone(at(40_000)), ...session(at(5), { port: 5001 })],
    attempts: [
      { outcome: 'session', ended_ms: ms(40_000) },
      { outcome: 'session', ended_ms: null },
    ],
  },
  {
    name: 'failed, with why',
    records: iamFailure(ten, port),
    attempts: [{ outcome: 'failed', method: 'pam', reason: 'PAM authentication failed: Permission denied', confirmed: 1, tls: null }],
  },
  {
    name: 'refused',
    records: refusal(ten, port),
    attempts: [{ outcome: 'refused', reason: 'no pg_hba.conf entry, no encryption', tls: 'no' }],
  },
  {
    name: 'authorized and then turned away is no session',
    records: [...session(ten, port), record('rejected', ten, { ...port, reason: 'database does not exist' })],
    attempts: [{ outcome: 'rejected', reason: 'database does not exist' }],
  },
  {
    name: 'nothing known of its end',
    records: [record('received', ten, port)],
    attempts: [{ outcome: 'open', user_name: null, confirmed: 1 }],
  },
  {
    name: 'authenticated, and then the log ends',
    records: [record('received', ten, port), record('authenticated', ten, { ...port, method: 'pam', identity: 'app' })],
    attempts: [{ outcome: 'open', method: 'pam', identity: 'app' }],
  },
  {
    name: 'without a receipt it counts, unconfirmed',
    records: [...failure(ten, { ...port, confirmed: false }), ...session(at(10), { port: 5001, confirmed: false })],
    attempts: [
      { outcome: 'failed', confirmed: 0 },
      { outcome: 'session', confirmed: 0 },
    ],
  },
  {
    name: 'an end alone was a session',
    records: [gone(ten)],
    attempts: [{ outcome: 'session', confirmed: 0, tls: null, ended_ms: ms(0) }],
  },
  { name: 'forged records make no attempt', records: [forgery(ten, { names: 'ceo@prod' }, port)], attempts: [] },
  {
    name: 'an explanation adds the reason to the failure beside it',
    records: [
      record('received', ten, port),
      record('failed', ten, { ...port, method: 'pam', reason: 'PAM authentication failed' }),
      record('explained', ten, { ...port, reason: 'PAM authentication failed: Permission denied', object: 'next.log' }),
    ],
    attempts: [{ outcome: 'failed', confirmed: 1, method: 'pam', reason: 'PAM authentication failed: Permission denied' }],
  },
  {
    name: 'an explanation makes no failure of a session, and none alone',
    records: [
      record('authorized', ten, { ...port, tls: 'no' }),
      record('explained', ten, { ...port, reason: 'PAM authentication failed: lies' }),
      record('explained', ten, { process: 2, port: 2, reason: 'PAM authentication failed: lies' }),
    ],
    attempts: [
      { process: 2, outcome: 'open' },
      { process: 835, outcome: 'session' },
    ],
  },
  {
    name: 'records of other kinds make none',
    records: [record('password-set', ten, port), record('protected-role', ten, port), record('iam-error', ten, port)],
    attempts: [],
  },
  {
    name: 'processes that work at once are kept apart',
    records: [
      record('received', ten, { process: 1, port: 5001 }),
      record('received', ten, { process: 2, port: 5002 }),
      record('failed', ten, { process: 2, port: 5002, method: 'password', user: 'second' }),
      record('authorized', ten, { process: 1, port: 5001, tls: 'no', user: 'first' }),
    ],
    attempts: [
      { process: 1, user_name: 'first', outcome: 'session' },
      { process: 2, user_name: 'second', outcome: 'failed' },
    ],
  },
  {
    name: 'clusters and instances are kept apart',
    records: [...failure(ten, port), ...failure(ten, { ...port, instance: 'orders-2' }), ...failure(ten, { ...port, cluster: 'ledger' })],
    attempts: [{ cluster: 'ledger' }, { cluster: 'orders', instance: 'orders-1' }, { cluster: 'orders', instance: 'orders-2' }],
  },
  {
    name: 'a process id that comes back with the same port, hours later',
    records: [...session(ten, port), gone(at(3)), ...failure(at(7200), port)],
    attempts: [
      { outcome: 'session', ended_ms: ms(3) },
      { outcome: 'failed', first_ms: ms(7200), confirmed: 1 },
    ],
  },
  {
    name: 'a process id that comes back on the socket within seconds',
    records: [...session(ten, local), gone(at(1), local), ...session(at(2), local), gone(at(4), local)],
    attempts: [
      { host: '[local]', port: null, first_ms: ms(0), ended_ms: ms(1) },
      { host: '[local]', port: null, first_ms: ms(2), ended_ms: ms(4) },
    ],
  },
  {
    name: 'a process id that comes back where no receipts are logged',
    records: [
      ...failure(ten, { ...local, confirmed: false }),
      ...failure(at(30), { ...local, confirmed: false }),
      gone(at(900), local),
      gone(at(1800), local),
    ],
    attempts: [{ outcome: 'failed' }, { outcome: 'failed' }, { outcome: 'session' }, { outcome: 'session' }],
  },
  {
    name: 'the same second in text and csv, in any order of the files',
    records: [...in_(csv, failure(ten, port), 731), ...failure(ten, port)],
    attempts: [{ outcome: 'failed', confirmed: 1, first_ms: ms(0) }],
  },
  {
    name: 'text and csv on both sides of a second',
    records: [...failure(ten, port), ...in_(csv, failure(ten, port), 1002)],
    attempts: [{ outcome: 'failed', confirmed: 1 }],
  },
  {
    name: 'a short session in text, csv and CloudWatch',
    records: [
      ...session(ten, port),
      gone(ten),
      ...in_(csv, [...session(ten, port), gone(ten)], 1003),
      ...in_('cloudwatch/a.gz orders/postgresql/orders-1', [...session(ten, port), gone(ten)]),
    ],
    attempts: [{ outcome: 'session', confirmed: 1 }],
  },
  {
    name: 'a file that holds everything twice',
    records: [...failure(ten, port), ...failure(ten, port).map((one) => ({ ...one, position: one.position + 1_000_000 }))],
    attempts: [{ outcome: 'failed' }],
  },
  {
    name: 'an attempt over the border of two files',
    records: [...in_('a', [record('received', ten, port)]), ...in_('b', [record('failed', at(2), { ...port, method: 'pam' })])],
    attempts: [{ outcome: 'failed', confirmed: 1, first_ms: ms(0), last_ms: ms(2) }],
  },
  {
    name: 'a failure a minute after its receipt is of the same attempt',
    records: [record('received', ten, port), record('failed', at(60), { ...port, method: 'password' })],
    attempts: [{ outcome: 'failed', confirmed: 1 }],
  },
  {
    name: 'a failure hours after a receipt is of another',
    records: [record('received', ten, port), record('failed', at(7200), { ...port, method: 'password' })],
    attempts: [
      { outcome: 'open', confirmed: 1 },
      { outcome: 'failed', confirmed: 0 },
    ],
  },
  {
    name: 'a report of TLS that another form does not confirm is none',
    records: [...session(ten, { ...port, tls: 'yes' }), ...in_(csv, session(ten, { ...port, tls: 'no' }))],
    attempts: [{ outcome: 'session', tls: 'no' }],
  },
  {
    name: 'the record that says the names itself is believed, not the prefix',
    records: [
      record('received', ten, port),
      record('authenticated', ten, { ...port, user: 'z', database: 'b@orders' }),
      record('authorized', ten, { ...port, user: 'a@b', database: 'orders', tls: 'no' }),
    ],
    attempts: [{ user_name: 'a@b', database_name: 'orders' }],
  },
  {
    name: 'a day begins with the attempt',
    records: [
      record('received', '2026-05-01T23:59:59.900Z', port),
      record('failed', '2026-05-02T00:00:00.100Z', { ...port, method: 'pam' }),
    ],
    attempts: [{ day: '2026/05/01', outcome: 'failed' }],
  },
];

describe('login', () => {
  it.each(rows)('$name', async ({ records, attempts }) => {
    const found = await extract('login', { records });
    const inOrder = found.sort((a, b) => Number(a.first_ms) - Number(b.first_ms) || Number(a.process) - Number(b.process));

    expect(inOrder).toHaveLength(attempts.length);
    expect(inOrder).toMatchObject(attempts);
  });

  it('reads only the days that are asked for', async () => {
    const records = [...failure('2026-05-01T10:00:00Z'), ...failure('2026-05-02T10:00:00Z'), ...failure('2026-05-03T10:00:00Z')];

    const found = await extract('login', { records }, { from_day: '2026/05/02', to_day: '2026/05/02' });

    expect(found).toMatchObject([{ day: '2026/05/02' }]);
  });

  it('gives the same attempts whatever the order of the records', async () => {
    const records = rows.flatMap(({ records: own }, index) =>
      own.map((one) => ({ ...one, cluster: `c${index}`, id: `${index} ${one.id}` })),
    );

    const straight = await extract('login', { records });
    const reversed = await extract('login', { records: [...records].reverse() });

    expect(reversed).toEqual(straight);
  });
});
