import type { Answer, Cause } from '../domain/answer.ts';
import { causeText, known, mapAnswer } from '../domain/answer.ts';
import type {
  CertificateDetails,
  Certificates,
  DbCluster,
  DbClusterMember,
  DbClusterParameterGroups,
  DbEngineVersions,
  DbInstance,
  DbInstances,
  DbMajorEngineVersions,
  DbParameterGroups,
  DbShardGroups,
  DomainMembership,
  EngineLifecycle,
  GlobalClusters,
  PendingValues,
  SubscriptionFilters,
} from '../domain/cluster-answers.ts';
import type { Question } from '../domain/question.ts';
import type { ClusterLog, PlaintextUser } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import { regionResource } from '../domain/resource.ts';
import type { Encryption } from './encryption.ts';
import { encryptionOf } from './encryption.ts';
import type { EngineVersion } from './engine-version.ts';
import { readEngineVersion, versionOfFamily } from './engine-version.ts';
import type { Evidence, Listing } from './evidence.ts';
import type { Inventory } from './inventory.ts';
import type { ManagedBy } from './managed-by.ts';
import { managedBy } from './managed-by.ts';
import type { ClusterKind, GroupStatus, ParameterMember, ParameterSetting, WatchedParameter } from './parameters.ts';
import { effectiveParameters } from './parameters.ts';
import type { Ingress, SubnetRoute } from './reach.ts';
import { findSubnetGroup, ingressOf, subnetRoutes } from './reach.ts';
import type { InScope } from './scope.ts';
import { clustersInScope } from './scope.ts';
import type { Rotation } from './secrets.ts';
import { rotationOf } from './secrets.ts';
import type { Place } from './told.ts';
import { lacking, told, whole } from './told.ts';

/** An Aurora PostgreSQL cluster, a Multi-AZ DB cluster of PostgreSQL or a single instance of PostgreSQL, with all that checks read of it. */
export interface ClusterSubject {
  readonly resource: Resource;
  readonly kind: ClusterKind;
  /** `aurora-postgresql` or `postgres`. */
  readonly engine: string;
  /** Null where neither the version nor the family of its group tells it. */
  readonly version: EngineVersion | null;
  /** `cluster-…` or `db-…`, as IAM policies name it. */
  readonly resourceId: string | null;
  /** `available`, `stopped`, `creating`, … in AWS's word. */
  readonly status: string | null;
  /** ISO 8601, or null. */
  readonly createdAt: string | null;
  readonly serverlessV1: boolean;
  /** No members: shards, of which AWS tells little. */
  readonly limitless: boolean;
  /** Express configuration: no VPC, and logins through IAM only. */
  readonly express: boolean;
  readonly managedBy: ManagedBy | null;
  readonly members: Answer<readonly Member[]>;
  /** The cluster's parameter group, or of a single instance its own. */
  readonly parameterGroup: Answer<string>;
  /** The group's family: `aurora-postgresql16`. */
  readonly family: Answer<string>;
  /** Others in scope that use the same group: a change of it is a change of theirs. Names, sorted. */
  readonly groupSharedWith: readonly string[];
  readonly parameters: Readonly<Record<WatchedParameter, ParameterSetting>>;
  readonly iamAuthentication: Answer<Setting<boolean>>;
  readonly logExports: Answer<LogExports>;
  readonly backupDays: Answer<Setting<number>>;
  readonly deletionProtected: Answer<boolean>;
  readonly encryption: Answer<Encryption>;
  /** The cluster's own flag; it only speaks for Multi-AZ DB clusters. */
  readonly publiclyAccessible: Answer<boolean>;
  /** Of an express cluster. */
  readonly internetGateway: Answer<boolean>;
  /** Of a Limitless cluster; else empty. */
  readonly shardGroups: Answer<readonly ShardGroup[]>;
  /** The port, and the one that waits for the maintenance window. */
  readonly ports: Answer<readonly number[]>;
  readonly ingress: Answer<Ingress>;
  readonly subnets: Answer<readonly SubnetRoute[]>;
  /** Of the cluster itself: Multi-AZ DB clusters have one. */
  readonly certificate: Answer<ServerCertificate> | null;
  readonly minorUpgrades: Answer<boolean>;
  readonly masterUsername: Answer<string>;
  readonly masterSecret: MasterSecret | null;
  /** Its global database, or null. */
  readonly globalDatabase: Answer<string | null>;
  readonly dataApi: Answer<boolean>;
  /** `started` while one runs. */
  readonly activityStream: string | null;
  readonly domains: readonly DomainState[];
  readonly support: Support;
  readonly logDelivery: LogDelivery;
  readonly plaintextUse: Answer<PlaintextUse>;
}

