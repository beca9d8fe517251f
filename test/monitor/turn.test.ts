import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { send, type Teller } from '../../lib/monitor/tell.ts';
import { createPlace } from '../../lib/monitor/turn.ts';
import type { FindingStore, StoredAlert } from '../../lib/ports/finding-store.ts';
import { happened } from '../render/alert/alerts.ts';

/** The n-th alert of a burst, as its judge first writes it. */
function pending(n: number): StoredAlert {
  const alert = { ...happened, id: `id-${n}`, eventId: `event-${n}`, eventTime: `2026-05-03T12:0${n}:00Z`, findings: [] };
  return { cause: `event-${n}`, key: 'tls-weakened', status: 'pending', alert, intended: [], ofChange: true, revision: 1 };
}

/** Two processes have two alerts each: none is a burst, and all four are one. */
const halves = [
  [0, 1],
  [2, 3],
] as const;

class Killed extends Error {}

interface Played {
  readonly told: readonly Alert[];
  readonly left: number;
  /** How many steps it took until all was done. */
  readonly steps: number;
}

/**
 * Lets both processes work, one step outside of one of them after the other: the first begins, and at the steps in `switches` it is the other's turn. Who
 * waits lets the other go on.
 * @param killed at which step (from 0) the process that is to do it is killed, before or after the step was done
 */
async function play(switches: readonly number[], killed?: { readonly at: number; readonly done: boolean }): Promise<Played> {
  const store = createMemoryStore();
  const told: Alert[] = [];
  const clock = { now: Date.parse('2026-05-03T12:10:00Z') };
  const processes = halves.map((numbers) => ({ numbers, queue: [] as (() => void)[], ended: false, dead: false }));

  const monitorOf = (process: (typeof processes)[number]): Teller => {
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      if (process.dead) throw new Killed();
      await new Promise<void>((resolve) => process.queue.push(resolve));
      if (process.dead) throw new Killed();
      const result = await work();
      if (process.dead) throw new Killed();
      return result;
    };
    const stepwise = Object.entries(store).flatMap(([name, method]) =>
      typeof method === 'function'
        ? [[name, (...given: unknown[]) => step(() => (method as (...all: unknown[]) => Promise<unknown>)(...given))]]
        : [],
    );
    return {
      store: Object.fromEntries(stepwise) as FindingStore,
      notify: (alert) => step(async () => void told.push(alert)),
      wait: (milliseconds) =>
        step(async () => {
          clock.now += milliseconds;
          turn = 1 - turn;
        }),
      now: () => clock.now,
    };
  };
  /** What a process does with its events, from the beginning or where an earlier one stopped. */
  const work = async (teller: Teller, numbers: readonly number[], ready: () => Promise<void>): Promise<void> => {
    const place = createPlace(teller);
    await place.judge();
    await ready();
    const alerts = await Promise.all(
      numbers.map(async (n): Promise<StoredAlert> => {
        const [stored] = await teller.store.loadAlerts(`event-${n}`);
        if (stored && stored.status !== 'pending') return stored;
        const sealed: StoredAlert = { ...pending(n), status: 'sealed', revision: 2 };
        await teller.store.saveAlert(sealed);
        return sealed;
      }),
    );
    const failures = await send(
      teller,
      alerts.filter(({ status }) => status !== 'sent'),
      place,
    );
    if (failures.size > 0) throw new AggregateError(failures.values());
  };

  for (const n of halves.flat()) await store.saveAlert(pending(n));
  let turn = 0;
  let begun = 0;
  let steps = 0;
  let begin = (): void => {};
  const both = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ends = processes.map(async (process) => {
    const ready = (): Promise<void> => {
      begun += 1;
      if (begun === 2) begin();
      return both;
    };
    await work(monitorOf(process), process.numbers, ready).catch(() => {
      process.dead = true;
    });
    process.ended = true;
  });
  while (processes.some(({ ended }) => !ended)) {
    await new Promise((resolve) => setImmediate(resolve));
    if (begun === 2 && switches.includes(steps)) turn = 1 - turn;
    const process = [processes[turn], processes[1 - turn]].find((one) => one && one.queue.length > 0);
    if (!process) continue;
    const next = process.queue.shift();
    const dies = begun === 2 && killed?.at === steps;
    if (begun === 2) steps += 1;
    if (dies && !killed.done) process.dead = true;
    next?.();
    if (dies && killed.done) process.dead = true;
    if (process.dead) for (const waiting of process.queue.splice(0)) waiting();
  }
  await Promise.all(ends);
  for (const { dead, numbers } of processes) {
    if (!dead) continue;
    // The queue delivers them again, long after.
    clock.now += 360_000;
    const teller = { store, notify: async (alert: Alert) => void told.push(alert), wait: async () => {}, now: () => clock.now };
    await work(teller, numbers, async () => {});
  }
  return { told, left: (await store.listUnsent()).length, steps };
}

