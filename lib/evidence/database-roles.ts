import type { Answer } from '../domain/answer.ts';
import { known, unknown } from '../domain/answer.ts';
import type { DbCluster, DbInstance } from '../domain/cluster-answers.ts';
import type { Resource } from '../domain/resource.ts';
import { regionResource } from '../domain/resource.ts';
import type { DatabaseRole, Evidence, Listing } from './evidence.ts';
import { grantedUsersOf, holdersOf } from './grants.ts';
import { clustersInScope } from './scope.ts';
import { lacking } from './told.ts';

/** The roles of a cluster or single instance, where somebody collected them. */
export interface DatabaseSubject {
  readonly resource: Resource;
  /** Unknown: nobody collected them, or they cannot be read. */
  readonly roles: Answer<readonly DatabaseRole[]>;
  /** The master user whose password RDS keeps and rotates, or null; unknown: nothing but the roles is known of the cluster. */
  readonly managedMaster: Answer<string | null>;
  /** Database users without wildcards that somebody holds a grant for here. */
  readonly grantedUsers: readonly string[];
  /** ARNs of those who may log in as a database user; unknown: nobody is known to, and somebody may. */
  readonly holders: (user: string) => Answer<readonly string[]>;
}

/** Every cluster and single instance in scope, collected or not, and those that only a roles file names; in the order of their ARNs. */
export function listDatabases(evidence: Evidence): Listing<DatabaseSubject> {
  const { inventory, account, partition, databaseRoles } = evidence;
  const holders = holdersOf(evidence);
  const granted = grantedUsersOf(evidence);
  const subjects = new Map<string, DatabaseSubject>();
  const unlisted: Listing<DatabaseSubject>['unlisted'][number][] = [];
  const add = (resource: Resource, thing?: DbCluster | DbInstance): void => {
    const { name } = resource;
    const notCollected = { kind: 'not-collected', question: `database/${name}/roles.json`, detail: 'docs/roles.sql prints it' } as const;
    subjects.set(resource.arn, {
      resource,
      roles: databaseRoles.get(name) ?? unknown(notCollected),
      managedMaster: managedMaster(thing, resource),
      grantedUsers: granted(name),
      holders: (user) => holders(name, user),
    });
  };

  for (const region of inventory.regions) {
    const { clusters, singles, clustersCause, instancesCause } = clustersInScope(inventory, region);
    const arnOf = (kind: string, name: string): string => `arn:${partition}:rds:${region}:${account}:${kind}:${name}`;
    for (const one of clusters) {
      const name = one.DBClusterIdentifier;
      add({ arn: one.DBClusterArn ?? arnOf('cluster', name), type: 'cluster', name, region }, one);
    }
    for (const one of singles) {
      const name = one.DBInstanceIdentifier;
      add({ arn: one.DBInstanceArn ?? arnOf('db', name), type: 'instance', name, region }, one);
    }
    const cause = clustersCause ?? instancesCause;
    if (cause !== null) unlisted.push({ resource: regionResource(account, region, partition), cause });
  }
  const names = new Set([...subjects.values()].map(({ resource }) => resource.name));
  const region = (inventory.regions.length === 1 && inventory.regions[0]) || 'unknown';
  for (const name of databaseRoles.keys()) {
    if (!names.has(name)) add({ arn: `arn:${partition}:rds:${region}:${account}:cluster:${name}`, type: 'cluster', name, region });
  }
  return { subjects: [...subjects.values()].sort((a, b) => (a.resource.arn < b.resource.arn ? -1 : 1)), unlisted };
}

function managedMaster(thing: DbCluster | DbInstance | undefined, { name, region }: Resource): DatabaseSubject['managedMaster'] {
  const question = { region, service: 'rds', command: 'describe-db-clusters', key: null };
  if (!thing) return lacking(`${name} is not in the answer`, question);
  return known(thing.MasterUserSecret === undefined ? null : (thing.MasterUsername ?? null));
}

/** What to say of roles that could not be read and may hold what is looked for; null: all of them could. */
export function unreadRoles({ resource, roles }: Pick<DatabaseSubject, 'resource' | 'roles'>): string | null {
  const count = roles.known ? (roles.rejected ?? 0) : 0;
  return count === 0 ? null : `unreadable: database/${resource.name}/roles.json: ${count} of its roles could not be read`;
}

/** Names of the roles that a role belongs to, directly or through others; `not`: roles that are not looked through. */
export function groupsOf(role: DatabaseRole, roles: readonly DatabaseRole[], not: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const byName = new Map(roles.map((one) => [one.name, one]));
  const groups = new Set<string>();
  const waiting = [...role.memberOf];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (groups.has(name) || not.has(name)) continue;
    groups.add(name);
    waiting.push(...(byName.get(name)?.memberOf ?? []));
  }
  return groups;
}

/** True for roles that PostgreSQL and RDS bring along. */
export function isBuiltIn({ name }: DatabaseRole): boolean {
  return /^(?:pg_|rds_)|^(?:rdsadmin|rdsrepladmin|rdstopmgr|rdsproxyadmin|rdswriteforwarduser|rdsgdbadmin)$/.test(name);
}
