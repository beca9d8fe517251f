import type { Alert } from '../domain/alert.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Check } from '../evidence/check-kinds.ts';
import type { Evidence, JudgeContext } from '../evidence/evidence.ts';
import type { Ask } from '../ports/ask.ts';
import type { FindingStore } from '../ports/finding-store.ts';
import type { LookUpEvents } from '../ports/look-up-events.ts';
import type { Notify } from '../ports/notify.ts';
import type { KeptRows } from './kept-activity.ts';

/** A deployed monitor: what it judges by, and what it needs from the world. */
export interface Monitor {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  /** True: it judges what belongs to the account as a whole, too. */
  readonly home: boolean;
  /** Whether it delivers the databases' logs to itself. */
  readonly deliversLogs?: boolean;
  readonly configuration: Configuration;
  readonly checks: readonly Check[];
  /** Answers are checked: their values have the shape that evidence reads. */
  readonly ask: Ask;
  readonly store: FindingStore;
  readonly notify: Notify;
  readonly lookUpEvents: LookUpEvents;
  /** Where the rows are that queries over what was logged found; absent: nothing is logged here. */
  readonly kept?: KeptRows;
  /** Delivers the event to the monitor again after a minute. */
  readonly lookAgain: (event: CloudTrailEvent, signal?: AbortSignal) => Promise<void>;
  readonly judgeChange: (event: CloudTrailEvent, evidence: Evidence, context: JudgeContext) => readonly Alert[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects when `signal` aborts. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}
