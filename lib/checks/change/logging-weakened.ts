import type { SubscriptionFilters } from '../../domain/cluster-answers.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { objectField, textField, textsField } from '../../evidence/request.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { isOutOfScope, touchedByArn, touchedCluster, touchedDatabase, touchedInstance } from '../../evidence/touched.ts';
import { parameterNeeds } from '../needs.ts';
import { auditLoaded, auditLog } from '../pgaudit.ts';
import { begun, ended } from '../posture/connections-logged.ts';
import { statements } from '../posture/log-statement-safe.ts';
import { listed } from '../sentences.ts';
import { judgeAssociation } from './group-association.ts';
import type { ParameterRule } from './parameter-groups.ts';
import { groupEventOf, parameterEvents, valueIn } from './parameter-groups.ts';
import { awsCommand, engineNote, modifyWhole, undo } from './undo.ts';
import { judgeGroupEvent } from './weakened-parameters.ts';

/** Above `log`, the records of logins are left out too. */
const messages: ParameterRule = {
  name: 'log_min_messages',
  accepts: (value) => !['fatal', 'panic'].includes(value.trim().toLowerCase()),
  risk: 'leave records of logins out of its log',
  wanted: () => 'warning',
};

const rules: readonly ParameterRule[] = [begun({ version: null }), ended, auditLog, messages];

/** Logs tell less than before, or reach nobody. */
export const loggingWeakened = {
  kind: 'change',
  id: 'logging-weakened',
  title: 'Logging was weakened',
  severity: 'high',
  rationale:
    'Who hides something turns off the log first. From then on nobody sees who logs in, from where and with what, and every check that reads the log is blind.',
  judged:
    'Reads changes and resets of log_connections, log_disconnections, log_min_messages, pgaudit.log and of pgaudit in shared_preload_libraries (log_statement away from none is low: it writes passwords), log exports that are disabled, activity streams that are stopped, and log groups of RDS that are deleted or lose a subscription filter.',
  fix: 'Set the parameters back, enable the export of the log again, or give the log group its subscription filter back.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.PostgreSQL.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html',
  ],
  controls: ['PCI DSS 4.0 10.2.1', 'NIST 800-53 AU-9', 'NIST 800-53 AU-12'],
  falsePositives: ['The log group of a cluster that was deleted before.'],
  needs: [...parameterNeeds, 'logs:DescribeSubscriptionFilters'],
  events: [
    {
      source: 'rds.amazonaws.com',
      names: [...parameterEvents, 'StopActivityStream'],
    },
    { source: 'logs.amazonaws.com', names: ['DeleteLogGroup', 'DeleteSubscriptionFilter'] },
  ],
  evaluate(change) {
    if (change.event.eventSource === 'logs.amazonaws.com') return judgeLogGroup(change);
    const parameters = judgeParameters(change);
    const exports = judgeExports(change, parameters !== null);
    if (parameters !== null && exports !== null) return together(parameters, exports);
    return parameters ?? exports ?? judgeActivityStream(change);
  },
} satisfies ChangeCheck;

/** One modification may give a cluster another group and end its exports. */
function together(group: ChangeVerdict, exports: ChangeVerdict): ChangeVerdict {
  const [first, second] = [group.remediation, exports.remediation];
  return {
    ...group,
    reason: `${group.reason} ${exports.reason}`,
    before: { ...group.before, ...exports.before },
    after: { ...group.after, ...exports.after },
    inEffect: exports.inEffect,
    remediation: first === null || second === null ? (first ?? second) : { ...first, command: `${first.command}\n${second.command}` },
  };
}

function judgeParameters(change: Change): ChangeVerdict | null {
  const wanted = [...rules, ...(mayHaveAudited(change) ? [auditLoaded] : [])];
  if (judgeGroupEvent(change, wanted, 'high') !== null) return judgeGroupEvent(change, [...wanted, statements], 'high');
  const unsafe = judgeGroupEvent(change, [statements], 'low');
  if (unsafe) return unsafe;
  const associated = judgeAssociation(change, [...rules, auditLoaded], { onlyFromBetter: true });
  if (associated === null) return null;
  const { unknown: _, ...verdict } = associated;
  return { ...verdict, severity: 'high' };
}

/** Most lists of libraries never held pgaudit: only where the group says what to audit, or nobody knows, it was surely or maybe there. */
function mayHaveAudited(change: Change): boolean {
  const event = groupEventOf(change.event);
  if (event === null) return false;
  const audited = valueIn(change, event.level, event.group, auditLog.name, { kind: null, version: null });
  return audited === null || auditLog.accepts(audited);
}

/** Log types that say who logs in. */
const telling: readonly string[] = ['postgresql', 'iam-db-auth-error'];

