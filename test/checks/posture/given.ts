import { cluster, instance, member, parameters, secretArn, single, strict } from '../../evidence/answers.ts';

type Json = Readonly<Record<string, unknown>>;
type Values = Parameters<typeof parameters>[0];

/** Cluster orders with these fields. */
export const clusters = (override: Json): Json => ({ 'rds describe-db-clusters': { DBClusters: [cluster(override)] } });

/** Members orders-1 and orders-2 with these fields. */
export const members = (first: Json, second: Json = {}): Json => ({
  'rds describe-db-instances': { DBInstances: [instance('orders-1', first), instance('orders-2', second)] },
});

/** The cluster's group holds these values. */
export const group = (values: Values): Json => ({ 'rds describe-db-cluster-parameters orders-pg16': parameters(values) });

/** Reader orders-2 has a group of its own, which somebody changed. */
export const readersGroup = (values: Values, ParameterApplyStatus = 'in-sync'): Json => ({
  ...members({}, { DBParameterGroups: [{ DBParameterGroupName: 'readers', ParameterApplyStatus }] }),
  'rds describe-db-parameters readers': parameters(values),
});

/** Reader orders-2 waits for a reboot. */
export const readerWaits: Json = clusters({
  DBClusterMembers: [
    member('orders-1', { IsClusterWriter: true }),
    member('orders-2', { DBClusterParameterGroupStatus: 'pending-reboot' }),
  ],
});

/** Instance billing alone, with no cluster in the region. */
export const onlySingle = (override: Json, values: Values = strict): Json => ({
  'rds describe-db-clusters': { DBClusters: [] },
  'rds describe-db-instances': { DBInstances: [single(override)] },
  'rds describe-db-parameters billing-pg16': parameters(values),
});

/** A Multi-AZ DB cluster: engine postgres, with members. */
export const multiAz = (values: Values, override: Json = {}): Json => {
  const own = { Engine: 'postgres', DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16', ParameterApplyStatus: 'in-sync' }] };
  return { ...clusters({ Engine: 'postgres', EngineVersion: '16.4', ...override }), ...members(own, own), ...group(values) };
};

/** A Limitless database: no members. */
export const limitless = (override: Json = {}): Json =>
  clusters({ EngineVersion: '16.6-limitless', ClusterScalabilityType: 'limitless', DBClusterMembers: [], ...override });

/** Serverless v1: no members are shown. */
export const serverlessV1 = (override: Json = {}): Json => clusters({ EngineMode: 'serverless', DBClusterMembers: [], ...override });

/** A cluster of express configuration: no VPC. */
export const express = (override: Json = {}): Json =>
  clusters({
    VPCNetworkingEnabled: false,
    InternetAccessGatewayEnabled: true,
    VpcSecurityGroups: [],
    DBSubnetGroup: undefined,
    MasterUserSecret: undefined,
    ...override,
  });

/** These snapshots of clusters and of instances. */
export const snapshots = (ofClusters: readonly Json[], ofInstances: readonly Json[] = []): Json => ({
  'rds describe-db-cluster-snapshots': { DBClusterSnapshots: ofClusters },
  'rds describe-db-snapshots': { DBSnapshots: ofInstances },
});

/** A manual snapshot of cluster orders. */
export const clusterSnapshot = (override: Json = {}): Json => ({
  DBClusterSnapshotIdentifier: 'before-migration',
  DBClusterIdentifier: 'orders',
  Engine: 'aurora-postgresql',
  SnapshotType: 'manual',
  StorageEncrypted: true,
  KmsKeyId: 'alias/orders',
  ...override,
});

/** A manual snapshot of instance billing. */
export const instanceSnapshot = (override: Json = {}): Json => ({
  DBSnapshotIdentifier: 'billing-monthly',
  DBInstanceIdentifier: 'billing',
  Engine: 'postgres',
  SnapshotType: 'manual',
  Encrypted: true,
  KmsKeyId: 'alias/billing',
  ...override,
});

/** Proxy front, before cluster orders. */
export const proxy = (override: Json = {}): Json => ({
  'rds describe-db-proxies': {
    DBProxies: [
      {
        DBProxyName: 'front',
        DBProxyArn: 'arn:aws:rds:eu-central-1:111122223333:db-proxy:prx-0123456789abcdef0',
        EngineFamily: 'POSTGRESQL',
        DefaultAuthScheme: 'NONE',
        Auth: [{ AuthScheme: 'SECRETS', SecretArn: secretArn, IAMAuth: 'REQUIRED' }],
        RequireTLS: true,
        ...override,
      },
    ],
  },
  'rds describe-db-proxy-targets front': { Targets: [{ RdsResourceId: 'orders', TrackedClusterId: 'orders', Type: 'TRACKED_CLUSTER' }] },
});
