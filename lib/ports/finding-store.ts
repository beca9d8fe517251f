import type { Alert } from '../domain/alert.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Finding, SuppressionNote } from '../domain/finding.ts';
import type { Resource } from '../domain/resource.ts';
import type { Severity } from '../domain/severity.ts';

/**
 * What is known of one problem on one resource. `passing`: it was looked at and is fine; `unseen`: it could never be looked at.
 */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly check: string;
  readonly resource: Resource;
  readonly state: 'open' | 'suppressed' | 'resolved' | 'passing' | 'unseen';
  /** The moment that this knowledge is from, milliseconds since 1970; older knowledge never overrules it. */
  readonly knownAt: number;
  readonly severity: Severity;
  /** The finding as it was last seen; null where it never was one. */
  readonly finding: Finding | null;
  /** Since when it is open, milliseconds since 1970; null where it never was. */
  readonly openedAt: number | null;
  /** The alert that told that it opened; null: nobody was told. */
  readonly openedBy: string | null;
  /**
   * Where it was told by itself, for nobody knew of a change that opened it: when it was last known to be fine (milliseconds since 1970; 0: never), and
   * the alert of the change that came later and said who did it; null: none has come. Absent: a change told it, or nobody was told.
   */
  readonly unowned?: { readonly fineAt: number; readonly saidBy: string | null } | undefined;
  /** The last alerts that speak of it, newest first. */
  readonly alerts: readonly string[];
  /** How many sweeps in a row could not see it, the last of them and why, and whether that was told. */
  readonly blind: { readonly sweeps: number; readonly last: string; readonly reason: string; readonly told: boolean } | null;
  /** What somebody said with `suppress`. */
  readonly suppression: SuppressionNote | null;
  /** Counts the writes: a write names the revision that it replaces. */
  readonly revision: number;
}

/** An alert on its way: `pending` while the findings that refer to it are written, `sealed` when it may be sent, `sending` while somebody does so, then `sent`; `void`: there is nothing to tell. */
export interface StoredAlert {
  /** What set it off: a CloudTrail event's id or a sweep's. */
  readonly cause: string;
  /** Check and transition: with the cause, what identifies it. */
  readonly key: string;
  readonly status: 'pending' | 'sealed' | 'sending' | 'sent' | 'void';
  readonly alert: Alert;
  /** Fingerprints that it means to speak of; those that came to refer to it are in the sealed alert. */
  readonly intended: readonly string[];
  /** True: it speaks of a change, so it is told whether or not findings refer to it. */
  readonly ofChange: boolean;
  readonly revision: number;
}

/** Somebody who judges or tells at the moment. */
export interface Present {
  readonly id: string;
  /** `waiting`: it has judged, and whoever tells next may tell what it knows, too. */
  readonly doing: 'judging' | 'waiting' | 'telling';
  /** Causes of the alerts that it has judged or tells. */
  readonly causes: readonly string[];
  /** Milliseconds since 1970; it is taken for dead then. */
  readonly until: number;
}

/** Findings, alerts and watermarks of one region. Every write is conditional: it resolves with false, and changes nothing, where somebody was faster. */
export interface FindingStore {
  /** Reads what was written before, always. Those that are not there are left out. */
  load(fingerprints: readonly string[]): Promise<ReadonlyMap<string, KnownFinding>>;
  /** Everything open, suppressed or unseen; may miss what was written in the last seconds. */
  listOpen(): Promise<readonly KnownFinding[]>;
  /** `next.revision` must be one more than what it replaces, 1 for a new one. */
  save(next: KnownFinding): Promise<boolean>;
  loadAlerts(cause: string): Promise<readonly StoredAlert[]>;
  /** Alerts that are pending, sealed or sending; may miss what was written in the last seconds. */
  listUnsent(): Promise<readonly StoredAlert[]>;
  saveAlert(next: StoredAlert): Promise<boolean>;
  /** Who judges and tells, the dead among them; always what was written last. */
  present(): Promise<{ readonly present: readonly Present[]; readonly revision: number }>;
  /** `next.revision` must be one more than what it replaces. */
  savePresent(next: { readonly present: readonly Present[]; readonly revision: number }): Promise<boolean>;
  /** Remembers an event whose effect could not be seen yet, until then (milliseconds since 1970). */
  awaitEffect(event: CloudTrailEvent, until: number): Promise<void>;
  /** The events whose effect is awaited at `now`; always all that were written before. */
  listAwaited(now: number): Promise<readonly CloudTrailEvent[]>;
  /** How far something was read: a text that sorts by time. Null: never. */
  watermark(name: string): Promise<string | null>;
  /** Moves a watermark forward; one that would go back is left alone. */
  moveWatermark(name: string, to: string): Promise<void>;
}
