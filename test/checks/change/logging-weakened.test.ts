import { loggingWeakened } from '../../../lib/checks/change/logging-weakened.ts';
import { cluster, fine, instance, parameters, region, single, strict } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const set = (name: string, value: string, more: object = {}): Call => ({
  name: 'ModifyDBClusterParameterGroup',
  request: {
    dBClusterParameterGroupName: 'orders-pg16',
    parameters: [{ parameterName: name, parameterValue: value, applyMethod: 'immediate', ...more }],
  },
});
const setOwn = (name: string, value: string): Call => ({
  name: 'ModifyDBParameterGroup',
  request: { dBParameterGroupName: 'orders-own', parameters: [{ parameterName: name, parameterValue: value, applyMethod: 'immediate' }] },
});
const withOwn = {
  ...fine,
  'rds describe-db-instances': {
    DBInstances: [
      instance('orders-1', { DBParameterGroups: [{ DBParameterGroupName: 'orders-own', ParameterApplyStatus: 'in-sync' }] }),
      instance('orders-2'),
    ],
  },
  'rds describe-db-parameters orders-own': parameters({ log_connections: '1' }),
};
const disable = (types: unknown, more: Partial<Call> = {}): Call => ({
  name: 'ModifyDBCluster',
  request: { dBClusterIdentifier: 'orders', cloudwatchLogsExportConfiguration: { disableLogTypes: types } },
  ...more,
});
const exporting = (...types: string[]) => ({
  ...fine,
  'rds describe-db-clusters': { DBClusters: [cluster({ EnabledCloudwatchLogsExports: types })] },
});
const stop = (arn: string, response: unknown = null, more: object = {}): Call => ({
  name: 'StopActivityStream',
  request: { resourceArn: arn, applyImmediately: true, ...more },
  response,
});
const orders = `arn:aws:rds:${region}:111122223333:cluster:orders`;

