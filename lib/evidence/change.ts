import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';
import type { Severity } from '../domain/severity.ts';
import type { Remediation } from '../domain/verdict.ts';

/** One event, and what is known of the things that it touches. */
export interface Change {
  readonly event: CloudTrailEvent;
}

/** What a change check says of one event. */
export interface ChangeVerdict {
  readonly severity: Severity;
  /** One sentence: what changed, with what effect. */
  readonly reason: string;
  /** What is affected: a parameter group's event names all its clusters. */
  readonly resources: readonly Resource[];
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly inEffect: boolean | null;
  readonly remediation: Remediation | null;
}
