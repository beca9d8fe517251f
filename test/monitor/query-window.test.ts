import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hourly, windowOf, windowSince } from '../../lib/monitor/query-window.ts';

const hour = 3_600_000;
const day = 24 * hour;
const due = Date.parse('2026-05-03T12:00:00Z');

describe('windowOf', () => {
  it.each([
    ['for the first time', null, { from: due - 30 * hour, to: due, since: due - 30 * hour }],
    ['an hour after the last one', due - hour, { from: due - 30 * hour, to: due, since: due - 30 * hour }],
    ['a little early, as schedules are', due - hour + 5_000, { from: due - 30 * hour, to: due, since: due - 30 * hour }],
    ['after three days of failures', due - 3 * day, { from: due - 3 * day - 6 * hour, to: due, since: due - 3 * day - 6 * hour }],
    [
      'after a month of failures, in parts',
      due - 30 * day,
      { from: due - 30 * day - 6 * hour, to: due - 22 * day - 6 * hour, since: due - 30 * day - 6 * hour },
    ],
    ['for an hour that is done', due, null],
    ['after a later one', due + hour, null],
  ])('%s', (_, reached, expected) => {
    expect(windowOf(hourly, { reached }, due)).toEqual(expected);
  });

  it('reads back further than what is news, up to what has settled', () => {
    const window = windowOf({ every: hour, lookBack: 6 * day, settles: 2 * hour }, { reached: null }, due);

    expect(window).toEqual({ from: due - 32 * hour - 6 * day, to: due - 2 * hour, since: due - 32 * hour });
  });

  it('is due once a day where that is enough', () => {
    const daily = { every: day, lookBack: 0, settles: 0 };

    expect(windowOf(daily, { reached: due - 22 * hour }, due)).toBeNull();
    expect(windowOf(daily, { reached: due - 24 * hour + 5_000 }, due)).not.toBeNull();
  });
});

describe('a statement that goes on where it was', () => {
  const midnight = Date.parse('2026-05-03T00:00:00Z');
  const hourlyAndDaily = { every: hour, first: 8 * day, daily: 3 * day };

  it.each([
    ['for the first time', null, midnight + 5 * hour, { from: midnight + 5 * hour - 8 * day, to: midnight + 5 * hour }],
    ['within a day', midnight + 4 * hour, midnight + 5 * hour, { from: midnight - 2 * hour, to: midnight + 5 * hour }],
    [
      'first in a day, which finds what came days late',
      midnight - hour / 2,
      midnight + hour / 2,
      { from: midnight + hour / 2 - 3 * day, to: midnight + hour / 2 },
    ],
    [
      'first in a day, after days of failures',
      midnight - 5 * day,
      midnight + hour,
      { from: midnight - 5 * day - 6 * hour, to: midnight + hour },
    ],
  ])('%s', (_, reached, now, expected) => {
    expect(windowSince({ reached }, now, hourlyAndDaily)).toEqual({ ...expected, since: expected.from });
  });
});

describe('whatever run fails', () => {
  it.each([
    ['windowOf', (reached: number | null, now: number) => windowOf(hourly, { reached }, now)],
    ['windowSince', (reached: number | null, now: number) => windowSince({ reached }, now, { every: hour, first: day, daily: 3 * day })],
  ])('%s leaves no gap, and reads everything again that may have come late', (_, windowAt) => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 400 }), (succeeds) => {
        let reached: number | null = null;
        for (const [index, success] of succeeds.entries()) {
          const window = windowAt(reached, due + index * hour);
          if (window === null) continue;
          if (reached !== null) expect(window.since).toBeLessThanOrEqual(reached - 6 * hour);
          expect(window.to).toBeGreaterThan(reached ?? 0);
          expect(window.to).toBeLessThanOrEqual(due + index * hour);
          if (success) reached = window.to;
        }
      }),
    );
  });
});
