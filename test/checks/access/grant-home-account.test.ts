import { grantHomeAccount } from '../../../lib/checks/access/grant-home-account.ts';
import { connect, dbuser, details, inline, policy, role, trust, user } from '../../evidence/identities.ts';
import { testPosture } from '../posture/table.ts';

const other = 'arn:aws:iam::444455556666:root';
const own = 'arn:aws:iam::111122223333:root';
const trusting = (AssumeRolePolicyDocument: unknown) =>
  details({ RoleDetailList: [role(policy(connect(dbuser('app'))), { AssumeRolePolicyDocument })] });
const when = (Condition: Readonly<Record<string, unknown>>) => ({ Condition });
const github = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
const web = { Action: 'sts:AssumeRoleWithWebIdentity' };
const trusted = { trustedAccounts: ['444455556666'] };
const update = (document: string) =>
  `aws iam update-assume-role-policy --role-name orders-app --policy-document '{"Version":"2012-10-17","Statement":[${document}]}'`;

testPosture(grantHomeAccount, {
  passes: [
    { name: 'a service', says: 'role orders-app trusts nobody outside this account and the trusted ones.' },
    { name: 'this account', answers: trusting(trust({ AWS: own })) },
    { name: 'this account by its id', answers: trusting(trust({ AWS: '111122223333' })) },
    { name: 'a role of this account', answers: trusting(trust({ AWS: 'arn:aws:iam::111122223333:role/jump' })) },
    { name: 'URL-encoded', answers: trusting(encodeURIComponent(JSON.stringify(trust({ AWS: own })))) },
    { name: 'a trusted account', answers: trusting(trust({ AWS: other })), configuration: trusted },
    { name: 'a user who is gone', answers: trusting(trust({ AWS: 'AIDAJQABLZS4A3QDU576Q' })) },
    {
      name: 'SAML of this account',
      answers: trusting(trust({ Federated: 'arn:aws:iam::111122223333:saml-provider/corp' }, { Action: 'sts:AssumeRoleWithSAML' })),
    },
    {
      name: 'one repository of GitHub',
      answers: trusting(
        trust(github, { ...web, ...when({ StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/orders:*' } }) }),
      ),
    },
    {
      name: 'anyone, if of a trusted account',
      answers: trusting(trust('*', when({ StringEquals: { 'aws:PrincipalAccount': ['111122223333', '444455556666'] } }))),
      configuration: trusted,
    },
    { name: 'another action for others', answers: trusting(trust({ AWS: other }, { Action: 'sts:TagSession' })) },
    {
      name: 'a deny of everyone',
      answers: trusting(
        policy({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }, { Effect: 'Deny', Principal: '*', Action: 'sts:*' }),
      ),
    },
  ],
  fails: [
    {
      name: 'another account',
      answers: trusting(trust({ AWS: other })),
      severity: 'high',
      says: `role orders-app trusts ${other}, which is not in trustedAccounts.`,
      evidence: { principal: 'arn:aws:iam::111122223333:role/orders-app', trusted: [other], accounts: ['444455556666'], externalId: false },
      command: update('{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}'),
    },
    { name: 'another account by its id', answers: trusting(trust({ AWS: '444455556666' })), severity: 'high' },
    {
      name: 'another account beside this one',
      answers: trusting(trust({ AWS: [own, other], Service: 'ec2.amazonaws.com' })),
      severity: 'high',
      command: update(`{"Effect":"Allow","Principal":{"AWS":"${own}","Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`),
    },
    {
      name: 'another account with an external id',
      answers: trusting(trust({ AWS: other }, when({ StringEquals: { 'sts:ExternalId': 'agreed' } }))),
      severity: 'medium',
      says: /with an external id\.$/,
    },
    {
      name: 'an external id that may be anything',
      answers: trusting(trust({ AWS: other }, when({ StringLike: { 'sts:ExternalId': '*' } }))),
      severity: 'high',
    },
    { name: 'anyone', answers: trusting(trust('*')), severity: 'critical', says: 'Anyone can assume role orders-app: it trusts *.' },
    { name: 'anyone of AWS', answers: trusting(trust({ AWS: '*' })), severity: 'critical' },
    {
      name: 'anyone, in a trusted list too',
      answers: trusting(trust({ AWS: [other, '*'] })),
      configuration: trusted,
      severity: 'critical',
    },
    {
      name: 'all but one',
      answers: trusting(policy({ Effect: 'Allow', NotPrincipal: { AWS: other }, Action: 'sts:AssumeRole' })),
      severity: 'critical',
    },
    { name: 'every action', answers: trusting(trust({ AWS: other }, { Action: '*' })), severity: 'high' },
    {
      name: 'an organization',
      answers: trusting(trust('*', when({ StringEquals: { 'aws:PrincipalOrgID': 'o-example' } }))),
      severity: 'high',
    },
    {
      name: 'a condition that holds for others too',
      answers: trusting(trust('*', when({ StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } }))),
      severity: 'critical',
    },
    {
      name: 'every repository of GitHub',
      answers: trusting(
        trust(github, { ...web, ...when({ StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } }) }),
      ),
      severity: 'critical',
    },
    {
      name: 'everybody with an account at Google',
      answers: trusting(trust({ Federated: 'accounts.google.com' }, web)),
      severity: 'critical',
    },
  ],
  notApplicable: [
    {
      name: 'a user',
      answers: details({ UserDetailList: [user({ GroupList: [], UserPolicyList: [inline(policy(connect(dbuser('app'))))] })] }),
    },
  ],
  unknown: [
    { name: 'no trust policy in the answer', answers: trusting(undefined), says: /lacks its trust policy/ },
    { name: 'a trust policy that cannot be read', answers: trusting('{'), says: /unreadable/ },
  ],
});
