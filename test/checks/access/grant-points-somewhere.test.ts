import { grantPointsSomewhere } from '../../../lib/checks/access/grant-points-somewhere.ts';
import { known } from '../../../lib/domain/answer.ts';
import type { DatabaseRole } from '../../../lib/evidence/evidence.ts';
import { activityOf, sessions } from '../../evidence/activity.ts';
import { cluster, denied } from '../../evidence/answers.ts';
import { attached, connect, dbuser, details, inline, policy, role } from '../../evidence/identities.ts';
import { testPosture } from '../posture/table.ts';

const holding = (...resources: readonly string[]) => details({ RoleDetailList: [role(policy(connect(resources)))] });
const seen = activityOf([sessions('orders_app')]);
const iam = (IAMDatabaseAuthenticationEnabled: boolean | undefined) => ({
  'rds describe-db-clusters': { DBClusters: [cluster({ IAMDatabaseAuthenticationEnabled })] },
});
const databaseRole = (name: string): DatabaseRole => ({
  name,
  canLogin: true,
  superuser: false,
  createRole: false,
  hasPassword: null,
  validUntil: null,
  memberOf: ['rds_iam'],
});
const roles = (...names: readonly string[]) => new Map([['orders', known(names.map(databaseRole))]]);
const gone = dbuser('orders_app', 'cluster-GONE');

testPosture(grantPointsSomewhere, {
  passes: [
    { name: 'a cluster with IAM authentication and a user who logged in', activity: seen },
    { name: 'a user who is in the roles evidence', activity: activityOf([], [], {}), databaseRoles: roles('orders_app') },
    { name: 'any user', answers: holding(dbuser('*')), activity: activityOf([]) },
    { name: 'any database', answers: holding(dbuser('orders_app', '*')), activity: seen },
  ],
  fails: [
    {
      name: 'a cluster that is gone',
      answers: holding(gone),
      activity: seen,
      says: `${gone} (policy connect) names no database that is there.`,
      evidence: { principal: 'arn:aws:iam::111122223333:role/orders-app', grants: [gone] },
      command: 'aws iam delete-role-policy --role-name orders-app --policy-name connect',
    },
    {
      name: 'one of two is gone: the policy stays',
      answers: holding(gone, dbuser('orders_app')),
      activity: seen,
      evidence: { grants: [gone] },
      command: null,
    },
    {
      name: 'one of two is gone, in a policy that gives other things: the other grant stays',
      answers: details({
        RoleDetailList: [
          role(policy(connect(dbuser('orders_app'))), {
            RolePolicyList: [
              inline(policy(connect(dbuser('orders_app')))),
              inline(policy(connect(gone), { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }), 'app'),
            ],
          }),
        ],
      }),
      activity: seen,
      evidence: { grants: [gone] },
      command: `aws iam put-role-policy --role-name orders-app --policy-name deny-database-login --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"rds-db:connect","Resource":"${gone}"}]}'`,
    },
    { name: 'the id in other capitals', answers: holding(dbuser('orders_app').replace('cluster-ABC', 'cluster-abc')), activity: seen },
    { name: 'a member instead of the cluster', answers: holding(dbuser('orders_app', 'db-ORDERS-1')), activity: seen },
    {
      name: 'another account',
      answers: holding(dbuser('orders_app').replace('111122223333', '444455556666')),
      activity: seen,
      says: /444455556666/,
    },
    { name: 'IAM authentication off', answers: iam(false), activity: seen, says: /orders, where IAM authentication is off\.$/ },
    {
      name: 'a user who was never seen, with complete logs',
      activity: activityOf([sessions('other')]),
      says: /orders_app, who was never seen\.$/,
    },
    {
      name: 'a user whom the database does not have',
      activity: activityOf([], [], {}),
      databaseRoles: roles('other'),
      says: /whom the database does not have\.$/,
    },
  ],
  notApplicable: [
    {
      name: 'an administrator',
      answers: details({ RoleDetailList: [role(policy({ Effect: 'Allow', Action: '*', Resource: '*' }))] }),
      activity: seen,
    },
  ],
  unknown: [
    { name: 'a user who was never seen, without logs', activity: activityOf([], [], {}) },
    {
      name: 'a user who may be a role that could not be read',
      activity: activityOf([], [], {}),
      databaseRoles: new Map([['orders', known([databaseRole('other')], 1)]]),
    },
    { name: 'clusters denied', answers: { ...holding(gone), 'rds describe-db-clusters': denied }, activity: seen, says: /denied/ },
    {
      name: 'a region that was not looked at',
      answers: holding(gone.replace('eu-central-1', 'us-east-1')),
      activity: seen,
      says: /us-east-1/,
    },
    { name: 'IAM authentication not said', answers: iam(undefined), activity: seen, says: /IAMDatabaseAuthenticationEnabled/ },
    {
      name: 'a proxy, and proxies denied',
      answers: { ...holding(dbuser('orders_app', 'prx-1')), 'rds describe-db-proxies': denied },
      activity: seen,
    },
    {
      name: 'the text of a policy is not there',
      answers: details({ RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('db') })] }),
      activity: seen,
    },
  ],
});
