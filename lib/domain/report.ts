import type { Alert } from './alert.ts';
import type { Finding } from './finding.ts';
import type { Resource } from './resource.ts';
import type { Severity } from './severity.ts';
import type { Verdict } from './verdict.ts';

/** The whole picture at one moment; interface.md describes the JSON. */
export interface Report {
  readonly schemaVersion: '1';
  readonly generator: { readonly name: string; readonly version: string };
  /** Null where nothing in the evidence tells it. */
  readonly account: string | null;
  readonly regions: readonly string[];
  readonly at: string | null;
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly summary: Summary;
  readonly verdicts: readonly ReportedVerdict[];
  readonly findings: readonly Finding[];
  readonly coverage: readonly Coverage[];
  /** What the change checks say of the CloudTrail records in the window. */
  readonly changes: readonly Alert[];
  readonly accesses: readonly Access[];
  /** What the connection log of each cluster tells of TLS; reports of earlier versions lack it. */
  readonly logs?: readonly ClusterLog[];
  /** Present with --compare. */
  readonly comparison?: Comparison;
}

/** Numbers of the report. */
export interface Summary {
  readonly resources: number;
  readonly pass: number;
  readonly fail: number;
  readonly notApplicable: number;
  readonly unknown: number;
  /** Open findings only. */
  readonly findings: Readonly<Record<Severity, number>>;
}

/** One check's verdict on one resource. */
export interface ReportedVerdict {
  readonly check: string;
  readonly resource: Resource;
  readonly verdict: Verdict['verdict'];
  readonly reason: string;
  readonly inEffect?: boolean;
  /** Of an unknown verdict: the fingerprint that its finding would have. */
  readonly fingerprint?: string;
}

/** What could be seen of one source, and what not. */
export interface Coverage {
  /** `inventory:<service>:<command>`, `cloudtrail:<file>`, `log:<file>`, `cloudwatch:<file>`, `database:<file>`; without a file: the sum of its kind. */
  readonly source: string;
  readonly status: 'complete' | 'partial' | 'missing' | 'denied';
  readonly detail: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly records: number;
  readonly rejected: number;
}

/** One principal that may connect, and when it last did. */
export interface Access {
  readonly principal: string;
  /** ARN patterns of `rds-db:connect`, and the policy that gives each. */
  readonly grants: readonly AccessGrant[];
  readonly databaseUsers: readonly string[];
  readonly lastUsed: string | null;
  /** Which sign of use `lastUsed` comes from. */
  readonly by: string | null;
}

/** One pattern that a policy grants. */
export interface AccessGrant {
  readonly resource: string;
  readonly policy: string;
  /** Clusters (names) that it reaches today. */
  readonly clusters: readonly string[];
  readonly databaseUsers: readonly string[];
  /** Conditions that are not understood stand here, as text. */
  readonly condition: string | null;
}

/** How far the connection log of one cluster reaches, and who had sessions without TLS in it. */
export interface ClusterLog {
  readonly resource: Resource;
  /** From when on it is there; null: it is not. */
  readonly from: string | null;
  /** Whether it holds every login of the window; `detail` says why not. */
  readonly complete: boolean;
  /** Where not: since when it holds every login up to the end; null: not even then. */
  readonly unbrokenFrom: string | null;
  readonly detail: string;
  /** Database users with sessions without TLS, the last one first; null: not known. */
  readonly withoutTls: readonly PlaintextUser[] | null;
}

/** A database user's sessions without TLS. */
export interface PlaintextUser {
  readonly user: string;
  readonly sessions: number;
  readonly last: string;
}

/** What differs from an earlier report; fingerprints. */
export interface Comparison {
  readonly since: string | null;
  readonly new: readonly string[];
  readonly gone: readonly Finding[];
  readonly unchanged: readonly string[];
}
