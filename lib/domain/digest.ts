import type { SuppressionNote } from './finding.ts';
import type { Resource } from './resource.ts';
import type { Severity } from './severity.ts';

/** What a person gets once a day (or week), whether or not anything happened. Text in it is hostile: renderers escape. */
export interface Digest {
  readonly schemaVersion: '1';
  readonly kind: 'digest';
  /** The same when the same digest is sent again. */
  readonly id: string;
  /** The day that it is for, `YYYY-MM-DD`. */
  readonly day: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** How many clusters (and single instances) are watched; null: they could not be listed. */
  readonly watched: number | null;
  /** When the last finished sweep looked, ISO 8601; null: none ever finished. */
  readonly lastSweep: string | null;
  /** True: that is so long ago that nobody can say how things are. */
  readonly stale: boolean;
  /** Below this nothing is told, and only counted here. */
  readonly minimumSeverity: Severity;
  /** What is open, the worst first, of the same severity the oldest; a message may hold only the first of them. */
  readonly open: readonly OpenProblem[];
  /** How many are open, those below the minimum too. */
  readonly openCounts: Readonly<Record<Severity, number>>;
  /** Suppressions that end within a week, the next first. */
  readonly ending: readonly EndingSuppression[];
  readonly suppressed: number;
  /** What several sweeps in a row could not see; a message may hold only the first of them. */
  readonly blind: readonly BlindSpot[];
  readonly blindCount: number;
  /** Those below the minimum. */
  readonly blindBelow: number;
  /** Name → https address in the AWS console; `report`: the latest one, where there is one. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A finding that is open. */
export interface OpenProblem {
  readonly fingerprint: string;
  readonly check: string;
  readonly severity: Severity;
  readonly resource: Resource;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** A finding that is quiet, but not for long. */
export interface EndingSuppression extends OpenProblem {
  readonly suppression: SuppressionNote;
}

/** What could not be looked at, and why. */
export interface BlindSpot {
  readonly fingerprint: string;
  readonly check: string;
  readonly severity: Severity;
  readonly resource: Resource;
  readonly reason: string;
}