const idsOf = (told: readonly Alert[]) => told.map(({ id, standsFor }) => `${id} of ${standsFor?.length ?? 1}`);

describe('two processes that judge the two halves of a burst', () => {
  it('tell it in one message, in whatever order their steps come', async () => {
    const { steps } = await play([]);
    const orders = Array.from({ length: steps }, (_, first) => [
      [first],
      ...Array.from({ length: steps - first - 1 }, (_, more) => [first, first + 1 + more]),
    ]).flat();

    const outcomes = new Map<string, number>();
    for (const order of [[], ...orders]) {
      const { told, left } = await play(order);
      const outcome = `${idsOf(told).join()}, ${left} left`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }

    expect([...outcomes.keys()]).toEqual(['id-0 of 4, 0 left']);
    expect(outcomes.get('id-0 of 4, 0 left')).toBeGreaterThan(300);
  });

  it('lose nothing where one is killed at any step, and repeat at most the message that was on its way, with the same id', async () => {
    const { steps } = await play([]);
    const seen: string[] = [];
    for (const first of [0, 3, 7, 11, 15, 19])
      for (let at = 0; at < steps; at++)
        for (const done of [false, true]) {
          const { told, left } = await play([first], { at, done });
          const all = new Set(told.flatMap(({ id, standsFor }) => standsFor ?? [id]));
          const repeated = told.flatMap(({ id, standsFor }) => standsFor ?? [id]).length > 4;
          const ids = told.map(({ id }) => id);
          if (all.size !== 4 || left > 0) seen.push(`${first} ${at} ${done}: lost, ${idsOf(told)}, ${left} left`);
          if (repeated && new Set(ids).size !== ids.length - 1) seen.push(`${first} ${at} ${done}: repeated, ${idsOf(told)}`);
        }

    expect(seen).toEqual([]);
  });
});

describe('a place', () => {
  const teller = (store: FindingStore, clock: { now: number }) => ({
    store,
    now: () => clock.now,
    wait: async (milliseconds: number) => {
      clock.now += milliseconds;
    },
  });

  it('is had at once where nobody else is there, with three writes', async () => {
    const store = createMemoryStore();
    const place = createPlace(teller(store, { now: 0 }));
    await place.judge();

    expect(await place.turn(['a', 'b'])).toEqual(['a', 'b']);
    await place.leave();

    expect(await store.present()).toEqual({ present: [], revision: 3 });
  });

  it('is waited for twenty seconds, not longer', async () => {
    const store = createMemoryStore();
    const clock = { now: 0 };
    await createPlace(teller(store, clock)).judge();

    expect(await createPlace(teller(store, clock)).turn(['a'])).toEqual(['a']);
    expect(clock.now).toBe(20_000);
  });

  it('of one who tells the same is waited for until it has left, though another judges meanwhile', async () => {
    const store = createMemoryStore();
    const clock = { now: 0 };
    const [telling, judging] = [createPlace(teller(store, clock)), createPlace(teller(store, clock))];
    await telling.judge();
    const waits: number[] = [];
    const waiting = createPlace({
      ...teller(store, clock),
      wait: async (milliseconds) => {
        clock.now += milliseconds;
        if (waits.push(clock.now) === 1) {
          expect(await telling.turn(['a'])).toEqual(['b', 'a']);
          await judging.judge();
        }
        if (waits.length % 20 === 0) await telling.stay();
        if (waits.length === 100) await telling.leave();
      },
    });

    expect(await waiting.turn(['b'])).toBeNull();

    expect(waits).toHaveLength(100);
  });

  it('of the dead is not waited for', async () => {
    const store = createMemoryStore();
    const clock = { now: 0 };
    await createPlace(teller(store, clock)).judge();
    clock.now = 25_000;

    expect(await createPlace(teller(store, clock)).turn(['a'])).toEqual(['a']);
    expect(clock.now).toBe(25_000);
  });

  it('comes with what those have judged who died while they waited', async () => {
    const store = createMemoryStore();
    const clock = { now: 0 };
    const judging = createPlace(teller(store, clock));
    await judging.judge();
    const dying = { ...teller(store, clock), wait: async () => Promise.reject(new Error('killed')) };
    await expect(createPlace(dying).turn(['a'])).rejects.toThrow('killed');

    expect(await judging.turn(['b'])).toEqual(['a', 'b']);
  });

  it('is given up by one who is cut off while it waits', async () => {
    const store = createMemoryStore();
    const clock = { now: 0 };
    await createPlace(teller(store, clock)).judge();
    const cut = { ...teller(store, clock), notify: async () => {}, wait: async () => Promise.reject(new Error('cut off')) };
    const sealed: StoredAlert = { ...pending(1), status: 'sealed', revision: 2 };

    await expect(send(cut, [sealed], createPlace(cut))).rejects.toThrow('cut off');

    expect((await store.present()).present.map(({ doing }) => doing)).toEqual(['judging']);
  });
});
