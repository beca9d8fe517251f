import type { Resource } from '../domain/resource.ts';
import type { Evidence, Listing } from './evidence.ts';

/** ClusterSubject. */
export interface ClusterSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listClusters(_evidence: Evidence): Listing<ClusterSubject> {
  return { subjects: [], unlisted: [] };
}

/** SnapshotSubject. */
export interface SnapshotSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listSnapshots(_evidence: Evidence): Listing<SnapshotSubject> {
  return { subjects: [], unlisted: [] };
}

/** ProxySubject. */
export interface ProxySubject {
  readonly resource: Resource;
}

/** All of them. */
export function listProxies(_evidence: Evidence): Listing<ProxySubject> {
  return { subjects: [], unlisted: [] };
}
