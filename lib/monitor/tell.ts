import type { FindingStore, StoredAlert } from '../ports/finding-store.ts';
import type { Notify } from '../ports/notify.ts';
import { gather } from './burst.ts';

/**
 * Sends sealed alerts, one message after the other, a burst as one, and marks each alert as sent. A crash between the two repeats that one message, with
 * the same id. One that cannot be sent does not keep the others back; rejects at the end with what went wrong, so that all of it is delivered again.
 */
export async function tell(store: FindingStore, notify: Notify, alerts: readonly StoredAlert[], signal?: AbortSignal): Promise<void> {
  const failures = await send(store, notify, alerts, signal);
  if (failures.size > 0) throw new UnsentError(failures.size, alerts.length, [...new Set(failures.values())]);
}

/** Alerts could not be sent; `errors` says why. */
export class UnsentError extends AggregateError {
  override readonly name = 'UnsentError';

  constructor(unsent: number, all: number, errors: readonly unknown[]) {
    super(errors, `${unsent} of ${all} alerts could not be sent.`);
  }
}

/** As {@link tell}, but gives what went wrong, by the id of the alert. */
export async function send(
  store: FindingStore,
  notify: Notify,
  alerts: readonly StoredAlert[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  for (const { alert, of } of gather(alerts)) {
    try {
      await notify(alert, signal);
      // The one whose id the message has is marked last: where the marking is cut off, the message that comes again has that id.
      for (const one of of.toReversed()) await store.saveAlert({ ...one, status: 'sent', revision: one.revision + 1 });
    } catch (error) {
      signal?.throwIfAborted();
      for (const one of of) failures.set(one.alert.id, error);
    }
  }
  return failures;
}
