import type { Resource, ResourceType } from '../../domain/resource.ts';
import { shellCommand } from '../../domain/shell.ts';
import { actionOf, isAmong } from '../../evidence/caller.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { flagField, isWords, textField, textsField } from '../../evidence/request.ts';
import { listed } from '../sentences.ts';
import { awsCommand, undo } from './undo.ts';

/** Somebody changed the monitor itself. */
export const monitorTampered = {
  kind: 'change',
  id: 'monitor-tampered',
  title: 'A part of this monitor was changed',
  severity: 'critical',
  rationale:
    'Whoever plans something that this monitor would tell turns it off first: a rule that is disabled, a queue that is emptied, a subscription that is gone look like silence.',
  judged:
    'Reads calls that disable, change or delete rules, functions, what starts them or becomes of their failures, queues, topics, subscriptions, tables (of DynamoDB and of Glue), keys, buckets, streams, workgroups, roles, policies, alarms, log groups, subscription filters, the parameter of the Slack webhook or the stack whose name begins with aurora-watch-, and new subscribers of its topics, by anyone but the role that deploys the monitor (the parameter deployment-role). A key is known by its alias or, in the deployed monitor, by its ARN. What Athena writes into api_call for the activity function is left out.',
  fix: 'Put the part back: a deployment alone does not, a change set with --deployment-mode REVERT_DRIFT does (docs/runbook.md). Then look at what happened while it was off: the next sweep asks CloudTrail for it.',
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html'],
  controls: ['PCI DSS 4.0 10.7.2', 'NIST 800-53 AU-5', 'NIST 800-53 AU-9', 'NIST 800-53 SI-4'],
  falsePositives: [
    'A deployment by a role that is not the parameter deployment-role.',
    'You put the Slack webhook in place, or subscribe somebody by hand.',
  ],
  needs: [],
  events: [
    { source: 'events.amazonaws.com', names: ['DeleteRule', 'DisableRule', 'PutRule', 'PutTargets', 'RemoveTargets'] },
    {
      source: 'lambda.amazonaws.com',
      names: [
        'AddPermission20150331v2',
        'CreateEventSourceMapping20150331',
        'DeleteEventSourceMapping20150331',
        'DeleteFunction20150331',
        'DeleteFunctionConcurrency20171031',
        'DeleteFunctionEventInvokeConfig',
        'PutFunctionConcurrency20171031',
        'PutFunctionEventInvokeConfig',
        'RemovePermission20150331v2',
        'UpdateEventSourceMapping20150331',
        'UpdateFunctionCode20150331v2',
        'UpdateFunctionConfiguration20150331v2',
        'UpdateFunctionEventInvokeConfig',
      ],
    },
    { source: 'sqs.amazonaws.com', names: ['AddPermission', 'DeleteQueue', 'PurgeQueue', 'RemovePermission', 'SetQueueAttributes'] },
    {
      source: 'sns.amazonaws.com',
      names: [
        'AddPermission',
        'DeleteTopic',
        'RemovePermission',
        'SetSubscriptionAttributes',
        'SetTopicAttributes',
        'Subscribe',
        'Unsubscribe',
      ],
    },
    { source: 'dynamodb.amazonaws.com', names: ['DeleteTable', 'UpdateContinuousBackups', 'UpdateTable', 'UpdateTimeToLive'] },
    { source: 'kms.amazonaws.com', names: ['DeleteAlias', 'DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion', 'UpdateAlias'] },
    {
      source: 'iam.amazonaws.com',
      names: [
        'AttachRolePolicy',
        'CreatePolicyVersion',
        'CreateRole',
        'DeletePolicy',
        'DeleteRole',
        'DeleteRolePermissionsBoundary',
        'DeleteRolePolicy',
        'DetachRolePolicy',
        'PutRolePermissionsBoundary',
        'PutRolePolicy',
        'SetDefaultPolicyVersion',
        'UpdateAssumeRolePolicy',
      ],
    },
    { source: 'logs.amazonaws.com', names: ['DeleteLogGroup', 'DeleteLogStream', 'DeleteSubscriptionFilter', 'PutRetentionPolicy'] },
    { source: 'monitoring.amazonaws.com', names: ['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm'] },
    { source: 'firehose.amazonaws.com', names: ['DeleteDeliveryStream', 'UpdateDestination'] },
    {
      source: 's3.amazonaws.com',
      names: [
        'DeleteBucket',
        'DeleteBucketPolicy',
        'DeleteBucketPublicAccessBlock',
        'PutBucketLifecycle',
        'PutBucketNotification',
        'PutBucketPolicy',
        'PutBucketPublicAccessBlock',
      ],
    },
    { source: 'athena.amazonaws.com', names: ['DeleteWorkGroup', 'UpdateWorkGroup'] },
    { source: 'glue.amazonaws.com', names: ['BatchDeleteTable', 'DeleteDatabase', 'DeleteTable', 'UpdateTable'] },
    { source: 'ssm.amazonaws.com', names: ['DeleteParameter', 'DeleteParameters', 'PutParameter'] },
    { source: 'cloudformation.amazonaws.com', names: ['DeleteStack'] },
  ],
  evaluate(change) {
    const { event, own } = change;
    const parts = ownParts(change);
    if (parts.length === 0) return null;
    if (own.deploymentRole !== null && isAmong([own.deploymentRole], event)) return null;
    if (isOwnWriting(change)) return null;
    const resources = parts.map((part) => resourceOf(change, part));
    const [on] = resources;
    if (on === undefined) return null;
    const who =
      own.deploymentRole === null
        ? 'Which role deploys the monitor is not known here, so every change is told.'
        : 'The caller is not the role that deploys the monitor.';
    return {
      severity: 'critical',
      reason: `${actionOf(event)} was called on ${listed(parts)}. ${who}`,
      on,
      resources,
      inEffect: true,
      remediation: undoOf(change),
    };
  },
} satisfies ChangeCheck;

