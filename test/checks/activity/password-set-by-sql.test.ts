import { passwordSetBySql } from '../../../lib/checks/activity/password-set-by-sql.ts';
import { denied } from '../../evidence/answers.ts';
import { later, record } from '../../queries/logged.ts';
import { clusters, onlySingle } from '../posture/given.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'database', 'source', 'cluster', 'first', 'last', 'count'];
const set = (time: string, role: string, login: Parameters<typeof record>[2] = {}) =>
  record('password-set', time, { identity: role, user: 'orders_owner', port: 40_001, ...login });

testActivity(passwordSetBySql, keys, [
  { name: 'of another role', records: [set(ten, 'app')], finds: [] },
  {
    name: 'of the master user, by itself',
    records: [set(ten, 'orders_owner')],
    finds: [
      {
        severity: 'low',
        of: 'orders',
        reason: 'orders_owner set the password of the master user orders_owner of orders by SQL on 2026-05-01, from 192.0.2.7.',
        evidence: { user: 'orders_owner', database: 'orders', source: '192.0.2.7', cluster: 'orders', first: ten, last: ten, count: 1 },
        count: 1,
        command:
          'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --rotate-master-user-password --apply-immediately',
      },
    ],
  },
  { name: 'of the master user, by another', records: [set(ten, 'orders_owner', { user: 'dba' })], finds: [{ evidence: { user: 'dba' } }] },
  {
    name: 'of the master user, as the one who is logged in',
    records: [set(ten, 'current_user'), set(later(ten, 60), 'session_user'), set(later(ten, 120), 'orders_owner')],
    finds: [{ count: 3 }],
  },
  { name: 'of another user, as the one who is logged in', records: [set(ten, 'current_user', { user: 'app' })], finds: [] },
  {
    name: 'a statement that stands in the log, in csv and in the log of pgaudit counts once',
    records: [
      set(ten, 'orders_owner'),
      set(ten, 'orders_owner'),
      set('2026-05-01T10:00:00.250Z', 'orders_owner', { object: 'postgresql.csv' }),
    ],
    finds: [{ count: 1 }],
  },
  {
    name: 'databases and sources are told apart',
    records: [
      set(ten, 'orders_owner'),
      set(later(ten, 1), 'orders_owner', { database: 'postgres' }),
      set(later(ten, 2), 'orders_owner', { host: '[local]' }),
    ],
    finds: [{ evidence: { database: 'orders' } }, { evidence: { database: 'postgres' } }, { evidence: { source: '[local]' } }],
  },
  { name: 'a forged record', records: [{ ...set(ten, 'orders_owner'), forged: 1 }], finds: [] },
  {
    name: 'where Secrets Manager does not keep the password yet',
    answers: clusters({ MasterUserSecret: undefined }),
    records: [set(ten, 'orders_owner')],
    finds: [
      {
        command:
          'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --manage-master-user-password --apply-immediately',
      },
    ],
  },
  {
    name: 'of a single instance',
    answers: onlySingle({ MasterUserSecret: undefined }),
    records: [set(ten, 'billing_owner', { cluster: 'billing', instance: 'billing' })],
    finds: [
      {
        of: 'billing',
        command:
          'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --manage-master-user-password --apply-immediately',
      },
    ],
  },
  {
    name: 'in a global database RDS cannot keep the password',
    answers: {
      'rds describe-global-clusters': {
        GlobalClusters: [
          {
            GlobalClusterIdentifier: 'worldwide',
            GlobalClusterMembers: [{ DBClusterArn: 'arn:aws:rds:eu-central-1:111122223333:cluster:orders' }],
          },
        ],
      },
    },
    records: [set(ten, 'orders_owner')],
    finds: [{ command: null }],
  },
  {
    name: 'nobody can say whether it is in a global database',
    answers: { 'rds describe-global-clusters': denied },
    records: [set(ten, 'orders_owner')],
    finds: [{ command: null }],
  },
  {
    name: 'nobody knows who the master user is',
    answers: { 'rds describe-db-clusters': undefined },
    records: [set(ten, 'orders_owner')],
    finds: [],
  },
  { name: 'names are case-sensitive', records: [set(ten, 'Orders_Owner')], finds: [] },
  { name: 'outside the window', records: [set('2026-01-01T10:00:00Z', 'orders_owner')], finds: [] },
]);