/** A value, and the one that waits for the maintenance window. */
export interface Setting<T> {
  readonly value: T;
  readonly pending: T | null;
}

/** An instance of a cluster, or a single instance as its own only member. */
export interface Member {
  readonly name: string;
  readonly writer: boolean | null;
  readonly details: Answer<MemberDetails>;
}

/** What describe-db-instances says of a member. */
export interface MemberDetails {
  readonly publiclyAccessible: Answer<boolean>;
  readonly minorUpgrades: Answer<boolean>;
  readonly certificate: Answer<ServerCertificate>;
  readonly domains: readonly DomainState[];
  /** ISO 8601, or null. */
  readonly createdAt: string | null;
}

/** The certificate that a server shows. */
export interface ServerCertificate {
  readonly authority: string | null;
  /** ISO 8601. */
  readonly validTill: string;
  /** An authority that waits for the maintenance window. */
  readonly pendingAuthority: string | null;
}

/** Log types that go to CloudWatch Logs, and what waits for the maintenance window. */
export interface LogExports {
  readonly enabled: readonly string[];
  readonly enabling: readonly string[];
  readonly disabling: readonly string[];
}

/** A shard group of a Limitless cluster. */
export interface ShardGroup {
  readonly name: string;
  readonly publiclyAccessible: Answer<boolean>;
}

/** The secret of the master user's password. */
export interface MasterSecret {
  readonly arn: string | null;
  readonly status: string | null;
  readonly rotation: Answer<Rotation>;
}

/** A directory that a cluster or member is joined to, in AWS's word. */
export interface DomainState {
  readonly domain: string;
  /** `d-…` of the directory, and the role that joins it. */
  readonly directory: string | null;
  readonly role: string | null;
  readonly status: string | null;
}

/** How long the version is supported. */
export interface Support {
  /** Whether the exact version is still offered. */
  readonly offered: Answer<boolean>;
  /** End of standard support of the major version, ISO 8601. */
  readonly standardEnd: Answer<string>;
  /** True: it goes on in extended support, which costs. Null: not said. */
  readonly enrolledInExtended: boolean | null;
  /** Versions that it can be upgraded to, as far as AWS says them. */
  readonly targets: readonly UpgradeTarget[];
}

/** A version to upgrade to, and the end of its standard support, ISO 8601, where it is known. */
export interface UpgradeTarget {
  readonly version: EngineVersion;
  readonly standardEnd: string | null;
}

/** The log group of the PostgreSQL log, and who is subscribed to it. */
export interface LogDelivery {
  /** False: a deployed monitor was told to deliver no logs. */
  readonly managed: boolean;
  readonly group: string;
  /** Names of its subscription filters. */
  readonly filters: Answer<readonly string[]>;
}

/** When a session without TLS was last seen. */
export interface PlaintextUse {
  /** ISO 8601, or null: none was seen. */
  readonly last: string | null;
  /** Whose they were, the last one first. */
  readonly users: readonly PlaintextUser[];
  /** From when on the log is there, ISO 8601, and whether without gaps; else since when it has none. */
  readonly from: string | null;
  readonly complete: boolean;
  readonly unbrokenFrom: string | null;
  readonly detail: string;
}

/** All clusters and single instances in scope, in the order of their ARNs, and the regions that could not be looked at. */
export function listClusters(evidence: Evidence): Listing<ClusterSubject> {
  const listing = listings.get(evidence) ?? findClusters(evidence);
  listings.set(evidence, listing);
  return listing;
}

