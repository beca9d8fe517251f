import { severities } from '../domain/severity.ts';
import type { StoredAlert } from '../ports/finding-store.ts';
import { gather, type Message } from './burst.ts';
import type { Monitor } from './monitor.ts';
import { createPlace, type Place } from './turn.ts';

/** What it takes to tell. */
export type Teller = Pick<Monitor, 'store' | 'notify' | 'wait' | 'now'>;

/** So many causes are read at once. */
const atOnce = 50;

/**
 * Sends sealed alerts, one message after the other, a burst as one, and marks each alert as sent. Those who tell take turns: whoever is the last to have
 * judged tells what the others have judged, too. A crash repeats the message that was on its way, with the same id. One that cannot be sent does not keep
 * the others back; rejects at the end with what went wrong, so that all of it is delivered again.
 */
export async function tell(teller: Teller, alerts: readonly StoredAlert[], signal?: AbortSignal): Promise<void> {
  const failures = await send(teller, alerts, createPlace(teller), signal);
  if (failures.size > 0) throw new UnsentError(failures.size, alerts.length, [...new Set(failures.values())]);
}

/** Alerts could not be sent; `errors` says why. */
export class UnsentError extends AggregateError {
  override readonly name = 'UnsentError';

  constructor(unsent: number, all: number, errors: readonly unknown[]) {
    super(errors, `${unsent} of ${all} alerts could not be sent.`);
  }
}

/** As {@link tell}, from a place that was taken before, which is given up; gives what went wrong, by the id of the alert. */
export async function send(
  teller: Teller,
  alerts: readonly StoredAlert[],
  place: Place,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  const fail = (some: readonly StoredAlert[], error: unknown): void => {
    signal?.throwIfAborted();
    for (const { alert } of some) failures.set(alert.id, error);
  };
  try {
    let causes = causesOf(alerts);
    while (causes.length > 0) {
      const turn = await place.turn(causes, signal);
      const unsent = await loadUnsent(teller, turn ?? causes, (cause, error) =>
        fail(
          alerts.filter((one) => one.cause === cause),
          error,
        ),
      );
      if (turn === null) {
        causes = causesOf(unsent);
        continue;
      }
      const begun = new Set(unsent.filter(({ status }) => status === 'sending').map(({ alert }) => alert.id));
      for (const { of } of gather(unsent, begun)) {
        await place.stay();
        for (const message of gather(await claim(teller, of, fail), begun)) await sendOne(teller, message, fail, signal);
      }
      break;
    }
  } finally {
    await place.leave();
  }
  return failures;
}

/** What is to be sent of these causes, what others began to send and left too, the oldest first: that something opened is told before that it is over. */
async function loadUnsent(
  { store }: Teller,
  causes: readonly string[],
  fail: (cause: string, error: unknown) => void,
): Promise<readonly StoredAlert[]> {
  const found: StoredAlert[] = [];
  for (let from = 0; from < causes.length; from += atOnce) {
    const some = causes.slice(from, from + atOnce);
    const loaded = await Promise.allSettled(some.map((cause) => store.loadAlerts(cause)));
    for (const [index, one] of loaded.entries()) {
      if (one.status === 'fulfilled') found.push(...one.value);
      else fail(some[index] ?? '', one.reason);
    }
  }
  return found.filter(({ status }) => status === 'sealed' || status === 'sending').sort(oldestFirst);
}

async function sendOne(
  { store, notify }: Teller,
  { alert, of }: Message,
  fail: (some: readonly StoredAlert[], error: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [lead, ...rest] = of;
  try {
    await notify(alert, signal);
    // The one whose id the message has is marked last: where the marking is cut off, the message that comes again has that id.
    await Promise.all(rest.map((one) => store.saveAlert(next(one, 'sent'))));
    await store.saveAlert(next(lead, 'sent'));
  } catch (error) {
    await Promise.allSettled(of.map((one) => store.saveAlert(next(one, 'sealed'))));
    fail(of, error);
  }
}

/** Those that nobody else has written meanwhile, as they are now: each who sends claims first, so that one who was taken for dead too early is found out. */
async function claim(
  { store }: Teller,
  alerts: readonly StoredAlert[],
  fail: (some: readonly StoredAlert[], error: unknown) => void,
): Promise<readonly StoredAlert[]> {
  const claims = await Promise.allSettled(
    alerts.map(async (one) => {
      const claimed = next(one, 'sending');
      return (await store.saveAlert(claimed)) ? [claimed] : [];
    }),
  );
  return claims.flatMap((one, index) => {
    if (one.status === 'fulfilled') return one.value;
    fail(alerts.slice(index, index + 1), one.reason);
    return [];
  });
}

function next(one: StoredAlert, status: StoredAlert['status']): StoredAlert {
  return { ...one, status, revision: one.revision + 1 };
}

function causesOf(alerts: readonly StoredAlert[]): readonly string[] {
  return [...new Set(alerts.map(({ cause }) => cause))];
}

function oldestFirst({ alert: a }: StoredAlert, { alert: b }: StoredAlert): number {
  return (
    Date.parse(a.eventTime ?? a.at) - Date.parse(b.eventTime ?? b.at) || severities.indexOf(a.severity) - severities.indexOf(b.severity)
  );
}
