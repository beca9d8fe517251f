import { tlsWeakened } from '../../../lib/checks/change/tls-weakened.ts';
import type { Answers } from '../../evidence/answers.ts';
import { cluster, denied, fine, instance, member, parameters, region, single, strict } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { makingCalls, testChange } from './table.ts';

const off = { parameterName: 'rds.force_ssl', parameterValue: '0', applyMethod: 'immediate', isModifiable: true };
const modify = (parameters: unknown, group = 'orders-pg16'): Call => ({
  name: 'ModifyDBClusterParameterGroup',
  request: { dBClusterParameterGroupName: group, parameters },
  response: { dBClusterParameterGroupName: group },
});
const reset = (request: object, group = 'orders-pg16'): Call => ({
  name: 'ResetDBClusterParameterGroup',
  request: { dBClusterParameterGroupName: group, ...request },
});
const groupWith = (values: Parameters<typeof parameters>[0]): Answers => ({
  ...fine,
  'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, ...values }),
});
const clusters = (...all: readonly object[]): Answers => ({ ...fine, 'rds describe-db-clusters': { DBClusters: all } });
const modifyGroup = `aws rds modify-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name orders-pg16 --parameters`;

testChange(tlsWeakened, [
  {
    name: 'force_ssl off in a group that is in sync: in effect at once',
    call: modify([off]),
    answers: fine,
    alert: {
      severity: 'high',
      reason:
        'rds.force_ssl was set to 0 (1 before) in group orders-pg16. orders may accept connections without TLS. It is in effect at once.',
      resources: ['orders'],
      before: { 'rds.force_ssl': '1' },
      after: { 'rds.force_ssl': '0' },
      inEffect: true,
      command: `${modifyGroup} ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate`,
      effect: 'at once',
    },
  },
  {
    name: 'the evidence shows the new value already: what was before is not known',
    call: modify([off]),
    answers: groupWith({ 'rds.force_ssl': '0' }),
    alert: { before: undefined, after: { 'rds.force_ssl': '0' }, inEffect: true },
  },
  {
    name: 'the value was there before: a repeat',
    call: modify([off]),
    answers: groupWith({ 'rds.force_ssl': '0' }),
    before: true,
    alert: null,
  },
  {
    name: '"off" after 0 is a repeat too',
    call: modify([{ ...off, parameterValue: 'off' }]),
    answers: groupWith({ 'rds.force_ssl': '0' }),
    before: true,
    alert: null,
  },
  {
    name: 'from the event alone',
    call: modify([off]),
    alert: {
      severity: 'high',
      reason: /Which clusters use the group, and whether it is in effect there, is not known\. Nothing tells the engine/,
      resources: ['orders-pg16'],
      before: undefined,
      inEffect: null,
    },
  },
  { name: 'force_ssl on', call: modify([{ ...off, parameterValue: '1' }]), answers: groupWith({ 'rds.force_ssl': '0' }), alert: null },
  {
    name: 'a parameter that is not about TLS',
    call: modify([{ parameterName: 'work_mem', parameterValue: '64', applyMethod: 'immediate' }]),
    answers: fine,
    alert: null,
  },
  {
    name: 'a failed call',
    call: { ...modify([off]), record: { errorCode: 'AccessDenied', errorMessage: 'no' } },
    answers: fine,
    alert: null,
  },
  {
    name: 'requestParameters null',
    call: { name: 'ModifyDBClusterParameterGroup', request: null },
    answers: fine,
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
  { name: 'one parameter that is not in a list', call: modify(off), answers: fine, alert: { after: { 'rds.force_ssl': '0' } } },
  {
    name: 'other capitals of the names',
    call: { name: 'ModifyDBClusterParameterGroup', request: { DBClusterParameterGroupName: 'Orders-PG16', parameters: [off] } },
    answers: fine,
    alert: { resources: ['orders'] },
  },
  {
    name: 'asked to wait for a reboot',
    call: modify([{ ...off, applyMethod: 'pending-reboot' }]),
    answers: fine,
    alert: { inEffect: false, reason: /It takes effect at the next reboot\.$/ },
  },
  {
    name: 'a group that no member is in sync with',
    call: modify([off]),
    answers: clusters(cluster({ DBClusterMembers: [member('orders-1', { DBClusterParameterGroupStatus: 'pending-reboot' })] })),
    alert: { inEffect: false, reason: /orders-1 is pending-reboot: there it takes effect at the next reboot/ },
  },
  {
    name: 'one member that waits and one that does not',
    call: modify([off]),
    answers: clusters(
      cluster({ DBClusterMembers: [member('orders-1'), member('orders-2', { DBClusterParameterGroupStatus: 'pending-reboot' })] }),
    ),
    alert: { inEffect: true, reason: /It is in effect at once where the group is in sync; orders-2 is pending-reboot/ },
  },
  {
    name: 'no members to say it',
    call: modify([off]),
    answers: clusters(cluster({ DBClusterMembers: [], ClusterScalabilityType: 'limitless' })),
    alert: { inEffect: null, reason: /Whether it is in effect is not known\.$/ },
  },
  {
    name: 'a group that many clusters share: one alert that names them all',
    call: modify([off]),
    answers: clusters(
      cluster({ DBClusterIdentifier: 'payments', DBClusterArn: `arn:aws:rds:${region}:111122223333:cluster:payments` }),
      cluster(),
      cluster({
        DBClusterIdentifier: 'other',
        DBClusterArn: `arn:aws:rds:${region}:111122223333:cluster:other`,
        DBClusterParameterGroup: 'other',
      }),
    ),
    alert: { resources: ['orders', 'payments'], reason: /orders and payments may accept connections without TLS/ },
  },
  {
    name: 'clusters that could not be listed',
    call: modify([off]),
    answers: { ...fine, 'rds describe-db-clusters': denied },
    alert: { severity: 'high', resources: ['orders-pg16'], inEffect: null },
  },
  {
    name: 'a group that nobody uses',
    call: modify([off], 'spare'),
    answers: fine,
    alert: { severity: 'low', resources: ['spare'], inEffect: false, reason: /No cluster or instance uses the group now/ },
  },
  { name: 'a group of MySQL clusters', call: modify([off]), answers: clusters(cluster({ Engine: 'aurora-mysql' })), alert: null },
  { name: 'a group of Neptune clusters', call: modify([off]), answers: clusters(cluster({ Engine: 'neptune' })), alert: null },
  {
    name: "a group of another engine's family that nobody uses",
    call: modify([off], 'docs'),
    answers: {
      ...fine,
      'rds describe-db-cluster-parameter-groups': {
        DBClusterParameterGroups: [{ DBClusterParameterGroupName: 'docs', DBParameterGroupFamily: 'docdb5.0' }],
      },
    },
    alert: null,
  },
  {
    name: 'the minimum version to 1.1',
    call: modify([{ parameterName: 'ssl_min_protocol_version', parameterValue: 'TLSv1.1', applyMethod: 'immediate' }]),
    answers: fine,
    alert: {
      before: { ssl_min_protocol_version: 'TLSv1.2' },
      after: { ssl_min_protocol_version: 'TLSv1.1' },
      reason: /may accept TLS below 1\.2/,
    },
  },
  {
    name: 'the minimum version from 1.3 to 1.2 is down too',
    call: modify([{ parameterName: 'ssl_min_protocol_version', parameterValue: 'TLSv1.2', applyMethod: 'immediate' }]),
    answers: groupWith({ ssl_min_protocol_version: 'TLSv1.3' }),
    alert: { before: { ssl_min_protocol_version: 'TLSv1.3' }, after: { ssl_min_protocol_version: 'TLSv1.2' } },
  },
  {
    name: 'the minimum version from 1.1 to 1.2',
    call: modify([{ parameterName: 'ssl_min_protocol_version', parameterValue: 'TLSv1.2', applyMethod: 'immediate' }]),
    answers: groupWith({ ssl_min_protocol_version: 'TLSv1.1' }),
    alert: null,
  },
  {
    name: 'the minimum version from 1 to 1.1',
    call: modify([{ parameterName: 'ssl_min_protocol_version', parameterValue: 'TLSv1.1', applyMethod: 'immediate' }]),
    answers: groupWith({ ssl_min_protocol_version: 'TLSv1' }),
    alert: null,
  },
  {
    name: 'ssl off',
    call: modify([{ parameterName: 'ssl', parameterValue: '0', applyMethod: 'immediate' }]),
    answers: fine,
    alert: { before: { ssl: '1' }, after: { ssl: '0' }, reason: /may offer no TLS at all/ },
  },
  {
    name: 'ssl off where its default is on: RDS takes 1 alone',
    call: modify([{ parameterName: 'ssl', parameterValue: '0', applyMethod: 'immediate' }]),
    answers: groupWith({ ssl: null }),
    alert: {
      before: { ssl: 'on' },
      after: { ssl: '0' },
      command: `${modifyGroup} ParameterName=ssl,ParameterValue=1,ApplyMethod=immediate`,
    },
  },
  {
    name: 'weak ciphers where the list was empty: RDS takes no empty value',
    call: modify([{ parameterName: 'ssl_ciphers', parameterValue: 'RC4-SHA', applyMethod: 'immediate' }]),
    answers: groupWith({ ssl_ciphers: null }),
    alert: {
      after: { ssl_ciphers: 'RC4-SHA' },
      command: `${modifyGroup.replace('modify', 'reset').replace('--parameters', '--no-reset-all-parameters --parameters')} ParameterName=ssl_ciphers,ApplyMethod=immediate`,
    },
  },
  {
    name: 'a weak cipher',
    call: modify([{ parameterName: 'ssl_ciphers', parameterValue: 'HIGH:RC4-SHA', applyMethod: 'immediate' }]),
    answers: groupWith({ ssl_ciphers: 'HIGH' }),
    alert: {
      before: { ssl_ciphers: 'HIGH' },
      after: { ssl_ciphers: 'HIGH:RC4-SHA' },
      command: `${modifyGroup} ParameterName=ssl_ciphers,ParameterValue=HIGH,ApplyMethod=immediate`,
    },
  },
  {
    name: 'strong ciphers',
    call: modify([{ parameterName: 'ssl_ciphers', parameterValue: 'HIGH:!aNULL', applyMethod: 'immediate' }]),
    answers: fine,
    alert: null,
  },
  {
    name: 'two parameters in one call: one alert',
    call: modify([off, { parameterName: 'ssl', parameterValue: '0', applyMethod: 'immediate' }]),
    answers: fine,
    alert: { after: { 'rds.force_ssl': '0', ssl: '0' } },
  },
  {
    name: 'a value that the event does not say',
    call: modify([{ parameterName: 'rds.force_ssl', applyMethod: 'immediate' }]),
    alert: { after: undefined, reason: /was changed to a value that is not known here/ },
  },
  {
    name: 'reset: before 17 the default is off',
    call: reset({ parameters: [{ parameterName: 'rds.force_ssl', applyMethod: 'immediate' }] }),
    answers: fine,
    alert: {
      before: { 'rds.force_ssl': '1' },
      after: { 'rds.force_ssl': '0' },
      inEffect: true,
      reason: /was reset to its default 0 \(1 before\)/,
    },
  },
  {
    name: 'reset: from 17 on the default is on',
    call: reset({ parameters: [{ parameterName: 'rds.force_ssl', applyMethod: 'immediate' }] }),
    answers: clusters(cluster({ EngineVersion: '17.4' })),
    alert: null,
  },
  {
    name: 'reset: the family tells the version where nobody uses the group',
    call: reset({ resetAllParameters: true }, 'spare'),
    answers: {
      ...fine,
      'rds describe-db-cluster-parameter-groups': {
        DBClusterParameterGroups: [{ DBClusterParameterGroupName: 'spare', DBParameterGroupFamily: 'aurora-postgresql17' }],
      },
    },
    alert: null,
  },
  {
    name: 'reset: nothing tells the version',
    call: reset({ resetAllParameters: true }),
    alert: { severity: 'high', after: undefined, reason: /rds\.force_ssl.* reset to the engine's default that is not known here/ },
  },
  {
    name: 'all parameters reset: those of them that get weaker',
    call: reset({ resetAllParameters: true }),
    answers: groupWith({ ssl_min_protocol_version: 'TLSv1.3' }),
    alert: {
      before: { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.3' },
      after: { 'rds.force_ssl': '0', ssl_min_protocol_version: 'TLSv1.2' },
    },
  },
  {
    name: 'the group of a single instance',
    call: { name: 'ModifyDBParameterGroup', request: { dBParameterGroupName: 'billing-pg16', parameters: [off] } },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: {
      resources: ['billing'],
      inEffect: true,
      command: `aws rds modify-db-parameter-group --region ${region} --db-parameter-group-name billing-pg16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate`,
    },
  },
  {
    name: 'the group of a single instance of 14, reset',
    call: {
      name: 'ResetDBParameterGroup',
      request: { dBParameterGroupName: 'billing-pg16', parameters: [{ parameterName: 'rds.force_ssl' }] },
    },
    answers: {
      ...fine,
      'rds describe-db-instances': { DBInstances: [single({ EngineVersion: '14.9' })] },
      'rds describe-db-parameter-groups': { DBParameterGroups: [] },
    },
    alert: { severity: 'high', resources: ['billing'], after: { 'rds.force_ssl': '0' } },
  },
  {
    name: 'the group of a single instance of 16, reset: the default is on',
    call: {
      name: 'ResetDBParameterGroup',
      request: { dBParameterGroupName: 'billing-pg16', parameters: [{ parameterName: 'rds.force_ssl' }] },
    },
    answers: {
      ...fine,
      'rds describe-db-instances': { DBInstances: [single({ EngineVersion: '16.4' })] },
      'rds describe-db-parameter-groups': { DBParameterGroups: [] },
    },
    alert: null,
  },
  {
    name: 'the group of a SQL Server instance, which has a parameter of that name',
    call: { name: 'ModifyDBParameterGroup', request: { dBParameterGroupName: 'billing-pg16', parameters: [off] } },
    answers: {
      ...fine,
      'rds describe-db-instances': { DBInstances: [single({ Engine: 'sqlserver-se' })] },
      'rds describe-db-parameter-groups': { DBParameterGroups: [] },
    },
    alert: null,
  },
  {
    name: 'Terraform made it',
    call: {
      ...modify([off]),
      record: { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.60.0' },
    },
    answers: fine,
    alert: { note: 'Terraform made this change: change it there, or its next run makes it again.' },
  },
  {
    name: 'CloudFormation manages the cluster',
    call: modify([off]),
    answers: clusters(cluster({ TagList: [{ Key: 'aws:cloudformation:stack-name', Value: 'orders-stack' }] })),
    alert: { note: /CloudFormation manages orders \(stack orders-stack\)/ },
  },
  {
    name: 'a name that a shell would read',
    call: modify([off], 'a b$(id)'),
    alert: {
      command: `aws rds modify-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name 'a b$(id)' --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate`,
    },
  },
]);

const associate = (group: string, more: object = {}): Call => ({
  name: 'ModifyDBCluster',
  request: { dBClusterIdentifier: 'orders', dBClusterParameterGroupName: group, applyImmediately: true, ...more },
});
const withWeak: Answers = { ...fine, 'rds describe-db-cluster-parameters weak-pg16': parameters({ ...strict, 'rds.force_ssl': '0' }) };
const reboots = ['orders-1', 'orders-2']
  .map((name) => `aws rds reboot-db-instance --region ${region} --db-instance-identifier ${name}`)
  .join('\n');

testChange(tlsWeakened, [
  {
    name: 'a cluster is given a group that does not require TLS: after a reboot',
    call: associate('weak-pg16'),
    answers: withWeak,
    alert: {
      severity: 'high',
      reason:
        'orders was given parameter group weak-pg16 instead of orders-pg16, in which rds.force_ssl is 0 (1 before). From its next reboot on it may accept connections without TLS.',
      resources: ['orders'],
      before: { DBClusterParameterGroup: 'orders-pg16', 'rds.force_ssl': '1' },
      after: { DBClusterParameterGroup: 'weak-pg16', 'rds.force_ssl': '0' },
      inEffect: false,
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --db-cluster-parameter-group-name orders-pg16 --apply-immediately\n${reboots}`,
      effect: 'after a reboot',
    },
  },
  {
    name: 'the answer already names the new group: the group is mended',
    call: associate('weak-pg16'),
    answers: { ...withWeak, 'rds describe-db-clusters': { DBClusters: [cluster({ DBClusterParameterGroup: 'weak-pg16' })] } },
    alert: {
      before: undefined,
      inEffect: false,
      command: `aws rds modify-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name weak-pg16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate\n${reboots}`,
    },
  },
  {
    name: 'a group that requires TLS',
    call: associate('orders-pg16'),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ DBClusterParameterGroup: 'weak' })] } },
    alert: null,
  },
  {
    name: 'from one weak group to another',
    call: associate('weak-pg16'),
    answers: {
      ...withWeak,
      ...groupWith({ 'rds.force_ssl': '0' }),
      'rds describe-db-cluster-parameters weak-pg16': parameters({ ...strict, 'rds.force_ssl': '0' }),
    },
    alert: null,
  },
  { name: 'the same group again', call: associate('orders-pg16'), answers: groupWith({ 'rds.force_ssl': '0' }), before: true, alert: null },
  {
    name: 'the default group of a version that does not require it',
    call: associate('default.aurora-postgresql16'),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ DBClusterParameterGroup: 'default.aurora-postgresql16' })] } },
    alert: {
      after: { DBClusterParameterGroup: 'default.aurora-postgresql16', 'rds.force_ssl': '0' },
      command: [
        `aws rds create-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name orders-aurora-postgresql16 --db-parameter-group-family aurora-postgresql16 --description 'Parameters of orders'`,
        `aws rds modify-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name orders-aurora-postgresql16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate`,
        `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --db-cluster-parameter-group-name orders-aurora-postgresql16 --apply-immediately`,
        reboots,
      ].join('\n'),
    },
  },
  { name: 'the default group of a version that requires it', call: associate('default.aurora-postgresql17'), alert: null },
  {
    name: 'a group of which nothing is known',
    call: associate('other'),
    alert: {
      severity: 'medium',
      reason: /what rds\.force_ssl is in it is not known here\. .*Nothing tells the engine of orders/,
      inEffect: false,
    },
  },
  {
    name: 'a MySQL cluster',
    call: associate('other'),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  { name: 'a group of another family, from the event alone', call: associate('default.aurora-mysql8.0'), alert: null },
  {
    name: 'a modification of something else',
    call: {
      name: 'ModifyDBCluster',
      request: { dBClusterIdentifier: 'orders', backupRetentionPeriod: 7 },
      response: { dBClusterParameterGroup: 'weak-pg16' },
    },
    answers: withWeak,
    alert: null,
  },
  {
    name: "a member's own group does not decide about TLS",
    call: { name: 'ModifyDBInstance', request: { dBInstanceIdentifier: 'orders-1', dBParameterGroupName: 'other' } },
    answers: fine,
    alert: null,
  },
  {
    name: 'a single instance is given a default group of 14',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'billing', dBParameterGroupName: 'default.postgres14', applyImmediately: true },
    },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single({ EngineVersion: '14.9' }), instance('orders-1')] } },
    alert: { resources: ['billing'], inEffect: false, after: { DBParameterGroup: 'default.postgres14', 'rds.force_ssl': '0' } },
  },
]);

const created = (request: object, response: unknown = null, name = 'CreateDBCluster'): Call => ({
  name,
  request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql', ...request },
  response,
});

testChange(tlsWeakened, [
  {
    name: 'a cluster of 16 made with the default group',
    call: created(
      { engineVersion: '16.4' },
      {
        dBClusterIdentifier: 'copy',
        engine: 'aurora-postgresql',
        engineVersion: '16.4',
        dBClusterParameterGroup: 'default.aurora-postgresql16',
      },
    ),
    alert: {
      severity: 'high',
      reason:
        'copy was made with parameter group default.aurora-postgresql16, in which rds.force_ssl is 0. So it may accept connections without TLS.',
      resources: ['copy'],
      before: undefined,
      inEffect: true,
    },
  },
  {
    name: 'the same, when the answer is silent',
    call: created({ engineVersion: '16.4' }),
    alert: { after: { DBClusterParameterGroup: 'default.aurora-postgresql16', 'rds.force_ssl': '0' } },
  },
  { name: 'a cluster of 17 made with the default group', call: created({ engineVersion: '17.4' }), alert: null },
  {
    name: 'a restored cluster with a weak group',
    call: created({ snapshotIdentifier: 's', dBClusterParameterGroupName: 'weak-pg16' }, null, 'RestoreDBClusterFromSnapshot'),
    answers: withWeak,
    alert: { severity: 'high', inEffect: true },
  },
  {
    name: 'a restored cluster with a strict group',
    call: created({ dBClusterParameterGroupName: 'orders-pg16' }, null, 'RestoreDBClusterFromSnapshot'),
    answers: fine,
    alert: null,
  },
  {
    name: 'a point in time of a MySQL cluster: the source tells the engine',
    call: {
      name: 'RestoreDBClusterToPointInTime',
      request: { dBClusterIdentifier: 'copy', sourceDBClusterIdentifier: 'orders', dBClusterParameterGroupName: 'other' },
    },
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  {
    name: 'a group of which nothing is known',
    call: created({ engineVersion: '16.4', dBClusterParameterGroupName: 'other' }),
    alert: { severity: 'medium', inEffect: null },
  },
  {
    name: 'a MySQL cluster',
    call: { name: 'CreateDBCluster', request: { dBClusterIdentifier: 'copy', engine: 'aurora-mysql', engineVersion: '8.0' } },
    alert: null,
  },
  {
    name: 'a Multi-AZ DB cluster, whose default is not documented',
    call: { name: 'CreateDBCluster', request: { dBClusterIdentifier: 'copy', engine: 'postgres', engineVersion: '16.4' } },
    alert: { severity: 'medium', reason: /not known here/ },
  },
  {
    name: 'a new member of a cluster',
    call: {
      name: 'CreateDBInstance',
      request: { dBInstanceIdentifier: 'orders-3', dBClusterIdentifier: 'orders', engine: 'aurora-postgresql' },
      response: { dBParameterGroups: [{ dBParameterGroupName: 'default.aurora-postgresql16' }] },
    },
    answers: fine,
    alert: null,
  },
  {
    name: 'a single instance of 14',
    call: { name: 'CreateDBInstance', request: { dBInstanceIdentifier: 'copy', engine: 'postgres', engineVersion: '14.9' } },
    alert: { resources: ['copy'], after: { DBParameterGroup: 'default.postgres14', 'rds.force_ssl': '0' }, inEffect: true },
  },
  {
    name: 'a single instance of 15',
    call: { name: 'CreateDBInstance', request: { dBInstanceIdentifier: 'copy', engine: 'postgres', engineVersion: '15.4' } },
    alert: null,
  },
  {
    name: 'an instance restored under another name',
    call: {
      name: 'RestoreDBInstanceToPointInTime',
      request: { sourceDBInstanceIdentifier: 'billing', targetDBInstanceIdentifier: 'copy', dBParameterGroupName: 'weak' },
    },
    answers: {
      ...fine,
      'rds describe-db-instances': { DBInstances: [single()] },
      'rds describe-db-parameters weak': parameters({ ...strict, 'rds.force_ssl': '0' }),
    },
    alert: { resources: ['copy'], severity: 'high' },
  },
]);

testChange(
  tlsWeakened,
  makingCalls({}, {}).map((call) => ({
    name: `made by ${call.name}`,
    call,
    alert: {
      severity: 'high',
      resources: ['copy'],
      inEffect: true,
      reason: /^copy was made with parameter group default\.[a-z-]{8,17}14, in which rds\.force_ssl is 0\./,
    },
  })),
);
