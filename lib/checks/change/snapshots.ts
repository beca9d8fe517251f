import type { DbClusterSnapshots, DbSnapshots } from '../../domain/cluster-answers.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Change } from '../../evidence/change.ts';
import { isInScope } from '../../evidence/scope.ts';
import { arnOf, nameOf } from '../../evidence/touched.ts';

/** A snapshot that an event speaks of. */
export interface TouchedSnapshot {
  readonly resource: Resource;
  readonly of: 'cluster' | 'instance';
  /** Null: not known. */
  readonly engine: string | null;
  readonly key: string | null;
  /** Null: not known. */
  readonly encrypted: boolean | null;
}

/** A snapshot by name or ARN, with what the inventory knows of it. */
export function touchedSnapshot(change: Change, of: TouchedSnapshot['of'], nameOrArn: string): TouchedSnapshot {
  const { inventory, event } = change;
  const name = nameOf(nameOrArn);
  const arn = nameOrArn.startsWith('arn:') ? nameOrArn : arnOf(change, of === 'cluster' ? 'cluster-snapshot' : 'snapshot', name);
  const region = arn.split(':')[3] || event.region;
  const same = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  const resource: Resource = { arn, type: 'snapshot', name: name.toLowerCase(), region };
  if (of === 'cluster') {
    const answer = inventory.answer<DbClusterSnapshots>(region, 'rds', 'describe-db-cluster-snapshots');
    const found = answer.known ? answer.value.DBClusterSnapshots.find((one) => same(one.DBClusterSnapshotIdentifier)) : undefined;
    return { resource, of, engine: found?.Engine ?? null, key: found?.KmsKeyId ?? null, encrypted: found?.StorageEncrypted ?? null };
  }
  const answer = inventory.answer<DbSnapshots>(region, 'rds', 'describe-db-snapshots');
  const found = answer.known ? answer.value.DBSnapshots.find((one) => same(one.DBSnapshotIdentifier)) : undefined;
  return { resource, of, engine: found?.Engine ?? null, key: found?.KmsKeyId ?? null, encrypted: found?.Encrypted ?? null };
}

/** True where the engine is known and is none that is watched. */
export function isForeign({ engine }: Pick<TouchedSnapshot, 'engine'>): boolean {
  return engine !== null && !isInScope(engine);
}

/** Says so where nothing tells the engine. */
export function snapshotNote({ engine }: Pick<TouchedSnapshot, 'engine'>): readonly string[] {
  return engine === null ? ['Nothing tells its engine: it is judged as PostgreSQL.'] : [];
}
