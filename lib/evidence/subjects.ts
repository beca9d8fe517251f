import type { AccountSubject, RegionSubject, UserSubject } from './account.ts';
import { listAccounts, listRegions, listUsers } from './account.ts';
import type { ClusterSubject } from './clusters.ts';
import { listClusters } from './clusters.ts';
import type { DatabaseSubject } from './database-roles.ts';
import { listDatabases } from './database-roles.ts';
import type { Evidence, Listing } from './evidence.ts';
import type { PrincipalSubject } from './grants.ts';
import { listPrincipals } from './grants.ts';
import type { ProxySubject } from './proxies.ts';
import { listProxies } from './proxies.ts';
import type { SnapshotSubject } from './snapshots.ts';
import { listSnapshots } from './snapshots.ts';

/** The things that posture and access checks judge, by kind. */
export interface Subjects {
  /** An Aurora cluster, a Multi-AZ DB cluster or a single instance with engine `postgres`. */
  readonly cluster: ClusterSubject;
  readonly snapshot: SnapshotSubject;
  readonly proxy: ProxySubject;
  readonly region: RegionSubject;
  readonly account: AccountSubject;
  /** An IAM user who may act on RDS or connect. */
  readonly user: UserSubject;
  /** Who holds `rds-db:connect`. */
  readonly principal: PrincipalSubject;
  /** A cluster's roles, where somebody collected them. */
  readonly database: DatabaseSubject;
}

/** One of the kinds in {@link Subjects}. */
export type SubjectKind = keyof Subjects;

/** All subjects of the evidence, in the order of their ARNs. */
export function listSubjects(evidence: Evidence): { readonly [Kind in SubjectKind]: Listing<Subjects[Kind]> } {
  return {
    cluster: listClusters(evidence),
    snapshot: listSnapshots(evidence),
    proxy: listProxies(evidence),
    region: listRegions(evidence),
    account: listAccounts(evidence),
    user: listUsers(evidence),
    principal: listPrincipals(evidence),
    database: listDatabases(evidence),
  };
}
