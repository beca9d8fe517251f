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

/** What differs from an earlier report; fingerprints. */
export interface Comparison {
  readonly since: string | null;
  readonly new: readonly string[];
  readonly gone: readonly Finding[];
  readonly unchanged: readonly string[];
}
