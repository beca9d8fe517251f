import { createHash } from 'node:crypto';
import type { Finding } from '../domain/finding.ts';
import type { FindingStore, KnownFinding } from '../ports/finding-store.ts';
import type { HubFinding, Imported, ImportFindings, ImportLog } from '../ports/security-hub.ts';
import { quietedBy } from './transition.ts';

/** What keeps Security Hub in step with what is known. */
export interface Mirror {
  readonly store: Pick<FindingStore, 'listOpen' | 'load'>;
  readonly log: ImportLog;
  readonly importFindings: ImportFindings;
  /** The finding as Security Hub takes it, as it stands at `at` (milliseconds since 1970). */
  readonly render: (finding: Finding, standing: Standing, at: number) => HubFinding['body'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How a finding stands: a suppressed one is kept out of sight as one that is over is, and comes back when its suppression ends. */
export type Standing = 'open' | 'suppressed' | 'resolved';

/** What was sent, in numbers. */
export interface Mirrored {
  readonly sent: number;
  readonly archived: number;
}

/** Security Hub did not take everything; the next sweep sends it again. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

const day = 86_400_000;
/** Security Hub forgets what nobody has updated for 90 days. */
const refreshAfter = 30 * day;

/**
 * Tells Security Hub what is open, what is suppressed and what is over; what it knows already is not sent again, as it costs by the finding. What is not
 * known changes nothing. Rejects with an {@link ImportError} where it did not take something, after all the rest was sent.
 */
export async function mirrorFindings({ store, log, importFindings, render, now }: Mirror, signal?: AbortSignal): Promise<Mirrored> {
  const at = now();
  const [listed, active] = await Promise.all([store.listOpen(), log.listActive()]);
  const told = new Map(active.map((one) => [one.fingerprint, one]));
  const open = new Map(listed.filter((one) => standingOf(one, at) === 'open').map((one) => [one.fingerprint, one]));
  // The list may be a few seconds old, so whatever seems to be over is read again.
  const others = await store.load([...told.keys()].filter((fingerprint) => !open.has(fingerprint)));

  const wanted: { readonly hub: HubFinding; readonly imported: Imported; readonly before: Imported | null }[] = [];
  for (const known of [...open.values(), ...others.values()]) {
    const { fingerprint, finding } = known;
    if (finding === null) continue;
    const standing = standingOf(known, at);
    const shown = shownAs(known, finding, standing, at);
    const content = digestOf(render({ ...shown, lastSeen: shown.firstSeen }, standing, 0));
    const before = told.get(fingerprint);
    if (before?.content === content && at - before.at < refreshAfter) continue;
    wanted.push({
      hub: { fingerprint, body: render(shown, standing, at) },
      imported: { fingerprint, content, at, archived: standing !== 'open' },
      before: before ?? null,
    });
  }
  const refused =
    wanted.length === 0
      ? new Map<string, string>()
      : await importFindings(
          wanted.map(({ hub }) => hub),
          signal,
        );
  const taken = wanted.filter(({ imported }) => !refused.has(imported.fingerprint));
  for (const { imported, before } of taken) {
    // Two sweeps at once: nobody knows whose word came last, so the next one says it again.
    if (!(await log.save(imported, before))) await log.forget(imported);
  }
  if (refused.size > 0) throw new ImportError(sentence(refused, wanted.length));
  return { sent: taken.length, archived: taken.filter(({ imported }) => imported.archived).length };
}

function standingOf(known: KnownFinding, at: number): Standing {
  if (known.state === 'open') return 'open';
  // A suppression that has ended hides nothing while the next look is awaited.
  if (known.state === 'suppressed') return quietedBy(known, at) === null ? 'open' : 'suppressed';
  return 'resolved';
}

/** The finding with the suppression that counts, whoever made it. */
function shownAs(known: KnownFinding, finding: Finding, standing: Standing, at: number): Finding {
  const { suppression: _, ...bare } = finding;
  const quiet = standing === 'suppressed' ? quietedBy(known, at) : null;
  return quiet ? { ...bare, state: 'suppressed', suppression: quiet } : { ...bare, state: 'open' };
}

function digestOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32);
}

function sentence(refused: ReadonlyMap<string, string>, all: number): string {
  const reasons = [...new Set(refused.values())];
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more reasons` : '';
  return `Security Hub did not take ${refused.size} of ${all} findings: ${reasons.slice(0, 3).join('; ')}${more}`;
}