/** Several checks over logs ask for the same evidence's clusters. */
const listings = new WeakMap<Evidence, Listing<ClusterSubject>>();

function findClusters(evidence: Evidence): Listing<ClusterSubject> {
  const subjects = new Map<string, ClusterSubject>();
  const unlisted: { resource: Resource; cause: Cause }[] = [];
  for (const region of evidence.inventory.regions) {
    const found = clustersInScope(evidence.inventory, region);
    const shared = groupUsers(found);
    const instances = membersByName(evidence.inventory, region);
    for (const cluster of found.clusters) {
      const subject = clusterSubject(cluster, region, evidence, { users: shared, instances });
      subjects.set(subject.resource.arn, subject);
    }
    for (const instance of found.singles) {
      const subject = instanceSubject(instance, region, evidence, shared);
      subjects.set(subject.resource.arn, subject);
    }
    // What was not listed may be there all the same: without this, a single instance that nobody may see would seem to be gone.
    const cause = found.clustersCause ?? found.instancesCause;
    if (cause) unlisted.push({ resource: regionResource(evidence.account, region, evidence.partition), cause });
  }
  return { subjects: [...subjects.values()].sort(byArn), unlisted };
}

function byArn(a: { readonly resource: Resource }, b: { readonly resource: Resource }): number {
  return a.resource.arn < b.resource.arn ? -1 : a.resource.arn > b.resource.arn ? 1 : 0;
}

/** What the connection logs of all clusters tell of TLS, in the order of their ARNs. */
export function clusterLogs(evidence: Evidence): readonly ClusterLog[] {
  return listClusters(evidence).subjects.map(({ resource, plaintextUse: use }) => {
    if (!use.known) return { resource, from: null, complete: false, unbrokenFrom: null, detail: causeText(use.cause), withoutTls: null };
    const { from, complete, unbrokenFrom, detail, users } = use.value;
    return { resource, from, complete, unbrokenFrom, detail, withoutTls: users };
  });
}

/** By group: the names of the clusters and single instances that use it. Cluster groups and instance groups may share a name. */
interface GroupUsers {
  readonly clusters: ReadonlyMap<string, readonly string[]>;
  readonly instances: ReadonlyMap<string, readonly string[]>;
}

function groupUsers({ clusters, singles }: InScope): GroupUsers {
  const collect = (pairs: readonly (readonly [group: string | undefined, name: string])[]): Map<string, string[]> => {
    const users = new Map<string, string[]>();
    for (const [group, name] of pairs) if (group !== undefined) users.set(group, [...(users.get(group) ?? []), name]);
    return users;
  };
  return {
    clusters: collect(clusters.map((one) => [one.DBClusterParameterGroup, one.DBClusterIdentifier])),
    instances: collect(singles.map((one) => [one.DBParameterGroups?.[0]?.DBParameterGroupName, one.DBInstanceIdentifier])),
  };
}

function othersOf(users: ReadonlyMap<string, readonly string[]>, group: string | undefined, name: string): readonly string[] {
  return (users.get(group ?? '') ?? []).filter((user) => user !== name).sort();
}

interface Surroundings {
  readonly users: GroupUsers;
  readonly instances: Answer<ReadonlyMap<string, DbInstance>>;
}