/** The commands that undo what the event says whole; null: what was there before only the template knows, or nobody. */
function undoOf(change: Change): ChangeVerdict['remediation'] {
  const commands = undoing(change);
  if (commands.length === 0 || commands.some((words) => words.includes(null))) return null;
  const isGlobal = change.event.eventSource === 'iam.amazonaws.com';
  const written = commands.map(([service, command, ...words]) =>
    isGlobal
      ? shellCommand('aws', `${service}`, `${command}`, ...words.map(String))
      : awsCommand(change, `${service}`, `${command}`, ...words.map(String)),
  );
  return undo(change, written, 'at once');
}

/** Words of commands of the AWS CLI, from the service on; null: a word that the event does not say. */
function undoing({ event }: Change): readonly (readonly (string | null)[])[] {
  const { eventSource, eventName, requestParameters: request, responseElements: response } = event;
  const text = (name: string): string | null => textField(request, name);
  switch (`${eventSource.split('.')[0]} ${eventName}`) {
    case 'events DisableRule':
      return [['events', 'enable-rule', '--name', text('name')]];
    case 'lambda AddPermission20150331v2':
      return [['lambda', 'remove-permission', '--function-name', text('functionName'), '--statement-id', text('statementId')]];
    case 'lambda CreateEventSourceMapping20150331':
      return [['lambda', 'delete-event-source-mapping', '--uuid', textField(response, 'uUID')]];
    case 'lambda PutFunctionConcurrency20171031':
      return [['lambda', 'delete-function-concurrency', '--function-name', text('functionName')]];
    case 'lambda UpdateEventSourceMapping20150331':
      return flagField(request, 'enabled') === false
        ? [['lambda', 'update-event-source-mapping', '--uuid', text('uUID') ?? textField(response, 'uUID'), '--enabled']]
        : [];
    case 'sqs AddPermission':
      return [['sqs', 'remove-permission', '--queue-url', text('queueUrl'), '--label', text('label')]];
    case 'sns AddPermission':
      return [['sns', 'remove-permission', '--topic-arn', text('topicArn'), '--label', text('label')]];
    case 'sns Subscribe': {
      const arn = textField(response, 'subscriptionArn');
      // Until the subscriber has confirmed, there is nothing to end.
      return arn?.startsWith('arn:') ? [['sns', 'unsubscribe', '--subscription-arn', arn]] : [];
    }
    case 'dynamodb UpdateContinuousBackups': {
      const recovery = ['--point-in-time-recovery-specification', 'PointInTimeRecoveryEnabled=true'];
      return [['dynamodb', 'update-continuous-backups', '--table-name', text('tableName'), ...recovery]];
    }
    case 'kms DisableKey':
      return [['kms', 'enable-key', '--key-id', text('keyId')]];
    case 'kms ScheduleKeyDeletion':
      return [
        ['kms', 'cancel-key-deletion', '--key-id', text('keyId')],
        ['kms', 'enable-key', '--key-id', text('keyId')],
      ];
    case 'iam AttachRolePolicy':
      return [['iam', 'detach-role-policy', '--role-name', text('roleName'), '--policy-arn', text('policyArn')]];
    case 'iam DetachRolePolicy':
      return [['iam', 'attach-role-policy', '--role-name', text('roleName'), '--policy-arn', text('policyArn')]];
    case 'iam PutRolePermissionsBoundary':
      return [['iam', 'delete-role-permissions-boundary', '--role-name', text('roleName')]];
    case 'monitoring DisableAlarmActions': {
      const alarms = textsField(request, 'alarmNames');
      return alarms.length === 0 ? [] : [['cloudwatch', 'enable-alarm-actions', '--alarm-names', ...alarms]];
    }
    default:
      return [];
  }
}

