import type { Cause } from '../domain/answer.ts';
import type { DbCluster, DbClusters, DbInstance, DbInstances } from '../domain/cluster-answers.ts';
import type { Inventory } from './inventory.ts';
import { whole } from './told.ts';

/** What is in scope in one region. */
export interface InScope {
  readonly clusters: readonly DbCluster[];
  /** Instances without a cluster. */
  readonly singles: readonly DbInstance[];
  /** Members of the clusters in scope. */
  readonly members: readonly DbInstance[];
  /** Why clusters, or instances, could not be listed, or not all of them. */
  readonly clustersCause: Cause | null;
  readonly instancesCause: Cause | null;
}

/** Aurora PostgreSQL and Multi-AZ DB clusters, and instances of PostgreSQL; Neptune, DocumentDB and MySQL come back from the same calls. */
export function clustersInScope(inventory: Inventory, region: string): InScope {
  const clusters = inventory.answer<DbClusters>(region, 'rds', 'describe-db-clusters');
  const instances = inventory.answer<DbInstances>(region, 'rds', 'describe-db-instances');
  const ours = clusters.known
    ? unique(clusters.value.DBClusters, (one) => one.DBClusterIdentifier).filter(({ Engine }) => isInScope(Engine))
    : [];
  const all = instances.known ? unique(instances.value.DBInstances, (one) => one.DBInstanceIdentifier) : [];
  const names = new Set(ours.map(({ DBClusterIdentifier }) => DBClusterIdentifier));
  const allClusters = whole(clusters, { region, service: 'rds', command: 'describe-db-clusters', key: null });
  const allInstances = whole(instances, { region, service: 'rds', command: 'describe-db-instances', key: null });
  return {
    clusters: ours,
    singles: all.filter(({ Engine, DBClusterIdentifier }) => Engine === 'postgres' && !DBClusterIdentifier),
    members: all.filter(({ DBClusterIdentifier }) => DBClusterIdentifier !== undefined && names.has(DBClusterIdentifier)),
    clustersCause: allClusters.known ? null : allClusters.cause,
    instancesCause: allInstances.known ? null : allInstances.cause,
  };
}

/** True for the engines that are watched. */
export function isInScope(engine: string): boolean {
  return engine === 'aurora-postgresql' || engine === 'postgres';
}

function unique<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [nameOf(item), item])).values()];
}
