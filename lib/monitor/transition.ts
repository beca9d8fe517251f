import type { Transition } from '../domain/alert.ts';
import type { Finding, SuppressionNote } from '../domain/finding.ts';
import type { Resource } from '../domain/resource.ts';
import { atLeast, type Severity } from '../domain/severity.ts';
import type { KnownFinding } from '../ports/finding-store.ts';
import { hasEnded } from './judge.ts';

/** What one look at one resource said about one problem. */
export interface Observation {
  readonly fingerprint: string;
  readonly check: string;
  readonly title: string;
  /** What to do about it where no command is known; with `fail` only. */
  readonly fix?: string;
  readonly resource: Resource;
  readonly severity: Severity;
  /** The moment that it was asked, milliseconds since 1970. */
  readonly at: number;
  /** `gone`: the resource is no longer there. */
  readonly seen: 'fail' | 'pass' | 'gone' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** With `fail` only. */
  readonly finding: Finding | null;
  /** The sweep that looked, by the time it was due (ISO 8601: sorts by time); null: an event made us look, and passes are remembered for a while. */
  readonly sweep: string | null;
  /** True: where it is over, nobody is told. */
  readonly silent?: true;
}

/** What an observation changes: the next knowledge, without the alert that will tell it, and what is to be told. */
export interface Step {
  readonly next: KnownFinding;
  readonly tell: Exclude<Transition, 'happened'> | null;
}

/** After how many sweeps in a row that could not see it, blindness is told. */
export const blindAfter = 3;

/**
 * What an observation changes in what is known, or null where it changes nothing: it is a repeat, older than what is known, or says nothing new.
 * Unknown changes no state; it only counts sweeps.
 * @param lastSweep when the last finished sweep asked, milliseconds since 1970; 0: there was none. It knows of everything that it saw and that is not known here that it was fine
 */
export function transition(known: KnownFinding | null, seen: Observation, lastSweep: number): Step | null {
  // What was asked before the last sweep and is not known by now was no problem when that sweep looked.
  if (known ? seen.at < known.knownAt : seen.at < lastSweep) return null;
  if (seen.seen === 'unknown') return blindStep(known, seen, lastSweep);
  return seen.seen === 'fail' ? failStep(known, seen) : passStep(known, seen);
}

function failStep(known: KnownFinding | null, seen: Observation): Step | null {
  const finding = seen.finding;
  if (!finding) throw new TypeError(`A failed check without a finding: ${seen.check}`);
  const suppression = suppressionOf(known, finding, seen.at);
  const state = suppression ? 'suppressed' : 'open';
  const next = {
    ...(known ?? blank(seen)),
    state,
    knownAt: seen.at,
    severity: seen.severity,
    blind: null,
    revision: (known?.revision ?? 0) + 1,
  } as const;

  if (!known || known.state === 'passing' || known.state === 'unseen') {
    return { next: { ...next, finding, openedAt: seen.at, openedBy: null }, tell: suppression ? null : 'opened' };
  }
  if (known.state === 'resolved') {
    return { next: { ...next, finding, openedAt: seen.at, openedBy: null }, tell: suppression ? null : 'reopened' };
  }
  const kept = { ...next, finding: { ...finding, firstSeen: known.finding?.firstSeen ?? finding.firstSeen } };
  // A suppression that has ended makes an old problem new to those who were not told.
  if (known.state === 'suppressed' && state === 'open') return { next: { ...kept, openedBy: null }, tell: 'reopened' };
  if (known.state === 'open' && state === 'suppressed') return { next: kept, tell: null };
  if (seen.at === known.knownAt && known.severity === seen.severity) return null;
  const worse = seen.severity !== known.severity && atLeast(seen.severity, known.severity);
  return { next: kept, tell: worse && state === 'open' ? 'worsened' : null };
}

function passStep(known: KnownFinding | null, seen: Observation): Step | null {
  if (!known)
    return seen.sweep === null && seen.seen === 'pass'
      ? { next: { ...blank(seen), state: 'passing', knownAt: seen.at }, tell: null }
      : null;
  // Two looks of the same moment that disagree: the bad one counts until the next look.
  if (seen.at === known.knownAt && known.state !== 'unseen') return null;
  const next = { ...known, knownAt: seen.at, blind: null, revision: known.revision + 1 };
  if (known.state === 'open' || known.state === 'suppressed') {
    // Who was not told that it opened is not told that it is over.
    const tell = known.state === 'open' && known.openedBy !== null && !seen.silent ? 'resolved' : null;
    return { next: { ...next, state: 'resolved' }, tell };
  }
  if (known.state === 'unseen') return { next: { ...next, state: 'passing' }, tell: null };
  return { next, tell: null };
}

function blindStep(known: KnownFinding | null, seen: Observation, lastSweep: number): Step | null {
  if (seen.sweep === null || (known?.blind && known.blind.last >= seen.sweep)) return null;
  const from = known ?? { ...blank(seen), state: 'unseen' as const, knownAt: lastSweep };
  const sweeps = (from.blind?.sweeps ?? 0) + 1;
  const tell = sweeps >= blindAfter && !from.blind?.told && quietedBy(from, seen.at) === null;
  const blind = { sweeps, last: seen.sweep, reason: seen.reason, told: from.blind?.told === true || tell };
  return { next: { ...from, blind, revision: (known?.revision ?? 0) + 1 }, tell: tell ? 'blind' : null };
}

/** The suppression that keeps the problem quiet at `at`, the one of the command before that of the configuration; null: it is not quiet. */
export function quietedBy({ state, suppression, finding }: KnownFinding, at: number): SuppressionNote | null {
  if (state !== 'suppressed') return null;
  return [suppression, finding?.suppression].find((note) => note && !hasEnded(note, at)) ?? null;
}

function blank(seen: Observation): KnownFinding {
  return {
    fingerprint: seen.fingerprint,
    check: seen.check,
    resource: seen.resource,
    state: 'passing',
    knownAt: seen.at,
    severity: seen.severity,
    finding: null,
    openedAt: null,
    openedBy: null,
    alerts: [],
    blind: null,
    suppression: null,
    revision: 1,
  };
}

/** The suppression of the configuration, or else the one that somebody made with `suppress` and that has not ended. */
function suppressionOf(known: KnownFinding | null, finding: Finding, at: number): SuppressionNote | null {
  if (finding.state === 'suppressed') return finding.suppression ?? { by: null, reason: '', until: null };
  const said = known?.suppression;
  if (!said) return null;
  return hasEnded(said, at) ? null : said;
}
