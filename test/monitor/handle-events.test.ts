import { describe, expect, it } from '@jest/globals';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { type Delivery, handleEvent, handleEvents } from '../../lib/monitor/handle-event.ts';
import { sweep } from '../../lib/monitor/sweep.ts';
import type { FindingStore } from '../../lib/ports/finding-store.ts';
import { recordOf } from '../checks/change/table.ts';
import { at, fine } from '../evidence/answers.ts';

import { type AccountNow, deployed, eventIn, forceSsl, inWords, weak } from './deployed.ts';
import { seeded } from './random-history.ts';

const tls = ['tls-required', 'tls-weakened', 'snapshot-shared'];
const once = (record: unknown): Delivery => ({ event: eventIn(record), again: false });
const world = (more: Partial<AccountNow> = {}): AccountNow => ({ answers: fine, now: at, remembered: [], topic: null, ...more });
const off = forceSsl('0', 'off', '2026-05-03T11:59:00Z');

/** The record of a snapshot that is shared with everybody; a script shares one after the other. */
function shared(n: number, more: object = {}): unknown {
  return recordOf({
    name: 'ModifyDBClusterSnapshotAttribute',
    request: { dBClusterSnapshotIdentifier: `snapshot-${n}`, attributeName: 'restore', valuesToAdd: ['all'] },
    record: { eventID: `shared-${n}`, eventTime: `2026-05-03T11:59:${String(n % 60).padStart(2, '0')}Z`, ...more },
  });
}

const burst = Array.from({ length: 50 }, (_, n) => shared(n));

