import { plaintextRefused } from '../../../lib/checks/activity/plaintext-refused.ts';
import { failure, iamFailure, later, refusal, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'attempts', 'unconfirmed', 'first', 'last', 'reasons'];

testActivity(plaintextRefused, keys, [
  { name: 'sessions without TLS were not refused', records: session(ten, { tls: 'no' }), finds: [] },
  { name: 'failures are another matter', records: failure(ten), finds: [] },
  {
    name: 'turned away for want of encryption',
    records: refusal(ten),
    finds: [
      {
        severity: 'low',
        of: 'orders',
        reason: '1 login of app to database orders of orders from 192.0.2.7 came without TLS and was turned away.',
        evidence: {
          user: 'app',
          database: 'orders',
          source: '192.0.2.7',
          cluster: 'orders',
          attempts: 1,
          unconfirmed: 0,
          first: ten,
          last: ten,
          reasons: ['no pg_hba.conf entry, no encryption'],
        },
        count: 1,
      },
    ],
  },
  {
    name: 'in the words of older servers, and by a rule that rejects',
    records: [
      ...refusal(ten, { reason: 'no pg_hba.conf entry, SSL off' }),
      ...refusal(later(ten, 1), { reason: 'rejected by pg_hba.conf, no encryption' }),
    ],
    finds: [{ count: 2, evidence: { reasons: ['no pg_hba.conf entry, SSL off', 'rejected by pg_hba.conf, no encryption'] } }],
  },
  {
    name: 'turned away with TLS, or where nothing tells',
    records: [
      ...refusal(ten, { tls: 'yes', reason: 'no pg_hba.conf entry, SSL encryption' }),
      ...refusal(later(ten, 1), { tls: null, reason: 'no pg_hba.conf entry' }),
    ],
    finds: [],
  },
  {
    name: 'the second try of sslmode=prefer is one of its own process',
    records: [...iamFailure(ten, { process: 835, port: 13_708 }), ...refusal(ten, { process: 836, port: 13_709 })],
    finds: [{ count: 1 }],
  },
  { name: 'through the socket of the machine', records: refusal(ten, { host: '[local]' }), finds: [] },
  { name: '127.0.0.1 over TCP is not local', records: refusal(ten, { host: '127.0.0.1' }), finds: [{ evidence: { source: '127.0.0.1' } }] },
  {
    name: 'unconfirmed',
    records: [...refusal(ten), ...refusal(later(ten, 1), { confirmed: false })],
    finds: [{ count: 2, evidence: { unconfirmed: 1 } }],
  },
  {
    name: 'replication has no database; sources are told apart',
    records: [...refusal(ten, { database: null }), ...refusal(later(ten, 1), { database: null, host: '2001:db8::7' })],
    finds: [{ evidence: { database: null, source: '192.0.2.7' } }, { evidence: { database: null, source: '2001:db8::7' } }],
  },
]);
