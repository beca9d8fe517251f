import { iamGrantAdded } from '../../../lib/checks/change/iam-grant-added.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { Answers } from '../../evidence/answers.ts';
import type { Call, Row } from './table.ts';
import { testChange } from './table.ts';

const narrow = 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-ABC/report_ro';
const policy = (Resource: unknown, more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'rds-db:connect', Resource, ...more }] });
const iam = (name: string, request: unknown, record: object = {}): Call => ({ source: 'iam.amazonaws.com', name, request, record });
const put = (document: string, more: object = {}): Call =>
  iam('PutRolePolicy', { roleName: 'reporting', policyName: 'connect', policyDocument: document, ...more });
const role = 'arn:aws:iam::111122223333:role/reporting';
const details = (more: object = {}): Answers => ({
  'iam get-account-authorization-details': { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [], ...more },
});
const holding = (more: object = {}) =>
  details({
    RoleDetailList: [
      {
        Arn: role,
        RoleName: 'reporting',
        RolePolicyList: [{ PolicyName: 'connect', PolicyDocument: JSON.parse(policy(narrow)) }],
        AttachedManagedPolicies: [],
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
        ...more,
      },
    ],
  });
const allowed = { allowed: { ...defaultConfiguration.allowed, wideGrants: ['arn:aws:iam::111122223333:role/report*'] } };
const own = 'arn:aws:iam::111122223333:policy/connect';
const versions = (...documents: string[]) => ({
  Arn: own,
  PolicyName: 'connect',
  DefaultVersionId: 'v1',
  PolicyVersionList: documents.map((document, index) => ({
    VersionId: `v${index + 1}`,
    IsDefaultVersion: index === 0,
    Document: JSON.parse(document),
  })),
});

