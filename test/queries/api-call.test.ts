import { describe, expect, it } from '@jest/globals';
import { extract } from './extract.ts';

interface Row {
  readonly name: string;
  /** What differs from an AssumeRole by a session of role ci-runner. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly row: Readonly<Record<string, unknown>>;
}

const record = {
  eventVersion: '1.08',
  eventID: 'e1',
  eventTime: '2026-05-03T09:00:00Z',
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  awsRegion: 'eu-central-1',
  recipientAccountId: '111122223333',
  sourceIPAddress: '192.0.2.40',
  userAgent: 'aws-cli/2.17',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:build-4711',
    arn: 'arn:aws:sts::111122223333:assumed-role/ci-runner/build-4711',
    accountId: '111122223333',
    sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/ci/ci-runner' } },
  },
  requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/app/orders-app', roleSessionName: 'x' },
  responseElements: { credentials: { accessKeyId: 'ASIAEXAMPLE' } },
};

const rds = { eventSource: 'rds.amazonaws.com', eventName: 'ModifyDBClusterParameterGroup' };

const rows: readonly Row[] = [
  {
    name: 'a session, by the role that it is of',
    record: {},
    row: {
      event_id: 'e1',
      ts_ms: Date.parse('2026-05-03T09:00:00Z'),
      day: '2026/05/03',
      region: 'eu-central-1',
      account: '111122223333',
      event_source: 'sts.amazonaws.com',
      event_name: 'AssumeRole',
      principal: 'arn:aws:iam::111122223333:role/ci/ci-runner',
      principal_type: 'AssumedRole',
      principal_account: '111122223333',
      session: 'build-4711',
      source_address: '192.0.2.40',
      user_agent: 'aws-cli/2.17',
      error_code: null,
      error_message: null,
      target: 'arn:aws:iam::111122223333:role/app/orders-app',
      parameters: JSON.stringify(record.requestParameters),
    },
  },
  {
    name: 'a session without its issuer, by its ARN, in every partition',
    record: {
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws-us-gov:sts::111122223333:assumed-role/ci-runner/a/b', accountId: '111122223333' },
    },
    row: { principal: 'arn:aws-us-gov:iam::111122223333:role/ci-runner', session: 'a/b' },
  },
  {
    name: 'a user',
    record: { userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/jane', accountId: '111122223333', userName: 'jane' } },
    row: { principal: 'arn:aws:iam::111122223333:user/jane', principal_type: 'IAMUser', session: null },
  },
  {
    name: 'root',
    record: { userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' } },
    row: { principal: 'arn:aws:iam::111122223333:root', principal_type: 'Root' },
  },
  {
    name: 'another account, of which no more is said',
    record: { userIdentity: { type: 'AWSAccount', principalId: 'AROASTRANGER:batch', accountId: '444455556666' } },
    row: { principal: '444455556666', principal_account: '444455556666', session: 'batch' },
  },
  {
    name: 'a service',
    record: { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, sourceIPAddress: 'ec2.amazonaws.com' },
    row: { principal: 'ec2.amazonaws.com', principal_account: null, source_address: 'ec2.amazonaws.com' },
  },
  {
    name: 'a web identity',
    record: {
      eventName: 'AssumeRoleWithWebIdentity',
      userIdentity: { type: 'WebIdentityUser', principalId: 'accounts.example.com:app:user', userName: 'user' },
    },
    row: { event_name: 'AssumeRoleWithWebIdentity', principal: 'accounts.example.com:app:user' },
  },
  {
    name: 'a federated user, by the user who vouches for it',
    record: {
      userIdentity: {
        type: 'FederatedUser',
        principalId: '111122223333:bob',
        arn: 'arn:aws:sts::111122223333:federated-user/bob',
        accountId: '111122223333',
        sessionContext: { sessionIssuer: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/jane' } },
      },
    },
    row: { principal: 'arn:aws:iam::111122223333:user/jane', principal_type: 'FederatedUser', session: 'bob' },
  },
  {
    name: 'a SAML user, who has no account',
    record: {
      eventName: 'AssumeRoleWithSAML',
      userIdentity: { type: 'SAMLUser', principalId: 'namequalifier=:jo@example.com', userName: 'jo@example.com', identityProvider: 'idp' },
    },
    row: { principal: 'namequalifier=:jo@example.com', principal_account: null, session: 'jo@example.com' },
  },
  {
    name: 'a user of Identity Center, of whom the account is what is known',
    record: {
      userIdentity: {
        type: 'IdentityCenterUser',
        accountId: '111122223333',
        onBehalfOf: { userId: '544894e8-80c1-707f', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
        credentialId: 'EXAMPLEVHULjJdTUdPJfofVa1sufHDoj7aYcOYcxFVllWR_Whr1fEXAMPLE',
      },
    },
    row: { principal: '111122223333', principal_type: 'IdentityCenterUser', principal_account: '111122223333', session: null },
  },
  {
    name: 'a session of another account, by its role with the path',
    record: {
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROATHEIRS:deploy',
        arn: 'arn:aws:sts::444455556666:assumed-role/deploy/deploy',
        accountId: '444455556666',
        sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::444455556666:role/a/b/deploy', accountId: '444455556666' } },
      },
    },
    row: { principal: 'arn:aws:iam::444455556666:role/a/b/deploy', principal_account: '444455556666', session: 'deploy' },
  },
  {
    name: 'a record without userIdentity',
    record: { userIdentity: undefined },
    row: { principal: null, principal_type: null, session: null },
  },
  {
    name: 'a denied try, whose role only the message names',
    record: {
      errorCode: 'AccessDenied',
      errorMessage:
        'User: arn:aws:iam::111122223333:user/jane is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/orders-app',
      requestParameters: null,
      responseElements: null,
    },
    row: { error_code: 'AccessDenied', target: 'arn:aws:iam::111122223333:role/orders-app', parameters: null },
  },
  {
    name: 'a change to a cluster parameter group',
    record: { ...rds, requestParameters: { dBClusterParameterGroupName: 'orders-pg16', parameters: [] } },
    row: { event_name: 'ModifyDBClusterParameterGroup', target: 'orders-pg16' },
  },
  {
    name: 'a change to a cluster',
    record: { ...rds, eventName: 'ModifyDBCluster', requestParameters: { dBClusterIdentifier: 'orders' } },
    row: { target: 'orders' },
  },
  {
    name: 'hostile names',
    record: { userAgent: "'; DROP TABLE api_call; --\u0000", requestParameters: { roleArn: { $: 'x' }, '"': '\\' } },
    row: { user_agent: "'; DROP TABLE api_call; --\u0000", target: null },
  },
];

describe('api_call', () => {
  it.each(rows)('tells of $name', async ({ record: override, row }) => {
    const found = await extract('api_call', { calls: [{ ...record, ...override }] });

    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(row);
  });

  it.each([
    ['of another source', { eventSource: 's3.amazonaws.com' }],
    ['that asks who one is', { eventName: 'GetCallerIdentity' }],
  ])('leaves out what no check reads: a call %s', async (_name, override) => {
    expect(await extract('api_call', { calls: [{ ...record, ...override }] })).toEqual([]);
  });

  it('holds an event once, however often it was delivered', async () => {
    const found = await extract('api_call', { calls: [record, { ...record, awsRegion: 'eu-central-1' }, { ...record, eventID: 'e2' }] });

    expect(found.map(({ event_id }) => event_id)).toEqual(['e1', 'e2']);
  });

  it('reads only the days that are asked for', async () => {
    const calls = ['2026-05-01', '2026-05-02', '2026-05-03'].map((day) => ({ ...record, eventID: day, eventTime: `${day}T09:00:00Z` }));

    const found = await extract('api_call', { calls }, { from_day: '2026/05/02', to_day: '2026/05/02' });

    expect(found).toMatchObject([{ event_id: '2026-05-02' }]);
  });
});
