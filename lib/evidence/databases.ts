import type { Answer, Cause } from '../domain/answer.ts';
import { known } from '../domain/answer.ts';
import type { DbCluster, DbInstance, DbProxies } from '../domain/cluster-answers.ts';
import type { Inventory } from './inventory.ts';
import { behindProxy } from './proxies.ts';
import { clustersInScope } from './scope.ts';
import { lacking, told } from './told.ts';

/** What a grant can name: a cluster, a single instance or a proxy, by the id that policies use. */
export interface Database {
  readonly region: string;
  /** `cluster-…`, `db-…` or `prx-…`. */
  readonly resourceId: string;
  /** Names of the clusters and single instances that one gets to: of a proxy, those behind it. */
  readonly clusters: readonly string[];
  readonly kind: 'cluster' | 'instance' | 'proxy';
  /** Whether it takes IAM tokens. */
  readonly iamAuthentication: Answer<boolean>;
}

/** A place where databases of some kind could not be listed. */
export interface UnlistedDatabases {
  readonly region: string;
  readonly kind: Database['kind'];
  readonly cause: Cause;
}

/** Every database in scope in the regions that were looked at, and what could not be listed. */
export function listDatabaseIds(inventory: Inventory): {
  readonly databases: readonly Database[];
  readonly unlisted: readonly UnlistedDatabases[];
} {
  const databases: Database[] = [];
  const unlisted: UnlistedDatabases[] = [];
  for (const region of inventory.regions) {
    const { clusters, singles, clustersCause, instancesCause } = clustersInScope(inventory, region);
    if (clustersCause) unlisted.push({ region, kind: 'cluster', cause: clustersCause });
    if (instancesCause) unlisted.push({ region, kind: 'instance', cause: instancesCause });
    const add = (kind: 'cluster' | 'instance', name: string, resourceId: string | undefined, thing: DbCluster | DbInstance): void => {
      const question = {
        region,
        service: 'rds',
        command: kind === 'cluster' ? 'describe-db-clusters' : 'describe-db-instances',
        key: null,
      };
      const place = { question, thing: name };
      if (resourceId === undefined) {
        unlisted.push({ region, kind, cause: lacking(`the answer for ${name} lacks its resource id`, question).cause });
        return;
      }
      const iamAuthentication = told(thing.IAMDatabaseAuthenticationEnabled, 'IAMDatabaseAuthenticationEnabled', place);
      databases.push({ region, resourceId, clusters: [name], kind, iamAuthentication });
    };
    for (const one of clusters) add('cluster', one.DBClusterIdentifier, one.DbClusterResourceId, one);
    for (const one of singles) add('instance', one.DBInstanceIdentifier, one.DbiResourceId, one);
    const proxies = inventory.answer<DbProxies>(region, 'rds', 'describe-db-proxies');
    if (!proxies.known) unlisted.push({ region, kind: 'proxy', cause: proxies.cause });
    for (const { DBProxyName, DBProxyArn = '' } of proxies.known ? proxies.value.DBProxies : []) {
      const resourceId = DBProxyArn.split(':').at(-1) ?? '';
      const behind = behindProxy(inventory, region, DBProxyName);
      if (!resourceId.startsWith('prx-')) continue;
      if (!behind.known) unlisted.push({ region, kind: 'proxy', cause: behind.cause });
      databases.push({ region, resourceId, clusters: behind.known ? behind.value : [], kind: 'proxy', iamAuthentication: known(true) });
    }
  }
  return { databases, unlisted };
}
