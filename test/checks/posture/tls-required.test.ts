import { tlsRequired } from '../../../lib/checks/posture/tls-required.ts';
import { cluster, denied, instance, member, parameters, Refused, single, strict } from '../../evidence/answers.ts';
import { clusters, group, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

/** A cluster of another version whose group says nothing of rds.force_ssl. */
const byDefault = (version: string, override: Readonly<Record<string, unknown>> = {}) => ({
  ...clusters({ EngineVersion: version, ...override }),
  ...group({ 'rds.force_ssl': null, ssl: ['1', 'engine-default'] }),
});

testPosture(tlsRequired, {
  passes: [
    {
      name: 'set to 1 and in sync on the writer and the reader',
      says: 'rds.force_ssl is 1 in group orders-pg16, in effect on all 2 members.',
      inEffect: true,
      command: null,
    },
    ...['on', 'true', 'YES', 'On', 'TRUE'].map((value) => ({
      name: `${value} is on`,
      answers: group({ ...strict, 'rds.force_ssl': value }),
      inEffect: true,
    })),
    {
      name: 'a value that came as a number',
      answers: {
        'rds describe-db-cluster-parameters orders-pg16': {
          Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: 1, Source: 'user' }],
        },
      },
    },
    {
      name: 'Aurora 17 without a value: its default is 1',
      answers: byDefault('17.2'),
      says: 'rds.force_ssl is 1 by default in group orders-pg16, in effect on all 2 members.',
    },
    { name: 'Aurora 18 without a value', answers: byDefault('18.1') },
    {
      name: 'Serverless v2 reports provisioned and has members',
      answers: clusters({ ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 } }),
    },
    { name: 'a stopped cluster in sync', answers: clusters({ Status: 'stopped' }), inEffect: true },
    { name: 'ssl without a value is on', answers: group({ 'rds.force_ssl': '1' }) },
    { name: 'access to the instances denied: the cluster tells all that it takes', answers: { 'rds describe-db-instances': denied } },
    {
      name: "an instance group of Aurora that waits does not matter: the parameter is the cluster group's alone",
      answers: {
        'rds describe-db-instances': {
          DBInstances: [
            instance('orders-1'),
            instance('orders-2', { DBParameterGroups: [{ DBParameterGroupName: 'readers', ParameterApplyStatus: 'pending-reboot' }] }),
          ],
        },
        'rds describe-db-parameters readers': parameters({ 'rds.force_ssl': '0' }),
      },
      inEffect: true,
    },
    {
      name: 'a single instance in sync',
      answers: onlySingle({}),
      says: 'rds.force_ssl is 1 in group billing-pg16, in effect on instance billing.',
      inEffect: true,
    },
    { name: 'RDS 15 without a value: its default is 1', answers: onlySingle({ EngineVersion: '15.7' }, { 'rds.force_ssl': null }) },
    {
      name: 'the default group of an instance is not that of a cluster with the same name',
      answers: {
        'rds describe-db-clusters': { DBClusters: [] },
        'rds describe-db-instances': {
          DBInstances: [single({ DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16', ParameterApplyStatus: 'in-sync' }] })],
        },
        'rds describe-db-parameters default.postgres16': parameters({ 'rds.force_ssl': ['1', 'system'] }),
        'rds describe-db-cluster-parameters default.postgres16': parameters({ 'rds.force_ssl': ['0', 'system'] }),
      },
    },
    { name: 'a Multi-AZ DB cluster that says 1', answers: multiAz({ 'rds.force_ssl': '1' }), inEffect: true },
  ],
  fails: [
    {
      name: 'set to 0',
      answers: group({ ...strict, 'rds.force_ssl': '0' }),
      says: 'rds.force_ssl is 0 in group orders-pg16, so orders may accept connections without TLS.',
      inEffect: undefined,
      evidence: { 'rds.force_ssl': '0', group: 'orders-pg16', source: 'user', members: ['orders-1', 'orders-2'] },
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate',
      effect: 'at once',
    },
    {
      name: 'Aurora 16 without a value: its default is 0',
      answers: byDefault('16.4'),
      says: 'rds.force_ssl is 0 by default in group orders-pg16, so orders may accept connections without TLS.',
    },
    { name: 'Aurora 13 without a value', answers: byDefault('13.9') },
    { name: 'Aurora 16 whose answer says 0 by the system', answers: group({ ...strict, 'rds.force_ssl': ['0', 'system'] }) },
    { name: 'a group of which only what was set is listed, on Aurora 16', answers: group({ log_connections: '1' }) },
    {
      name: 'Limitless 16: its default is 0',
      answers: byDefault('16.6-limitless', { ClusterScalabilityType: 'limitless', DBClusterMembers: [] }),
    },
    {
      name: 'a cluster without members whose group says 0',
      answers: { ...clusters({ DBClusterMembers: [] }), ...group({ 'rds.force_ssl': '0' }) },
    },
    {
      name: 'a reader waits for a reboot',
      answers: clusters({
        DBClusterMembers: [
          member('orders-1', { IsClusterWriter: true }),
          member('orders-2', { DBClusterParameterGroupStatus: 'pending-reboot' }),
        ],
      }),
      says: 'rds.force_ssl is 1 in group orders-pg16, but reader orders-2 is pending-reboot, so it may still accept connections without TLS.',
      inEffect: false,
      evidence: { pending: [{ member: 'orders-2', group: 'orders-pg16', status: 'pending-reboot' }] },
      command: 'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
      effect: 'after a reboot',
    },
    {
      name: 'the writer waits for a reboot: a group that was just associated, although the parameter is dynamic',
      answers: clusters({
        DBClusterMembers: [
          member('orders-1', { IsClusterWriter: true, DBClusterParameterGroupStatus: 'pending-reboot' }),
          member('orders-2'),
        ],
      }),
      says: /writer orders-1 is pending-reboot/,
      inEffect: false,
    },
    {
      name: 'a word that AWS never documented is not in sync',
      answers: clusters({
        DBClusterMembers: [
          member('orders-1', { IsClusterWriter: true }),
          member('orders-2', { DBClusterParameterGroupStatus: 'contemplating' }),
        ],
      }),
      says: /reader orders-2 is contemplating/,
      inEffect: false,
    },
    {
      name: 'Aurora 17 by default, but a member waits',
      answers: byDefault('17.2', { DBClusterMembers: [member('orders-1', { DBClusterParameterGroupStatus: 'applying' })] }),
      inEffect: false,
    },
    {
      name: 'value 0 that waits while 1 still runs',
      answers: {
        ...clusters({ DBClusterMembers: [member('orders-1', { IsClusterWriter: true, DBClusterParameterGroupStatus: 'pending-reboot' })] }),
        ...group({ ...strict, 'rds.force_ssl': '0' }),
      },
      says: 'rds.force_ssl is 0 in group orders-pg16, so orders may accept connections without TLS after the next reboot; writer orders-1 is pending-reboot, and what was set before may still be in effect there until then.',
      inEffect: false,
    },
    {
      name: 'ssl itself is off',
      answers: group({ ...strict, ssl: '0' }),
      says: 'ssl is 0 in group orders-pg16, so orders may offer no TLS at all.',
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=ssl,ParameterValue=1,ApplyMethod=immediate\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-1\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
      effect: 'after a reboot',
    },
    {
      name: 'a default group: a new group, its association and a reboot of every member',
      answers: {
        ...clusters({ DBClusterParameterGroup: 'default.aurora-postgresql16' }),
        'rds describe-db-cluster-parameters default.aurora-postgresql16': parameters({ 'rds.force_ssl': ['0', 'system'] }),
      },
      command:
        "aws rds create-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-aurora-postgresql16 --db-parameter-group-family aurora-postgresql16 --description 'Parameters of orders'\n" +
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-aurora-postgresql16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate\n' +
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --db-cluster-parameter-group-name orders-aurora-postgresql16 --apply-immediately\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-1\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
      effect: 'after a reboot',
    },
    {
      name: 'one group serves two clusters, and CloudFormation manages this one',
      answers: {
        'rds describe-db-clusters': {
          DBClusters: [
            cluster({ TagList: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] }),
            cluster({ DBClusterIdentifier: 'returns', DBClusterArn: 'arn:aws:rds:eu-central-1:111122223333:cluster:returns' }),
          ],
        },
        ...group({ 'rds.force_ssl': '0' }),
      },
      of: 'orders',
      note: 'Group orders-pg16 also serves returns: it changes for them too. CloudFormation manages orders (stack shop): change it there, or its next deployment undoes this.',
    },
    ...['applying', 'failed-to-apply', 'pending-database-upgrade', 'pending-reboot'].map((status) => ({
      name: `a single instance whose group is ${status}`,
      answers: onlySingle({ DBParameterGroups: [{ DBParameterGroupName: 'billing-pg16', ParameterApplyStatus: status }] }),
      says: `rds.force_ssl is 1 in group billing-pg16, but instance billing is ${status}, so it may still accept connections without TLS.`,
      inEffect: false,
    })),
    { name: 'RDS 14 without a value: its default is 0', answers: onlySingle({ EngineVersion: '14.12' }, { 'rds.force_ssl': null }) },
    {
      name: 'a Multi-AZ DB cluster is judged by its cluster group, not by the default of its instances',
      answers: multiAz({ 'rds.force_ssl': ['0', 'system'] }),
    },
    {
      name: 'a Multi-AZ DB cluster with a waiting member is rebooted as a whole',
      answers: multiAz(
        { 'rds.force_ssl': '1' },
        { DBClusterMembers: [member('orders-1', { DBClusterParameterGroupStatus: 'pending-reboot' })] },
      ),
      inEffect: false,
      command: 'aws rds reboot-db-cluster --region eu-central-1 --db-cluster-identifier orders',
    },
  ],
  unknown: [
    {
      name: 'access to the parameters denied',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': denied },
      says: 'access denied to rds describe-db-cluster-parameters orders-pg16 (eu-central-1): AccessDenied: not authorized to perform this',
    },
    {
      name: 'throttled',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': new Refused('throttled', 'Rate exceeded') },
      says: /^throttled: /,
    },
    {
      name: 'not collected',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': undefined },
      says: 'not collected: rds describe-db-cluster-parameters orders-pg16 (eu-central-1)',
    },
    {
      name: 'an answer of another shape',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': { Parameters: 'none' } },
      says: /^unreadable: /,
    },
    {
      name: 'the parameter may be among elements that could not be read',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': { Parameters: ['rds.force_ssl=1'] } },
      says: /^unreadable: .*rds.force_ssl is not among what could be read/,
    },
    {
      name: 'the first of several pages does not hold it',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': { Parameters: [], NextToken: 'page-2' } },
    },
    {
      name: 'Limitless with 1: nothing is told of its shards, so nothing is in sync',
      answers: clusters({ EngineVersion: '16.6-limitless', ClusterScalabilityType: 'limitless', DBClusterMembers: [] }),
      says: 'rds.force_ssl is 1 in group orders-pg16, but orders is a Limitless database: AWS does not tell whether it is in effect on its shards.',
    },
    {
      name: 'a cluster that is being created has no members yet',
      answers: clusters({ Status: 'creating', DBClusterMembers: [] }),
      says: 'rds.force_ssl is 1 in group orders-pg16, but orders has no members (creating), so it is in effect nowhere yet.',
    },
    {
      name: 'Serverless v1 shows no members',
      answers: clusters({ EngineMode: 'serverless', DBClusterMembers: [] }),
      says: /Serverless v1/,
    },
    { name: 'the answer does not say the members', answers: clusters({ DBClusterMembers: undefined }), says: /lacks DBClusterMembers/ },
    {
      name: 'a member without a status',
      answers: clusters({ DBClusterMembers: [{ DBInstanceIdentifier: 'orders-1' }] }),
      says: /nothing tells the state of group orders-pg16 on orders-1/,
    },
    { name: 'a member that is no object', answers: clusters({ DBClusterMembers: [member('orders-1'), 'orders-2'] }) },
    {
      name: 'the answer does not say the group',
      answers: clusters({ DBClusterParameterGroup: undefined }),
      says: /lacks DBClusterParameterGroup/,
    },
    {
      name: 'no value and no version to know the default by',
      answers: { ...byDefault('?'), 'rds describe-db-cluster-parameter-groups': denied },
      says: /the default of this engine and version is not documented/,
    },
    {
      name: 'a Multi-AZ DB cluster without a value: its default is not documented',
      answers: multiAz({ 'rds.force_ssl': null }),
      says: /the default of this engine and version is not documented/,
    },
    {
      name: 'the parameters of a single instance denied',
      answers: { ...onlySingle({}), 'rds describe-db-parameters billing-pg16': denied },
      says: /^access denied to rds describe-db-parameters billing-pg16/,
    },
    {
      name: 'a single instance without a word on its group',
      answers: onlySingle({ DBParameterGroups: [{ DBParameterGroupName: 'billing-pg16' }] }),
    },
  ],
});
