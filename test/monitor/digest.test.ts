import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { type Configuration, defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Digest } from '../../lib/domain/digest.ts';
import type { Severity } from '../../lib/domain/severity.ts';
import { composeDigest, type DigestMonitor, sendDigest } from '../../lib/monitor/digest.ts';
import { createPlace } from '../../lib/monitor/turn.ts';
import type { FindingStore, KnownFinding } from '../../lib/ports/finding-store.ts';
import { account, fine, inventoryOf, region } from '../evidence/answers.ts';
import { knownFinding } from './known-finding.ts';
import { seeded } from './random-history.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Sunday; the day after is a Monday. */
const sunday = Date.parse('2026-05-03T07:00:00Z');
const monday = sunday + day;

function known(name: string, more: Partial<KnownFinding> = {}): KnownFinding {
  const resource = { arn: `arn:aws:rds:${region}:${account}:cluster:${name}`, type: 'cluster', name, region } as const;
  const told = { openedAt: sunday - 2 * day, openedBy: 'an alert', alerts: ['an alert'] };
  return knownFinding({ fingerprint: `fingerprint-${name}`, resource, knownAt: sunday }, { ...told, ...more });
}

function digestOf(...all: readonly KnownFinding[]): Digest {
  return composeDigest({
    account,
    region,
    configuration: defaultConfiguration,
    due: sunday,
    now: sunday + 1000,
    known: all,
    watched: 2,
    lastSweep: new Date(sunday - hour).toISOString(),
  });
}

const names = (some: readonly { readonly resource: { readonly name: string } }[]) => some.map(({ resource }) => resource.name);
const suppression = (until: string | null) => ({ state: 'suppressed', suppression: { by: 'jane', reason: 'why', until } }) as const;
const blind = (sweeps: number, severity: Severity = 'high') =>
  ({ state: 'unseen', severity, openedAt: null, blind: { sweeps, last: '2026-05-03', reason: 'denied', told: true } }) as const;

describe('a digest', () => {
  it('holds what is open, the worst first and then the oldest', () => {
    const digest = digestOf(
      known('b', { openedAt: sunday - day }),
      known('a', { openedAt: sunday - day }),
      known('old', { openedAt: sunday - 9 * day }),
      known('worst', { severity: 'critical', openedAt: sunday }),
    );

    expect(names(digest.open)).toEqual(['worst', 'old', 'a', 'b']);
    expect(digest.open[1]).toEqual({
      fingerprint: 'fingerprint-old',
      check: 'tls-required',
      severity: 'high',
      resource: { arn: `arn:aws:rds:${region}:${account}:cluster:old`, type: 'cluster', name: 'old', region },
      since: '2026-04-24T07:00:00.000Z',
    });
    expect(digest).toMatchObject({ day: '2026-05-03', at: '2026-05-03T07:00:01.000Z', watched: 2, stale: false });
  });

  it('only counts what is below the minimum severity', () => {
    const digest = digestOf(known('a', { severity: 'low' }), known('b', { severity: 'medium' }), known('c', blind(3, 'low')));

    expect(names(digest.open)).toEqual(['b']);
    expect(digest.openCounts).toEqual({ critical: 0, high: 0, medium: 1, low: 1, info: 0 });
    expect(digest).toMatchObject({ blind: [], blindCount: 0, blindBelow: 1 });
  });

  it('announces suppressions that end within a week, the next first', () => {
    const digest = digestOf(
      known('for-ever', suppression(null)),
      known('later', suppression('2026-05-10')),
      known('week', suppression('2026-05-09')),
      known('today', suppression('2026-05-03')),
    );

    expect(names(digest.ending)).toEqual(['today', 'week']);
    expect(digest).toMatchObject({
      open: [],
      suppressed: 4,
      ending: [{ suppression: { by: 'jane', reason: 'why', until: '2026-05-03' } }, {}],
    });
  });

  it('counts as open what is no longer quiet, before the next look', () => {
    const digest = digestOf(known('ended', suppression('2026-05-02')), known('lifted', { state: 'suppressed' }));

    expect(names(digest.open)).toEqual(['ended', 'lifted']);
    expect(digest.suppressed).toBe(0);
  });

  it('names what three sweeps in a row could not see, and why, unless it is suppressed', () => {
    const digest = digestOf(
      known('twice', blind(2)),
      known('three', blind(3)),
      known('quiet', { ...blind(9), ...suppression(null) }),
      known('open-too', { ...blind(4), state: 'open' }),
    );

    expect(digest.blind.map(({ resource, reason }) => `${resource.name}: ${reason}`)).toEqual(['open-too: denied', 'three: denied']);
    expect(names(digest.open)).toEqual(['open-too']);
  });

  it('has the same id when it is made again, another one for another day or region', () => {
    const input = {
      account,
      region,
      configuration: defaultConfiguration,
      due: sunday,
      now: sunday,
      known: [],
      watched: 0,
      lastSweep: null,
    };

    const ids = [input, { ...input, now: sunday + hour, watched: 3 }, { ...input, due: monday }, { ...input, region: 'eu-west-1' }].map(
      (one) => composeDigest(one).id,
    );

    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    ['never', null, true],
    ['a day ago', new Date(sunday - 25 * hour).toISOString(), false],
    ['longer ago', new Date(sunday - 27 * hour).toISOString(), true],
  ])('says whether sweeps are to be relied on: the last one %s', (_, lastSweep, stale) => {
    const input = { account, region, configuration: defaultConfiguration, due: sunday, now: sunday, known: [], watched: 0, lastSweep };

    expect(composeDigest(input).stale).toBe(stale);
  });
});

