import type { DbInstance, DbProxies, SecurityGroups } from '../../domain/cluster-answers.ts';
import type { Inventory } from '../inventory.ts';
import { isDefaultGroup } from '../parameters.ts';
import type { Command } from '../questions.ts';
import { clustersInScope } from '../scope.ts';
import { manualSnapshots } from '../snapshots.ts';

/** What is asked about clusters and what stands around them: RDS, EC2, Secrets Manager, CloudWatch Logs. */
export const clusterCommands: readonly Command[] = [
  { service: 'rds', command: 'describe-db-clusters', actions: ['rds:DescribeDBClusters'] },
  { service: 'rds', command: 'describe-db-instances', actions: ['rds:DescribeDBInstances'] },
  { service: 'rds', command: 'describe-db-cluster-parameters', actions: ['rds:DescribeDBClusterParameters'], keys: clusterGroups },
  { service: 'rds', command: 'describe-db-parameters', actions: ['rds:DescribeDBParameters'], keys: instanceGroups },
  { service: 'rds', command: 'describe-db-cluster-parameter-groups', actions: ['rds:DescribeDBClusterParameterGroups'] },
  { service: 'rds', command: 'describe-db-parameter-groups', actions: ['rds:DescribeDBParameterGroups'] },
  { service: 'rds', command: 'describe-db-cluster-snapshots', actions: ['rds:DescribeDBClusterSnapshots'] },
  {
    service: 'rds',
    command: 'describe-db-cluster-snapshot-attributes',
    actions: ['rds:DescribeDBClusterSnapshotAttributes'],
    keys: (inventory, region) => snapshotNames(inventory, region, 'cluster'),
  },
  { service: 'rds', command: 'describe-db-snapshots', actions: ['rds:DescribeDBSnapshots'] },
  {
    service: 'rds',
    command: 'describe-db-snapshot-attributes',
    actions: ['rds:DescribeDBSnapshotAttributes'],
    keys: (inventory, region) => snapshotNames(inventory, region, 'instance'),
  },
  { service: 'rds', command: 'describe-db-subnet-groups', actions: ['rds:DescribeDBSubnetGroups'] },
  { service: 'rds', command: 'describe-db-proxies', actions: ['rds:DescribeDBProxies'] },
  { service: 'rds', command: 'describe-db-proxy-targets', actions: ['rds:DescribeDBProxyTargets'], keys: proxyNames },
  { service: 'rds', command: 'describe-db-engine-versions', actions: ['rds:DescribeDBEngineVersions'], keys: engines },
  { service: 'rds', command: 'describe-db-major-engine-versions', actions: ['rds:DescribeDBMajorEngineVersions'], keys: engines },
  { service: 'rds', command: 'describe-certificates', actions: ['rds:DescribeCertificates'] },
  { service: 'rds', command: 'describe-global-clusters', actions: ['rds:DescribeGlobalClusters'] },
  { service: 'rds', command: 'describe-db-shard-groups', actions: ['rds:DescribeDBShardGroups'] },
  { service: 'ec2', command: 'describe-security-groups', actions: ['ec2:DescribeSecurityGroups'] },
  { service: 'ec2', command: 'describe-route-tables', actions: ['ec2:DescribeRouteTables'] },
  { service: 'ec2', command: 'describe-managed-prefix-lists', actions: ['ec2:DescribeManagedPrefixLists'] },
  {
    service: 'ec2',
    command: 'get-managed-prefix-list-entries',
    actions: ['ec2:GetManagedPrefixListEntries'],
    keys: prefixLists,
  },
  { service: 'secretsmanager', command: 'describe-secret', actions: ['secretsmanager:DescribeSecret'], keys: secrets },
  { service: 'logs', command: 'describe-subscription-filters', actions: ['logs:DescribeSubscriptionFilters'], keys: logGroups },
];

function present(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== ''))].sort() as string[];
}

function clusterGroups(inventory: Inventory, region: string): string[] {
  return present(clustersInScope(inventory, region).clusters.map(({ DBClusterParameterGroup }) => DBClusterParameterGroup));
}