function clusterSubject(cluster: DbCluster, region: string, evidence: Evidence, { users, instances }: Surroundings): ClusterSubject {
  const { inventory } = evidence;
  const name = cluster.DBClusterIdentifier;
  const question = { region, service: 'rds', command: 'describe-db-clusters', key: null };
  const place = { question, thing: name };
  const kind = cluster.Engine === 'postgres' ? 'multi-az' : 'aurora';
  const parameterGroup = told(cluster.DBClusterParameterGroup, 'DBClusterParameterGroup', place);
  const family = parameterGroup.known ? clusterFamily(inventory, region, parameterGroup.value) : parameterGroup;
  const version = readEngineVersion(cluster.EngineVersion) ?? (family.known ? versionOfFamily(family.value) : null);
  const rawMembers = told(cluster.DBClusterMembers, 'DBClusterMembers', place);
  const limitless = cluster.ClusterScalabilityType?.toLowerCase() === 'limitless';
  const express =
    cluster.VPCNetworkingEnabled === false || (cluster.InternetAccessGatewayEnabled === true && cluster.DBSubnetGroup === undefined);
  const ports = portsOf(cluster.Port, cluster.PendingModifiedValues, 'Port', place);
  const groups = told(cluster.VpcSecurityGroups, 'VpcSecurityGroups', place);
  const arn = cluster.DBClusterArn ?? `arn:${evidence.partition}:rds:${region}:${evidence.account}:cluster:${name}`;
  return {
    resource: { arn, type: 'cluster', name, region },
    kind,
    engine: cluster.Engine,
    version,
    resourceId: cluster.DbClusterResourceId ?? null,
    status: cluster.Status ?? null,
    createdAt: cluster.ClusterCreateTime ?? null,
    serverlessV1: cluster.EngineMode?.toLowerCase() === 'serverless',
    limitless,
    express,
    managedBy: managedBy(cluster.TagList),
    members: mapAnswer(rawMembers, (members) => members.map((member) => memberOf(member, instances, inventory, region))),
    parameterGroup,
    family,
    groupSharedWith: othersOf(users.clusters, cluster.DBClusterParameterGroup, name),
    parameters: effectiveParameters({
      inventory,
      region,
      kind,
      version,
      group: parameterGroup,
      members: mapAnswer(rawMembers, (members) => members.map((member) => parameterMember(member, instances, question, region))),
    }),
    ...sharedFields(cluster, place),
    deletionProtected: told(cluster.DeletionProtection, 'DeletionProtection', place),
    publiclyAccessible: told(cluster.PubliclyAccessible, 'PubliclyAccessible', place),
    internetGateway: told(cluster.InternetAccessGatewayEnabled, 'InternetAccessGatewayEnabled', place),
    shardGroups: limitless ? shardGroupsOf(inventory, region, name) : known([]),
    ports,
    ingress: ingressFrom(inventory, region, groups, ports, place),
    subnets: subnetRoutes(
      inventory,
      region,
      cluster.DBSubnetGroup === undefined
        ? lacking(`the answer for ${name} lacks DBSubnetGroup`, question)
        : findSubnetGroup(inventory, region, cluster.DBSubnetGroup),
    ),
    certificate: cluster.CertificateDetails
      ? certificateOf(cluster.CertificateDetails, cluster.PendingModifiedValues, undefined, inventory, region, place)
      : null,
    masterSecret: masterSecretOf(cluster.MasterUserSecret, inventory, region),
    globalDatabase: globalDatabaseOf(cluster, arn, inventory, region),
    dataApi: told(cluster.HttpEndpointEnabled, 'HttpEndpointEnabled', place),
    support: supportOf(cluster, version, inventory, region),
    logDelivery: logDelivery(`/aws/rds/cluster/${name}/postgresql`, evidence, region),
    plaintextUse: plaintextUse(name, evidence),
  };
}

