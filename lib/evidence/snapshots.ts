import type { Answer, Cause } from '../domain/answer.ts';
import { known } from '../domain/answer.ts';
import type {
  DbClusterSnapshotAttributes,
  DbClusterSnapshots,
  DbSnapshotAttributes,
  DbSnapshots,
  SnapshotAttribute,
  Tag,
} from '../domain/cluster-answers.ts';
import type { Resource } from '../domain/resource.ts';
import { regionResource } from '../domain/resource.ts';
import type { Encryption } from './encryption.ts';
import { encryptionOf } from './encryption.ts';
import type { Evidence, Listing } from './evidence.ts';
import type { Inventory } from './inventory.ts';
import type { ManagedBy } from './managed-by.ts';
import { managedBy } from './managed-by.ts';
import { isInScope } from './scope.ts';
import { unreadable, whole } from './told.ts';

/** A manual snapshot of a cluster or instance of PostgreSQL. */
export interface SnapshotSubject {
  readonly resource: Resource;
  readonly of: 'cluster' | 'instance';
  readonly engine: string;
  /** The cluster or instance that it was taken of. */
  readonly source: string | null;
  readonly managedBy: ManagedBy | null;
  /** Account ids that may restore it, or `all`. */
  readonly sharedWith: Answer<readonly string[]>;
  readonly encryption: Answer<Encryption>;
}

interface Found {
  readonly of: SnapshotSubject['of'];
  readonly engine: string;
  readonly name: string;
  readonly arn: string | undefined;
  readonly source: string | undefined;
  readonly tags: readonly Tag[] | undefined;
  readonly encrypted: boolean | undefined;
  readonly encryptionType: string | undefined;
  readonly key: string | undefined;
}

/** All manual snapshots in scope, in the order of their ARNs, and the regions that could not be looked at. */
export function listSnapshots(evidence: Evidence): Listing<SnapshotSubject> {
  const { inventory, account, partition } = evidence;
  const subjects = new Map<string, SnapshotSubject>();
  const unlisted: { resource: Resource; cause: Cause }[] = [];
  for (const region of inventory.regions) {
    const { snapshots, cause } = manualSnapshots(inventory, region);
    if (cause) unlisted.push({ resource: regionResource(account, region, partition), cause });
    for (const one of snapshots) {
      const command = one.of === 'cluster' ? 'describe-db-cluster-snapshots' : 'describe-db-snapshots';
      const kind = one.of === 'cluster' ? 'cluster-snapshot' : 'snapshot';
      const arn = one.arn ?? `arn:${partition}:rds:${region}:${account}:${kind}:${one.name}`;
      const place = { question: { region, service: 'rds', command, key: null }, thing: one.name };
      subjects.set(arn, {
        resource: { arn, type: 'snapshot', name: one.name, region },
        of: one.of,
        engine: one.engine,
        source: one.source ?? null,
        managedBy: managedBy(one.tags),
        sharedWith: sharedWith(one, inventory, region),
        encryption: encryptionOf(one.encrypted, one.encryptionType, one.key, place),
      });
    }
  }
  const inOrder = [...subjects.values()].sort((a, b) => (a.resource.arn < b.resource.arn ? -1 : 1));
  return { subjects: inOrder, unlisted };
}

/** The manual snapshots in scope that could be listed, and why others could not. */
export function manualSnapshots(
  inventory: Inventory,
  region: string,
): { readonly snapshots: readonly Found[]; readonly cause: Cause | null } {
  const clusters = inventory.answer<DbClusterSnapshots>(region, 'rds', 'describe-db-cluster-snapshots');
  const instances = inventory.answer<DbSnapshots>(region, 'rds', 'describe-db-snapshots');
  const snapshots: Found[] = [];
  for (const one of clusters.known ? clusters.value.DBClusterSnapshots : []) {
    if (!isInScope(one.Engine) || !isManual(one.SnapshotType, one.DBClusterSnapshotIdentifier)) continue;
    snapshots.push({
      of: 'cluster',
      engine: one.Engine,
      name: one.DBClusterSnapshotIdentifier,
      arn: one.DBClusterSnapshotArn,
      source: one.DBClusterIdentifier,
      tags: one.TagList,
      encrypted: one.StorageEncrypted,
      encryptionType: one.StorageEncryptionType,
      key: one.KmsKeyId,
    });
  }
  for (const one of instances.known ? instances.value.DBSnapshots : []) {
    if (!isInScope(one.Engine) || !isManual(one.SnapshotType, one.DBSnapshotIdentifier)) continue;
    snapshots.push({
      of: 'instance',
      engine: one.Engine,
      name: one.DBSnapshotIdentifier,
      arn: one.DBSnapshotArn,
      source: one.DBInstanceIdentifier,
      tags: one.TagList,
      encrypted: one.Encrypted,
      encryptionType: one.StorageEncryptionType,
      key: one.KmsKeyId,
    });
  }
  const allClusters = whole(clusters, { region, service: 'rds', command: 'describe-db-cluster-snapshots', key: null });
  const allInstances = whole(instances, { region, service: 'rds', command: 'describe-db-snapshots', key: null });
  return { snapshots, cause: allClusters.known ? (allInstances.known ? null : allInstances.cause) : allClusters.cause };
}

/** Where the type is not said, the prefixes that AWS gives to its own snapshots tell. */
function isManual(type: string | undefined, name: string): boolean {
  if (type !== undefined) return type.toLowerCase() === 'manual';
  return !name.startsWith('rds:') && !name.startsWith('awsbackup:');
}

function sharedWith({ of, name }: Found, inventory: Inventory, region: string): Answer<readonly string[]> {
  const command = of === 'cluster' ? 'describe-db-cluster-snapshot-attributes' : 'describe-db-snapshot-attributes';
  const answer =
    of === 'cluster'
      ? inventory.answer<DbClusterSnapshotAttributes>(region, 'rds', command, name)
      : inventory.answer<DbSnapshotAttributes>(region, 'rds', command, name);
  if (!answer.known) return answer;
  const attributes: readonly SnapshotAttribute[] =
    'DBClusterSnapshotAttributesResult' in answer.value
      ? answer.value.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes
      : answer.value.DBSnapshotAttributesResult.DBSnapshotAttributes;
  if ((answer.rejected ?? 0) > 0)
    return unreadable('part of its attributes could not be read', { region, service: 'rds', command, key: name });
  return known(attributes.filter(({ AttributeName }) => AttributeName === 'restore').flatMap(({ AttributeValues }) => AttributeValues));
}
