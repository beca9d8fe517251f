import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBShardGroupsCommand,
  DescribeDBSnapshotAttributesCommand,
  paginateDescribeCertificates,
  paginateDescribeDBClusterParameterGroups,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  paginateDescribeDBEngineVersions,
  paginateDescribeDBInstances,
  paginateDescribeDBMajorEngineVersions,
  paginateDescribeDBParameterGroups,
  paginateDescribeDBParameters,
  paginateDescribeDBProxies,
  paginateDescribeDBProxyTargets,
  paginateDescribeDBSnapshots,
  paginateDescribeDBSubnetGroups,
  paginateDescribeGlobalClusters,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { ClientSettings } from '../account.ts';
import type { OnlyWanted } from '../ask.ts';
import { allPages, type Calls, markedPages, one } from './answers.ts';

/** What is asked of RDS, by command. `only` leaves out what no check reads. */
export function askRds(settings: ClientSettings, only?: OnlyWanted): Calls {
  const client = new RDSClient(settings);
  const wanted = only ? { Filters: [{ Name: 'parameter-name', Values: [...only.parameters] }] } : {};
  const snapshots = only ? { SnapshotType: only.snapshots } : {};
  return {
    'describe-db-clusters': ({ sending }) => allPages('DBClusters', paginateDescribeDBClusters({ client, pageSize: 100 }, {}, sending)),
    'describe-db-instances': ({ sending }) => allPages('DBInstances', paginateDescribeDBInstances({ client, pageSize: 100 }, {}, sending)),
    'describe-db-cluster-parameters': ({ key, sending }) =>
      allPages(
        'Parameters',
        paginateDescribeDBClusterParameters({ client, pageSize: 100 }, { DBClusterParameterGroupName: key, ...wanted }, sending),
      ),
    'describe-db-parameters': ({ key, sending }) =>
      allPages('Parameters', paginateDescribeDBParameters({ client, pageSize: 100 }, { DBParameterGroupName: key, ...wanted }, sending)),
    'describe-db-cluster-parameter-groups': ({ sending }) =>
      allPages('DBClusterParameterGroups', paginateDescribeDBClusterParameterGroups({ client, pageSize: 100 }, {}, sending)),
    'describe-db-parameter-groups': ({ sending }) =>
      allPages('DBParameterGroups', paginateDescribeDBParameterGroups({ client, pageSize: 100 }, {}, sending)),
    'describe-db-cluster-snapshots': ({ sending }) =>
      allPages('DBClusterSnapshots', paginateDescribeDBClusterSnapshots({ client, pageSize: 100 }, snapshots, sending)),
    'describe-db-snapshots': ({ sending }) =>
      allPages('DBSnapshots', paginateDescribeDBSnapshots({ client, pageSize: 100 }, snapshots, sending)),
    'describe-db-cluster-snapshot-attributes': ({ key, sending }) =>
      one(client.send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: key }), sending)),
    'describe-db-snapshot-attributes': ({ key, sending }) =>
      one(client.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: key }), sending)),
    'describe-db-subnet-groups': ({ sending }) =>
      allPages('DBSubnetGroups', paginateDescribeDBSubnetGroups({ client, pageSize: 100 }, {}, sending)),
    'describe-db-proxies': ({ sending }) => allPages('DBProxies', paginateDescribeDBProxies({ client, pageSize: 100 }, {}, sending)),
    'describe-db-proxy-targets': ({ key, sending }) =>
      allPages('Targets', paginateDescribeDBProxyTargets({ client, pageSize: 100 }, { DBProxyName: key }, sending)),
    'describe-db-engine-versions': ({ key, sending }) =>
      allPages('DBEngineVersions', paginateDescribeDBEngineVersions({ client, pageSize: 100 }, { Engine: key }, sending)),
    'describe-db-major-engine-versions': ({ key, sending }) =>
      allPages('DBMajorEngineVersions', paginateDescribeDBMajorEngineVersions({ client, pageSize: 100 }, { Engine: key }, sending)),
    'describe-certificates': ({ sending }) =>
      allPages('Certificates', paginateDescribeCertificates({ client, pageSize: 100 }, {}, sending)),
    'describe-global-clusters': ({ sending }) =>
      allPages('GlobalClusters', paginateDescribeGlobalClusters({ client, pageSize: 100 }, {}, sending)),
    'describe-db-shard-groups': ({ sending }) =>
      allPages(
        'DBShardGroups',
        markedPages((Marker) => client.send(new DescribeDBShardGroupsCommand({ MaxRecords: 100, ...Marker }), sending)),
      ),
  };
}
