import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';
import type { Severity } from '../domain/severity.ts';
import type { Remediation } from '../domain/verdict.ts';
import type { Evidence } from './evidence.ts';
import { Inventory } from './inventory.ts';

/** One event, and what is known of the things that it touches; the inventory may be empty. */
export interface Change {
  readonly event: CloudTrailEvent;
  readonly inventory: Inventory;
  /** The account that it happened in; empty where nothing tells. */
  readonly account: string;
  readonly partition: string;
  /**
   * Whether the inventory is from before the event or from after it; null: nothing tells. In one from after it, what still differs from the
   * event's words has not become visible yet.
   */
  readonly seen: 'before' | 'after' | null;
  readonly own: OwnParts;
}

/** The monitor's own deployment, as far as it is known; on a laptop nothing is. */
export interface OwnParts {
  /** ARN pattern of the role that deploys it; null: nobody said, so that every change to its parts is somebody else's. */
  readonly deploymentRole: string | null;
  /** ARN of its key, whose id says nothing. */
  readonly key: string | null;
}

/** What a change check says of one event. */
export interface ChangeVerdict {
  readonly severity: Severity;
  /** What changed, with what effect, and what could not be known; short sentences. */
  readonly reason: string;
  /** What the event itself names, whatever else is known: it decides the fingerprint. */
  readonly on: Resource;
  /** What is affected: a parameter group's event names all its clusters. */
  readonly resources: readonly Resource[];
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly inEffect: boolean | null;
  readonly remediation: Remediation | null;
}

/** The event with what is known beside it. `at`: the moment of the evidence, milliseconds since 1970, or NaN where nothing tells. */
export function changeOf(
  event: CloudTrailEvent,
  evidence: Pick<Evidence, 'account' | 'inventory'>,
  at: number,
  own: OwnParts = { deploymentRole: null, key: null },
): Change {
  // A trail of an organization brings events of other accounts, of which this inventory knows nothing.
  const foreign = event.account !== null && evidence.account !== '' && event.account !== evidence.account;
  const happened = Date.parse(event.eventTime);
  return {
    event,
    inventory: foreign ? new Inventory([]) : evidence.inventory,
    account: event.account ?? evidence.account,
    partition: partitionOf(event),
    seen: at >= happened ? 'after' : at < happened ? 'before' : null,
    own,
  };
}

/** What the inventory says beside the value that an event set. */
export interface Earlier<T> {
  /** What was there before; null: not known. */
  readonly before: T | null;
  /** True: it was surely so before already, so nothing changed. */
  readonly repeats: boolean;
}

/** What was there before the event set `value`, from what the inventory says now; `same` compares where `===` does not. */
export function earlier<T>(
  { seen }: Pick<Change, 'seen'>,
  current: T | null | undefined,
  value: T | null,
  same: (a: T, b: T) => boolean = Object.is,
): Earlier<T> {
  if (current === null || current === undefined) return { before: null, repeats: false };
  if (value === null) return { before: seen === 'before' ? current : null, repeats: false };
  if (!same(current, value)) return { before: current, repeats: false };
  return { before: seen === 'before' ? current : null, repeats: seen === 'before' };
}

function partitionOf({ region, userIdentity }: CloudTrailEvent): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return /^arn:(aws[a-z-]{0,20}):/.exec(userIdentity.arn ?? '')?.[1] ?? 'aws';
}