function instanceSubject(instance: DbInstance, region: string, evidence: Evidence, users: GroupUsers): ClusterSubject {
  const { inventory } = evidence;
  const name = instance.DBInstanceIdentifier;
  const question = { region, service: 'rds', command: 'describe-db-instances', key: null };
  const place = { question, thing: name };
  const groupName = instance.DBParameterGroups?.[0]?.DBParameterGroupName;
  const parameterGroup = told(groupName, 'DBParameterGroups', place);
  const family = parameterGroup.known ? instanceFamily(inventory, region, parameterGroup.value) : parameterGroup;
  const version = readEngineVersion(instance.EngineVersion) ?? (family.known ? versionOfFamily(family.value) : null);
  const port = instance.Endpoint?.Port ?? (instance.DbInstancePort || undefined);
  const ports = portsOf(port, instance.PendingModifiedValues, 'Endpoint', place);
  const groups = told(instance.VpcSecurityGroups, 'VpcSecurityGroups', place);
  const subnetGroup = told(instance.DBSubnetGroup, 'DBSubnetGroup', place);
  return {
    resource: {
      arn: instance.DBInstanceArn ?? `arn:${evidence.partition}:rds:${region}:${evidence.account}:db:${name}`,
      type: 'instance',
      name,
      region,
    },
    kind: 'instance',
    engine: instance.Engine,
    version,
    resourceId: instance.DbiResourceId ?? null,
    status: instance.DBInstanceStatus ?? null,
    createdAt: instance.InstanceCreateTime ?? null,
    serverlessV1: false,
    limitless: false,
    express: false,
    managedBy: managedBy(instance.TagList),
    members: known([{ name, writer: null, details: known(detailsOf(instance, inventory, region)) }]),
    parameterGroup,
    family,
    groupSharedWith: othersOf(users.instances, groupName, name),
    parameters: effectiveParameters({
      inventory,
      region,
      kind: 'instance',
      version,
      group: parameterGroup,
      members: known([{ name, clusterGroupStatus: null, instanceGroups: groupStatuses(instance, place), question }]),
    }),
    ...sharedFields(instance, place),
    deletionProtected: told(instance.DeletionProtection, 'DeletionProtection', place),
    publiclyAccessible: told(instance.PubliclyAccessible, 'PubliclyAccessible', place),
    internetGateway: known(false),
    shardGroups: known([]),
    ports,
    ingress: ingressFrom(inventory, region, groups, ports, place),
    subnets: subnetRoutes(
      inventory,
      region,
      subnetGroup.known && subnetGroup.value.Subnets === undefined && subnetGroup.value.DBSubnetGroupName !== undefined
        ? findSubnetGroup(inventory, region, subnetGroup.value.DBSubnetGroupName)
        : subnetGroup,
    ),
    certificate: null,
    masterSecret: masterSecretOf(instance.MasterUserSecret, inventory, region),
    globalDatabase: known(null),
    dataApi: known(false),
    support: supportOf(instance, version, inventory, region),
    logDelivery: logDelivery(`/aws/rds/instance/${name}/postgresql`, evidence, region),
    plaintextUse: plaintextUse(name, evidence),
  };
}

/** What clusters and instances say in the same words. */
function sharedFields(
  thing: DbCluster | DbInstance,
  place: Place,
): Pick<
  ClusterSubject,
  'iamAuthentication' | 'logExports' | 'backupDays' | 'encryption' | 'minorUpgrades' | 'masterUsername' | 'activityStream' | 'domains'
> {
  const waiting = thing.PendingModifiedValues;
  return {
    iamAuthentication: mapAnswer(told(thing.IAMDatabaseAuthenticationEnabled, 'IAMDatabaseAuthenticationEnabled', place), (value) => ({
      value,
      pending: waiting?.IAMDatabaseAuthenticationEnabled ?? null,
    })),
    // AWS leaves the list out where it is empty.
    logExports: known({
      enabled: thing.EnabledCloudwatchLogsExports ?? [],
      enabling: waiting?.PendingCloudwatchLogsExports?.LogTypesToEnable ?? [],
      disabling: waiting?.PendingCloudwatchLogsExports?.LogTypesToDisable ?? [],
    }),
    backupDays: mapAnswer(told(thing.BackupRetentionPeriod, 'BackupRetentionPeriod', place), (value) => ({
      value,
      pending: waiting?.BackupRetentionPeriod ?? null,
    })),
    encryption: encryptionOf(thing.StorageEncrypted, thing.StorageEncryptionType, thing.KmsKeyId, place),
    minorUpgrades: told(thing.AutoMinorVersionUpgrade, 'AutoMinorVersionUpgrade', place),
    masterUsername: told(thing.MasterUsername, 'MasterUsername', place),
    activityStream: thing.ActivityStreamStatus ?? null,
    domains: domainsOf(thing.DomainMemberships),
  };
}

function domainsOf(memberships: readonly DomainMembership[] | undefined): readonly DomainState[] {
  return (memberships ?? []).map(({ Domain, FQDN, IAMRoleName, Status }) => ({
    domain: FQDN ?? Domain ?? 'a directory without a name',
    directory: Domain ?? null,
    role: IAMRoleName ?? null,
    status: Status ?? null,
  }));
}