/** Where parts are named; a rule's pattern or a policy's text may speak of them without changing them. */
const naming: ReadonlySet<string> = new Set(
  [
    'alarmName',
    'alarmNames',
    'aliasName',
    'bucketName',
    'dashboardNames',
    'databaseName',
    'deliveryStreamName',
    'eventSourceArn',
    'filterName',
    'functionArn',
    'functionName',
    'keyId',
    'logGroupIdentifier',
    'logGroupName',
    'name',
    'names',
    'policyArn',
    'queueUrl',
    'roleName',
    'rule',
    'ruleArn',
    'stackName',
    'subscriptionArn',
    'tableName',
    'topicArn',
    'workGroup',
  ].map((name) => name.toLowerCase()),
);

/** Names of the monitor's parts that the event is about, each once, sorted. */
function ownParts({ event, own }: Change): readonly string[] {
  const parts = new Set<string>();
  for (const words of [event.requestParameters, event.responseElements]) {
    for (const [name, value] of Object.entries(words ?? {})) {
      if (!naming.has(name.toLowerCase())) continue;
      const values: readonly unknown[] = Array.isArray(value) ? value : isWords(value) ? Object.values(value) : [value];
      for (const text of values) {
        const part = typeof text === 'string' && text.length <= 2048 ? partIn(text, own.key) : null;
        if (part !== null) parts.add(part);
      }
    }
  }
  return [...parts].sort();
}

/** The part in a name, an ARN or an address: `aurora-watch-prod-changes`. */
function partIn(text: string, key: string | null): string | null {
  if (key !== null && (text === key || key.endsWith(`/${text}`))) return text;
  if (text.startsWith('/aurora-watch-')) return text;
  // Glue's names take no hyphen.
  return text.split(/[:/]/).find((segment) => /^aurora[-_]watch[-_]/.test(segment)) ?? null;
}

/** Athena commits what the activity function merges into api_call by changing the table, every hour. Whoever makes a role of that name is told of. */
function isOwnWriting({ event, partition, account }: Change): boolean {
  const { tableInput, name } = event.requestParameters ?? {};
  const table = isWords(tableInput) ? tableInput.name : name;
  const ofFunction = `arn:${partition}:iam::${account}:role/aurora-watch-*-activity-*`;
  return (
    event.eventSource === 'glue.amazonaws.com' &&
    event.eventName === 'UpdateTable' &&
    (table === 'api_call' || table === undefined) &&
    isAmong([ofFunction], event)
  );
}

const types: Readonly<Record<string, ResourceType>> = { 'iam.amazonaws.com': 'principal', 'logs.amazonaws.com': 'log-group' };

function resourceOf({ event, partition, account }: Change, name: string): Resource {
  const service = event.eventSource.replace(/\.amazonaws\.com$/, '');
  const type = Object.hasOwn(types, event.eventSource) ? types[event.eventSource] : undefined;
  const arn = name.startsWith('arn:') ? name : `arn:${partition}:${service}:${service === 'iam' ? '' : event.region}:${account}:${name}`;
  return { arn, type: type ?? 'account', name, region: service === 'iam' ? 'global' : event.region };
}