/** Of single instances all, of members only what somebody may have changed: a default group never beats the cluster's. */
function instanceGroups(inventory: Inventory, region: string): string[] {
  const { clusters, singles, members } = clustersInScope(inventory, region);
  const aurora = new Set(clusters.filter(({ Engine }) => Engine !== 'postgres').map(({ DBClusterIdentifier }) => DBClusterIdentifier));
  const groupsOf = ({ DBParameterGroups = [] }: DbInstance): (string | undefined)[] =>
    DBParameterGroups.map((one) => one.DBParameterGroupName);
  const own = members
    .filter(({ DBClusterIdentifier = '' }) => aurora.has(DBClusterIdentifier))
    .flatMap(groupsOf)
    .filter((group) => group !== undefined && !isDefaultGroup(group));
  return present([...singles.map((one) => groupsOf(one)[0]), ...own]);
}

function snapshotNames(inventory: Inventory, region: string, of: 'cluster' | 'instance'): string[] {
  return present(manualSnapshots(inventory, region).snapshots.map((one) => (one.of === of ? one.name : undefined)));
}

function proxiesOf(inventory: Inventory, region: string): DbProxies['DBProxies'] {
  const answer = inventory.answer<DbProxies>(region, 'rds', 'describe-db-proxies');
  const all = answer.known ? answer.value.DBProxies : [];
  return all.filter(({ EngineFamily = 'POSTGRESQL' }) => EngineFamily.toUpperCase() === 'POSTGRESQL');
}

function proxyNames(inventory: Inventory, region: string): string[] {
  return present(proxiesOf(inventory, region).map(({ DBProxyName }) => DBProxyName));
}

function engines(inventory: Inventory, region: string): string[] {
  const { clusters, singles } = clustersInScope(inventory, region);
  return present([...clusters, ...singles].map(({ Engine }) => Engine));
}

/** Prefix lists that a security group of a cluster in scope names. */
function prefixLists(inventory: Inventory, region: string): string[] {
  const { clusters, singles } = clustersInScope(inventory, region);
  const used = new Set(
    [...clusters, ...singles].flatMap(({ VpcSecurityGroups = [] }) => VpcSecurityGroups.map((one) => one.VpcSecurityGroupId)),
  );
  const answer = inventory.answer<SecurityGroups>(region, 'ec2', 'describe-security-groups');
  const groups = answer.known ? answer.value.SecurityGroups.filter(({ GroupId }) => used.has(GroupId)) : [];
  const rules = groups.flatMap(({ IpPermissions = [] }) => IpPermissions);
  return present(rules.flatMap(({ PrefixListIds = [] }) => PrefixListIds.map(({ PrefixListId }) => PrefixListId)));
}

/** Secrets of master users and of proxies. */
function secrets(inventory: Inventory, region: string): string[] {
  const { clusters, singles } = clustersInScope(inventory, region);
  const ofMasters = [...clusters, ...singles].map(({ MasterUserSecret }) => MasterUserSecret?.SecretArn);
  const ofProxies = proxiesOf(inventory, region).flatMap(({ Auth = [] }) => Auth.map(({ SecretArn }) => SecretArn));
  return present([...ofMasters, ...ofProxies]);
}

/** Groups of PostgreSQL logs that are exported, or about to be. */
function logGroups(inventory: Inventory, region: string): string[] {
  const { clusters, singles } = clustersInScope(inventory, region);
  const exported = ({
    EnabledCloudwatchLogsExports = [],
  }: {
    readonly EnabledCloudwatchLogsExports?: readonly string[] | undefined;
  }): boolean => EnabledCloudwatchLogsExports.includes('postgresql');
  return present([
    ...clusters.filter(exported).map(({ DBClusterIdentifier }) => `/aws/rds/cluster/${DBClusterIdentifier}/postgresql`),
    ...singles.filter(exported).map(({ DBInstanceIdentifier }) => `/aws/rds/instance/${DBInstanceIdentifier}/postgresql`),
  ]);
}
