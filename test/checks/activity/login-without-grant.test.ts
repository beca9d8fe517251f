import { loginWithoutGrant } from '../../../lib/checks/activity/login-without-grant.ts';
import { denied } from '../../evidence/answers.ts';
import { attached, connect, dbuser, deny, details, policy, role } from '../../evidence/identities.ts';
import { every, iamFailure, later, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['user', 'cluster', 'sources', 'first', 'last', 'count'];
const byIam = { method: 'pam' } as const;
const holds = (...statements: readonly Readonly<Record<string, unknown>>[]) => details({ RoleDetailList: [role(policy(...statements))] });

testActivity(loginWithoutGrant, keys, [
  { name: 'orders-app holds a grant for it', records: session(ten, { ...byIam, user: 'orders_app' }), finds: [] },
  { name: 'with a password nobody needs a grant', records: session(ten, { user: 'app' }), finds: [] },
  { name: 'a failure is no login', records: iamFailure(ten), finds: [] },
  {
    name: 'nobody holds one',
    records: every(60, ten, 2, (time, index) => session(time, { ...byIam, host: `192.0.2.${8 - index}` })),
    finds: [
      {
        severity: 'medium',
        of: 'orders',
        reason:
          'app logged in to orders through IAM 2 times, last on 2026-05-01 from 192.0.2.7 and 192.0.2.8, and no principal holds rds-db:connect for it.',
        evidence: { user: 'app', cluster: 'orders', sources: ['192.0.2.7', '192.0.2.8'], first: ten, last: later(ten, 60), count: 2 },
        count: 2,
      },
    ],
  },
  { name: 'a wildcard holds it', answers: holds(connect(dbuser('*'))), records: session(ten, byIam), finds: [] },
  {
    name: 'an administrator holds it',
    answers: holds({ Effect: 'Allow', Action: '*', Resource: '*' }),
    records: session(ten, byIam),
    finds: [],
  },
  {
    name: 'a deny takes it away again',
    answers: holds(connect(dbuser('*')), deny(dbuser('app'))),
    records: session(ten, byIam),
    finds: [{ evidence: { user: 'app' } }],
  },
  {
    name: 'a grant on another cluster is none here',
    answers: holds(connect(dbuser('app', 'cluster-ANOTHER'))),
    records: session(ten, byIam),
    finds: [{ count: 1 }],
  },
  {
    name: 'names are case-sensitive',
    records: session(ten, { ...byIam, user: 'Orders_App' }),
    finds: [{ evidence: { user: 'Orders_App' } }],
  },
  {
    name: 'a policy whose text nobody has may hold it',
    answers: details({ RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('unknown') })] }),
    records: session(ten, byIam),
    finds: [],
  },
  {
    name: 'nobody may list who holds what',
    answers: { 'iam get-account-authorization-details': denied },
    records: session(ten, byIam),
    finds: [],
  },
  {
    name: 'nobody collected who holds what',
    answers: { 'iam get-account-authorization-details': undefined },
    records: session(ten, byIam),
    finds: [],
  },
  {
    name: 'a cluster that is not in the inventory has no id that a grant could name',
    records: session(ten, { ...byIam, cluster: 'gone' }),
    finds: [],
  },
  { name: 'nobody listed the clusters', answers: { 'rds describe-db-clusters': undefined }, records: session(ten, byIam), finds: [] },
]);
