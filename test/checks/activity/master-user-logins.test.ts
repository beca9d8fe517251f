import { masterUserLogins } from '../../../lib/checks/activity/master-user-logins.ts';
import { every, failure, later, record, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'source', 'cluster', 'first', 'last', 'count'];
const master = { user: 'orders_owner' };

testActivity(masterUserLogins, keys, [
  { name: 'other users', records: session(ten), finds: [] },
  { name: 'the master user failed', records: failure(ten, master), finds: [] },
  {
    name: 'authorized and then refused for another reason is no login',
    records: [...session(ten, master), record('rejected', ten, { ...master, reason: 'database does not exist' })],
    finds: [],
  },
  {
    name: 'the master user logged in',
    records: session(ten, master),
    finds: [
      {
        severity: 'low',
        of: 'orders',
        reason: 'The master user orders_owner of orders logged in 1 time on 1 day from 192.0.2.7.',
        evidence: { user: 'orders_owner', source: '192.0.2.7', cluster: 'orders', first: ten, last: ten, count: 1 },
        count: 1,
      },
    ],
  },
  {
    name: 'every day, to any database, from two sources',
    records: [
      ...every(43_200, ten, 4, (time, index) => session(time, { ...master, database: `db${index}` })),
      ...session(later(ten, 1), { ...master, host: '[local]' }),
    ],
    finds: [
      { count: 4, reason: /4 times on 2 days from 192\.0\.2\.7/, firstSeen: ten, lastSeen: later(ten, 129_600) },
      { count: 1, evidence: { source: '[local]' } },
    ],
  },
  {
    name: 'a session that began before the window and ended in it is no login of the window',
    records: [record('disconnected', ten, master)],
    finds: [],
  },
  { name: 'the name of another cluster is no master here', records: session(ten, { ...master, cluster: 'billing' }), finds: [] },
  { name: 'names are case-sensitive', records: session(ten, { user: 'ORDERS_OWNER' }), finds: [] },
  {
    name: 'nobody knows who the master user is',
    answers: { 'rds describe-db-clusters': undefined },
    records: session(ten, master),
    finds: [],
  },
  { name: 'no address is known', records: session(ten, { ...master, host: null, port: null }), finds: [{ evidence: { source: null } }] },
]);
