import type { FindingStore, StoredAlert } from '../ports/finding-store.ts';
import type { Notify } from '../ports/notify.ts';

/**
 * Sends sealed alerts, one after the other, and marks each as sent. A crash between the two repeats that one alert, with the same id.
 * One that cannot be sent does not keep the others back; rejects at the end with what went wrong, so that all of it is delivered again.
 */
export async function tell(store: FindingStore, notify: Notify, alerts: readonly StoredAlert[], signal?: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  for (const alert of alerts) {
    try {
      await notify(alert.alert, signal);
      await store.saveAlert({ ...alert, status: 'sent', revision: alert.revision + 1 });
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${alerts.length} alerts could not be sent.`);
}
