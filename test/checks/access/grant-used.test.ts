import { grantUsed } from '../../../lib/checks/access/grant-used.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { ActivityFacts } from '../../../lib/evidence/activity-facts.ts';
import { activityOf, assumed, completeLog, sessions } from '../../evidence/activity.ts';
import { denied } from '../../evidence/answers.ts';
import {
  attached,
  connect,
  credentialReport,
  dbuser,
  details,
  group,
  inline,
  janeRow,
  managed,
  policy,
  role,
  rootRow,
  user,
} from '../../evidence/identities.ts';
import { testPosture } from '../posture/table.ts';

const arn = 'arn:aws:iam::111122223333:role/orders-app';
const advisor = `iam get-service-last-accessed-details ${arn}`;
const holder = (override: Readonly<Record<string, unknown>> = {}, document: unknown = policy(connect(dbuser('orders_app')))) =>
  details({ RoleDetailList: [role(document, override)] });
const never = { RoleLastUsed: {} };
const longAgo = { RoleLastUsed: { LastUsedDate: '2026-01-10T09:00:00Z', Region: 'eu-central-1' } };
const notSaid = { RoleLastUsed: undefined };
const used = activityOf([sessions('orders_app')]);
const noLogin = activityOf([]);
const noFacts: ActivityFacts = {
  databaseUse: { known: false, cause: { kind: 'not-collected', question: 'database-use', detail: '' } },
  roleUse: { known: false, cause: { kind: 'not-collected', question: 'role-use', detail: '' } },
  logs: new Map(),
};
const lastAccessed = (LastAuthenticated: string | undefined) => ({
  [advisor]: { JobStatus: 'COMPLETED', ServicesLastAccessed: [{ ServiceNamespace: 'rds-db', LastAuthenticated }] },
});
const ownGrant = { GroupList: [], UserPolicyList: [inline(policy(connect(dbuser('orders_app'))))] };
const byUser = (row: Readonly<Record<string, string>>) => ({
  ...details({ UserDetailList: [user(ownGrant)] }),
  'iam get-credential-report': credentialReport(rootRow, { ...janeRow, ...row }),
});
const unusedKey = { access_key_1_last_used_date: '2026-01-01T00:00:00+00:00' };

