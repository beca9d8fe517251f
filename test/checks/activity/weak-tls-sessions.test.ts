import { weakTlsSessions } from '../../../lib/checks/activity/weak-tls-sessions.ts';
import { failure, later, record, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'sessions', 'first', 'last', 'applications', 'protocol', 'cipher'];
const good = 'ECDHE-RSA-AES256-GCM-SHA384';

testActivity(weakTlsSessions, keys, [
  { name: 'TLS 1.3', records: session(ten), finds: [] },
  { name: 'TLS 1.2 with a good cipher', records: session(ten, { protocol: 'TLSv1.2', cipher: good }), finds: [] },
  { name: 'no TLS at all is another matter', records: [...session(ten, { tls: 'no' }), ...failure(later(ten, 1))], finds: [] },
  {
    name: 'encrypted by GSS, which names neither protocol nor cipher',
    records: session(ten).map((one) => ({ ...one, protocol: null, cipher: null })),
    finds: [],
  },
  {
    name: 'TLS 1.1',
    records: session(ten, { protocol: 'TLSv1.1', cipher: 'ECDHE-RSA-AES256-SHA', application: 'old-jdbc' }),
    finds: [
      {
        severity: 'low',
        of: 'orders',
        reason: 'app had 1 session with TLSv1.1 and ECDHE-RSA-AES256-SHA on database orders of orders from 192.0.2.7 (old-jdbc).',
        evidence: {
          user: 'app',
          database: 'orders',
          source: '192.0.2.7',
          cluster: 'orders',
          sessions: 1,
          first: ten,
          last: ten,
          applications: ['old-jdbc'],
          protocol: 'TLSv1.1',
          cipher: 'ECDHE-RSA-AES256-SHA',
        },
        count: 1,
      },
    ],
  },
  {
    name: 'each old protocol, each its own finding',
    records: ['TLSv1', 'TLSv1.1', 'SSLv3', 'SSLv2'].flatMap((protocol, index) => session(later(ten, index), { protocol, cipher: good })),
    finds: [
      { evidence: { protocol: 'TLSv1' } },
      { evidence: { protocol: 'TLSv1.1' } },
      { evidence: { protocol: 'SSLv3' } },
      { evidence: { protocol: 'SSLv2' } },
    ],
  },
  {
    name: 'each broken cipher in a good protocol',
    records: ['NULL-SHA256', 'EXP-RC2-CBC-MD5', 'DES-CBC-SHA', 'ECDHE-RSA-DES-CBC3-SHA', 'ECDHE-RSA-RC4-SHA', 'RC4-MD5'].flatMap(
      (cipher, index) => session(later(ten, index), { protocol: 'TLSv1.2', cipher }),
    ),
    finds: [
      { evidence: { cipher: 'NULL-SHA256' } },
      { evidence: { cipher: 'EXP-RC2-CBC-MD5' } },
      { evidence: { cipher: 'DES-CBC-SHA' } },
      { evidence: { cipher: 'ECDHE-RSA-DES-CBC3-SHA' } },
      { evidence: { cipher: 'ECDHE-RSA-RC4-SHA' } },
      { evidence: { cipher: 'RC4-MD5' } },
    ],
  },
  {
    name: 'the same protocol and cipher count together, by application',
    records: [
      ...session(ten, { protocol: 'TLSv1', cipher: good, application: 'a' }),
      ...session(later(ten, 60), { protocol: 'TLSv1', cipher: good, application: 'b' }),
    ],
    finds: [{ count: 2, evidence: { sessions: 2, applications: ['a', 'b'] } }],
  },
  {
    name: 'authorized and then refused for another reason is no session',
    records: [...session(ten, { protocol: 'TLSv1' }), record('rejected', ten, { reason: 'too many connections' })],
    finds: [],
  },
]);