testChange(loggingWeakened, [
  {
    name: 'log_connections off',
    call: set('log_connections', '0'),
    answers: fine,
    alert: {
      severity: 'high',
      before: { log_connections: '1' },
      after: { log_connections: '0' },
      inEffect: true,
      reason: /^log_connections was set to 0 \(1 before\) in group orders-pg16\. orders may not log who connects\./,
    },
  },
  { name: 'log_disconnections off', call: set('log_disconnections', 'off'), answers: fine, alert: { severity: 'high' } },
  {
    name: 'a list of version 18 that keeps authorization',
    call: set('log_connections', 'receipt,authorization'),
    answers: fine,
    alert: null,
  },
  { name: 'a list of version 18 without it', call: set('log_connections', 'receipt'), answers: fine, alert: { severity: 'high' } },
  { name: 'log_connections on', call: set('log_connections', '1'), answers: fine, alert: null },
  {
    name: 'messages of logins left out',
    call: set('log_min_messages', 'panic'),
    answers: fine,
    alert: { severity: 'high', reason: /leave records of logins out/ },
  },
  { name: 'fewer messages, but those of logins', call: set('log_min_messages', 'error'), answers: fine, alert: null },
  {
    name: 'pgaudit told nothing',
    call: set('pgaudit.log', 'none'),
    answers: fine,
    alert: { severity: 'high', before: { 'pgaudit.log': 'ddl,role' } },
  },
  {
    name: 'pgaudit no longer loaded: after a reboot',
    call: set('shared_preload_libraries', 'pg_stat_statements', { applyMethod: 'pending-reboot' }),
    answers: fine,
    alert: {
      severity: 'high',
      before: { shared_preload_libraries: 'pg_stat_statements,pgaudit' },
      inEffect: false,
      effect: 'after a reboot',
    },
  },
  {
    name: 'another library, where pgaudit was never loaded',
    call: set('shared_preload_libraries', 'pg_stat_statements,pg_cron'),
    answers: {
      ...fine,
      'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, shared_preload_libraries: 'pg_stat_statements' }),
    },
    before: true,
    alert: null,
  },
  {
    name: 'another library, and nothing was audited',
    call: set('shared_preload_libraries', 'pg_stat_statements,pg_cron'),
    answers: {
      ...fine,
      'rds describe-db-cluster-parameters orders-pg16': parameters({
        ...strict,
        shared_preload_libraries: 'pg_stat_statements,pg_cron',
        'pgaudit.log': null,
      }),
    },
    alert: null,
  },
  {
    name: 'statements in the log are low',
    call: set('log_statement', 'all'),
    answers: fine,
    alert: { severity: 'low', reason: /write passwords of CREATE ROLE and ALTER ROLE/ },
  },
  {
    name: 'a reset: the default is off',
    call: {
      name: 'ResetDBClusterParameterGroup',
      request: { dBClusterParameterGroupName: 'orders-pg16', parameters: [{ parameterName: 'log_connections' }] },
    },
    answers: fine,
    alert: { after: { log_connections: 'off' } },
  },
  {
    name: "a member's own group",
    call: setOwn('log_connections', '0'),
    answers: withOwn,
    alert: {
      severity: 'high',
      resources: ['orders'],
      before: { log_connections: '1' },
      inEffect: true,
      command: `aws rds modify-db-parameter-group --region ${region} --db-parameter-group-name orders-own --parameters ParameterName=log_connections,ParameterValue=1,ApplyMethod=immediate`,
    },
  },
  {
    name: "a reset of a member's own group: the cluster's group logs",
    call: {
      name: 'ResetDBParameterGroup',
      request: { dBParameterGroupName: 'orders-own', parameters: [{ parameterName: 'log_connections' }] },
    },
    answers: withOwn,
    alert: null,
  },
  {
    name: "a reset of a member's own group: the cluster's group does not log",
    call: {
      name: 'ResetDBParameterGroup',
      request: { dBParameterGroupName: 'orders-own', parameters: [{ parameterName: 'log_connections' }] },
    },
    answers: { ...withOwn, 'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, log_connections: '0' }) },
    alert: { severity: 'high', after: { log_connections: '0' } },
  },
  {
    name: 'a group of MySQL',
    call: set('log_connections', '0'),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
]);

testChange(loggingWeakened, [
  {
    name: 'the export of the log is ended',
    call: disable(['postgresql']),
    answers: fine,
    alert: {
      severity: 'high',
      reason: 'orders no longer exports postgresql to CloudWatch Logs. Its logins cannot be seen from now on.',
      before: { EnabledCloudwatchLogsExports: ['iam-db-auth-error', 'postgresql'] },
      after: { EnabledCloudwatchLogsExports: ['iam-db-auth-error'] },
      inEffect: true,
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --cloudwatch-logs-export-configuration '{"EnableLogTypes":["postgresql"]}' --apply-immediately`,
    },
  },
  {
    name: 'the evidence shows it afterwards',
    call: disable(['postgresql']),
    answers: exporting('iam-db-auth-error'),
    alert: { before: undefined, after: { EnabledCloudwatchLogsExports: ['iam-db-auth-error'] } },
  },
  { name: 'it was not exported before', call: disable(['postgresql']), answers: exporting(), before: true, alert: null },
  {
    name: 'another group and no export, in one call: one alert',
    call: {
      name: 'ModifyDBCluster',
      request: {
        dBClusterIdentifier: 'orders',
        dBClusterParameterGroupName: 'quiet',
        cloudwatchLogsExportConfiguration: { disableLogTypes: ['postgresql'] },
      },
    },
    answers: { ...fine, 'rds describe-db-cluster-parameters quiet': parameters({ ...strict, log_connections: '0' }) },
    alert: {
      severity: 'high',
      reason:
        'orders was given parameter group quiet instead of orders-pg16, in which log_connections is 0 (1 before). From its next reboot on it may not log who connects. orders no longer exports postgresql to CloudWatch Logs. Its logins cannot be seen from now on.',
      resources: ['orders'],
      before: {
        DBClusterParameterGroup: 'orders-pg16',
        log_connections: '1',
        EnabledCloudwatchLogsExports: ['iam-db-auth-error', 'postgresql'],
      },
      after: { DBClusterParameterGroup: 'quiet', log_connections: '0', EnabledCloudwatchLogsExports: ['iam-db-auth-error'] },
      inEffect: true,
      command: [
        `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --db-cluster-parameter-group-name orders-pg16 --apply-immediately`,
        `aws rds reboot-db-instance --region ${region} --db-instance-identifier orders-1`,
        `aws rds reboot-db-instance --region ${region} --db-instance-identifier orders-2`,
        `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --cloudwatch-logs-export-configuration '{"EnableLogTypes":["postgresql"]}' --apply-immediately`,
      ].join('\n'),
      effect: 'after a reboot',
    },
  },
  {
    name: 'errors of IAM logins',
    call: disable(['iam-db-auth-error']),
    answers: fine,
    alert: { severity: 'high', reason: /Why logins through IAM fail/ },
  },
  { name: 'a log that tells of no login', call: disable(['upgrade']), answers: fine, alert: null },
  {
    name: 'an export that is begun',
    call: {
      name: 'ModifyDBCluster',
      request: { dBClusterIdentifier: 'orders', cloudwatchLogsExportConfiguration: { enableLogTypes: ['postgresql'] } },
    },
    answers: fine,
    alert: null,
  },
  { name: 'from the event alone', call: disable(['postgresql']), alert: { severity: 'high', before: undefined, after: undefined } },
  {
    name: 'a single instance',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'billing', cloudwatchLogsExportConfiguration: { disableLogTypes: ['postgresql'] } },
    },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: { resources: ['billing'] },
  },
  { name: 'a failed call', call: disable(['postgresql'], { record: { errorCode: 'AccessDenied' } }), answers: fine, alert: null },
  {
    name: 'an activity stream is stopped',
    call: stop(orders, { kmsKeyId: 'key-1', kinesisStreamName: 'aws-rds-das-x', status: 'stopping' }),
    answers: fine,
    alert: {
      severity: 'high',
      resources: ['orders'],
      inEffect: true,
      command: `aws rds start-activity-stream --region ${region} --resource-arn ${orders} --mode async --kms-key-id key-1 --apply-immediately`,
    },
  },
  {
    name: 'an activity stream that stops later',
    call: stop(orders, null, { applyImmediately: false }),
    answers: fine,
    alert: { inEffect: false, command: null },
  },
  {
    name: 'an activity stream of Oracle',
    call: stop(`arn:aws:rds:${region}:111122223333:db:ora`),
    answers: {
      ...fine,
      'rds describe-db-instances': {
        DBInstances: [
          single({ DBInstanceIdentifier: 'ora', DBInstanceArn: `arn:aws:rds:${region}:111122223333:db:ora`, Engine: 'oracle-ee' }),
        ],
      },
    },
    alert: null,
  },
]);

const group = '/aws/rds/cluster/orders/postgresql';
const logs = (name: string, request: object): Call => ({ source: 'logs.amazonaws.com', name, request });

testChange(loggingWeakened, [
  {
    name: 'the log group is deleted',
    call: logs('DeleteLogGroup', { logGroupName: group }),
    answers: fine,
    alert: {
      severity: 'high',
      resources: ['orders', group].sort(),
      reason: `The log group ${group} was deleted, with every record in it.`,
      inEffect: true,
      command: `aws logs create-log-group --region ${region} --log-group-name ${group}`,
    },
  },
  {
    name: 'a subscription filter is removed, and the evidence still has it',
    call: logs('DeleteSubscriptionFilter', { logGroupName: group, filterName: 'siem' }),
    answers: {
      ...fine,
      [`logs describe-subscription-filters ${group}`]: {
        subscriptionFilters: [
          {
            filterName: 'siem',
            filterPattern: '"FATAL"',
            destinationArn: `arn:aws:firehose:${region}:111122223333:deliverystream/siem`,
            roleArn: 'arn:aws:iam::111122223333:role/delivery',
          },
        ],
      },
    },
    alert: {
      severity: 'high',
      command: `aws logs put-subscription-filter --region ${region} --log-group-name ${group} --filter-name siem --filter-pattern '"FATAL"' --destination-arn arn:aws:firehose:${region}:111122223333:deliverystream/siem --role-arn arn:aws:iam::111122223333:role/delivery`,
    },
  },
  {
    name: 'a subscription filter is removed',
    call: logs('DeleteSubscriptionFilter', { logGroupName: group, filterName: 'siem' }),
    alert: { severity: 'high', command: null },
  },
  {
    name: 'the log group of an instance',
    call: logs('DeleteLogGroup', { logGroupName: '/aws/rds/instance/billing/postgresql' }),
    alert: { severity: 'high' },
  },
  {
    name: 'a proxy',
    call: logs('DeleteLogGroup', { logGroupName: '/aws/rds/proxy/front' }),
    alert: { resources: ['/aws/rds/proxy/front'] },
  },
  {
    name: 'a log group of MySQL, by its type',
    call: logs('DeleteLogGroup', { logGroupName: '/aws/rds/cluster/shop/slowquery' }),
    alert: null,
  },
  {
    name: 'a cluster of MySQL, by the evidence',
    call: logs('DeleteLogGroup', { logGroupName: group }),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  { name: 'a log group of something else', call: logs('DeleteLogGroup', { logGroupName: '/aws/lambda/shop' }), alert: null },
  {
    name: 'a failed call',
    call: { ...logs('DeleteLogGroup', { logGroupName: group }), record: { errorCode: 'AccessDenied' } },
    alert: null,
  },
  {
    name: 'requestParameters null',
    call: { source: 'logs.amazonaws.com', name: 'DeleteLogGroup', request: null },
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);
