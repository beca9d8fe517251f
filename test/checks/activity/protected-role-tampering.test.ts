import { protectedRoleTampering } from '../../../lib/checks/activity/protected-role-tampering.ts';
import { failure, later, record, refusal, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'first', 'last', 'count'];
const member = 'must be a member of rds_password';
const admin = 'an attempt on rdsadmin';
const refused = (time: string, login: Parameters<typeof record>[2] = {}) =>
  record('protected-role', time, { reason: member, port: 40_001, ...login });

testActivity(protectedRoleTampering, keys, [
  { name: 'nothing of the kind', records: [record('password-set', ten, { identity: 'app' })], finds: [] },
  {
    name: 'a refusal that names rds_password',
    records: [refused(ten)],
    finds: [
      {
        severity: 'medium',
        of: 'orders',
        reason: 'app was refused 1 time on orders from 192.0.2.7: must be a member of rds_password.',
        evidence: {
          user: 'app',
          database: 'orders',
          source: '192.0.2.7',
          cluster: 'orders',
          reason: member,
          first: ten,
          last: ten,
          count: 1,
        },
        count: 1,
      },
    ],
  },
  {
    name: 'an attempt on rdsadmin, and what RDS does itself',
    records: [refused(ten, { reason: admin }), refused(ten, { reason: admin, user: 'rdsadmin', host: '[local]' })],
    finds: [{ count: 1, evidence: { user: 'app', reason: admin } }],
  },
  {
    name: 'logins as rdsadmin over the network, and those of RDS itself',
    records: [
      ...failure(ten, { user: 'rdsadmin' }),
      ...refusal(later(ten, 60), { user: 'rdsadmin' }),
      ...failure(later(ten, 120), { user: 'rdsadmin', host: '[local]' }),
      ...session(later(ten, 180), { user: 'rdsadmin', host: '[local]' }),
      ...failure(later(ten, 240), { user: 'rdsadmin2' }),
    ],
    finds: [
      {
        count: 2,
        firstSeen: ten,
        lastSeen: later(ten, 60),
        evidence: { user: 'rdsadmin', source: '192.0.2.7', reason: 'a login as rdsadmin' },
      },
    ],
  },
  {
    name: 'a statement that sets the password of rdsadmin',
    records: [record('password-set', ten, { identity: 'rdsadmin' })],
    finds: [{ count: 1, evidence: { user: 'app', reason: admin } }],
  },
  {
    name: 'reasons, users, databases and sources are told apart; the same ones count together',
    records: [
      refused(ten),
      refused(later(ten, 60)),
      refused(later(ten, 1), { reason: admin }),
      refused(later(ten, 2), { user: 'batch' }),
      refused(later(ten, 3), { database: 'postgres' }),
      refused(later(ten, 4), { host: '192.0.2.8' }),
    ],
    finds: [
      { count: 2, firstSeen: ten, lastSeen: later(ten, 60) },
      { evidence: { reason: admin } },
      { evidence: { user: 'batch' } },
      { evidence: { database: 'postgres' } },
      { evidence: { source: '192.0.2.8' } },
    ],
  },
  {
    name: 'the same record in text and csv counts once',
    records: [refused(ten), refused('2026-05-01T10:00:00.250Z', { object: 'postgresql.csv' })],
    finds: [{ count: 1 }],
  },
  { name: 'a forged record', records: [{ ...refused(ten), forged: 1 }], finds: [] },
  {
    name: 'nobody is known',
    records: [refused(ten, { user: null, database: null, host: null })],
    finds: [
      { reason: /^Somebody was refused 1 time on orders from an unknown address/, evidence: { user: null, database: null, source: null } },
    ],
  },
]);
