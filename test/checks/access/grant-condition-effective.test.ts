import { grantConditionEffective } from '../../../lib/checks/access/grant-condition-effective.ts';
import { attached, connect, dbuser, deny, details, managed, policy, role } from '../../evidence/identities.ts';
import { testPosture } from '../posture/table.ts';

const holding = (...statements: readonly Readonly<Record<string, unknown>>[]) => details({ RoleDetailList: [role(policy(...statements))] });
const app = dbuser('app');
const bounded = (...statements: readonly Readonly<Record<string, unknown>>[]) =>
  details({
    RoleDetailList: [
      role(policy(connect(app)), { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/limit' } }),
    ],
    Policies: [managed('limit', policy(...statements))],
  });
const without = ['aws:Referer', 'aws:SourceIp', 'aws:SourceVpc', 'aws:SourceVpce', 'aws:UserAgent', 'aws:VpcSourceIp'];

testPosture(grantConditionEffective, {
  passes: [
    { name: 'no condition', says: 'No grant of role orders-app relies on a condition without effect.' },
    {
      name: 'a condition on the principal',
      answers: holding(connect(app, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } })),
    },
    {
      name: 'on one statement of a boundary of which another has none',
      answers: bounded(connect('*', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }), connect('*')),
    },
    {
      name: 'on another statement',
      answers: holding(connect(app), {
        Effect: 'Allow',
        Action: 's3:*',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
      }),
    },
  ],
  fails: [
    ...without.map((key) => ({
      name: key,
      answers: holding(connect(app, { Condition: { StringEquals: { [key]: 'x' } } })),
      says: `role orders-app holds a grant that relies on ${key}, which has no effect on database logins (policy connect).`,
      evidence: { principal: 'arn:aws:iam::111122223333:role/orders-app', grants: [app], keys: [key], policies: ['connect'] },
    })),
    {
      name: 'in other capitals',
      answers: holding(connect(app, { Condition: { IpAddress: { 'AWS:sourceIP': '192.0.2.0/24' } } })),
      evidence: { keys: ['AWS:sourceIP'] },
    },
    {
      name: 'beside one that has an effect',
      answers: holding(
        connect(app, { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, Bool: { 'aws:MultiFactorAuthPresent': true } } }),
      ),
    },
    {
      name: 'a deny that relies on it',
      answers: holding(connect(app), deny('*', { Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } })),
    },
    {
      name: 'a permissions boundary that relies on it',
      answers: bounded(connect('*', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } })),
      evidence: { keys: ['aws:SourceIp'] },
    },
  ],
  unknown: [
    {
      name: 'the text of a policy is not there',
      answers: details({ RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('db') })] }),
    },
  ],
});
