import type { Resource } from './resource.ts';
import type { Severity } from './severity.ts';
import type { EvidenceData, Remediation } from './verdict.ts';

/** A failed check on one resource, or one row of an activity check. */
export interface Finding {
  /** The same problem on the same resource gives the same one, run after run. */
  readonly fingerprint: string;
  readonly check: string;
  readonly severity: Severity;
  readonly title: string;
  readonly resource: Resource;
  readonly reason: string;
  readonly inEffect?: boolean;
  /** ISO 8601, UTC; null where nothing in the evidence tells the time. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly count: number;
  readonly evidence: EvidenceData;
  readonly remediation: Remediation | null;
  readonly state: 'open' | 'suppressed';
  readonly suppression?: SuppressionNote;
}

/** Who quieted a finding, why and until when (a date, or null for ever). */
export interface SuppressionNote {
  readonly by: string | null;
  readonly reason: string;
  readonly until: string | null;
}
