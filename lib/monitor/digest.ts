import type { Configuration } from '../domain/configuration.ts';
import type { BlindSpot, Digest, OpenProblem } from '../domain/digest.ts';
import { atLeast, severities } from '../domain/severity.ts';
import { listSubjects } from '../evidence/subjects.ts';
import type { KnownFinding } from '../ports/finding-store.ts';
import { alertId } from './alert-id.ts';
import { collectInventory } from './collect-inventory.ts';
import type { Monitor } from './monitor.ts';
import { evidenceOf } from './observe.ts';
import { blindAfter, quietedBy } from './transition.ts';
import { createPlace } from './turn.ts';

const day = 86_400_000;
/** Nothing newer than this from a sweep: nobody knows how things are. A sweep may be wanted only once a day. */
const staleAfter = 26 * 3_600_000;
/** How long before its end a suppression is announced. */
const endsSoon = 7 * day;

/** What a digest is made of. */
export interface DigestInput extends Pick<Monitor, 'account' | 'region' | 'configuration'> {
  /** When it was due, milliseconds since 1970. */
  readonly due: number;
  readonly now: number;
  /** Everything open, suppressed or unseen. */
  readonly known: readonly KnownFinding[];
  readonly watched: number | null;
  readonly lastSweep: string | null;
}

/** The digest of the day on which it was due. */
export function composeDigest({ account, region, configuration, due, now, known, watched, lastSweep }: DigestInput): Digest {
  const { minimumSeverity } = configuration.alerts;
  const told = ({ severity }: KnownFinding): boolean => atLeast(severity, minimumSeverity);
  const quiet = known.flatMap((one) => {
    const suppression = quietedBy(one, now);
    return suppression ? [{ ...problemOf(one), suppression }] : [];
  });
  // A suppression that has ended, or was taken back, hides nothing while the next look is awaited.
  const loud = known.filter((one) => quietedBy(one, now) === null);
  const open = loud.filter(({ state }) => state === 'open' || state === 'suppressed');
  const blind = loud.filter((one) => (one.blind?.sweeps ?? 0) >= blindAfter);
  const dayOf = isoDay(due);
  return {
    schemaVersion: '1',
    kind: 'digest',
    id: alertId(`digest#${account}#${region}#${dayOf}`, 'digest'),
    day: dayOf,
    account,
    region,
    at: new Date(now).toISOString(),
    watched,
    lastSweep,
    stale: lastSweep === null || now - Date.parse(lastSweep) > staleAfter,
    minimumSeverity,
    open: open.filter(told).map(problemOf).sort(bySeverity),
    openCounts: countBySeverity(open),
    ending: quiet
      .filter(({ suppression: { until } }) => until !== null && Date.parse(`${until}T00:00:00Z`) + day - now <= endsSoon)
      .sort((a, b) => compare(a.suppression.until ?? '', b.suppression.until ?? '') || bySeverity(a, b)),
    suppressed: quiet.length,
    blind: blind.filter(told).map(blindSpotOf).sort(byCheck),
    blindCount: blind.filter(told).length,
    blindBelow: blind.filter((one) => !told(one)).length,
  };
}

/**
 * True where the configuration wants this digest to be sent: on its days when there is something in it, and once a week (on Monday) in any case, so
 * that silence is never mistaken for health.
 */
export function isDigestWanted(digest: Digest, { digest: often, weeklyAllQuiet }: Configuration['alerts']): boolean {
  const monday = new Date(`${digest.day}T00:00:00Z`).getUTCDay() === 1;
  const something = [digest.open, digest.ending, digest.blind].some(({ length }) => length > 0) || digest.stale || digest.watched === null;
  const due = often === 'daily' || (often === 'weekly' && monday);
  return (due && something) || (weeklyAllQuiet && monday);
}

/** What sends a digest. */
export interface DigestMonitor
  extends Pick<Monitor, 'account' | 'partition' | 'region' | 'configuration' | 'ask' | 'store' | 'now' | 'wait'> {
  /** Rejects when it could not be sent; the same one may be sent twice, with the same id. */
  readonly send: (digest: Digest, signal?: AbortSignal) => Promise<void>;
}

/**
 * Sends the digest of the day on which it was due, unless that day has had its own. Resolves with whether it was sent. Of several that are started at
 * the same time one sends it. A crash between sending and remembering repeats it, with the same id.
 */
export async function sendDigest(
  monitor: DigestMonitor,
  { due, signal }: { readonly due: number; readonly signal?: AbortSignal },
): Promise<boolean> {
  const { store, configuration } = monitor;
  if (configuration.alerts.digest === 'off' && !configuration.alerts.weeklyAllQuiet) return false;
  const dayOf = isoDay(due);
  const isSent = async (): Promise<boolean> => ((await store.watermark('digest')) ?? '') >= dayOf;
  const place = createPlace(monitor);
  try {
    let turn: readonly string[] | null = null;
    // Null: another one took this turn, and has sent the digest or is gone.
    while (turn === null) {
      if (await isSent()) return false;
      turn = await place.turn([`digest#${dayOf}`], signal);
    }
    return (await isSent()) ? false : await composeAndSend(monitor, due, signal);
  } finally {
    await place.leave();
  }
}

async function composeAndSend(monitor: DigestMonitor, due: number, signal: AbortSignal | undefined): Promise<boolean> {
  const { store, configuration, account, region } = monitor;
  const [known, lastSweep, watched] = await Promise.all([store.listOpen(), store.watermark('sweep'), countClusters(monitor, signal)]);
  const digest = composeDigest({ account, region, configuration, due, now: monitor.now(), known, watched, lastSweep });
  const wanted = isDigestWanted(digest, configuration.alerts);
  if (wanted) await monitor.send(digest, signal);
  await store.moveWatermark('digest', digest.day);
  return wanted;
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

async function countClusters(monitor: DigestMonitor, signal: AbortSignal | undefined): Promise<number | null> {
  const actions = new Set(['rds:DescribeDBClusters', 'rds:DescribeDBInstances']);
  const inventory = await collectInventory(monitor.ask, [monitor.region], actions, signal ? { signal } : {});
  const { subjects, unlisted } = listSubjects(evidenceOf(monitor, inventory)).cluster;
  return unlisted.length > 0 ? null : subjects.length;
}

function countBySeverity(known: readonly KnownFinding[]): Digest['openCounts'] {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of known) counts[severity] += 1;
  return counts;
}

function problemOf({ fingerprint, check, severity, resource, openedAt, knownAt }: KnownFinding): OpenProblem {
  return { fingerprint, check, severity, resource, since: new Date(openedAt ?? knownAt).toISOString() };
}

function blindSpotOf({ fingerprint, check, severity, resource, blind }: KnownFinding): BlindSpot {
  return { fingerprint, check, severity, resource, reason: blind?.reason ?? '' };
}

function byCheck(a: BlindSpot, b: BlindSpot): number {
  return compare(a.check, b.check) || compare(a.resource.arn, b.resource.arn);
}

function bySeverity(a: OpenProblem, b: OpenProblem): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compare(a.since, b.since) ||
    compare(a.check, b.check) ||
    compare(a.resource.arn, b.resource.arn)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
