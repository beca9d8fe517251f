import type { Resource } from '../domain/resource.ts';
import type { Evidence, Listing } from './evidence.ts';

/** DatabaseSubject. */
export interface DatabaseSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listDatabases(_evidence: Evidence): Listing<DatabaseSubject> {
  return { subjects: [], unlisted: [] };
}
