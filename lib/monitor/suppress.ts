import { UsageError } from '../domain/errors.ts';
import type { SuppressionNote } from '../domain/finding.ts';
import type { FindingStore, KnownFinding } from '../ports/finding-store.ts';
import { ContentionError } from './reconcile.ts';
import { quietedBy } from './transition.ts';

const rounds = 8;

/**
 * Quiets one finding from now on: nothing is told of it until the last day of the note is over. Resolves with the finding.
 * Throws a UsageError where there is no such problem.
 * @param start the fingerprint, or its first characters
 */
export function suppressFinding(store: FindingStore, start: string, note: SuppressionNote): Promise<KnownFinding> {
  return rewrite(store, start, (known) => {
    if (known.state === 'resolved') throw new UsageError(`The finding ${known.fingerprint} is resolved: there is nothing to quiet.`);
    if (!known.finding) throw new UsageError(`${known.fingerprint} is no finding: nothing was ever wrong there.`);
    return { ...known, state: 'suppressed', suppression: note, revision: known.revision + 1 };
  });
}

/**
 * Takes back what {@link suppressFinding} did. A problem that is still there is told again by the next look.
 * Throws a UsageError where nobody suppressed it.
 */
export function liftSuppression(store: FindingStore, start: string): Promise<KnownFinding> {
  return rewrite(store, start, (known) => {
    if (!known.suppression) throw new UsageError(`Nobody suppressed the finding ${known.fingerprint}.`);
    return { ...known, suppression: null, revision: known.revision + 1 };
  });
}

/** A problem that is quiet, and by whose word. */
export interface Suppressed {
  readonly known: KnownFinding;
  readonly note: SuppressionNote;
}

/** Problems that are quiet at `at` (milliseconds since 1970), those whose end comes first standing first. */
export async function listSuppressed(store: FindingStore, at: number): Promise<readonly Suppressed[]> {
  const found = (await store.listOpen()).flatMap((known) => {
    const note = quietedBy(known, at);
    return note ? [{ known, note }] : [];
  });
  const order = ({ known, note }: Suppressed): string => `${note.until ?? '9999'} ${known.check} ${known.fingerprint}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Reads, changes and writes again until nobody else was faster: a look may write at the same time. */
async function rewrite(store: FindingStore, start: string, change: (known: KnownFinding) => KnownFinding): Promise<KnownFinding> {
  const fingerprint = await wholeFingerprint(store, start);
  for (let round = 0; round < rounds; round++) {
    const known = (await store.load([fingerprint])).get(fingerprint);
    if (!known) throw new UsageError(`The monitor knows no finding with the fingerprint ${fingerprint}.`);
    const next = change(known);
    if (await store.save(next)) return next;
  }
  throw new ContentionError(`Others kept writing the finding ${fingerprint}; try again.`);
}

async function wholeFingerprint(store: FindingStore, start: string): Promise<string> {
  if (start.length >= 32) return start;
  const found = (await store.listOpen()).filter(({ fingerprint }) => fingerprint.startsWith(start));
  const [only] = found;
  if (!only) throw new UsageError(`The monitor knows no open finding whose fingerprint begins with "${start}".`);
  if (found.length > 1) throw new UsageError(`${found.length} findings begin with "${start}"; give more of it.`);
  return only.fingerprint;
}
