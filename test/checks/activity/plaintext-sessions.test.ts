import { plaintextSessions } from '../../../lib/checks/activity/plaintext-sessions.ts';
import { failure, later, record, refusal, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'sessions', 'first', 'last', 'applications'];
const plain = { tls: 'no' } as const;

testActivity(plaintextSessions, keys, [
  { name: 'with TLS', records: session(ten), finds: [] },
  { name: 'attempts that failed or were refused', records: [...failure(ten), ...refusal(later(ten, 1))], finds: [] },
  {
    name: 'without TLS',
    records: session(ten, { ...plain, application: 'psql' }),
    finds: [
      {
        severity: 'medium',
        of: 'orders',
        reason: 'app had 1 session without TLS on database orders of orders from 192.0.2.7 (psql).',
        evidence: {
          user: 'app',
          database: 'orders',
          source: '192.0.2.7',
          cluster: 'orders',
          sessions: 1,
          first: ten,
          last: ten,
          applications: ['psql'],
        },
        count: 1,
      },
    ],
  },
  {
    name: 'one finding for the whole window, with all applications',
    records: [
      ...session(later(ten, 7200), { ...plain, application: 'psql' }),
      ...session(ten, { ...plain, application: 'batch, "nightly"' }),
      ...session(later(ten, 3600), plain),
    ],
    finds: [{ count: 3, firstSeen: ten, lastSeen: later(ten, 7200), evidence: { applications: ['batch, "nightly"', 'psql'] } }],
  },
  { name: 'by an older server, which does not log the method', records: session(ten, { ...plain, method: null }), finds: [{ count: 1 }] },
  { name: 'without a receipt', records: session(ten, { ...plain, confirmed: false }), finds: [{ count: 1 }] },
  { name: 'through the socket of the machine', records: session(ten, { ...plain, host: '[local]' }), finds: [] },
  {
    name: '127.0.0.1 over TCP is not local',
    records: session(ten, { ...plain, host: '127.0.0.1' }),
    finds: [{ evidence: { source: '127.0.0.1' } }],
  },
  { name: 'no address is known', records: session(ten, { ...plain, host: null, port: null }), finds: [{ evidence: { source: null } }] },
  {
    name: 'authorized and then refused for another reason is no session',
    records: [...session(ten, plain), record('rejected', ten, { reason: 'database does not exist' })],
    finds: [],
  },
  {
    name: 'a replication connection has no database',
    records: session(ten, { ...plain, database: null }),
    finds: [{ reason: /on database of unknown name of orders/, evidence: { database: null } }],
  },
  {
    name: 'what the text log reported as TLS and csv unmasks as a name of an application',
    records: [
      ...session(ten, { port: 40_001, application: null }),
      ...session(ten, { port: 40_001, object: 'postgresql.csv' }),
      record('disconnected', later(ten, 5), {
        port: 40_001,
        object: 'postgresql.csv',
        tls: 'no',
        application: 'x SSL enabled (protocol=TLSv1.3',
      }),
    ],
    finds: [{ count: 1, evidence: { applications: ['x SSL enabled (protocol=TLSv1.3'] } }],
  },
  {
    name: 'a process id that came back is another session',
    records: [
      ...session(ten, { ...plain, host: '192.0.2.7', port: 40_001 }),
      record('disconnected', later(ten, 30), { port: 40_001 }),
      ...session(later(ten, 7200), { ...plain, port: 40_001 }),
    ],
    finds: [{ count: 2 }],
  },
  {
    name: 'a session that began before the window is none of it',
    records: [...session('2026-04-30T23:00:00Z', { ...plain, port: 40_001 }), record('disconnected', ten, { port: 40_001 })],
    from: '2026-05-01T00:00:00Z',
    finds: [],
  },
  { name: 'of an end alone nobody knows whether it was encrypted', records: [record('disconnected', ten)], finds: [] },
]);