function membersByName(inventory: Inventory, region: string): Answer<ReadonlyMap<string, DbInstance>> {
  const instances = inventory.answer<DbInstances>(region, 'rds', 'describe-db-instances');
  return mapAnswer(instances, ({ DBInstances }) => new Map(DBInstances.map((one) => [one.DBInstanceIdentifier, one])));
}

function findInstance(member: DbClusterMember, instances: Answer<ReadonlyMap<string, DbInstance>>, region: string): Answer<DbInstance> {
  if (!instances.known) return instances;
  const instance = instances.value.get(member.DBInstanceIdentifier ?? '');
  if (instance) return known(instance);
  const question = { region, service: 'rds', command: 'describe-db-instances', key: null };
  return lacking(`member ${member.DBInstanceIdentifier ?? 'without a name'} is not in the answer`, question);
}

function memberOf(
  member: DbClusterMember,
  instances: Answer<ReadonlyMap<string, DbInstance>>,
  inventory: Inventory,
  region: string,
): Member {
  return {
    name: member.DBInstanceIdentifier ?? 'a member without a name',
    writer: member.IsClusterWriter ?? null,
    details: mapAnswer(findInstance(member, instances, region), (instance) => detailsOf(instance, inventory, region)),
  };
}

function detailsOf(instance: DbInstance, inventory: Inventory, region: string): MemberDetails {
  const place = { question: { region, service: 'rds', command: 'describe-db-instances', key: null }, thing: instance.DBInstanceIdentifier };
  return {
    publiclyAccessible: told(instance.PubliclyAccessible, 'PubliclyAccessible', place),
    minorUpgrades: told(instance.AutoMinorVersionUpgrade, 'AutoMinorVersionUpgrade', place),
    certificate: certificateOf(
      instance.CertificateDetails,
      instance.PendingModifiedValues,
      instance.CACertificateIdentifier,
      inventory,
      region,
      place,
    ),
    domains: domainsOf(instance.DomainMemberships),
    createdAt: instance.InstanceCreateTime ?? null,
  };
}

function parameterMember(
  member: DbClusterMember,
  instances: Answer<ReadonlyMap<string, DbInstance>>,
  question: Question,
  region: string,
): ParameterMember {
  const instance = findInstance(member, instances, region);
  const name = member.DBInstanceIdentifier ?? 'a member without a name';
  return {
    name,
    clusterGroupStatus: member.DBClusterParameterGroupStatus ?? null,
    instanceGroups: instance.known
      ? groupStatuses(instance.value, { question: { region, service: 'rds', command: 'describe-db-instances', key: null }, thing: name })
      : instance,
    question,
  };
}

function groupStatuses(instance: DbInstance, place: Place): Answer<readonly GroupStatus[]> {
  const groups = told(instance.DBParameterGroups, 'DBParameterGroups', place);
  return mapAnswer(groups, (all) =>
    all.map(({ DBParameterGroupName, ParameterApplyStatus }) => ({
      group: DBParameterGroupName ?? 'a group without a name',
      status: ParameterApplyStatus ?? null,
    })),
  );
}

/** The certificate itself says when it ends; its authority's end stands in for an answer that has only the authority. */
function certificateOf(
  details: CertificateDetails | undefined,
  waiting: PendingValues | undefined,
  authorityName: string | undefined,
  inventory: Inventory,
  region: string,
  place: Place,
): Answer<ServerCertificate> {
  const authority = details?.CAIdentifier ?? authorityName ?? null;
  const pendingAuthority = waiting?.CACertificateIdentifier ?? null;
  if (details?.ValidTill !== undefined) return known({ authority, validTill: details.ValidTill, pendingAuthority });
  if (authority === null) return lacking(`the answer for ${place.thing} lacks CertificateDetails`, place.question);
  const certificates = inventory.answer<Certificates>(region, 'rds', 'describe-certificates');
  if (!certificates.known) return certificates;
  const validTill = certificates.value.Certificates.find(({ CertificateIdentifier }) => CertificateIdentifier === authority)?.ValidTill;
  const question = { region, service: 'rds', command: 'describe-certificates', key: null };
  return validTill === undefined
    ? lacking(`authority ${authority} is not in the answer`, question)
    : known({ authority, validTill, pendingAuthority });
}

