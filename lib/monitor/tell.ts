import type { StoredAlert } from '../ports/finding-store.ts';
import { gather, type Message, remainder } from './burst.ts';
import type { Monitor } from './monitor.ts';

/** What it takes to tell. */
export type Teller = Pick<Monitor, 'store' | 'notify' | 'wait'>;

/** An alert that somebody else is sending is looked at so often, with such pauses (milliseconds), before it is taken for abandoned. */
const looks = 10;
const pause = 500;

/**
 * Sends sealed alerts, one message after the other, a burst as one, and marks each alert as sent. Each is claimed before, so that of several who have the
 * same alert one sends it; a crash after that repeats that one message, with the same id. One that cannot be sent does not keep the others back; rejects
 * at the end with what went wrong, so that all of it is delivered again.
 */
export async function tell(teller: Teller, alerts: readonly StoredAlert[], signal?: AbortSignal): Promise<void> {
  const failures = await send(teller, alerts, signal);
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
export async function send(teller: Teller, alerts: readonly StoredAlert[], signal?: AbortSignal): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  const fail = (some: readonly StoredAlert[], error: unknown): void => {
    signal?.throwIfAborted();
    for (const { alert } of some) failures.set(alert.id, error);
  };
  const distinct = [...new Map(alerts.map((one) => [placeOf(one), one])).values()];
  const claimed = await claim(
    teller,
    distinct.filter(({ status }) => status === 'sealed'),
    fail,
  );
  await sendClaimed(teller, gather(claimed), fail, signal);
  const ours = new Set(claimed.map(placeOf));
  const others = distinct.filter((one) => !ours.has(placeOf(one)) && !failures.has(one.alert.id));
  const abandoned = await waitForOthers(teller, others, signal);
  await sendClaimed(teller, gather(await claim(teller, abandoned, fail), remainder), fail, signal);
  return failures;
}

async function sendClaimed(
  { store, notify }: Teller,
  messages: readonly Message[],
  fail: (some: readonly StoredAlert[], error: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { alert, of } of messages) {
    try {
      await notify(alert, signal);
      // The one whose id the message has is marked last: where the marking is cut off, the message that comes again has that id.
      for (const one of of.toReversed()) await store.saveAlert(next(one, 'sent'));
    } catch (error) {
      for (const one of of) await store.saveAlert(next(one, 'sealed')).catch(() => false);
      fail(of, error);
    }
  }
}

/** Those that nobody else has claimed meanwhile, as they are now. */
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

/**
 * Waits until others have sent what they claimed; gives what they did not, as it is now: given back, because the topic refused, or unchanged for so many
 * looks that whoever claimed it is gone.
 */
async function waitForOthers(
  { store, wait }: Teller,
  alerts: readonly StoredAlert[],
  signal: AbortSignal | undefined,
): Promise<readonly StoredAlert[]> {
  const abandoned: StoredAlert[] = [];
  let left = alerts.map((one) => ({ one, unchanged: 0 }));
  while (left.length > 0) {
    await wait(pause, signal);
    const stored = await Promise.all([...new Set(left.map(({ one }) => one.cause))].map((cause) => store.loadAlerts(cause)));
    const now = new Map(stored.flat().map((one) => [placeOf(one), one]));
    const seen = left.map(({ one: before, unchanged }) => {
      const one = now.get(placeOf(before)) ?? before;
      return { one, unchanged: one.revision === before.revision ? unchanged + 1 : 0 };
    });
    abandoned.push(...seen.filter(({ one, unchanged }) => isAbandoned(one, unchanged)).map(({ one }) => one));
    left = seen.filter(({ one, unchanged }) => one.status === 'sending' && !isAbandoned(one, unchanged));
  }
  return abandoned;
}

function isAbandoned({ status }: StoredAlert, unchanged: number): boolean {
  return status === 'sealed' || (status === 'sending' && unchanged >= looks);
}

function next(one: StoredAlert, status: StoredAlert['status']): StoredAlert {
  return { ...one, status, revision: one.revision + 1 };
}

function placeOf({ cause, key }: StoredAlert): string {
  return JSON.stringify([cause, key]);
}