function judgeExports(change: Change, isNoted: boolean): ChangeVerdict | null {
  const configuration = objectField(change.event.requestParameters, 'cloudwatchLogsExportConfiguration');
  const disabled = textsField(configuration, 'disableLogTypes').filter((type) => telling.includes(type));
  const database = disabled.length === 0 ? null : touchedDatabase(change);
  if (database === null || isOutOfScope(database)) return null;
  const current = exportsOf(database);
  const gone = current === null ? disabled : disabled.filter((type) => !current.includes(type));
  if (change.seen === 'before' && current !== null && gone.length === disabled.length) return null;
  const before = current !== null && gone.length < disabled.length ? current : null;
  const after = current === null ? null : current.filter((type) => !disabled.includes(type));
  const options = ['--cloudwatch-logs-export-configuration', JSON.stringify({ EnableLogTypes: disabled })];
  return {
    severity: 'high',
    reason: [
      `${database.resource.name} no longer exports ${listed(disabled)} to CloudWatch Logs.`,
      ...(disabled.includes('postgresql')
        ? ['Its logins cannot be seen from now on.']
        : ['Why logins through IAM fail cannot be seen from now on.']),
      ...(isNoted ? [] : engineNote(database)),
    ].join(' '),
    on: database.resource,
    resources: [database.resource],
    ...(before === null ? {} : { before: { EnabledCloudwatchLogsExports: before } }),
    ...(after === null ? {} : { after: { EnabledCloudwatchLogsExports: after } }),
    inEffect: true,
    remediation: undo(change, modifyWhole(change, database, options), 'at once', [database]),
  };
}

function exportsOf({ cluster, instance }: TouchedDatabase): readonly string[] | null {
  const known = cluster ?? instance;
  return known === null ? null : [...(known.EnabledCloudwatchLogsExports ?? [])].sort();
}

function judgeActivityStream(change: Change): ChangeVerdict | null {
  const { eventName, requestParameters: request, responseElements: response } = change.event;
  const arn = eventName === 'StopActivityStream' ? textField(request, 'resourceArn') : null;
  const database = arn === null ? null : touchedByArn(change, arn);
  if (arn === null || database === null || isOutOfScope(database)) return null;
  const waits = textField(request, 'applyImmediately') === 'false' || request?.applyImmediately === false;
  const key = textField(response, 'kmsKeyId');
  const start = ['--resource-arn', arn, '--mode', 'async', '--kms-key-id', key ?? '', '--apply-immediately'];
  return {
    severity: 'high',
    reason: [
      `The activity stream of ${database.resource.name} was stopped.`,
      ...(waits ? ['It stops in the next maintenance window.'] : []),
      ...engineNote(database),
    ].join(' '),
    on: database.resource,
    resources: [database.resource],
    before: { ActivityStreamStatus: 'started' },
    after: { ActivityStreamStatus: 'stopped' },
    inEffect: !waits,
    remediation:
      key === null ? null : undo(change, awsCommand(change, 'rds', 'start-activity-stream', ...start), 'within minutes', [database]),
  };
}

/** Types of log that other engines write. */
const foreignTypes = [
  'alert',
  'agent',
  'audit',
  'diag.log',
  'error',
  'general',
  'listener',
  'notify.log',
  'oemagent',
  'profiler',
  'slowquery',
  'trace',
];

function judgeLogGroup(change: Change): ChangeVerdict | null {
  const { eventName, requestParameters: request } = change.event;
  const group = textField(request, 'logGroupName');
  const [, kind, name, type] = /^\/aws\/rds\/(?:(cluster|instance)\/([^/]{1,255})\/([^/]{1,255})$)?/.exec(group ?? '') ?? [];
  if (group === null || !group.startsWith('/aws/rds/') || foreignTypes.includes(type ?? '')) return null;
  const database = name === undefined ? null : kind === 'cluster' ? touchedCluster(change, name) : touchedInstance(change, name);
  if (database !== null && isOutOfScope(database)) return null;
  const { event, partition, account } = change;
  const on: Resource = {
    arn: `arn:${partition}:logs:${event.region}:${account}:log-group:${group}`,
    type: 'log-group',
    name: group,
    region: event.region,
  };
  const filter = textField(request, 'filterName');
  const what =
    eventName === 'DeleteLogGroup'
      ? `The log group ${group} was deleted, with every record in it.`
      : `The subscription filter ${filter ?? ''} of ${group} was removed: its records no longer reach who was subscribed.`;
  return {
    severity: 'high',
    reason: what,
    on,
    resources: database === null ? [on] : [database.resource, on],
    inEffect: true,
    remediation: eventName === 'DeleteLogGroup' ? undoDeletion(change, group) : undoFilter(change, group, filter),
  };
}

function undoDeletion(change: Change, group: string): ChangeVerdict['remediation'] {
  return undo(
    change,
    awsCommand(change, 'logs', 'create-log-group', '--log-group-name', group),
    'at once for new records; the old ones are lost',
  );
}

function undoFilter(change: Change, group: string, filter: string | null): ChangeVerdict['remediation'] {
  const answer = change.inventory.answer<SubscriptionFilters>(change.event.region, 'logs', 'describe-subscription-filters', group);
  const found = answer.known ? answer.value.subscriptionFilters.find(({ filterName }) => filterName === filter) : undefined;
  if (filter === null || found?.destinationArn === undefined) return null;
  const { filterPattern = '', destinationArn, roleArn } = found;
  const role = roleArn === undefined ? [] : ['--role-arn', roleArn];
  const named = ['--log-group-name', group, '--filter-name', filter];
  const words = [...named, '--filter-pattern', filterPattern, '--destination-arn', destinationArn, ...role];
  return undo(change, awsCommand(change, 'logs', 'put-subscription-filter', ...words), 'at once');
}