function clusterFamily(inventory: Inventory, region: string, group: string): Answer<string> {
  if (group.startsWith('default.')) return known(group.slice('default.'.length));
  const groups = inventory.answer<DbClusterParameterGroups>(region, 'rds', 'describe-db-cluster-parameter-groups');
  if (!groups.known) return groups;
  const found = groups.value.DBClusterParameterGroups.find((one) => one.DBClusterParameterGroupName === group);
  return told(found?.DBParameterGroupFamily, 'DBParameterGroupFamily', {
    question: { region, service: 'rds', command: 'describe-db-cluster-parameter-groups', key: null },
    thing: group,
  });
}

function instanceFamily(inventory: Inventory, region: string, group: string): Answer<string> {
  if (group.startsWith('default.')) return known(group.slice('default.'.length));
  const groups = inventory.answer<DbParameterGroups>(region, 'rds', 'describe-db-parameter-groups');
  if (!groups.known) return groups;
  const found = groups.value.DBParameterGroups.find((one) => one.DBParameterGroupName === group);
  return told(found?.DBParameterGroupFamily, 'DBParameterGroupFamily', {
    question: { region, service: 'rds', command: 'describe-db-parameter-groups', key: null },
    thing: group,
  });
}

function portsOf(port: number | undefined, waiting: PendingValues | undefined, field: string, place: Place): Answer<readonly number[]> {
  return mapAnswer(told(port, field, place), (now) => (waiting?.Port === undefined ? [now] : [now, waiting.Port]));
}

function ingressFrom(
  inventory: Inventory,
  region: string,
  groups: Answer<readonly { readonly VpcSecurityGroupId?: string | undefined }[]>,
  ports: Answer<readonly number[]>,
  place: Place,
): Answer<Ingress> {
  if (!groups.known) return groups;
  if (!ports.known) return ports;
  if (groups.value.length === 0) return lacking(`the answer for ${place.thing} lists no security group`, place.question);
  const ids = groups.value.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? 'without an id');
  return ingressOf(inventory, region, ids, ports.value);
}

function shardGroupsOf(inventory: Inventory, region: string, cluster: string): Answer<readonly ShardGroup[]> {
  const question = { region, service: 'rds', command: 'describe-db-shard-groups', key: null };
  const answer = whole(inventory.answer<DbShardGroups>(region, 'rds', 'describe-db-shard-groups'), question);
  return mapAnswer(answer, ({ DBShardGroups }) =>
    DBShardGroups.filter(({ DBClusterIdentifier }) => DBClusterIdentifier === cluster).map((group) => ({
      name: group.DBShardGroupIdentifier,
      publiclyAccessible: told(group.PubliclyAccessible, 'PubliclyAccessible', { question, thing: group.DBShardGroupIdentifier }),
    })),
  );
}

function masterSecretOf(
  secret: { readonly SecretArn?: string | undefined; readonly SecretStatus?: string | undefined } | undefined,
  inventory: Inventory,
  region: string,
): MasterSecret | null {
  if (secret === undefined) return null;
  const { SecretArn, SecretStatus } = secret;
  const question = { region, service: 'rds', command: 'describe-db-clusters', key: null };
  return {
    arn: SecretArn ?? null,
    status: SecretStatus ?? null,
    rotation: SecretArn === undefined ? lacking('the master user secret has no ARN', question) : rotationOf(SecretArn, inventory, region),
  };
}

/** Answers of older days lack the cluster's own word, so the list of global databases decides where it is missing. */
function globalDatabaseOf(cluster: DbCluster, arn: string, inventory: Inventory, region: string): Answer<string | null> {
  if (cluster.GlobalClusterIdentifier) return known(cluster.GlobalClusterIdentifier);
  if (cluster.Engine === 'postgres') return known(null);
  const question = { region, service: 'rds', command: 'describe-global-clusters', key: null };
  return mapAnswer(whole(inventory.answer<GlobalClusters>(region, 'rds', 'describe-global-clusters'), question), ({ GlobalClusters }) => {
    const found = GlobalClusters.find(({ GlobalClusterMembers = [] }) =>
      GlobalClusterMembers.some(({ DBClusterArn, Readers = [] }) => DBClusterArn === arn || Readers.includes(arn)),
    );
    return found?.GlobalClusterIdentifier ?? null;
  });
}

