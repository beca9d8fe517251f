import type { Rhythm } from '../evidence/check-kinds.ts';
import type { Window } from '../evidence/window.ts';
import type { QueryRun } from '../ports/run-store.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Every hour, about the last day, up to now. */
export const hourly: Rhythm = { every: hour, lookBack: 0, settles: 0 };

/** What was logged may come so late. What comes later than that, and later than a day, is in no run. */
const late = 6 * hour;
/** A schedule is not exact: a run that is nearly due is due. */
const early = hour / 2;
/** A run covers no more, lest one that failed for long fails for its size, too; the next one goes on. */
const longest = 8 * day;

/** A window, and since when what is found is news: what is older is quiet. */
export interface RunWindow extends Window {
  readonly since: number;
}

type Reached = Pick<QueryRun, 'reached'> | undefined;

/**
 * What the query of a check reads in a run that is `due`: at least the last day, so that what is open is seen again and closes after a quiet one, and
 * everything since the last run that was reconciled, with an overlap for what came late. Null: nothing is due. Times are milliseconds since 1970.
 */
export function windowOf({ every, lookBack, settles }: Rhythm, run: Reached, due: number): RunWindow | null {
  const now = due - settles;
  const reached = run?.reached ?? null;
  if (reached !== null && now - reached < every - early) return null;
  const since = Math.min(now - day, reached ?? now) - late;
  return { from: since - lookBack, to: Math.min(now, since + longest), since };
}

/** What a query reads that looks back over a fixed time, whatever its last run saw; it ends when what it counts has arrived. */
export function windowBack(
  run: Reached,
  due: number,
  { every, back, settles }: { readonly every: number; readonly back: number; readonly settles: number },
): RunWindow | null {
  const to = due - settles;
  const reached = run?.reached ?? null;
  if (reached !== null && to - reached < every - early) return null;
  return { from: due - back, to, since: due - back };
}

/**
 * What a statement reads that goes on where it was: since its last run, with the same overlap. `first`: how far back the first one goes; `daily`: how far
 * back the first one of each day (UTC) goes at least, for what came later than the overlap.
 */
export function windowSince(
  run: Reached,
  due: number,
  { every, first, daily = 0 }: { readonly every: number; readonly first: number; readonly daily?: number },
): RunWindow | null {
  const reached = run?.reached ?? null;
  if (reached !== null && due - reached < every - early) return null;
  const from = reached === null ? due - first : reached - late;
  const to = Math.min(due, from + longest);
  const isFirstOfDay = reached !== null && Math.floor(reached / day) < Math.floor(due / day);
  const since = isFirstOfDay ? Math.min(from, due - daily) : from;
  return { from: since, to, since };
}