describe('a batch of events', () => {
  it('of one burst is told in one message that says how many, and never again', async () => {
    const { monitor, told } = deployed(world(), tls);

    await handleEvents(monitor, burst.map(once));
    await handleEvents(monitor, burst.map(once));
    for (const record of burst.slice(0, 5)) await handleEvent(monitor, eventIn(record), { again: false });

    expect(inWords(told)).toEqual(['snapshot-shared happened']);
    expect(told[0]?.reason).toMatch(/^This is one of 50 such alerts that came together: /);
    expect(told[0]?.resources).toHaveLength(50);
    expect(told[0]?.standsFor).toHaveLength(50);
    expect(await monitor.store.listUnsent()).toEqual([]);
  });

  it('has what is no part of the burst told by itself', async () => {
    const { monitor, told } = deployed(world({ answers: weak }), tls);

    await handleEvents(monitor, [...burst, off, burst[0]].map(once));

    expect(inWords(told).sort()).toEqual(['snapshot-shared happened', 'tls-weakened happened']);
  });

  it('asks what they have in common once', async () => {
    const { monitor, asked } = deployed(world(), tls);

    await handleEvents(monitor, burst.map(once));

    expect(asked.filter((one) => one === 'rds describe-db-clusters')).toHaveLength(1);
  });

  it('has each looked at once more whose effect cannot be seen yet', async () => {
    const { monitor, again } = deployed(world(), tls);

    const results = await handleEvents(monitor, [once(off), { ...once(forceSsl('0', 'second', '2026-05-03T11:59:01Z')), again: true }]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(again).toEqual(['off']);
  });

  it('has what a second look finds told by the event that did it', async () => {
    const account = world({ answers: weak });
    const { monitor, told } = deployed(account, tls);
    await handleEvent(monitor, eventIn(off), { again: false });
    account.answers = fine;
    account.now += 1000;
    const on = forceSsl('1', 'on', '2026-05-03T12:00:00Z');
    await handleEvent(monitor, eventIn(on), { again: false });
    account.answers = weak;
    account.now += 60_000;

    await handleEvents(monitor, [{ event: eventIn(on), again: true }, once(forceSsl('0', 'off-again', '2026-05-03T12:00:59Z'))]);

    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required resolved', 'tls-weakened happened']);
  });

  it('gives back only what failed', async () => {
    const { monitor, told } = deployed(world({ answers: weak }), tls);
    const poisoned = {
      ...monitor,
      judgeChange: (...[event, ...rest]: Parameters<typeof monitor.judgeChange>) => {
        if (event.eventId === 'shared-1') throw new Error('poison');
        return monitor.judgeChange(event, ...rest);
      },
    };

    const results = await handleEvents(poisoned, [shared(0), shared(1), off].map(once));

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(told.map(({ eventId }) => eventId).sort()).toEqual(['off', 'shared-0']);
  });

  it('gives back all of a burst that the topic refuses, and tells it in one message afterwards', async () => {
    const account = world({ topic: new Error('The topic refuses.') });
    const { monitor, told } = deployed(account, tls);

    const results = await handleEvents(monitor, burst.map(once));
    account.topic = null;
    await handleEvents(monitor, burst.map(once));

    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(50);
    expect(told).toHaveLength(1);
    expect(told[0]?.standsFor).toHaveLength(50);
  });

  it('does not wait for one that hangs', async () => {
    const { monitor, told } = deployed(world({ answers: weak }), tls);
    let answer = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = {
      ...monitor,
      ask: async (...[question, signal]: Parameters<typeof monitor.ask>) => {
        if (question.key === 'orders-pg16') await hanging;
        return monitor.ask(question, signal);
      },
    };

    const handled = handleEvents(slow, [off, ...burst].map(once), { patience: 50 });
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = told.map(({ check, standsFor }) => [check, standsFor?.length]);
    answer();
    await handled;

    expect(before).toEqual([['snapshot-shared', 50]]);
    expect(inWords(told)).toEqual(['snapshot-shared happened', 'tls-weakened happened']);
  });
});

describe('two processes that get parts of a burst at the same time', () => {
  const waitImmediate = () => new Promise<void>((resolve) => setImmediate(resolve));
  /** The same store, each of whose steps takes a while of its own. */
  const slowly = (store: FindingStore, random: () => number): FindingStore =>
    Object.fromEntries(
      Object.entries(store).flatMap(([name, method]) =>
        typeof method === 'function'
          ? [
              [
                name,
                async (...given: unknown[]) => {
                  for (let turns = random() * 6; turns > 0; turns--) await waitImmediate();
                  return (method as (...all: unknown[]) => Promise<unknown>)(...given);
                },
              ],
            ]
          : [],
      ),
    ) as unknown as FindingStore;

  it.each([
    [25, 25],
    [49, 1],
    [3, 2],
  ])('tell it in one message that says how many: %d and %d', async (many, few) => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const random = seeded(seed);
      const { monitor, told } = deployed(world(), tls);
      const each = () => ({ ...monitor, store: slowly(monitor.store, random), wait: waitImmediate });
      const events = burst.slice(0, many + few).map(once);

      await Promise.all([handleEvents(each(), events.slice(0, many)), handleEvents(each(), events.slice(many))]);

      seen.add(
        `${told.map(({ id, standsFor }) => `${id === told[0]?.id} ${standsFor?.length}`).join()}, ${(await monitor.store.listUnsent()).length} left`,
      );
    }

    expect([...seen]).toEqual([`true ${many + few}, 0 left`]);
  });

  it('tell what a sweep found of it at the same time in the same message', async () => {
    const { monitor, told } = deployed(world({ remembered: burst }), tls);
    const slow = { ...monitor, store: slowly(monitor.store, seeded(1)), wait: waitImmediate };

    await Promise.all([
      handleEvents(slow, burst.map(once)),
      sweep(monitor, { due: '2026-05-03T12:00:00Z', readEvent: readCloudTrailRecord }),
    ]);

    expect(told.map(({ standsFor }) => standsFor?.length)).toEqual([50]);
  });
});

it('a burst whose events never came is told by the sweep in one message', async () => {
  const { monitor, told } = deployed(world({ remembered: burst }), tls);

  await sweep(monitor, { due: '2026-05-03T12:00:00Z', readEvent: readCloudTrailRecord });

  expect(inWords(told)).toEqual(['snapshot-shared happened']);
  expect(told[0]?.standsFor).toHaveLength(50);
});