function supportOf(thing: DbCluster | DbInstance, version: EngineVersion | null, inventory: Inventory, region: string): Support {
  const { Engine: engine, EngineVersion } = thing;
  const question = { region, service: 'rds', command: 'describe-db-engine-versions', key: engine };
  const versions = inventory.answer<DbEngineVersions>(region, 'rds', 'describe-db-engine-versions', engine);
  const same = versions.known ? versions.value.DBEngineVersions.find((one) => one.EngineVersion === EngineVersion) : undefined;
  const offered = same ? known(same.Status?.toLowerCase() !== 'deprecated') : mapAnswer(whole(versions, question), () => false);
  return {
    offered: EngineVersion === undefined ? lacking('EngineVersion is missing', question) : offered,
    standardEnd: standardEnd(engine, version, inventory, region),
    enrolledInExtended:
      thing.EngineLifecycleSupport === undefined ? null : thing.EngineLifecycleSupport === 'open-source-rds-extended-support',
    targets: (same?.ValidUpgradeTarget ?? []).flatMap(({ EngineVersion: text }) => {
      const target = readEngineVersion(text);
      if (target === null) return [];
      const end = standardEnd(engine, target, inventory, region);
      return [{ version: target, standardEnd: end.known ? end.value : null }];
    }),
  };
}

function standardEnd(engine: string, version: EngineVersion | null, inventory: Inventory, region: string): Answer<string> {
  const question = { region, service: 'rds', command: 'describe-db-major-engine-versions', key: engine };
  const majors = inventory.answer<DbMajorEngineVersions>(region, 'rds', 'describe-db-major-engine-versions', engine);
  if (!majors.known) return majors;
  if (version === null) return lacking('the version is not known', question);
  const major = majors.value.DBMajorEngineVersions.find(({ MajorEngineVersion }) => MajorEngineVersion === version.majorName);
  const isStandard = ({ LifecycleSupportName }: EngineLifecycle): boolean => LifecycleSupportName === 'open-source-rds-standard-support';
  const end = major?.SupportedEngineLifecycles?.find(isStandard)?.LifecycleSupportEndDate;
  return end === undefined ? lacking(`no end of standard support for version ${version.majorName} in the answer`, question) : known(end);
}

function logDelivery(group: string, { inventory, deliversLogs = true }: Evidence, region: string): LogDelivery {
  const question = { region, service: 'logs', command: 'describe-subscription-filters', key: group };
  const answer = whole(inventory.answer<SubscriptionFilters>(region, 'logs', 'describe-subscription-filters', group), question);
  return {
    managed: deliversLogs,
    group,
    filters: mapAnswer(answer, ({ subscriptionFilters }) => subscriptionFilters.map(({ filterName }) => filterName ?? 'without a name')),
  };
}

function plaintextUse(cluster: string, { activity }: Evidence): Answer<PlaintextUse> {
  if (!activity.databaseUse.known) return activity.databaseUse;
  const users = activity.databaseUse.value
    .flatMap(({ cluster: on, user, plaintextSessions: sessions, lastPlaintext: last }): PlaintextUser[] =>
      on === cluster && last !== null ? [{ user, sessions, last }] : [],
    )
    .sort((a, b) => (a.last === b.last ? (a.user < b.user ? -1 : 1) : a.last > b.last ? -1 : 1));
  const reach = activity.logs.get(cluster);
  return known({
    last: users[0]?.last ?? null,
    users,
    from: reach?.from ?? null,
    complete: reach?.complete ?? false,
    unbrokenFrom: reach?.unbrokenFrom ?? null,
    detail: reach?.detail ?? 'no log of it is in the evidence',
  });
}
