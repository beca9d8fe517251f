import type { Answer } from '../domain/answer.ts';
import type { ClusterSubject } from './clusters.ts';
import { logsLogins } from './parameters.ts';

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
  /** True only when the window is covered, no hour in the life of a member is missing, and logins are logged. */
  readonly complete: boolean;
  /** Since when that is so up to the end of the window, where it is not so of the whole; null: it is not. */
  readonly unbrokenFrom: string | null;
  /** Why it is not complete: one clause. */
  readonly detail: string;
}

/** The facts with the logs of those clusters called not complete in which a login would not show, or nobody can say that it would. */
export function withUnloggedLogins(facts: ActivityFacts, clusters: () => readonly ClusterSubject[]): ActivityFacts {
  if (facts.logs.size === 0) return facts;
  const seen = new Set(facts.databaseUse.known ? facts.databaseUse.value.map(({ cluster }) => cluster) : []);
  const logs = new Map(facts.logs);
  for (const subject of clusters()) {
    const { name } = subject.resource;
    const reach = logs.get(name);
    const why = reach ? whyUnlogged(subject, seen.has(name)) : null;
    if (reach && why !== null)
      logs.set(name, {
        ...reach,
        complete: false,
        unbrokenFrom: null,
        detail: [reach.detail, why].filter((part) => part !== '').join(', '),
      });
  }
  return { ...facts, logs };
}

/** Why logins of a cluster may be missing in its log; null: they are logged. A login in the log shows that it is so, where the parameter is not known. */
function whyUnlogged({ parameters }: ClusterSubject, isSeen: boolean): string | null {
  const { members } = parameters.log_connections;
  const silent = members.known ? members.value.find(({ value }) => value.known && !logsLogins(value.value.value)) : undefined;
  if (silent) return `log_connections is off on ${silent.member}`;
  const isKnown = members.known && members.value.every(({ value }) => value.known);
  return isKnown || isSeen ? null : 'whether log_connections is on is not known';
}
