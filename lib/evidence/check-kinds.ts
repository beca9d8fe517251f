import type { CheckMetadata } from '../domain/check.ts';
import type { Resource } from '../domain/resource.ts';
import type { Severity } from '../domain/severity.ts';
import type { EvidenceData, Remediation, Verdict } from '../domain/verdict.ts';
import type { Change, ChangeVerdict } from './change.ts';
import type { Evidence, JudgeContext } from './evidence.ts';
import type { SubjectKind, Subjects } from './subjects.ts';

/** Judges one kind of subject by what is configured. */
export type PostureCheck = { [Kind in SubjectKind]: SubjectCheck<'posture', Kind> }[SubjectKind];

/** Judges a principal's grants. */
export type AccessCheck = SubjectCheck<'access', 'principal'>;

/** A pure function from a small typed thing to a verdict. */
export interface SubjectCheck<Kind extends 'posture' | 'access', On extends SubjectKind> extends CheckMetadata {
  readonly kind: Kind;
  /** What it judges. */
  readonly on: On;
  evaluate(subject: Subjects[On], context: JudgeContext): Verdict;
  /** The exact command for this subject, used where the verdict carries none; null where no command can mend it. */
  remediation(subject: Subjects[On], context: JudgeContext): Remediation | null;
}

/** Judges one CloudTrail event (or GuardDuty finding). */
export interface ChangeCheck extends CheckMetadata {
  readonly kind: 'change';
  /** What EventBridge must let in for it. */
  readonly events: readonly WatchedEvents[];
  /** Null: this event is nothing to tell. */
  evaluate(change: Change, context: JudgeContext): ChangeVerdict | null;
}

/** Event names of one source: `rds.amazonaws.com`, `ModifyDBCluster`. */
export interface WatchedEvents {
  readonly source: string;
  readonly names: readonly string[];
  /** True: every change that the account's root user makes through this source, whatever its name. */
  readonly byRoot?: true;
}

/** Judges the rows of the query with the same id. */
export interface ActivityCheck extends CheckMetadata {
  readonly kind: 'activity';
  /** How the deployed monitor asks it; absent: every hour, about the last day, up to now. */
  readonly rhythm?: Rhythm;
  /** Values for the names in the query's header. */
  parameters(context: ActivityContext): Readonly<Record<string, string | number>>;
  /** Pure: rows in, findings out, one a row unless it says otherwise. */
  findings(rows: readonly Readonly<Record<string, string | number | null>>[], context: ActivityContext): readonly ActivityFinding[];
}

/** How often the deployed monitor asks a query, and about how long; milliseconds. */
export interface Rhythm {
  readonly every: number;
  /** How much before the last day its window begins. */
  readonly lookBack: number;
  /** How long before now its window ends: until then, what it counts has arrived. */
  readonly settles: number;
}

/** What an activity check knows beside its rows. */
export interface ActivityContext extends JudgeContext {
  /** The window, milliseconds since 1970; `to` is not in it. */
  readonly from: number;
  readonly to: number;
  readonly evidence: Evidence;
  /** Names of clusters (null: CloudTrail) of which there is something in the evidence that could not be read, as far as the one who asks knows. */
  readonly unread?: ReadonlySet<string | null>;
  /** The resource of a cluster (or single instance) by the name that its log carries; made up from the account and `regionOfLog` where the inventory does not know it. */
  clusterResource(name: string): Resource;
}

/** A finding before it has a fingerprint. */
export interface ActivityFinding {
  readonly resource: Resource;
  readonly severity: Severity;
  /** One sentence. */
  readonly reason: string;
  readonly evidence: EvidenceData;
  /** What tells it from others of this check on this resource: user, database, source. */
  readonly distinguishedBy: readonly string[];
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  readonly remediation: Remediation | null;
}

/** Any check. */
export type Check = PostureCheck | AccessCheck | ChangeCheck | ActivityCheck;
