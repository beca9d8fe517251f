import { describe, expect, it } from '@jest/globals';
import { monitorTampered } from '../../../lib/checks/change/monitor-tampered.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { readCloudTrailRecord } from '../../../lib/intake/cloudtrail.ts';
import { judgeChange } from '../../../lib/monitor/judge-change.ts';
import { evidenceOf } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { alice, recordOf, root, testChange } from './table.ts';

const call = (source: string, name: string, request: unknown, record: object = {}, response: unknown = null): Call => ({
  source: `${source}.amazonaws.com`,
  name,
  request,
  response,
  record,
});
const deployer = {
  deploymentRole: 'arn:aws:iam::111122223333:role/deployer',
  key: 'arn:aws:kms:eu-central-1:111122223333:key/99999999-8888-7777-6666-555555555555',
};
const byDeployer = {
  userIdentity: {
    ...alice,
    arn: 'arn:aws:sts::111122223333:assumed-role/deployer/ci',
    sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/deployer' } },
  },
};
const byActivity = (name: string) => {
  const role = `aurora-watch-prod-${name}-eu-central-1`;
  return {
    userIdentity: {
      ...alice,
      arn: `arn:aws:sts::111122223333:assumed-role/${role}/aurora-watch-prod-${name}`,
      sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role/${role}` } },
      invokedBy: 'athena.amazonaws.com',
    },
  };
};

testChange(monitorTampered, [
  {
    name: 'a rule is disabled',
    call: call('events', 'DisableRule', { name: 'aurora-watch-prod-rds', eventBusName: 'default' }),
    own: deployer,
    alert: {
      severity: 'critical',
      reason: 'events:DisableRule was called on aurora-watch-prod-rds. The caller is not the role that deploys the monitor.',
      resources: ['aurora-watch-prod-rds'],
      inEffect: true,
    },
  },
  {
    name: 'targets are taken from a rule',
    call: call('events', 'RemoveTargets', { rule: 'aurora-watch-prod-rds', ids: ['changes'] }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'a rule is changed',
    call: call('events', 'PutRule', { name: 'aurora-watch-prod-rds', eventPattern: '{}' }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'a function is deleted',
    call: call('lambda', 'DeleteFunction20150331', { functionName: 'aurora-watch-prod-change' }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'a function gets other code, by ARN',
    call: call('lambda', 'UpdateFunctionCode20150331v2', {
      functionName: 'arn:aws:lambda:eu-central-1:111122223333:function:aurora-watch-prod-change',
    }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-change'] },
  },
  {
    name: 'a function is stopped by its concurrency',
    call: call('lambda', 'PutFunctionConcurrency20171031', { functionName: 'aurora-watch-prod-sweep', reservedConcurrentExecutions: 0 }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'an event source mapping: the answer names the function',
    call: call(
      'lambda',
      'UpdateEventSourceMapping20150331',
      { uUID: 'x', enabled: false },
      {},
      { functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:aurora-watch-prod-change' },
    ),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'the queue is emptied',
    call: call('sqs', 'PurgeQueue', { queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/aurora-watch-prod-changes' }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-changes'] },
  },
  {
    name: 'somebody unsubscribes',
    call: call('sns', 'Unsubscribe', {
      subscriptionArn: 'arn:aws:sns:eu-central-1:111122223333:aurora-watch-prod-alerts:11111111-2222-3333-4444-555555555555',
    }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-alerts'] },
  },
  {
    name: 'the table is deleted',
    call: call('dynamodb', 'DeleteTable', { tableName: 'aurora-watch-prod-findings' }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'the key, by its ARN',
    call: call('kms', 'ScheduleKeyDeletion', { keyId: deployer.key, pendingWindowInDays: 7 }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'the key, by its id',
    call: call('kms', 'DisableKey', { keyId: '99999999-8888-7777-6666-555555555555' }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'the key, by its alias',
    call: call('kms', 'PutKeyPolicy', { keyId: 'alias/aurora-watch-prod' }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  { name: 'another key', call: call('kms', 'DisableKey', { keyId: '11111111-2222-3333-4444-555555555555' }), own: deployer, alert: null },
  {
    name: 'a role gets another policy',
    call: call('iam', 'PutRolePolicy', { roleName: 'aurora-watch-prod-change-eu-central-1', policyName: 'x', policyDocument: '{}' }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'the policy that lets it read',
    call: call('iam', 'CreatePolicyVersion', {
      policyArn: 'arn:aws:iam::111122223333:policy/aurora-watch-prod-read-eu-central-1',
      policyDocument: '{}',
    }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-read-eu-central-1'] },
  },
  {
    name: 'its log group',
    call: call('logs', 'DeleteLogGroup', { logGroupName: '/aws/lambda/aurora-watch-prod-change' }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-change'] },
  },
  {
    name: 'its alarms',
    call: call('monitoring', 'DeleteAlarms', { alarmNames: ['other', 'aurora-watch-prod-no-sweep'] }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-no-sweep'] },
  },
  {
    name: 'an alarm gets another threshold',
    call: call('monitoring', 'PutMetricAlarm', { alarmName: 'aurora-watch-prod-no-sweep', threshold: 0 }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-no-sweep'] },
  },
  {
    name: 'the recovery of the table',
    call: call('dynamodb', 'UpdateContinuousBackups', { tableName: 'aurora-watch-prod-findings' }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-findings'] },
  },
  {
    name: 'the stream of logs',
    call: call('firehose', 'DeleteDeliveryStream', { deliveryStreamName: 'aurora-watch-prod-logs' }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-logs'] },
  },
  {
    name: 'the policy of a bucket',
    call: call('s3', 'PutBucketPolicy', { bucketName: 'aurora-watch-prod-logs-111122223333-eu-central-1', bucketPolicy: {} }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod-logs-111122223333-eu-central-1'] },
  },
  {
    name: 'the workgroup of the queries',
    call: call('athena', 'DeleteWorkGroup', { workGroup: 'aurora-watch-prod' }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod'] },
  },
  {
    name: 'the policy of another bucket',
    call: call('s3', 'PutBucketPolicy', { bucketName: 'website', bucketPolicy: { Resource: 'aurora-watch-prod-logs' } }),
    own: deployer,
    alert: null,
  },
  {
    name: 'by root',
    call: call('events', 'DeleteRule', { name: 'aurora-watch-prod-rds' }, { userIdentity: root }),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'by the role that deploys it',
    call: call('events', 'DisableRule', { name: 'aurora-watch-prod-rds' }, byDeployer),
    own: deployer,
    alert: null,
  },
  {
    name: 'by CloudFormation for the role that deploys it',
    call: call(
      'events',
      'PutRule',
      { name: 'aurora-watch-prod-rds' },
      { userIdentity: { ...byDeployer.userIdentity, invokedBy: 'cloudformation.amazonaws.com' } },
    ),
    own: deployer,
    alert: null,
  },
  {
    name: 'a role of another account with the same name',
    call: call(
      'events',
      'DisableRule',
      { name: 'aurora-watch-prod-rds' },
      { userIdentity: { ...byDeployer.userIdentity, arn: 'arn:aws:sts::444455556666:assumed-role/deployer/ci', sessionContext: {} } },
    ),
    own: deployer,
    alert: { severity: 'critical' },
  },
  {
    name: 'nobody said which role deploys it',
    call: call('events', 'DisableRule', { name: 'aurora-watch-prod-rds' }, byDeployer),
    alert: { severity: 'critical', reason: /Which role deploys the monitor is not known here/ },
  },
  { name: 'something else', call: call('events', 'DisableRule', { name: 'nightly' }), own: deployer, alert: null },
  {
    name: 'a rule whose text speaks of it',
    call: call('events', 'PutRule', { name: 'nightly', description: 'aurora-watch-prod-rds has a sibling' }),
    own: deployer,
    alert: null,
  },
  {
    name: 'a name that only ends like it',
    call: call('events', 'DisableRule', { name: 'my-aurora-watch-prod-rds' }),
    own: deployer,
    alert: null,
  },
  {
    name: 'a failed call',
    call: call('events', 'DisableRule', { name: 'aurora-watch-prod-rds' }, { errorCode: 'AccessDenied' }),
    own: deployer,
    alert: null,
  },
  {
    name: 'what Athena commits for the activity function',
    call: call('glue', 'UpdateTable', { databaseName: 'aurora_watch_prod', tableInput: { name: 'api_call' } }, byActivity('activity')),
    own: deployer,
    alert: null,
  },
  {
    name: 'another table, by the role of the activity function',
    call: call(
      'glue',
      'UpdateTable',
      { databaseName: 'aurora_watch_prod', tableInput: { name: 'login_record_log' } },
      byActivity('activity'),
    ),
    own: deployer,
    alert: { resources: ['aurora_watch_prod'] },
  },
  {
    name: 'the same table, by the role of another function',
    call: call('glue', 'UpdateTable', { databaseName: 'aurora_watch_prod', tableInput: { name: 'api_call' } }, byActivity('sweep')),
    own: deployer,
    alert: { resources: ['aurora_watch_prod'] },
  },
  {
    name: 'a database of somebody else',
    call: call('glue', 'DeleteTable', { databaseName: 'sales', name: 'aurora' }),
    own: deployer,
    alert: null,
  },
  {
    name: 'the parameter of the webhook',
    call: call('ssm', 'PutParameter', { name: '/aurora-watch-prod/slack-webhook', type: 'SecureString', overwrite: true }),
    own: deployer,
    alert: { resources: ['/aurora-watch-prod/slack-webhook'] },
  },
  {
    name: 'its subscription of the log group of a database',
    call: call('logs', 'DeleteSubscriptionFilter', { logGroupName: '/aws/rds/cluster/orders/postgresql', filterName: 'aurora-watch-prod' }),
    own: deployer,
    alert: { resources: ['aurora-watch-prod'] },
  },
  { name: 'requestParameters null', call: call('events', 'DisableRule', null), own: deployer, alert: null },
]);

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/111122223333/aurora-watch-prod-changes';
const topicArn = 'arn:aws:sns:eu-central-1:111122223333:aurora-watch-prod-alerts';
const subscriptionArn = `${topicArn}:11111111-2222-3333-4444-555555555555`;
const functionName = 'aurora-watch-prod-change';
const mapping = { functionArn: `arn:aws:lambda:eu-central-1:111122223333:function:${functionName}` };
const roleName = 'aurora-watch-prod-change-eu-central-1';
const policyArn = 'arn:aws:iam::111122223333:policy/aurora-watch-prod-read-eu-central-1';
const bucketName = 'aurora-watch-prod-logs-111122223333-eu-central-1';
const tableName = 'aurora-watch-prod-findings';
const inGlue = { databaseName: 'aurora_watch_prod' };

/** Each watched call as CloudTrail has it, by source: its request, and its answer where that alone names the part. */
const calls: Readonly<Record<string, Readonly<Record<string, readonly [request: object, response?: object]>>>> = {
  events: {
    DeleteRule: [{ name: 'aurora-watch-prod-rds' }],
    DisableRule: [{ name: 'aurora-watch-prod-rds' }],
    PutRule: [{ name: 'aurora-watch-prod-rds', eventPattern: '{}' }],
    PutTargets: [{ rule: 'aurora-watch-prod-rds', targets: [] }],
    RemoveTargets: [{ rule: 'aurora-watch-prod-rds', ids: ['changes'] }],
  },
  lambda: {
    AddPermission20150331v2: [{ functionName }],
    CreateEventSourceMapping20150331: [
      { functionName: 'mine', eventSourceArn: 'arn:aws:sqs:eu-central-1:111122223333:aurora-watch-prod-changes' },
    ],
    DeleteEventSourceMapping20150331: [{ uUID: 'x' }, mapping],
    DeleteFunction20150331: [{ functionName }],
    DeleteFunctionConcurrency20171031: [{ functionName }],
    DeleteFunctionEventInvokeConfig: [{ functionName }],
    PutFunctionConcurrency20171031: [{ functionName, reservedConcurrentExecutions: 0 }],
    PutFunctionEventInvokeConfig: [{ functionName, maximumRetryAttempts: 0 }],
    RemovePermission20150331v2: [{ functionName, statementId: 'x' }],
    UpdateEventSourceMapping20150331: [{ uUID: 'x', enabled: false }, mapping],
    UpdateFunctionCode20150331v2: [{ functionName: mapping.functionArn }],
    UpdateFunctionConfiguration20150331v2: [{ functionName, environment: {} }],
    UpdateFunctionEventInvokeConfig: [{ functionName: mapping.functionArn, maximumRetryAttempts: 0 }],
  },
  sqs: {
    AddPermission: [{ queueUrl }],
    DeleteQueue: [{ queueUrl }],
    PurgeQueue: [{ queueUrl }],
    RemovePermission: [{ queueUrl }],
    SetQueueAttributes: [{ queueUrl, attributes: {} }],
  },
  sns: {
    AddPermission: [{ topicArn }],
    DeleteTopic: [{ topicArn }],
    RemovePermission: [{ topicArn }],
    SetSubscriptionAttributes: [{ subscriptionArn, attributeName: 'FilterPolicy' }],
    SetTopicAttributes: [{ topicArn, attributeName: 'Policy' }],
    Subscribe: [{ topicArn, protocol: 'email', endpoint: 'HIDDEN_DUE_TO_SECURITY_REASONS' }],
    Unsubscribe: [{ subscriptionArn }],
  },
  dynamodb: {
    DeleteTable: [{ tableName }],
    UpdateContinuousBackups: [{ tableName }],
    UpdateTable: [{ tableName }],
    UpdateTimeToLive: [{ tableName }],
  },
  kms: {
    DeleteAlias: [{ aliasName: 'alias/aurora-watch-prod' }],
    DisableKey: [{ keyId: deployer.key }],
    PutKeyPolicy: [{ keyId: deployer.key }],
    ScheduleKeyDeletion: [{ keyId: deployer.key, pendingWindowInDays: 7 }],
    UpdateAlias: [{ aliasName: 'alias/aurora-watch-prod', targetKeyId: 'another' }],
  },
  iam: {
    AttachRolePolicy: [{ roleName, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    CreatePolicyVersion: [{ policyArn }],
    CreateRole: [{ roleName: 'aurora-watch-mine-activity-x' }],
    DeletePolicy: [{ policyArn }],
    DeleteRole: [{ roleName }],
    DeleteRolePermissionsBoundary: [{ roleName }],
    DeleteRolePolicy: [{ roleName, policyName: 'change' }],
    DetachRolePolicy: [{ roleName, policyArn }],
    PutRolePermissionsBoundary: [{ roleName }],
    PutRolePolicy: [{ roleName, policyName: 'change' }],
    SetDefaultPolicyVersion: [{ policyArn, versionId: 'v1' }],
    UpdateAssumeRolePolicy: [{ roleName }],
  },
  logs: {
    DeleteLogGroup: [{ logGroupName: `/aws/lambda/${functionName}` }],
    DeleteLogStream: [{ logGroupName: `/aws/lambda/${functionName}`, logStreamName: 'x' }],
    DeleteSubscriptionFilter: [{ logGroupName: '/aws/rds/cluster/orders/postgresql', filterName: 'aurora-watch-prod' }],
    PutRetentionPolicy: [{ logGroupName: `/aws/lambda/${functionName}`, retentionInDays: 1 }],
  },
  monitoring: {
    DeleteAlarms: [{ alarmNames: ['aurora-watch-prod-no-sweep'] }],
    DisableAlarmActions: [{ alarmNames: ['aurora-watch-prod-no-sweep'] }],
    PutMetricAlarm: [{ alarmName: 'aurora-watch-prod-no-sweep' }],
  },
  firehose: {
    DeleteDeliveryStream: [{ deliveryStreamName: 'aurora-watch-prod-logs' }],
    UpdateDestination: [{ deliveryStreamName: 'aurora-watch-prod-logs' }],
  },
  s3: {
    DeleteBucket: [{ bucketName }],
    DeleteBucketPolicy: [{ bucketName }],
    DeleteBucketPublicAccessBlock: [{ bucketName }],
    PutBucketLifecycle: [{ bucketName }],
    PutBucketNotification: [{ bucketName }],
    PutBucketPolicy: [{ bucketName }],
    PutBucketPublicAccessBlock: [{ bucketName }],
  },
  athena: { DeleteWorkGroup: [{ workGroup: 'aurora-watch-prod' }], UpdateWorkGroup: [{ workGroup: 'aurora-watch-prod' }] },
  glue: {
    BatchDeleteTable: [{ ...inGlue, tablesToDelete: ['login_record_log'] }],
    DeleteDatabase: [{ name: 'aurora_watch_prod' }],
    DeleteTable: [{ ...inGlue, name: 'login_record_log' }],
    UpdateTable: [{ ...inGlue, tableInput: { name: 'login_record_log' } }],
  },
  ssm: {
    DeleteParameter: [{ name: '/aurora-watch-prod/slack-webhook' }],
    DeleteParameters: [{ names: ['/other', '/aurora-watch-prod/slack-webhook'] }],
    PutParameter: [{ name: '/aurora-watch-prod/slack-webhook' }],
  },
  cloudformation: { DeleteStack: [{ stackName: 'aurora-watch-prod' }] },
};

describe('monitor-tampered tells of each call that its rules bring, of a part of the monitor', () => {
  const told = (source: string, name: string, userIdentity: object): number => {
    const [request, response = null] = calls[source]?.[name] ?? [{}];
    const event = readCloudTrailRecord(recordOf(call(source, name, request, { userIdentity }, response)));
    if (event === null) throw new Error(`${source} ${name} is no CloudTrail record.`);
    const context = { at: Number.NaN, configuration: defaultConfiguration };
    return judgeChange(event, evidenceOf({}), [monitorTampered], context, deployer).length;
  };
  const watched = monitorTampered.events.flatMap(({ source, names }) =>
    names.map((name): [string, string] => [source.replace('.amazonaws.com', ''), name]),
  );

  it.each(watched)('%s %s: by anybody, and not by the role that deploys it', (source, name) => {
    expect(told(source, name, alice)).toBe(1);
    expect(told(source, name, byDeployer.userIdentity)).toBe(0);
  });

  it('and all that is tried here is watched', () => {
    const tried = Object.entries(calls).flatMap(([source, names]) => Object.keys(names).map((name) => `${source} ${name}`));

    expect(tried.sort()).toEqual(watched.map((one) => one.join(' ')).sort());
  });
});

describe('monitor-tampered says how to undo what the event says whole', () => {
  const subscription = `${topicArn}:11111111-2222-3333-4444-555555555555`;
  const label = { label: 'everybody' };
  it.each<[source: string, name: string, request: object, response: object | null, command: string | null]>([
    [
      'events',
      'DisableRule',
      { name: 'aurora-watch-prod-rds' },
      null,
      'aws events enable-rule --region eu-central-1 --name aurora-watch-prod-rds',
    ],
    [
      'lambda',
      'AddPermission20150331v2',
      { functionName, statementId: 'anybody' },
      null,
      `aws lambda remove-permission --region eu-central-1 --function-name ${functionName} --statement-id anybody`,
    ],
    [
      'lambda',
      'CreateEventSourceMapping20150331',
      { functionName: 'mine', eventSourceArn: 'arn:aws:sqs:eu-central-1:111122223333:aurora-watch-prod-changes' },
      { uUID: 'bbbb' },
      'aws lambda delete-event-source-mapping --region eu-central-1 --uuid bbbb',
    ],
    [
      'lambda',
      'PutFunctionConcurrency20171031',
      { functionName, reservedConcurrentExecutions: 0 },
      null,
      `aws lambda delete-function-concurrency --region eu-central-1 --function-name ${functionName}`,
    ],
    [
      'lambda',
      'UpdateEventSourceMapping20150331',
      { uUID: 'aaaa', enabled: false },
      mapping,
      'aws lambda update-event-source-mapping --region eu-central-1 --uuid aaaa --enabled',
    ],
    ['lambda', 'UpdateEventSourceMapping20150331', { uUID: 'aaaa', batchSize: 1 }, mapping, null],
    [
      'sqs',
      'AddPermission',
      { queueUrl, ...label },
      null,
      `aws sqs remove-permission --region eu-central-1 --queue-url ${queueUrl} --label everybody`,
    ],
    ['sqs', 'PurgeQueue', { queueUrl }, null, null],
    [
      'sns',
      'AddPermission',
      { topicArn, ...label },
      null,
      `aws sns remove-permission --region eu-central-1 --topic-arn ${topicArn} --label everybody`,
    ],
    ['sns', 'AddPermission', { topicArn }, null, null],
    [
      'sns',
      'Subscribe',
      { topicArn },
      { subscriptionArn: subscription },
      `aws sns unsubscribe --region eu-central-1 --subscription-arn ${subscription}`,
    ],
    ['sns', 'Subscribe', { topicArn }, { subscriptionArn: 'pending confirmation' }, null],
    [
      'dynamodb',
      'UpdateContinuousBackups',
      { tableName: 'aurora-watch-prod-findings', pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false } },
      null,
      'aws dynamodb update-continuous-backups --region eu-central-1 --table-name aurora-watch-prod-findings --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
    ],
    ['kms', 'DisableKey', { keyId: deployer.key }, null, `aws kms enable-key --region eu-central-1 --key-id ${deployer.key}`],
    [
      'kms',
      'ScheduleKeyDeletion',
      { keyId: deployer.key, pendingWindowInDays: 7 },
      null,
      `aws kms cancel-key-deletion --region eu-central-1 --key-id ${deployer.key}\naws kms enable-key --region eu-central-1 --key-id ${deployer.key}`,
    ],
    [
      'iam',
      'AttachRolePolicy',
      { roleName, policyArn },
      null,
      `aws iam detach-role-policy --role-name ${roleName} --policy-arn ${policyArn}`,
    ],
    [
      'iam',
      'DetachRolePolicy',
      { roleName, policyArn },
      null,
      `aws iam attach-role-policy --role-name ${roleName} --policy-arn ${policyArn}`,
    ],
    ['iam', 'PutRolePermissionsBoundary', { roleName }, null, `aws iam delete-role-permissions-boundary --role-name ${roleName}`],
    ['iam', 'DeleteRolePolicy', { roleName, policyName: 'change' }, null, null],
    [
      'monitoring',
      'DisableAlarmActions',
      { alarmNames: ['aurora-watch-prod-no-sweep', '$(curl x)'] },
      null,
      "aws cloudwatch enable-alarm-actions --region eu-central-1 --alarm-names aurora-watch-prod-no-sweep '$(curl x)'",
    ],
  ])('%s %s of %j', (source, name, request, response, command) => {
    const event = readCloudTrailRecord(recordOf(call(source, name, request, {}, response)));
    if (event === null) throw new Error(`${source} ${name} is no CloudTrail record.`);
    const [alert] = judgeChange(
      event,
      evidenceOf({}),
      [monitorTampered],
      { at: Number.NaN, configuration: defaultConfiguration },
      deployer,
    );

    expect(alert?.remediation?.command ?? null).toBe(command);
    expect(alert?.fix === undefined).toBe(command !== null);
  });
});
