import { describe, expect, it } from '@jest/globals';
import type { CloudTrailEvent } from '../../lib/domain/event.ts';
import { actionOf, callerOf, isAmong, isRoot, toolOf } from '../../lib/evidence/caller.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';

function eventBy(userIdentity: unknown, more: object = {}): CloudTrailEvent {
  const event = readCloudTrailRecord({
    eventName: 'ModifyDBCluster',
    eventTime: '2026-05-03T11:59:00Z',
    recipientAccountId: '111122223333',
    userIdentity,
    ...more,
  });
  if (event === null) throw new TypeError('There is an event.');
  return event;
}

const role = 'arn:aws:iam::111122223333:role/service/dba';
const session = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/dba/alice@example.com',
  accountId: '111122223333',
  sessionContext: { sessionIssuer: { type: 'Role', arn: role } },
};

describe('who made a call', () => {
  it.each([
    [
      'a session of a role with a path',
      session,
      { issuer: role, session: 'alice@example.com', account: '111122223333', type: 'AssumedRole', invokedBy: null },
    ],
    [
      'a session whose record does not name the role',
      { type: 'AssumedRole', arn: session.arn },
      { issuer: 'arn:aws:iam::111122223333:role/dba', session: 'alice@example.com', account: '111122223333' },
    ],
    [
      'a session of another account',
      { ...session, arn: 'arn:aws:sts::444455556666:assumed-role/vendor/x', accountId: '444455556666', sessionContext: {} },
      { account: '444455556666', issuer: 'arn:aws:iam::444455556666:role/vendor', session: 'x' },
    ],
    [
      'a user',
      { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/jane', accountId: '111122223333', userName: 'jane' },
      { arn: 'arn:aws:iam::111122223333:user/jane', issuer: null, session: null },
    ],
    [
      'a user with a federation token',
      {
        type: 'FederatedUser',
        arn: 'arn:aws:sts::111122223333:federated-user/bob',
        accountId: '111122223333',
        sessionContext: { sessionIssuer: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/broker' } },
      },
      { issuer: 'arn:aws:iam::111122223333:user/broker', session: 'bob' },
    ],
    ['root', { type: 'Root', arn: 'arn:aws:iam::111122223333:root' }, { type: 'Root', account: '111122223333', issuer: null }],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'backup.amazonaws.com' },
      { arn: null, type: 'AWSService', invokedBy: 'backup.amazonaws.com' },
    ],
    [
      'another account, of which the record names no more',
      { type: 'AWSAccount', accountId: '444455556666', principalId: 'AROAX:y' },
      { arn: null, account: '444455556666', session: null },
    ],
    [
      'somebody whom an identity provider vouches for',
      { type: 'WebIdentityUser', principalId: 'accounts.example.com:app:123', userName: '123' },
      { session: '123' },
    ],
    ['an identity without a type', { accountId: '111122223333', arn: session.arn }, { type: null, session: 'alice@example.com' }],
  ])('%s', (_name, identity, expected) => {
    expect(callerOf(eventBy(identity))).toMatchObject(expected);
  });

  it.each([[null], [undefined], [{}], ['alice'], [{ type: null }]])('is nobody for %p', (identity) => {
    expect(callerOf(eventBy(identity))).toBeNull();
  });

  it('knows root from a service that acts for it', () => {
    expect(isRoot(eventBy({ type: 'Root' }))).toBe(true);
    expect(isRoot(eventBy({ type: 'Root', invokedBy: 'rds.amazonaws.com' }))).toBe(false);
    expect(isRoot(eventBy(session))).toBe(false);
  });

  it.each([
    [role, true],
    ['arn:aws:iam::*:role/*/dba', true],
    ['arn:aws:sts::111122223333:assumed-role/dba/alice*', true],
    ['arn:aws:iam::444455556666:role/*', false],
    ['', false],
  ])('is among %p: %p', (pattern, expected) => {
    expect(isAmong([pattern], eventBy(session))).toBe(expected);
  });
});

describe('what it was made with', () => {
  it.each([
    ['console', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', '203.0.113.40'],
    ['console', 'signin.amazonaws.com', '203.0.113.40'],
    ['console', 'console.amazonaws.com', '203.0.113.40'],
    ['console', 'AWS-Console-RDS', '203.0.113.40'],
    ['cloudformation', 'cloudformation.amazonaws.com', 'cloudformation.amazonaws.com'],
    ['terraform', 'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.60.0', '203.0.113.40'],
    ['terraform', 'APN/1.0 OpenTofu/1.8.0 terraform-provider-aws/5.60.0', '203.0.113.40'],
    ['pulumi', 'APN/1.0 Pulumi/1.0 pulumi-aws/6.0 terraform-provider-aws/5.0', '203.0.113.40'],
    ['cdk', 'aws-cdk/2.150.0 aws-sdk-js/2.1', '203.0.113.40'],
    ['aws-cli', 'aws-cli/2.17.32 md/awscrt#0.21.2', '203.0.113.40'],
    ['aws-cli', '[aws-cli/2.17.32 md/awscrt#0.21.2]', '203.0.113.40'],
    ['sdk', 'Boto3/1.34.100 md/Botocore#1.34.100', '203.0.113.40'],
    ['sdk', 'aws-sdk-go-v2/1.30.3 os/linux', '203.0.113.40'],
    ['sdk', 'aws-sdk-java/2.25', '203.0.113.40'],
    ['service', 'backup.amazonaws.com', 'backup.amazonaws.com'],
    ['service', 'AWS Internal', 'AWS Internal'],
    ['service', 'rds.amazonaws.com.cn', '203.0.113.40'],
    ['stratus-red-team_1', 'stratus-red-team_1', '203.0.113.40'],
    ['my-tool', 'my-tool/1.0 (for tests)', '203.0.113.40'],
    [null, null, null],
    [null, '   ', null],
  ])('%p for %p', (expected, userAgent, sourceIPAddress) => {
    expect(toolOf(eventBy(session, { userAgent, sourceIPAddress }))).toBe(expected);
  });

  it('sees a service that acts for somebody', () => {
    expect(toolOf(eventBy({ ...session, invokedBy: 'cloudformation.amazonaws.com' }, { userAgent: 'cloudformation.amazonaws.com' }))).toBe(
      'cloudformation',
    );
  });
});

it.each([
  ['rds:ModifyDBCluster', 'rds.amazonaws.com', 'ModifyDBCluster'],
  ['lambda:DeleteFunction', 'lambda.amazonaws.com', 'DeleteFunction20150331'],
  ['lambda:UpdateFunctionCode', 'lambda.amazonaws.com', 'UpdateFunctionCode20150331v2'],
  ['cloudwatch:DisableAlarmActions', 'monitoring.amazonaws.com', 'DisableAlarmActions'],
])('%s is what IAM calls it', (expected, eventSource, eventName) => {
  expect(actionOf({ ...eventBy(session), eventSource, eventName })).toBe(expected);
});
