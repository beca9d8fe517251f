import { expect } from '@jest/globals';
import { failedIamLogins } from '../../../lib/checks/activity/failed-iam-logins.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { every, failure, forgery, iamError, iamFailure, later, record, refusal, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'attempts', 'unconfirmed', 'first', 'last', 'reasons', 'callers'];
const caller = 'arn:aws:sts::111122223333:assumed-role/reporting/mallory';

testActivity(failedIamLogins, keys, [
  { name: 'nothing was logged', finds: [] },
  { name: 'sessions and password failures are another matter', records: [...session(ten), ...failure(later(ten, 5))], finds: [] },
  {
    name: 'a single failure is information',
    records: iamFailure(ten),
    finds: [
      {
        severity: 'info',
        of: 'orders',
        reason: '1 IAM login as app to database orders of orders from 192.0.2.7 failed: PAM authentication failed: Permission denied.',
        evidence: {
          user: 'app',
          database: 'orders',
          source: '192.0.2.7',
          cluster: 'orders',
          attempts: 1,
          unconfirmed: 0,
          first: ten,
          last: ten,
          reasons: ['PAM authentication failed: Permission denied'],
          callers: [],
        },
        count: 1,
        firstSeen: ten,
        lastSeen: ten,
      },
    ],
  },
  {
    name: 'a caller whom a forged record names is nobody',
    records: [...iamFailure(ten), { ...iamError(later(ten, 1), caller), forged: 1 }],
    finds: [{ evidence: expect.objectContaining({ callers: [] }) }],
  },
  {
    name: 'five within five minutes to the second are medium',
    records: every(75, ten, 5, (time) => iamFailure(time)),
    finds: [{ severity: 'medium', count: 5, firstSeen: ten, lastSeen: later(ten, 300) }],
  },
  {
    name: 'five within a second more are information',
    records: [...every(75, ten, 4, (time) => iamFailure(time)), ...iamFailure(later(ten, 301))],
    finds: [{ severity: 'info', count: 5 }],
  },
  {
    name: 'a burst across a full hour is a burst',
    records: every(10, '2026-05-01T10:59:40.000Z', 5, (time) => iamFailure(time)),
    finds: [{ severity: 'medium', count: 5 }],
  },
  { name: 'forty-nine are medium', records: every(1, ten, 49, (time) => iamFailure(time)), finds: [{ severity: 'medium', count: 49 }] },
  {
    name: 'ten times the threshold within the window is high',
    records: every(1, ten, 50, (time) => iamFailure(time)),
    finds: [{ severity: 'high', count: 50 }],
  },
  {
    name: 'fifty spread over a day are no burst',
    records: every(1700, ten, 50, (time) => iamFailure(time)),
    finds: [{ severity: 'info', count: 50 }],
  },
  {
    name: 'the configuration sets threshold and window',
    records: every(600, ten, 2, (time) => iamFailure(time)),
    configuration: { thresholds: { ...defaultConfiguration.thresholds, failedLogins: 2, failedLoginWindow: 600_000 } },
    finds: [{ severity: 'medium', count: 2 }],
  },
  {
    name: 'a threshold of one makes a single failure medium',
    records: iamFailure(ten),
    configuration: { thresholds: { ...defaultConfiguration.thresholds, failedLogins: 1 } },
    finds: [{ severity: 'medium', count: 1 }],
  },
  {
    name: 'user, database, source and cluster are told apart, and none of them reaches the threshold by the others',
    records: [
      ...iamFailure(ten),
      ...iamFailure(later(ten, 1), { user: 'batch' }),
      ...iamFailure(later(ten, 2), { database: 'postgres' }),
      ...iamFailure(later(ten, 3), { host: '2001:db8::7' }),
      ...iamFailure(later(ten, 4), { cluster: 'billing' }),
    ],
    finds: [
      { severity: 'info', evidence: { user: 'app', database: 'orders', source: '192.0.2.7', cluster: 'orders' } },
      { severity: 'info', evidence: { user: 'batch' } },
      { severity: 'info', evidence: { database: 'postgres' } },
      { severity: 'info', evidence: { source: '2001:db8::7' } },
      { severity: 'info', of: 'billing', evidence: { cluster: 'billing' } },
    ],
  },
  {
    name: 'members of one cluster count together',
    records: [...iamFailure(ten), ...iamFailure(ten, { instance: 'orders-2' })],
    finds: [{ count: 2 }],
  },
  {
    name: 'attempts without a receipt count and are unconfirmed',
    records: [...iamFailure(ten), ...iamFailure(later(ten, 9), { confirmed: false })],
    finds: [{ count: 2, evidence: { attempts: 2, unconfirmed: 1 } }],
  },
  {
    name: 'the same attempt in text, csv and CloudWatch counts once',
    records: [
      ...iamFailure(ten),
      ...iamFailure('2026-05-01T10:00:00.417Z', { port: 36_800, object: 'logs/orders/orders-1/postgresql.csv' }),
      ...iamFailure(ten, { port: 36_800, object: 'cloudwatch/1.gz' }),
    ].map((one) => ({ ...one, port: 36_800 })),
    finds: [{ count: 1, evidence: { attempts: 1, unconfirmed: 0 } }],
  },
  {
    name: 'the second try of sslmode=prefer, which is refused, is no second failure',
    records: [...iamFailure(ten, { process: 835, port: 13_708 }), ...refusal(ten, { process: 836, port: 13_709 })],
    finds: [{ count: 1 }],
  },
  {
    name: 'a failure with a shortened prefix has no address',
    records: [record('failed', ten, { host: null, port: null, database: null, method: 'pam', reason: 'PAM authentication failed' })],
    finds: [{ severity: 'info', evidence: { user: 'app', database: null, source: null, attempts: 1, unconfirmed: 1 } }],
  },
  {
    name: 'records that cannot be genuine count nowhere',
    records: [
      ...iamFailure(ten),
      forgery(later(ten, 1), { text: 'PAM authentication failed for user "ceo"' }),
      { ...record('failed', later(ten, 2), { method: 'pam', user: 'ceo' }), forged: 1 },
    ],
    finds: [{ count: 1, evidence: { user: 'app' } }],
  },
  {
    name: 'what happened outside the window does not count',
    records: [
      ...iamFailure('2026-04-30T23:59:59Z'),
      ...iamFailure('2026-05-01T00:00:00Z'),
      ...iamFailure('2026-05-01T23:59:59.999Z'),
      ...iamFailure('2026-05-02T00:00:00Z'),
    ],
    from: '2026-05-01T00:00:00Z',
    to: '2026-05-02T00:00:00Z',
    finds: [{ count: 2, firstSeen: '2026-05-01T00:00:00.000Z', lastSeen: '2026-05-01T23:59:59.999Z' }],
  },
  {
    name: 'iam-db-auth-error names the caller, also by its ARN with commas, once',
    records: [
      ...iamFailure(ten),
      ...iamFailure(later(ten, 60)),
      iamError(later(ten, 1), caller),
      iamError(later(ten, 61), caller),
      iamError(later(ten, 61), 'arn:aws:sts::111122223333:assumed-role/a,b/c,d'),
    ],
    finds: [
      {
        reason: `2 IAM logins as app to database orders of orders from 192.0.2.7 failed: PAM authentication failed: Permission denied and NotAuthorized. The caller was arn:aws:sts::111122223333:assumed-role/a,b/c,d and ${caller}.`,
        evidence: { attempts: 2, callers: ['arn:aws:sts::111122223333:assumed-role/a,b/c,d', caller] },
      },
    ],
  },
  {
    name: 'iam-db-auth-error tells why, also where it names nobody',
    records: [...iamFailure(ten), { ...iamError(later(ten, 1), caller), identity: null, reason: 'ExpiredToken' }],
    finds: [{ evidence: { reasons: ['PAM authentication failed: Permission denied', 'ExpiredToken'], callers: [] } }],
  },
  {
    name: 'a caller is looked for around the failure, which may come long after the receipt',
    records: [
      ...iamFailure(ten, { port: 13_708 }).slice(0, 1),
      record('failed', later(ten, 40), { port: 13_708, method: 'pam', reason: 'PAM authentication failed' }),
      iamError(later(ten, 39), caller),
    ],
    finds: [{ count: 1, firstSeen: ten, evidence: { callers: [caller], unconfirmed: 0 } }],
  },
  {
    name: 'errors of another user, another instance or another minute name nobody',
    records: [
      ...iamFailure(ten),
      iamError(ten, caller, { user: 'batch' }),
      iamError(ten, caller, { instance: 'orders-2' }),
      iamError(later(ten, 60), caller),
    ],
    finds: [{ count: 1, evidence: { callers: [] } }],
  },
  {
    name: 'names are hostile and stay as they were',
    records: iamFailure(ten, { user: 'a"\r\u2028\u001b[31m<b>', database: "o'rders; DROP TABLE login" }),
    finds: [{ evidence: { user: 'a"\r\u2028\u001b[31m<b>', database: "o'rders; DROP TABLE login" } }],
  },
]);
