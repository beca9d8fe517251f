import type { DbCluster, DbClusters, DbInstance, DbInstances, Tag } from '../domain/cluster-answers.ts';
import type { Resource } from '../domain/resource.ts';
import type { Change } from './change.ts';
import type { EngineVersion } from './engine-version.ts';
import { readEngineVersion } from './engine-version.ts';
import type { ClusterKind } from './parameters.ts';
import type { Words } from './request.ts';
import { field, flagField, objectField, textField } from './request.ts';
import { isInScope } from './scope.ts';

/** A cluster or instance that an event speaks of, with what the event and the inventory know of it. */
export interface TouchedDatabase {
  /** For a member of a cluster: the cluster. */
  readonly resource: Resource;
  /** The member that the event names, where it names one. */
  readonly member: string | null;
  /** Null where neither the event nor the inventory tells. */
  readonly engine: string | null;
  readonly version: EngineVersion | null;
  readonly kind: ClusterKind | null;
  /** As the inventory has them. */
  readonly cluster: DbCluster | null;
  readonly instance: DbInstance | null;
  readonly tags: readonly Tag[];
}

/** Who uses something, and whether the inventory could tell. */
export interface Users {
  readonly databases: readonly TouchedDatabase[];
  /** False: clusters or instances could not be listed, so there may be others. */
  readonly complete: boolean;
}

/** True where the engine is known and is none that is watched. */
export function isOutOfScope({ engine }: Pick<TouchedDatabase, 'engine'>): boolean {
  return engine !== null && !isInScope(engine);
}

/** The cluster or instance that an RDS event names; one that a restore makes, not the one it comes from. Null: it names none. */
export function touchedDatabase(change: Change): TouchedDatabase | null {
  const { requestParameters: request, responseElements: response } = change.event;
  const instanceName =
    textField(request, 'targetDBInstanceIdentifier') ??
    textField(request, 'dBInstanceIdentifier') ??
    textField(response, 'dBInstanceIdentifier');
  if (instanceName !== null) return touchedInstance(change, instanceName);
  const clusterName = textField(request, 'dBClusterIdentifier') ?? textField(response, 'dBClusterIdentifier');
  return clusterName === null ? null : touchedCluster(change, clusterName, response);
}

/** A cluster by name or ARN; `response` is what the event's answer says of it. */
export function touchedCluster(change: Change, nameOrArn: string, response: Words | null = null): TouchedDatabase {
  const name = nameOf(nameOrArn);
  const cluster = clustersOf(change)?.find((one) => sameName(one.DBClusterIdentifier, name)) ?? null;
  const engine = cluster?.Engine ?? engineSaid(change, response);
  return {
    resource: {
      arn:
        cluster?.DBClusterArn ??
        textField(response, 'dBClusterArn') ??
        (nameOrArn.startsWith('arn:') ? nameOrArn : arnOf(change, 'cluster', name)),
      type: 'cluster',
      name: cluster?.DBClusterIdentifier ?? name.toLowerCase(),
      region: change.event.region,
    },
    member: null,
    engine,
    version: readEngineVersion(
      textField(response, 'engineVersion') ??
        cluster?.EngineVersion ??
        textField(change.event.requestParameters, 'engineVersion') ??
        undefined,
    ),
    kind: engine === null ? null : engine === 'postgres' ? 'multi-az' : 'aurora',
    cluster,
    instance: null,
    tags: cluster?.TagList ?? [],
  };
}

/** A cluster or instance by its ARN; null where it is the ARN of something else. */
export function touchedByArn(change: Change, arn: string): TouchedDatabase | null {
  if (/^arn:[^:]{1,30}:rds:[^:]{0,30}:[^:]{0,30}:cluster:/.test(arn)) return touchedCluster(change, arn);
  return /^arn:[^:]{1,30}:rds:[^:]{0,30}:[^:]{0,30}:db:/.test(arn) ? touchedInstance(change, arn) : null;
}

/** An instance by name or ARN; for a member of a cluster, the cluster. */
export function touchedInstance(change: Change, nameOrArn: string): TouchedDatabase {
  const { requestParameters: request, responseElements: response } = change.event;
  const name = nameOf(nameOrArn);
  const instance = instancesOf(change)?.find((one) => sameName(one.DBInstanceIdentifier, name)) ?? null;
  const clusterName =
    instance?.DBClusterIdentifier ?? textField(response, 'dBClusterIdentifier') ?? textField(request, 'dBClusterIdentifier');
  const engine = instance?.Engine ?? engineSaid(change, response);
  if (clusterName !== null && clusterName !== undefined) {
    const cluster = touchedCluster(change, clusterName);
    const ownEngine = cluster.cluster === null ? engine : cluster.engine;
    return {
      ...cluster,
      engine: ownEngine,
      kind: kindOfMember(ownEngine),
      member: instance?.DBInstanceIdentifier ?? name.toLowerCase(),
      instance,
    };
  }
  return {
    resource: {
      arn:
        instance?.DBInstanceArn ??
        textField(response, 'dBInstanceArn') ??
        (nameOrArn.startsWith('arn:') ? nameOrArn : arnOf(change, 'db', name)),
      type: 'instance',
      name: instance?.DBInstanceIdentifier ?? name.toLowerCase(),
      region: change.event.region,
    },
    member: null,
    engine,
    version: readEngineVersion(
      textField(response, 'engineVersion') ?? instance?.EngineVersion ?? textField(request, 'engineVersion') ?? undefined,
    ),
    kind: engine === null ? null : kindOfInstance(engine),
    cluster: null,
    instance,
    tags: instance?.TagList ?? [],
  };
}