/** A monitor with a sweep behind it; `sent` gets what it sends. */
async function monitorWith(
  alerts: Partial<Configuration['alerts']>,
  found: readonly KnownFinding[] = [],
): Promise<{ monitor: DigestMonitor; store: FindingStore; sent: Digest[]; clock: { now: number } }> {
  const store = createMemoryStore();
  for (const one of found) await store.save(one);
  await store.moveWatermark('sweep', new Date(sunday - hour).toISOString());
  const sent: Digest[] = [];
  const clock = { now: sunday };
  const monitor: DigestMonitor = {
    account,
    partition: 'aws',
    region,
    configuration: { ...defaultConfiguration, alerts: { ...defaultConfiguration.alerts, ...alerts } },
    ask: async ({ region: where, service, command, key }) => inventoryOf(fine).answer(where, service, command, key),
    store,
    now: () => clock.now,
    wait: async (milliseconds) => {
      clock.now += milliseconds;
    },
    send: async (digest) => {
      sent.push(digest);
    },
  };
  return { monitor, store, sent, clock };
}

describe('when it is sent', () => {
  const open = [known('orders')];
  it.each<[name: string, alerts: Partial<Configuration['alerts']>, found: readonly KnownFinding[], due: number, sent: boolean]>([
    ['daily, with something open', {}, open, sunday, true],
    ['daily, with a suppression that ends soon', {}, [known('orders', suppression('2026-05-05'))], sunday, true],
    ['daily, blind to something', {}, [known('orders', blind(3))], sunday, true],
    ['daily, with nothing to say', {}, [], sunday, false],
    ['daily, with nothing but little things', {}, [known('orders', { severity: 'low' })], sunday, false],
    ['daily, with nothing to say, on Monday: all quiet', {}, [], monday, true],
    ['daily, with nothing to say, on Monday, without the weekly word', { weeklyAllQuiet: false }, [], monday, false],
    ['weekly, on another day', { digest: 'weekly' }, open, sunday, false],
    ['weekly, on Monday', { digest: 'weekly', weeklyAllQuiet: false }, open, monday, true],
    ['off, on another day', { digest: 'off' }, open, sunday, false],
    ['off, on Monday: the weekly word', { digest: 'off' }, open, monday, true],
    ['off, without the weekly word', { digest: 'off', weeklyAllQuiet: false }, open, monday, false],
  ])('%s', async (_, alerts, found, due, expected) => {
    const { monitor, sent, clock } = await monitorWith(alerts, found);
    clock.now = sunday + hour;

    const said = await sendDigest(monitor, { due });

    expect({ said, sent: sent.length }).toEqual({ said: expected, sent: expected ? 1 : 0 });
  });

  it('never twice for the same day, and again on the next', async () => {
    const { monitor, sent } = await monitorWith({}, open);

    for (const due of [sunday, sunday + hour, sunday, monday, sunday]) await sendDigest(monitor, { due });

    expect(sent.map((one) => one.day)).toEqual(['2026-05-03', '2026-05-04']);
  });

  it('again, with the same id, where it could not be sent', async () => {
    const { monitor, sent } = await monitorWith({}, open);
    const failing: DigestMonitor = {
      ...monitor,
      send: async (digest) => {
        sent.push(digest);
        throw new Error('the topic refuses');
      },
    };

    await expect(sendDigest(failing, { due: sunday })).rejects.toThrow('the topic refuses');
    await sendDigest(monitor, { due: sunday });
    await sendDigest(monitor, { due: sunday });

    expect(sent).toHaveLength(2);
    expect(sent[0]?.id).toBe(sent[1]?.id);
  });

  it('once where the schedule starts it several times at the same moment', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { monitor, sent } = await monitorWith({}, open);
      const random = seeded(seed);
      const pause = async () => {
        for (let turns = random() * 6; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      };
      const store = Object.fromEntries(
        Object.entries(monitor.store).flatMap(([name, method]) =>
          typeof method === 'function'
            ? [[name, async (...given: unknown[]) => pause().then(() => (method as (...all: unknown[]) => unknown)(...given))]]
            : [],
        ),
      ) as unknown as FindingStore;

      const said = await Promise.all([1, 2, 3].map(() => sendDigest({ ...monitor, store, wait: pause }, { due: sunday })));

      expect(sent).toHaveLength(1);
      expect(said.toSorted()).toEqual([false, false, true]);
    }
  });

  it('by another one where the one that was about to send it is gone', async () => {
    const { monitor, sent } = await monitorWith({}, open);
    const dying = createPlace(monitor);
    await dying.turn(['digest#2026-05-03']);

    expect(await sendDigest(monitor, { due: sunday })).toBe(true);
    expect(sent).toHaveLength(1);
  });

  it('when no sweep has finished for a day: silence would look like health', async () => {
    const { monitor, sent, clock } = await monitorWith({});
    clock.now = sunday + 2 * day;

    await sendDigest(monitor, { due: clock.now });

    expect(sent).toMatchObject([{ stale: true, lastSweep: '2026-05-03T06:00:00.000Z', open: [] }]);
  });
});

describe('how many clusters are watched', () => {
  it('is counted', async () => {
    const { monitor, sent } = await monitorWith({}, [known('orders')]);

    await sendDigest(monitor, { due: sunday });

    expect(sent[0]?.watched).toBe(1);
  });

  it('is not known where they cannot be listed, and that is told', async () => {
    const { monitor, sent } = await monitorWith({});
    const denied = inventoryOf({});

    await sendDigest(
      { ...monitor, ask: async ({ region: where, service, command, key }) => denied.answer(where, service, command, key) },
      { due: sunday },
    );

    expect(sent).toMatchObject([{ watched: null }]);
  });
});
