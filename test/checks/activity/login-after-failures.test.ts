import { loginAfterFailures } from '../../../lib/checks/activity/login-after-failures.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { every, failure, iamFailure, later, record, refusal, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'source', 'cluster', 'first', 'last', 'count'];
/** Five failures, the last one 40 seconds after ten. */
const burst = every(10, ten, 5, (time) => failure(time));
const burstEnd = later(ten, 40);

testActivity(loginAfterFailures, keys, [
  { name: 'failures without a success', records: burst, finds: [] },
  { name: 'a success without failures', records: session(ten), finds: [] },
  { name: 'four failures are not enough', records: [...burst.slice(0, 8), ...session(later(ten, 60))], finds: [] },
  {
    name: 'a success soon after five failures',
    records: [...burst, ...session(later(ten, 60))],
    finds: [
      {
        severity: 'high',
        of: 'orders',
        reason:
          'app logged in to orders from 192.0.2.7 at 2026-05-01T10:01:00.000Z, after logins from there had failed since 2026-05-01T10:00:00.000Z.',
        evidence: { user: 'app', source: '192.0.2.7', cluster: 'orders', first: later(ten, 60), last: later(ten, 60), count: 1 },
        count: 1,
        firstSeen: later(ten, 60),
      },
    ],
  },
  { name: 'ten minutes after the last failure', records: [...burst, ...session(later(burstEnd, 600))], finds: [{ count: 1 }] },
  { name: 'a second later', records: [...burst, ...session(later(burstEnd, 601))], finds: [] },
  { name: 'in the second of the last failure', records: [...burst, ...session(burstEnd, { port: 50_001 })], finds: [{ count: 1 }] },
  { name: 'before the fifth failure', records: [...burst, ...session(later(ten, 35))], finds: [] },
  {
    name: 'each further success counts',
    records: [...burst, ...session(later(ten, 60)), ...session(later(ten, 120))],
    finds: [{ count: 2, firstSeen: later(ten, 60), lastSeen: later(ten, 120) }],
  },
  {
    name: 'failures of other users from the same source count, of both methods',
    records: [
      ...every(10, ten, 3, (time) => iamFailure(time, { user: 'batch' })),
      ...every(10, later(ten, 30), 2, (time) => failure(time, { user: 'admin' })),
      ...session(later(ten, 60), { user: 'ceo' }),
    ],
    finds: [{ count: 1, evidence: { user: 'ceo' } }],
  },
  { name: 'another source', records: [...burst, ...session(later(ten, 60), { host: '192.0.2.8' })], finds: [] },
  { name: 'another cluster', records: [...burst, ...session(later(ten, 60), { cluster: 'billing' })], finds: [] },
  {
    name: 'another member of the cluster',
    records: [...burst, ...session(later(ten, 60), { instance: 'orders-2' })],
    finds: [{ count: 1 }],
  },
  {
    name: 'authorized and then refused for another reason is no success',
    records: [...burst, ...session(later(ten, 60)), record('rejected', later(ten, 60), { reason: 'database does not exist' })],
    finds: [],
  },
  {
    name: 'the refused second tries of sslmode=prefer are no failures of their own',
    records: [...every(10, ten, 3, (time) => [...failure(time), ...refusal(time, { port: 50_001 })]), ...session(later(ten, 60))],
    finds: [],
  },
  {
    name: 'failures a window apart are no burst',
    records: [...every(80, ten, 5, (time) => failure(time)), ...session(later(ten, 330))],
    finds: [],
  },
  {
    name: 'the configuration sets threshold, window and minutes',
    records: [...every(80, ten, 2, (time) => failure(time)), ...session(later(ten, 110))],
    configuration: {
      thresholds: { ...defaultConfiguration.thresholds, failedLogins: 2, failedLoginWindow: 80_000, loginAfterFailures: 30_000 },
    },
    finds: [{ count: 1 }],
  },
  {
    name: 'the end of a session that began nobody knows when is no success',
    records: [...burst, record('disconnected', later(ten, 60))],
    finds: [],
  },
  {
    name: 'a session that ended soon is one all the same',
    records: [
      ...burst,
      ...session(later(ten, 60)),
      record('disconnected', later(ten, 61), { port: session(later(ten, 60))[0]?.port ?? 0 }),
    ],
    finds: [{ count: 1 }],
  },
  {
    name: 'local logins have no source',
    records: [...burst, ...session(later(ten, 60))].map((one) => ({ ...one, host: '[local]' })),
    finds: [],
  },
  {
    name: 'the failures just before the window, the success in it',
    records: [...burst, ...session(later(ten, 60))],
    from: later(ten, 50),
    finds: [{ count: 1 }],
  },
  { name: 'a success before the window', records: [...burst, ...session(later(ten, 60))], from: later(ten, 61), finds: [] },
  {
    name: 'a success at the end of the window is not in it',
    records: [...burst, ...session(later(ten, 60))],
    to: later(ten, 60),
    finds: [],
  },
]);