const rows: readonly Row[] = [
  {
    name: 'an inline policy for one user of one cluster',
    call: put(policy(narrow)),
    alert: {
      severity: 'medium',
      reason: `Role reporting now holds rds-db:connect on ${narrow} by policy connect.`,
      resources: ['reporting'],
      after: { grants: [narrow] },
      inEffect: true,
      command: 'aws iam delete-role-policy --role-name reporting --policy-name connect',
      effect: 'at once, with whatever else the policy gives',
    },
  },
  { name: 'URL-encoded', call: put(encodeURIComponent(policy(narrow))), alert: { severity: 'medium' } },
  {
    name: 'a user',
    call: iam('PutUserPolicy', { userName: 'jane', policyName: 'p', policyDocument: policy(narrow) }),
    alert: { resources: ['jane'], command: 'aws iam delete-user-policy --user-name jane --policy-name p' },
  },
  {
    name: 'a group, whose members nobody knows',
    call: iam('PutGroupPolicy', { groupName: 'dbas', policyName: 'p', policyDocument: policy(narrow) }),
    alert: { reason: /Who has it through that is not known/ },
  },
  {
    name: 'a group, and its members',
    call: iam('PutGroupPolicy', { groupName: 'dbas', policyName: 'p', policyDocument: policy(narrow) }),
    answers: details({
      UserDetailList: [{ Arn: 'arn:aws:iam::111122223333:user/jane', UserName: 'jane', GroupList: ['dbas'] }],
      GroupDetailList: [{ GroupName: 'dbas', Arn: 'arn:aws:iam::111122223333:group/dbas' }],
    }),
    alert: { resources: ['dbas', 'jane'], reason: /jane has it through that/ },
  },
  {
    name: 'any database',
    call: put(policy('arn:aws:rds-db:eu-central-1:111122223333:dbuser:*/report_ro')),
    alert: { severity: 'high', reason: /That is wide/ },
  },
  { name: 'any user', call: put(policy('arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-ABC/*')), alert: { severity: 'high' } },
  { name: 'anything', call: put(policy('*')), alert: { severity: 'high' } },
  { name: 'rds-db:*', call: put(policy(narrow, { Action: 'rds-db:*' })), alert: { severity: 'medium' } },
  { name: 'other capitals', call: put(policy(narrow, { Action: 'RDS-DB:Connect' })), alert: { severity: 'medium' } },
  { name: 'a list of actions', call: put(policy(narrow, { Action: ['s3:GetObject', 'rds-db:connect'] })), alert: { severity: 'medium' } },
  { name: 'a wide grant that is allowed', call: put(policy('*')), configuration: allowed, alert: { severity: 'medium' } },
  {
    name: 'a condition',
    call: put(policy(narrow, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } })),
    alert: { reason: /It is conditional/ },
  },
  {
    name: 'denied in the same policy',
    call: put(
      JSON.stringify({
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: 'rds-db:*', Resource: '*' },
        ],
      }),
    ),
    alert: null,
  },
  {
    name: 'denied by another policy of the role',
    call: put(policy(narrow)),
    answers: holding({
      RolePolicyList: [{ PolicyName: 'no', PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'rds-db:connect', Resource: '*' }] } }],
    }),
    alert: null,
  },
  {
    name: 'outside the boundary',
    call: put(policy(narrow)),
    answers: details({
      RoleDetailList: [
        {
          Arn: role,
          RoleName: 'reporting',
          RolePolicyList: [],
          AttachedManagedPolicies: [],
          PermissionsBoundary: { PermissionsBoundaryArn: own },
        },
      ],
      Policies: [versions(policy('*', { Action: 's3:*' }))],
    }),
    alert: null,
  },
  { name: 'another service', call: put(policy('*', { Action: 's3:*' })), alert: null },
  { name: 'rds:*, which is no login', call: put(policy('*', { Action: 'rds:*' })), alert: null },
  {
    name: 'a text that cannot be read',
    call: put('{"Statement": ['),
    alert: { severity: 'medium', reason: /does not say policyDocument/ },
  },
  { name: 'the same policy again', call: put(policy(narrow)), answers: holding(), before: true, alert: null },
  {
    name: 'one more user in the same policy',
    call: put(policy([narrow, `${narrow}2`])),
    answers: holding(),
    before: true,
    alert: {
      before: { grants: [narrow] },
      after: { grants: [`${narrow}2`] },
      command: `aws iam put-role-policy --role-name reporting --policy-name connect --policy-document '${policy(narrow)}'`,
      effect: 'at once',
    },
  },
  {
    name: 'a policy that was surely not there before',
    call: put(policy(narrow)),
    answers: details({ RoleDetailList: [{ Arn: role, RoleName: 'reporting', RolePolicyList: [] }] }),
    before: true,
    alert: { command: 'aws iam delete-role-policy --role-name reporting --policy-name connect', effect: 'at once' },
  },
  { name: 'a failed call', call: { ...put(policy('*')), record: { errorCode: 'AccessDenied' } }, alert: null },
  {
    name: 'requestParameters null',
    call: iam('PutRolePolicy', null),
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
  {
    name: 'AdministratorAccess, as captured',
    call: iam('AttachRolePolicy', { roleName: 'reporting', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    alert: {
      severity: 'high',
      reason: /rights of an administrator/,
      command: 'aws iam detach-role-policy --role-name reporting --policy-arn arn:aws:iam::aws:policy/AdministratorAccess',
    },
  },
  {
    name: 'PowerUserAccess',
    call: iam('AttachUserPolicy', { userName: 'jane', policyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }),
    alert: { severity: 'high' },
  },
  {
    name: "another of AWS's policies",
    call: iam('AttachRolePolicy', { roleName: 'reporting', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    alert: null,
  },
  {
    name: 'a policy of the account that looks like it',
    call: iam('AttachRolePolicy', { roleName: 'reporting', policyArn: 'arn:aws:iam::111122223333:policy/AdministratorAccess' }),
    alert: null,
  },
  {
    name: 'a policy whose text the evidence has',
    call: iam('AttachGroupPolicy', { groupName: 'dbas', policyArn: own }),
    answers: details({ Policies: [versions(policy(narrow))] }),
    alert: { severity: 'medium', reason: /^Group dbas now holds .* by policy connect\. Nobody has it through that today\.$/ },
  },
  {
    name: 'a new default version',
    call: iam('CreatePolicyVersion', { policyArn: own, policyDocument: policy(narrow), setAsDefault: true }),
    alert: { severity: 'medium', resources: ['connect'], reason: /^Policy connect now gives rds-db:connect/ },
  },
  {
    name: 'a new version that is not the default',
    call: iam('CreatePolicyVersion', { policyArn: own, policyDocument: policy(narrow), setAsDefault: false }),
    alert: null,
  },
  {
    name: 'a new version, and who has the policy',
    call: iam('CreatePolicyVersion', { policyArn: own, policyDocument: policy('*'), setAsDefault: true }),
    answers: details({
      Policies: [versions(policy('*', { Action: 's3:*' }))],
      RoleDetailList: [{ Arn: role, RoleName: 'reporting', AttachedManagedPolicies: [{ PolicyArn: own, PolicyName: 'connect' }] }],
    }),
    before: true,
    alert: {
      severity: 'high',
      resources: ['connect', 'reporting'],
      command: `aws iam set-default-policy-version --policy-arn ${own} --version-id v1`,
    },
  },
  {
    name: 'another version becomes the default',
    call: iam('SetDefaultPolicyVersion', { policyArn: own, versionId: 'v2' }),
    answers: details({ Policies: [versions(policy('*', { Action: 's3:*' }), policy(narrow))] }),
    alert: { severity: 'medium' },
  },
  {
    name: 'another version becomes the default, and nobody knows its text',
    call: iam('SetDefaultPolicyVersion', { policyArn: own, versionId: 'v2' }),
    alert: null,
  },
];

const trusting = (Principal: unknown, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }],
});
const trust = (Principal: unknown): Call =>
  iam('UpdateAssumeRolePolicy', { roleName: 'reporting', policyDocument: JSON.stringify(trusting(Principal)) });

const trusts: readonly Row[] = [
  {
    name: 'another account may become a role that holds it',
    call: trust({ AWS: 'arn:aws:iam::444455556666:root' }),
    answers: holding(),
    alert: { severity: 'high', resources: ['reporting'], reason: /outside this account and the trusted ones/ },
  },
  {
    name: 'a trusted account',
    call: trust({ AWS: 'arn:aws:iam::444455556666:root' }),
    answers: holding(),
    configuration: { trustedAccounts: ['444455556666'] },
    alert: { severity: 'medium' },
  },
  { name: 'the own account', call: trust({ AWS: 'arn:aws:iam::111122223333:role/x' }), answers: holding(), alert: { severity: 'medium' } },
  { name: 'anyone', call: trust('*'), answers: holding(), alert: { severity: 'high', reason: /That is anyone/ } },
  {
    name: 'the same trust again',
    call: trust({ AWS: '444455556666' }),
    answers: holding({ AssumeRolePolicyDocument: trusting({ AWS: '444455556666' }) }),
    before: true,
    alert: null,
  },
  {
    name: 'the same account, without the condition that was there',
    call: trust({ AWS: '444455556666' }),
    answers: holding({
      AssumeRolePolicyDocument: trusting({ AWS: '444455556666' }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
    }),
    before: true,
    alert: { severity: 'high' },
  },
  ...[
    ['text that cannot be decoded', '%E0%A4%A', null],
    [
      'text as IAM gives it',
      encodeURIComponent(JSON.stringify(trusting({ AWS: '123456789012' }))),
      JSON.stringify(trusting({ AWS: '123456789012' })),
    ],
  ].map(
    ([what, before, back]): Row => ({
      name: `a trust policy that was ${what}`,
      call: trust({ AWS: '444455556666' }),
      answers: holding({ AssumeRolePolicyDocument: before }),
      alert: {
        severity: 'high',
        command: back === null ? null : `aws iam update-assume-role-policy --role-name reporting --policy-document '${back}'`,
      },
    }),
  ),
  {
    name: 'a policy whose text before cannot be decoded',
    call: put(policy(narrow)),
    answers: holding({ RolePolicyList: [{ PolicyName: 'connect', PolicyDocument: '%E0%A4%A' }] }),
    before: true,
    alert: {
      command: 'aws iam delete-role-policy --role-name reporting --policy-name connect',
      effect: 'at once, with whatever else the policy gives',
    },
  },
  {
    name: 'whom it trusted before',
    call: trust({ AWS: '444455556666' }),
    answers: holding({ AssumeRolePolicyDocument: trusting({ AWS: 'arn:aws:iam::111122223333:role/x' }) }),
    alert: {
      severity: 'high',
      before: { trusts: ['arn:aws:iam::111122223333:role/x'] },
      after: { trusts: ['444455556666'] },
      command: `aws iam update-assume-role-policy --role-name reporting --policy-document '${JSON.stringify(trusting({ AWS: 'arn:aws:iam::111122223333:role/x' }))}'`,
    },
  },
  {
    name: 'the evidence shows the new trust already',
    call: trust({ AWS: '444455556666' }),
    answers: holding({ AssumeRolePolicyDocument: trusting({ AWS: '444455556666' }) }),
    alert: { severity: 'high', before: undefined, command: null },
  },
  { name: 'a role that holds none', call: trust('*'), answers: holding({ RolePolicyList: [] }), alert: null },
  { name: 'nobody knows what the role holds', call: trust('*'), alert: null },
];

testChange(iamGrantAdded, rows);
testChange(iamGrantAdded, trusts);
