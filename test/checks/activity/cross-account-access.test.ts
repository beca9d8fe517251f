import { crossAccountAccess } from '../../../lib/checks/activity/cross-account-access.ts';
import { denied as notAllowed } from '../../evidence/answers.ts';
import { attached, details, role } from '../../evidence/identities.ts';
import { assumeRole, stranger } from '../../queries/calls.ts';
import { later } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const april = '2026-04-01T10:00:00Z';
const app = 'arn:aws:iam::111122223333:role/orders-app';
const keys = ['role', 'sourceAccount', 'sourceIdentity', 'sources', 'count', 'first', 'last'];
const user = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE',
  arn: 'arn:aws:iam::444455556666:user/jo',
  accountId: '444455556666',
  userName: 'jo',
};

testActivity(crossAccountAccess, keys, [
  { name: 'by an identity of this account', calls: [assumeRole(april, app)], finds: [] },
  {
    name: 'by an account that nobody trusts',
    calls: [assumeRole(april, app, stranger)],
    finds: [
      {
        severity: 'high',
        arn: app,
        reason: 'Account 444455556666, which is not in trustedAccounts, assumed orders-app 1 time from 203.0.113.40.',
        evidence: {
          role: app,
          sourceAccount: '444455556666',
          sourceIdentity: null,
          sources: ['203.0.113.40'],
          count: 1,
          first: '2026-04-01T10:00:00.000Z',
          last: '2026-04-01T10:00:00.000Z',
        },
        count: 1,
      },
    ],
  },
  {
    name: 'by a trusted account',
    calls: [assumeRole(april, app, stranger)],
    configuration: { trustedAccounts: ['444455556666'] },
    finds: [{ severity: 'info', reason: 'Account 444455556666 assumed orders-app 1 time from 203.0.113.40.' }],
  },
  {
    name: 'one within the last seven days stands out',
    calls: [assumeRole(april, app), assumeRole('2026-04-30T10:00:00Z', app, stranger)],
    finds: [{ reason: /, for the first time on 2026-04-30\.$/, evidence: { new: true } }],
  },
  {
    name: 'one that came before, too, does not',
    calls: [april, '2026-04-30T10:00:00Z'].map((time) => assumeRole(time, app, stranger)),
    finds: [{ reason: /203\.0\.113\.40\.$/, evidence: { new: false } }],
  },
  {
    name: 'nothing is called new where calls are known of two weeks only, whatever the window',
    calls: [assumeRole('2026-04-19T12:00:01Z', app), assumeRole('2026-04-30T10:00:00Z', app, stranger)],
    finds: [{ reason: /203\.0\.113\.40\.$/, evidence: { new: null } }],
  },
  {
    name: 'by whom the record names: its ARN, or the source identity of the request',
    calls: [
      assumeRole(april, app, user),
      assumeRole(later(april, 60), app, stranger, { requestParameters: { roleArn: app, sourceIdentity: 'jo@example.com' } }),
    ],
    finds: [{ evidence: { sourceIdentity: user.arn } }, { evidence: { sourceIdentity: 'jo@example.com' } }],
  },
  {
    name: 'the session of a role of the other account counts for its role',
    calls: ['a', 'b'].map((session, index) =>
      assumeRole(later(april, index), app, {
        type: 'AssumedRole',
        principalId: `AROAOTHER:${session}`,
        arn: `arn:aws:sts::444455556666:assumed-role/deploy/${session}`,
        accountId: '444455556666',
        sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::444455556666:role/ci/deploy', accountId: '444455556666' } },
      }),
    ),
    finds: [{ count: 2, evidence: { sourceIdentity: 'arn:aws:iam::444455556666:role/ci/deploy' } }],
  },
  {
    name: 'how often and from where',
    calls: [
      assumeRole(april, app, stranger),
      assumeRole(later(april, 86_400), app, stranger, { sourceIPAddress: '198.51.100.4' }),
      assumeRole(later(april, 172_800), app, stranger),
    ],
    finds: [
      {
        count: 3,
        firstSeen: '2026-04-01T10:00:00.000Z',
        lastSeen: '2026-04-03T10:00:00.000Z',
        evidence: { sources: ['198.51.100.4', '203.0.113.40'] },
      },
    ],
  },
  {
    name: 'also by SAML; a web identity has no account',
    calls: [
      assumeRole(april, app, { type: 'SAMLUser', principalId: 'x', accountId: '444455556666' }, { eventName: 'AssumeRoleWithSAML' }),
      assumeRole(
        april,
        app,
        { type: 'WebIdentityUser', principalId: 'accounts.example.com:1', userName: '1' },
        { eventName: 'AssumeRoleWithWebIdentity' },
      ),
    ],
    finds: [{ count: 1, evidence: { sourceAccount: '444455556666' } }],
  },
  {
    name: 'a denied try is no use',
    calls: [
      assumeRole(april, app, stranger, {
        errorCode: 'AccessDenied',
        errorMessage: `User: arn:aws:iam::444455556666:user/jo is not authorized to perform: sts:AssumeRole on resource: ${app}`,
        requestParameters: null,
      }),
    ],
    finds: [],
  },
  {
    name: 'the same event twice counts once',
    calls: [assumeRole(april, app, stranger), assumeRole(april, app, stranger)],
    finds: [{ count: 1 }],
  },
  {
    name: 'an event that the trails of both accounts hold counts once, as this account tells it',
    calls: [
      assumeRole(april, app, stranger),
      assumeRole(april, app, user, { recipientAccountId: '444455556666', eventID: 'the same, told by the other account' }),
    ],
    finds: [{ count: 1, evidence: { sourceIdentity: null } }],
  },
  {
    name: 'where only the trail of the other account tells, it counts',
    calls: [assumeRole(april, app, user, { recipientAccountId: '444455556666' })],
    finds: [{ count: 1, evidence: { sourceIdentity: user.arn } }],
  },
  {
    name: 'a record that does not say whose it is',
    calls: [assumeRole(april, app, stranger, { recipientAccountId: undefined })],
    finds: [{ count: 1 }],
  },
  {
    name: 'a service of AWS that comes with an account',
    calls: [assumeRole(april, app, { type: 'AWSService', invokedBy: 'rds.amazonaws.com', accountId: '444455556666' })],
    finds: [],
  },
  {
    name: 'in a window that is not longer than two weeks nothing is called new',
    from: '2026-04-20T00:00:00Z',
    calls: [assumeRole('2026-04-30T10:00:00Z', app, stranger)],
    finds: [{ reason: /203\.0\.113\.40\.$/, evidence: { new: null } }],
  },
  { name: 'by a service of AWS', calls: [assumeRole(april, app, { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' })], finds: [] },
  { name: 'a role that may not connect', calls: [assumeRole(april, 'arn:aws:iam::111122223333:role/audit', stranger)], finds: [] },
  {
    name: 'a role whose policy nobody has',
    answers: details({ RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('unknown') })] }),
    calls: [assumeRole(april, app, stranger)],
    finds: [{ arn: app }],
  },
  {
    name: 'nobody can say who may connect: every role of this account',
    answers: { 'iam get-account-authorization-details': notAllowed },
    calls: [assumeRole(april, 'arn:aws:iam::111122223333:role/audit', stranger)],
    finds: [{ of: 'audit' }],
  },
  {
    name: 'a role of the other account, assumed by this one',
    answers: { 'iam get-account-authorization-details': undefined },
    calls: [assumeRole(april, 'arn:aws:iam::444455556666:role/theirs')],
    finds: [],
  },
  {
    name: 'accounts are told apart, and the one that is trusted',
    calls: [assumeRole(april, app, stranger), assumeRole(later(april, 1), app, { ...stranger, accountId: '123456789012' })],
    configuration: { trustedAccounts: ['123456789012'] },
    finds: [
      { severity: 'high', evidence: { sourceAccount: '444455556666' } },
      { severity: 'info', evidence: { sourceAccount: '123456789012' } },
    ],
  },
  { name: 'outside the window', calls: [assumeRole('2026-01-01T10:00:00Z', app, stranger)], finds: [] },
]);
