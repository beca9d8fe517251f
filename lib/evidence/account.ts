import type { Resource } from '../domain/resource.ts';
import type { Evidence, Listing } from './evidence.ts';

/** AccountSubject. */
export interface AccountSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listAccounts(_evidence: Evidence): Listing<AccountSubject> {
  return { subjects: [], unlisted: [] };
}

/** RegionSubject. */
export interface RegionSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listRegions(_evidence: Evidence): Listing<RegionSubject> {
  return { subjects: [], unlisted: [] };
}

/** UserSubject. */
export interface UserSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listUsers(_evidence: Evidence): Listing<UserSubject> {
  return { subjects: [], unlisted: [] };
}
