import { afterAll, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { alertId } from '../../lib/monitor/alert-id.ts';
import { opens } from '../../lib/monitor/change-owner.ts';
import { becomesVisible } from '../../lib/monitor/reconcile.ts';
import type { KnownFinding } from '../../lib/ports/finding-store.ts';
import { type Chances, type Ended, play, type Told } from './random-history.ts';

const usual: Chances = { events: 200, death: 0, lost: 0.05, repeated: 0.4, invisible: 0 };
const kinds: readonly (readonly [name: string, chances: Chances, seeds: readonly number[]])[] = [
  ['late, twice and out of order', usual, [1, 2, 3, 4]],
  ['not visible at once', { ...usual, invisible: 50_000 }, [5, 6, 7, 8]],
  ['through processes that die', { ...usual, events: 150, death: 0.01, invisible: 10_000 }, [9, 10, 11, 12]],
  ['through processes that die all the time', { ...usual, events: 100, death: 0.02, repeated: 0.2 }, [13, 14]],
];
const histories = kinds.flatMap(([name, chances, seeds]) => seeds.map((seed) => ({ name, chances, seed })));

/** The alerts that a message stands for. */
function idsIn({ alert }: Told): readonly string[] {
  return alert.standsFor ?? [alert.id];
}

/** Each id as often as it was told, without those whose process died before it could know. */
function toldTwice({ told }: Ended): readonly string[] {
  const known = told.filter(({ by }) => !by.dead).flatMap(idsIn);
  return known.filter((id, index) => known.indexOf(id) !== index);
}

describe('10 000 events in random order with repeats', () => {
  let deliveries = 0;
  let updated = 0;
  afterAll(() => {
    expect(updated).toBeGreaterThan(0);
    expect(deliveries).toBeGreaterThan(10_000);
  });

  it.each(histories)('$name ($seed): the state is right, and everything is told once', async ({ chances, seed }) => {
    const store = createMemoryStore();

    const ended = await play(seed, chances, store);
    deliveries += ended.deliveries;

    const findings = [...store.findings.values()];
    const told = new Set(ended.told.flatMap(idsIn));
    // One message may stand for several alerts: each is looked up as it was stored.
    const stored = new Map(store.alerts.map(({ alert }) => [alert.id, alert]));
    const resolved = ended.told
      .flatMap(idsIn)
      .flatMap((id) => stored.get(id) ?? [])
      .filter(({ transition }) => transition === 'resolved');
    const pairs = resolved.flatMap(({ openedBy, findings }) => findings.map((one) => `${one} opened by ${openedBy}`));
    expect(
      findings
        .filter(({ state }) => state === 'open')
        .map(({ fingerprint }) => fingerprint)
        .sort(),
    ).toEqual(ended.wrong);
    expect(store.alerts.filter(({ status }) => status !== 'sent' && status !== 'void')).toEqual([]);
    expect([...ended.weakening].filter(([event, check]) => !told.has(alertId(event, check)))).toEqual([]);
    expect(toldTwice(ended)).toEqual([]);
    // Whatever is open was told, and whatever is over was told to be, by the name of the alert that opened it.
    expect(findings.filter(({ state, openedBy }) => state === 'open' && !told.has(openedBy ?? ''))).toEqual([]);
    expect(resolved.filter(({ openedBy }) => !told.has(openedBy ?? ''))).toEqual([]);
    expect(
      findings.filter(
        ({ state, fingerprint, openedBy }) => state === 'resolved' && !pairs.includes(`${fingerprint} opened by ${openedBy}`),
      ),
    ).toEqual([]);
    // What was told by itself is told with who did it as soon as anybody knows: by one change, which says so.
    const changes = store.alerts.map(({ alert }) => alert).filter(({ transition }) => transition === 'happened');
    const couldOwn = ({ check, resource, unowned, openedAt }: KnownFinding) =>
      changes.filter(
        ({ check: change, resources, eventTime }) =>
          opens[change]?.includes(check) &&
          resources.some(({ arn }) => arn === resource.arn) &&
          Date.parse(eventTime ?? '') <= (openedAt ?? 0) &&
          Date.parse(eventTime ?? '') > (unowned?.fineAt ?? 0) - becomesVisible,
      );
    const byItself = findings.filter(({ unowned }) => unowned !== undefined);
    updated += byItself.filter(({ unowned }) => unowned?.saidBy).length;
    expect(byItself.filter((one) => one.unowned?.saidBy === null && couldOwn(one).length > 0)).toEqual([]);
    expect(byItself.filter((one) => one.unowned?.saidBy && !told.has(one.unowned.saidBy))).toEqual([]);
    if (chances.death === 0) expect(pairs.filter((one, index) => pairs.indexOf(one) !== index)).toEqual([]);
  });
});
