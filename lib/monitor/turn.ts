import { randomUUID } from 'node:crypto';
import type { Present } from '../ports/finding-store.ts';
import type { Monitor } from './monitor.ts';
import { ContentionError } from './reconcile.ts';

/** Milliseconds between two looks at who is still busy. */
const pause = 500;
/** Somebody who waits for others to judge looks so often, all in all; then it goes on without them. */
const looks = 40;
/** Milliseconds after which one who has said nothing since is taken for dead. */
const lasting = 25_000;
const rounds = 50;

/** A place among all who judge and tell at the moment. */
export interface Place {
  /**
   * Says that everything about `causes` is judged, and waits while others judge or tell: twenty seconds at most, but for who tells some of these causes
   * until it is done or dead. Resolves with the causes to be told now, those that others have judged too; null: somebody else took these. Rejects when
   * `signal` aborts.
   */
  turn(causes: readonly string[], signal?: AbortSignal): Promise<readonly string[] | null>;
  /** Says that this one still tells; writes where that was not said for a while. */
  stay(): Promise<void>;
  /** Gives the place up. Never rejects: who cannot say that it is gone will be taken for dead. */
  leave(): Promise<void>;
}

/**
 * Who tells takes turns, so that what several processes judge at the same time is told together, by the last of them, and nothing is told by two.
 * It is one item that each of them rewrites, on condition that nobody else did meanwhile.
 */
export function createPlace({ store, wait, now }: Pick<Monitor, 'store' | 'wait' | 'now'>): Place & {
  /** Makes others wait until this one has judged, too. Rejects where the store does. */
  judge(): Promise<void>;
} {
  const id = randomUUID();
  let known: Awaited<ReturnType<typeof store.present>> | null = null;
  let left = looks;
  let mine: Present = { id, doing: 'judging', causes: [], until: 0 };

  /** Rewrites who is there; where `next` gives null there is nothing to write. */
  const rewrite = async (next: (others: readonly Present[], isThere: boolean) => readonly Present[] | null): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      known ??= await store.present();
      const alive = known.present.filter(({ until }) => until > now());
      const others = alive.filter((one) => one.id !== id);
      const present = next(others, others.length < alive.length);
      if (present === null) return;
      const written = { present, revision: known.revision + 1 };
      known = (await store.savePresent(written)) ? written : null;
      if (known) return;
    }
    throw new ContentionError('Others kept writing who judges and tells.');
  };
  const as = (doing: Present['doing'], causes: readonly string[]): Present => {
    mine = { id, doing, causes, until: now() + lasting };
    return mine;
  };

  return {
    judge: () => rewrite((others) => [...others, as('judging', [])]),
    async turn(causes, signal) {
      let said = false;
      for (;;) {
        let turn: readonly string[] | null | undefined;
        await rewrite((others, isThere) => {
          turn = undefined;
          const told = new Set(others.filter(({ doing }) => doing === 'telling').flatMap((one) => one.causes));
          const isTold = causes.some((cause) => told.has(cause));
          if (said && !isThere) {
            if (!isTold) turn = null;
            return null;
          }
          const waiting = others.filter(({ doing }) => doing === 'waiting');
          if (isTold || (left > 0 && waiting.length < others.length)) return said ? null : [...others, as('waiting', causes)];
          const all = [...new Set([...waiting.flatMap((one) => one.causes), ...causes])].filter((cause) => !told.has(cause));
          turn = all;
          return [...others.filter(({ doing }) => doing !== 'waiting'), as('telling', all)];
        });
        if (turn !== undefined) return turn;
        said = true;
        left -= 1;
        await wait(pause, signal);
        known = null;
      }
    },
    async stay() {
      if (mine.until - now() < lasting / 2) await rewrite((others) => [...others, as(mine.doing, mine.causes)]);
    },
    leave: () => rewrite((others, isThere) => (isThere ? others : null)).catch(() => undefined),
  };
}