/** The databases that use a parameter group, members as their cluster, each once; those of other engines too. */
export function usersOfGroup(change: Change, level: 'cluster' | 'instance', group: string): Users {
  if (level === 'cluster') {
    const clusters = clustersOf(change);
    const users = (clusters ?? []).filter(({ DBClusterParameterGroup }) => sameName(DBClusterParameterGroup, group));
    return { databases: users.map((one) => touchedCluster(change, one.DBClusterIdentifier)), complete: clusters !== null };
  }
  const instances = instancesOf(change);
  const users = (instances ?? []).filter((one) => (one.DBParameterGroups ?? []).some((used) => sameName(used.DBParameterGroupName, group)));
  return { databases: unique(users.map((one) => touchedInstance(change, one.DBInstanceIdentifier))), complete: instances !== null };
}

/** The databases whose security groups hold one of `groups`; those of other engines are left out. */
export function usersOfSecurityGroups(change: Change, groups: readonly string[]): Users {
  const clusters = clustersOf(change);
  const instances = instancesOf(change);
  const uses = (one: DbCluster | DbInstance): boolean =>
    (one.VpcSecurityGroups ?? []).some(({ VpcSecurityGroupId }) => VpcSecurityGroupId !== undefined && groups.includes(VpcSecurityGroupId));
  const databases = [
    ...(clusters ?? []).filter(uses).map((one) => touchedCluster(change, one.DBClusterIdentifier)),
    ...(instances ?? []).filter(uses).map((one) => touchedInstance(change, one.DBInstanceIdentifier)),
  ];
  return { databases: unique(databases).filter((one) => !isOutOfScope(one)), complete: clusters !== null && instances !== null };
}

/** All clusters that the inventory lists in the event's region; null where it lists none because nobody could ask. */
export function clustersOf({ inventory, event }: Change): readonly DbCluster[] | null {
  const answer = inventory.answer<DbClusters>(event.region, 'rds', 'describe-db-clusters');
  return answer.known ? answer.value.DBClusters : null;
}

/** All instances that the inventory lists in the event's region, or null. */
export function instancesOf({ inventory, event }: Change): readonly DbInstance[] | null {
  const answer = inventory.answer<DbInstances>(event.region, 'rds', 'describe-db-instances');
  return answer.known ? answer.value.DBInstances : null;
}

/** The name at the end of an ARN of RDS; anything else is a name already. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.split(':').slice(6).join(':') || nameOrArn : nameOrArn;
}

/** An ARN of RDS in the event's account and region. */
export function arnOf({ partition, event, account }: Change, kind: string, name: string): string {
  return `arn:${partition}:rds:${event.region}:${account}:${kind}:${name.toLowerCase()}`;
}

/** A parameter group as a resource. */
export function groupResource(change: Change, level: 'cluster' | 'instance', group: string): Resource {
  const arn = arnOf(change, level === 'cluster' ? 'cluster-pg' : 'pg', nameOf(group));
  return { arn, type: 'parameter-group', name: nameOf(group).toLowerCase(), region: change.event.region };
}

/**
 * True when a modification of the setting to `value` waits for the maintenance window. What was asked for at once is listed as pending, too, until it is
 * done; and some changes do not wait, whatever was asked: then the answer shows the new value already.
 */
export function waitsForWindow({ event }: Change, setting: string, value: boolean | number | null): boolean {
  if (flagField(event.requestParameters, 'applyImmediately') === true) return false;
  const pending = field(objectField(event.responseElements, 'pendingModifiedValues'), setting);
  if (pending !== undefined && pending !== null) return true;
  return String(field(event.responseElements, setting)) !== String(value);
}

/** The engine in the event's words; a restore takes it from where the data comes from. */
function engineSaid(change: Change, response: Words | null): string | null {
  const { requestParameters: request } = change.event;
  const said = textField(response, 'engine') ?? textField(request, 'engine');
  if (said !== null) return said;
  const cluster = textField(request, 'sourceDBClusterIdentifier');
  if (cluster !== null) return clustersOf(change)?.find((one) => sameName(one.DBClusterIdentifier, nameOf(cluster)))?.Engine ?? null;
  const instance = textField(request, 'sourceDBInstanceIdentifier');
  if (instance !== null) return instancesOf(change)?.find((one) => sameName(one.DBInstanceIdentifier, nameOf(instance)))?.Engine ?? null;
  return null;
}

function kindOfMember(engine: string | null): ClusterKind | null {
  if (engine === null) return null;
  return engine === 'postgres' ? 'multi-az' : 'aurora';
}

function kindOfInstance(engine: string): ClusterKind {
  return engine.startsWith('aurora') ? 'aurora' : 'instance';
}

function sameName(a: string | undefined, b: string): boolean {
  return a !== undefined && a.toLowerCase() === b.toLowerCase();
}

function unique(databases: readonly TouchedDatabase[]): TouchedDatabase[] {
  return [...new Map(databases.map((one) => [one.resource.arn, one])).values()];
}
