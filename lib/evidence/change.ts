import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';
import type { Severity } from '../domain/severity.ts';
import type { Remediation } from '../domain/verdict.ts';
import type { Inventory } from './inventory.ts';

/** One event, and what is known of the things that it touches; the inventory may be empty, and may be from before the event or after it. */
export interface Change {
  readonly event: CloudTrailEvent;
  readonly inventory: Inventory;
  /** The account that it happened in; empty where nothing tells. */
  readonly account: string;
  readonly partition: string;
  /** True: the inventory is from after the event, so what still differs from the event's words has not become visible. */
  readonly looksBack: boolean;
}

/** What a change check says of one event. */
export interface ChangeVerdict {
  readonly severity: Severity;
  /** What changed, with what effect, and what could not be known; short sentences. */
  readonly reason: string;
  /** What is affected: a parameter group's event names all its clusters. */
  readonly resources: readonly Resource[];
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly inEffect: boolean | null;
  readonly remediation: Remediation | null;
}

/** The event with what is known beside it. `at`: the moment of the inventory, milliseconds since 1970, or NaN where nothing tells. */
export function changeOf(event: CloudTrailEvent, inventory: Inventory, at: number): Change {
  return {
    event,
    inventory,
    account: event.account ?? '',
    partition: partitionOf(event),
    looksBack: at >= Date.parse(event.eventTime),
  };
}

function partitionOf({ region, userIdentity }: CloudTrailEvent): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return /^arn:(aws[a-z-]*):/.exec(userIdentity.arn ?? '')?.[1] ?? 'aws';
}
