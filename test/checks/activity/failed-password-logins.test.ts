import { failedPasswordLogins } from '../../../lib/checks/activity/failed-password-logins.ts';
import { every, failure, iamFailure, later, record, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'attempts', 'unconfirmed', 'first', 'last', 'reasons'];

testActivity(failedPasswordLogins, keys, [
  { name: 'sessions and IAM failures are another matter', records: [...session(ten), ...iamFailure(later(ten, 5))], finds: [] },
  {
    name: 'a single failure is information',
    records: failure(ten),
    finds: [
      {
        severity: 'info',
        of: 'orders',
        reason: '1 password login as app to database orders of orders from 192.0.2.7 failed: password authentication failed.',
        evidence: {
          user: 'app',
          database: 'orders',
          source: '192.0.2.7',
          cluster: 'orders',
          attempts: 1,
          unconfirmed: 0,
          first: ten,
          last: ten,
          reasons: ['password authentication failed'],
          unknownUser: false,
        },
        count: 1,
        firstSeen: ten,
        lastSeen: ten,
      },
    ],
  },
  {
    name: 'four in the window are information',
    records: every(1, ten, 4, (time) => failure(time)),
    finds: [{ severity: 'info', count: 4 }],
  },
  { name: 'five are medium', records: every(1, ten, 5, (time) => failure(time)), finds: [{ severity: 'medium', count: 5 }] },
  { name: 'fifty are high', records: every(6, ten, 50, (time) => failure(time)), finds: [{ severity: 'high', count: 50 }] },
  {
    name: 'an earlier burst is not forgotten by later single failures',
    records: [...every(1, ten, 5, (time) => failure(time)), ...every(3600, '2026-05-01T12:00:00Z', 3, (time) => failure(time))],
    finds: [{ severity: 'medium', count: 8 }],
  },
  {
    name: 'unknown users are told apart',
    records: [...failure(ten), ...failure(later(ten, 1), { user: 'admin', reason: 'password authentication failed: role does not exist' })],
    finds: [
      { evidence: { user: 'app', unknownUser: false } },
      { evidence: { user: 'admin', unknownUser: true, reasons: ['password authentication failed: role does not exist'] } },
    ],
  },
  {
    name: 'failures of every other method than PAM are here',
    records: [...failure(ten, { method: 'gssapi', reason: 'GSSAPI authentication failed' }), ...failure(later(ten, 1), { method: null })],
    finds: [{ count: 2, evidence: { reasons: ['GSSAPI authentication failed', 'password authentication failed'] } }],
  },
  {
    name: 'where no password failed, none is spoken of',
    records: failure(ten, { method: 'gssapi', reason: 'GSSAPI authentication failed' }),
    finds: [{ reason: '1 login as app to database orders of orders from 192.0.2.7 failed: GSSAPI authentication failed.' }],
  },
  {
    name: 'one attempt in two files, the receipt in one and the failure in both, counts once and is confirmed',
    records: [
      ...failure(ten, { port: 40_001, object: 'logs/orders/orders-1/postgresql.log.2026-05-01-10' }),
      record('failed', '2026-05-01T10:00:01.003Z', {
        port: 40_001,
        object: 'logs/orders/orders-1/postgresql.csv',
        method: 'password',
        reason: 'password authentication failed',
      }),
    ],
    finds: [{ count: 1, evidence: { attempts: 1, unconfirmed: 0 } }],
  },
  {
    name: 'text tells the second, csv the millisecond, and the clock of the text lags: still one attempt each',
    records: every(10, ten, 3, (time, index) => [
      ...failure(time, { port: 40_000 + index }),
      ...failure(later(time, 1.002), { port: 40_000 + index, object: 'logs/orders/orders-1/postgresql.csv' }),
    ]),
    finds: [{ count: 3 }],
  },
  {
    name: 'no source, database or user is known',
    records: [record('failed', ten, { user: null, database: null, host: null, port: null, process: null, method: 'password' })],
    finds: [
      {
        reason: /^1 password login as an unknown user to an unknown database of orders from an unknown address failed/,
        evidence: { user: null, database: null, source: null, reasons: [] },
      },
    ],
  },
  {
    name: 'a cluster that the inventory does not know has an ARN of the account and the region',
    records: failure(ten, { cluster: 'gone' }),
    finds: [{ of: 'gone', arn: 'arn:aws:rds:eu-central-1:111122223333:cluster:gone' }],
  },
  {
    name: 'a single instance is an instance',
    answers: {
      'rds describe-db-clusters': { DBClusters: [] },
      'rds describe-db-instances': {
        DBInstances: [
          { DBInstanceIdentifier: 'billing', DBInstanceArn: 'arn:aws:rds:eu-central-1:111122223333:db:billing', Engine: 'postgres' },
        ],
      },
    },
    records: failure(ten, { cluster: 'billing', instance: 'billing' }),
    finds: [{ arn: 'arn:aws:rds:eu-central-1:111122223333:db:billing' }],
  },
]);