testPosture(grantUsed, {
  passes: [
    {
      name: 'role use and a login: possibly',
      activity: used,
      says: 'role orders-app was used (RoleLastUsed, 2026-05-02), and orders_app on orders logged in on 2026-05-01: possibly this principal, for several may share a database user.',
    },
    { name: 'the log has gaps, but a login was seen', activity: activityOf([sessions('orders_app')], [], {}) },
    { name: 'a login by wildcard', answers: holder({}, policy(connect(dbuser('*')))), activity: used },
    {
      name: 'RoleLastUsed is old, CloudTrail saw it assumed',
      answers: holder(longAgo),
      activity: activityOf([sessions('orders_app')], [assumed('orders-app')]),
    },
    {
      name: 'RoleLastUsed is missing, CloudTrail saw it assumed',
      answers: holder(notSaid),
      activity: activityOf([sessions('orders_app')], [assumed('orders-app')]),
    },
    { name: 'only access advisor saw it', answers: { ...holder(never), ...lastAccessed('2026-04-30T00:00:00Z') }, activity: used },
    { name: 'access advisor is not collected', answers: { ...holder(), [advisor]: undefined }, activity: used },
    { name: 'access advisor is denied', answers: { ...holder(), [advisor]: denied }, activity: used },
    { name: 'CloudTrail is not collected', activity: { ...used, roleUse: noFacts.roleUse } },
    { name: 'a user whose key was used', answers: byUser({}), activity: used },
    {
      name: 'a user who signed in to the console',
      answers: byUser({ ...unusedKey, password_enabled: 'true', password_last_used: '2026-05-01T00:00:00+00:00' }),
      activity: used,
    },
    { name: 'the day before the period ends', answers: holder({ RoleLastUsed: { LastUsedDate: '2026-02-02T12:00:01Z' } }), activity: used },
    {
      name: 'a longer period',
      answers: holder(longAgo),
      activity: used,
      configuration: { thresholds: { ...defaultConfiguration.thresholds, unusedDays: 365 } },
    },
    {
      name: 'conditional, said so',
      answers: holder({}, policy(connect(dbuser('orders_app'), { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } }))),
      activity: used,
      says: /The grant is conditional, which is not judged here: StringEquals aws:PrincipalTag\/team = data\.$/,
    },
  ],
  fails: [
    {
      name: 'never used, whatever the logs say',
      answers: holder(never),
      activity: used,
      says: 'Nobody used role orders-app in the last 90 days: no sign of use is known.',
      evidence: {
        principal: arn,
        grants: [dbuser('orders_app')],
        databaseUsers: ['orders_app'],
        use: 'role-never-used',
        lastUsed: null,
        signs: { roleLastUsed: 'never', assumeRole: 'never', accessAdvisor: 'never', logins: '2026-05-01T08:00:00.000Z' },
      },
      command: 'aws iam delete-role-policy --role-name orders-app --policy-name connect',
      effect: 'at once',
    },
    {
      name: 'used before the period',
      answers: holder(longAgo),
      activity: noLogin,
      says: 'Nobody used role orders-app in the last 90 days: the last sign is RoleLastUsed on 2026-01-10.',
      evidence: { use: 'role-never-used', lastUsed: '2026-01-10T09:00:00.000Z' },
    },
    {
      name: 'never used, and nothing else was collected',
      answers: { ...holder(never), [advisor]: undefined },
      activity: noFacts,
      evidence: {
        use: 'role-never-used',
        signs: {
          roleLastUsed: 'never',
          assumeRole: 'unknown: not collected: role-use',
          accessAdvisor: `unknown: not collected: iam get-service-last-accessed-details ${arn} (global)`,
          logins: 'unknown: not collected: database-use',
        },
      },
    },
    {
      name: 'assumed long before the period',
      answers: holder(never),
      activity: activityOf([], [assumed('orders-app', { last: '2026-01-01T00:00:00.000Z' })]),
      evidence: { use: 'role-never-used', lastUsed: '2026-01-01T00:00:00.000Z' },
    },
    {
      name: 'another role was assumed',
      answers: holder(never),
      activity: activityOf([], [assumed('orders-app-2')]),
      evidence: { use: 'role-never-used' },
    },
    {
      name: 'role use and no login, with complete logs',
      activity: noLogin,
      evidence: { use: 'never-logged-in', lastUsed: '2026-05-02T09:00:00.000Z', signs: { logins: 'never' } },
    },
    { name: 'only others logged in', activity: activityOf([sessions('other')]), evidence: { use: 'never-logged-in' } },
    { name: 'only a login in other capitals', activity: activityOf([sessions('Orders_App')]), evidence: { use: 'never-logged-in' } },
    {
      name: 'a login on another cluster',
      activity: activityOf([sessions('orders_app', { cluster: 'billing' })]),
      evidence: { use: 'never-logged-in' },
    },
    {
      name: 'a login before the period',
      activity: activityOf([sessions('orders_app', { last: '2026-01-20T00:00:00.000Z' })]),
      evidence: { use: 'never-logged-in' },
    },
    {
      name: 'its cluster is gone',
      answers: holder({}, policy(connect(dbuser('app', 'cluster-GONE')))),
      activity: noLogin,
      evidence: { use: 'never-logged-in' },
    },
    {
      name: 'a user whose key nobody used',
      answers: byUser(unusedKey),
      activity: used,
      evidence: { use: 'role-never-used', signs: { accessKeys: '2026-01-01T00:00:00.000Z', consolePassword: 'never' } },
    },
    {
      name: 'a user without any key',
      answers: byUser({ access_key_1_active: 'false', access_key_1_last_rotated: 'N/A', access_key_1_last_used_date: 'N/A' }),
      activity: used,
      evidence: { use: 'role-never-used', lastUsed: null },
      command: 'aws iam delete-user-policy --user-name jane --policy-name connect',
    },
    {
      name: 'an attached policy that gives only this',
      answers: details({
        RoleDetailList: [role(undefined, { ...never, AttachedManagedPolicies: attached('db') })],
        Policies: [managed('db', policy(connect(dbuser('orders_app'))))],
      }),
      command: 'aws iam detach-role-policy --role-name orders-app --policy-arn arn:aws:iam::111122223333:policy/db',
    },
    {
      name: 'a policy that gives other things too',
      answers: holder(never, policy({ Effect: 'Allow', Action: ['rds-db:connect', 's3:GetObject'], Resource: '*' })),
      command: `aws iam put-role-policy --role-name orders-app --policy-name deny-database-login --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"rds-db:connect","Resource":"*"}]}'`,
    },
    {
      name: 'a group gives it',
      answers: {
        ...byUser(unusedKey),
        ...details({
          UserDetailList: [user()],
          GroupDetailList: [group({ GroupPolicyList: [inline(policy(connect(dbuser('orders_app'))))] })],
        }),
      },
      command: `aws iam put-user-policy --user-name jane --policy-name deny-database-login --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"rds-db:connect","Resource":"*"}]}'`,
    },
    {
      name: 'a name that a shell would read',
      answers: holder({ ...never, RoleName: 'a;rm -rf' }),
      command: "aws iam delete-role-policy --role-name 'a;rm -rf' --policy-name connect",
    },
    {
      name: 'a role that only AWS changes',
      answers: holder({ ...never, Arn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dba_1' }),
      command: null,
    },
    {
      name: 'Terraform manages it',
      answers: holder({ ...never, Tags: [{ Key: 'ManagedBy', Value: 'terraform' }] }),
      note: /Terraform manages orders-app/,
    },
  ],
  unknown: [
    {
      name: 'role use, no login, a log with gaps',
      activity: activityOf([], [], { orders: { ...completeLog, complete: false, detail: '4 hours are missing' } }),
      says: /orders: 4 hours are missing/,
    },
    { name: 'role use, no login, no log at all', activity: activityOf([], [], {}), says: /no log of it is in the evidence/ },
    {
      name: 'role use, no login, a log that begins in the period',
      activity: activityOf([], [], { orders: { ...completeLog, from: '2026-04-01T00:00:00.000Z' } }),
    },
    { name: 'role use, and the logins could not be asked', activity: noFacts },
    {
      name: 'role use, no login, and the clusters could not be listed',
      answers: { 'rds describe-db-clusters': denied },
      activity: noLogin,
      says: /denied/,
    },
    {
      name: 'role use, no login, and the region was not looked at',
      answers: holder({}, policy(connect(dbuser('a').replace('eu-central-1', 'us-east-1')))),
      activity: noLogin,
      says: /us-east-1/,
    },
    { name: 'RoleLastUsed is not said and no other sign is seen', answers: holder(notSaid), activity: used, says: /lacks RoleLastUsed/ },
    { name: 'RoleLastUsed cannot be read', answers: holder({ RoleLastUsed: { LastUsedDate: 'yesterday' } }), activity: used },
    {
      name: 'the text of a policy is not there',
      answers: details({ RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('db') })] }),
      activity: used,
      says: /policy\/db/,
    },
    {
      name: 'a user without a credential report',
      answers: { ...byUser({}), 'iam get-credential-report': denied },
      activity: used,
      says: /denied/,
    },
    {
      name: 'a user who is not in the report',
      answers: { ...byUser({}), 'iam get-credential-report': credentialReport(rootRow) },
      activity: used,
    },
  ],
});
