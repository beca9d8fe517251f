import { grantNarrow } from '../../../lib/checks/access/grant-narrow.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { activityOf, sessions } from '../../evidence/activity.ts';
import { attached, connect, dbuser, deny, details, group, inline, managed, policy, role, user } from '../../evidence/identities.ts';
import { testPosture } from '../posture/table.ts';

const holding = (document: unknown, override: Readonly<Record<string, unknown>> = {}) =>
  details({ RoleDetailList: [role(document, override)] });
const wide = dbuser('*', '*');
const everything = (Action: string) => policy({ Effect: 'Allow', Action, Resource: '*' });
const seen = activityOf([sessions('orders_app'), sessions('report', { last: '2026-04-01T00:00:00.000Z' })]);
const needed = `["${dbuser('orders_app')}","${dbuser('report')}"]`;
const narrowed = `'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":${needed}}]}'`;
const onlyNeeded = `'{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"rds-db:connect","NotResource":${needed}}]}'`;

testPosture(grantNarrow, {
  passes: [
    { name: 'a cluster and a user', says: `role orders-app holds ${dbuser('orders_app')}: databases and users are named.` },
    { name: 'rds-db:* on a cluster and a user', answers: holding(policy(connect(dbuser('app'), { Action: 'rds-db:*' }))) },
    { name: 'a beginning of names', answers: holding(policy(connect(dbuser('app_*')))) },
    { name: 'any region, one cluster', answers: holding(policy(connect(dbuser('app').replace('eu-central-1', '*')))) },
    {
      name: 'wide, but denied down to one',
      answers: holding(policy(connect('*'), { Effect: 'Deny', Action: '*', NotResource: dbuser('app') })),
    },
    {
      name: 'wide, within a narrow boundary',
      answers: details({
        RoleDetailList: [
          role(policy(connect('*')), { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/limit' } }),
        ],
        Policies: [managed('limit', policy(connect(dbuser('app'))))],
      }),
    },
    {
      name: 'wide, and on the allowed list',
      answers: holding(policy(connect(wide))),
      configuration: { allowed: { ...defaultConfiguration.allowed, wideGrants: ['arn:aws:iam::111122223333:role/orders-*'] } },
      says: 'role orders-app may hold wide grants: it is in allowed.wideGrants.',
    },
  ],
  fails: [
    ...[
      ['any database and user', wide],
      ['any database', dbuser('app', '*')],
      ['any user', dbuser('*')],
      ['any Aurora cluster', dbuser('app', 'cluster-*')],
      ['all after dbuser', 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:*'],
      ['everything', '*'],
      ['everything of rds-db', 'arn:aws:rds-db:*'],
    ].map(([name = '', resource = '']) => ({
      name,
      answers: holding(policy(connect(resource))),
      severity: 'high',
      evidence: { principal: 'arn:aws:iam::111122223333:role/orders-app', grants: [resource], administrator: false },
    })),
    { name: 'rds-db:*', answers: holding(everything('rds-db:*')), severity: 'high' },
    { name: 'a deny of one user leaves it wide', answers: holding(policy(connect(wide), deny(dbuser('master')))), severity: 'high' },
    { name: 'an administrator', answers: holding(everything('*')), severity: 'low', evidence: { administrator: true } },
    {
      name: 'a power user, by NotAction',
      answers: holding(policy({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' })),
      severity: 'low',
    },
    {
      name: 'an administrator with a wide grant beside',
      answers: holding(policy({ Effect: 'Allow', Action: '*', Resource: '*' }, connect(wide))),
      severity: 'high',
      evidence: { administrator: false },
    },
    {
      name: 'conditional, said so',
      answers: holding(policy(connect(wide, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } }))),
      says: /conditional/,
    },
    { name: 'nobody logged in: nothing to narrow it to', answers: holding(policy(connect(wide))), activity: activityOf([]), command: null },
    {
      name: 'an inline policy of its own is replaced by what the logins need',
      answers: holding(policy(connect(wide))),
      activity: seen,
      command: `aws iam put-role-policy --role-name orders-app --policy-name database-login --policy-document ${narrowed}\naws iam delete-role-policy --role-name orders-app --policy-name connect`,
      effect: 'at once',
      note: 'It leaves what the logins seen needed.',
    },
    {
      name: 'another policy has the name already',
      answers: details({
        RoleDetailList: [
          role(undefined, { RolePolicyList: [inline(policy(connect(wide))), inline(policy(connect(dbuser('report'))), 'database-login')] }),
        ],
      }),
      activity: seen,
      command: `aws iam put-role-policy --role-name orders-app --policy-name database-login-2 --policy-document ${narrowed}\naws iam delete-role-policy --role-name orders-app --policy-name connect`,
    },
    {
      name: 'a deny in the policy stays, for other policies too',
      answers: holding(policy(connect(wide), deny(dbuser('master')))),
      activity: seen,
      command: `aws iam put-role-policy --role-name orders-app --policy-name database-login-only --policy-document ${onlyNeeded}`,
    },
    {
      name: 'logs that do not tell all',
      answers: holding(policy(connect(wide))),
      activity: activityOf([sessions('orders_app')], [], {}),
      note: /look before you paste/,
    },
    {
      name: 'an attached policy is detached',
      answers: details({
        RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('db') })],
        Policies: [managed('db', policy(connect(wide)))],
      }),
      activity: seen,
      command: `aws iam put-role-policy --role-name orders-app --policy-name database-login --policy-document ${narrowed}\naws iam detach-role-policy --role-name orders-app --policy-arn arn:aws:iam::111122223333:policy/db`,
    },
    {
      name: 'an administrator keeps the rest',
      answers: holding(everything('*')),
      activity: seen,
      command: `aws iam put-role-policy --role-name orders-app --policy-name database-login-only --policy-document ${onlyNeeded}`,
    },
    {
      name: 'a condition is kept',
      answers: holding(policy(connect(wide, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }))),
      activity: seen,
      command: `aws iam put-role-policy --role-name orders-app --policy-name database-login-only --policy-document ${onlyNeeded}`,
    },
    {
      name: 'a group keeps the policy for the others',
      answers: details({ UserDetailList: [user()], GroupDetailList: [group({ GroupPolicyList: [inline(policy(connect(wide)))] })] }),
      activity: seen,
      command: `aws iam put-user-policy --user-name jane --policy-name database-login-only --policy-document ${onlyNeeded}`,
    },
  ],
  unknown: [
    {
      name: 'the text of a policy is not there',
      answers: holding(policy(connect(wide)), { AttachedManagedPolicies: attached('db') }),
      says: /policy\/db/,
    },
  ],
});
