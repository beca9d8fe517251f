import type { Answer } from '../domain/answer.ts';

/** What the logs say that posture and access checks read: rows of queries, typed. Times are ISO 8601, UTC. */
export interface ActivityFacts {
  /** Rows of `queries/check/database-use.sql`. */
  readonly databaseUse: Answer<readonly DatabaseUse[]>;
  /** Rows of `queries/check/role-use.sql`. */
  readonly roleUse: Answer<readonly RoleUse[]>;
  /** By cluster name: how far the connection log reaches. A cluster that is missing has no log in the evidence. */
  readonly logs: ReadonlyMap<string, LogReach>;
}

/** One database user's sessions on one cluster in the window. */
export interface DatabaseUse {
  readonly cluster: string;
  readonly user: string;
  readonly sessions: number;
  /** Sessions that were surely without TLS, local ones left out. */
  readonly plaintextSessions: number;
  readonly first: string;
  readonly last: string;
  /** Of the sessions without TLS; null where there is none. */
  readonly lastPlaintext: string | null;
  /** Authentication method where the log names it (PostgreSQL 14 and later): `pam` is IAM. */
  readonly methods: readonly string[];
  readonly sources: readonly string[];
}

/** How often a role was assumed in the window; denied tries are left out. */
export interface RoleUse {
  readonly role: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** ARNs or account ids of those who assumed it. */
  readonly callers: readonly string[];
}

/** From when to when a cluster's log is there, and whether without gaps on every member. */
export interface LogReach {
  readonly from: string | null;
  readonly to: string | null;
  /** True only when the window is covered and no hour is missing. */
  readonly complete: boolean;
  /** Why it is not complete: one clause. */
  readonly detail: string;
}
