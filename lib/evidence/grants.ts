import type { Resource } from '../domain/resource.ts';
import type { Evidence, Listing } from './evidence.ts';

/** PrincipalSubject. */
export interface PrincipalSubject {
  readonly resource: Resource;
}

/** All of them. */
export function listPrincipals(_evidence: Evidence): Listing<PrincipalSubject> {
  return { subjects: [], unlisted: [] };
}
