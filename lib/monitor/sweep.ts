import type { Alert } from '../domain/alert.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { KnownFinding, StoredAlert } from '../ports/finding-store.ts';
import { opens } from './change-owner.ts';
import { collectInventory } from './collect-inventory.ts';
import { recordedEvents, type Search, searchesFor, watchedBy } from './event-searches.ts';
import { isJudgedHere, isOfAccount } from './home.ts';
import type { Monitor } from './monitor.ts';
import { evidenceOf, keptFacts, observe, statefulChecks } from './observe.ts';
import { becomesVisible, finishAlerts, reconcile } from './reconcile.ts';
import { tell } from './tell.ts';
import { isNamed, namedClusters, namesIn, touchedClusters } from './touched.ts';
import type { Observation } from './transition.ts';

/** How a sweep is wanted. */
export interface SweepOptions {
  /** When it was due (ISO 8601): the same when the same sweep is started again. */
  readonly due: string;
  /** Reads one record of LookupEvents; null: it is none. */
  readonly readEvent: (record: unknown) => CloudTrailEvent | null;
  readonly signal?: AbortSignal;
}

/** What a sweep did, in numbers. */
export interface Swept {
  readonly judged: number;
  readonly unknown: number;
  readonly events: number;
  readonly told: number;
}

const minute = 60_000;
/** An alert that is still pending after this long has lost its writer: no function runs longer. */
const abandonedAfter = 20 * minute;
/** LookupEvents lists an event some minutes after it happened. */
const overlap = 20 * minute;
/** How far the first sweep looks back. */
const firstLook = 24 * 60 * minute;

/**
 * Looks at everything: finishes what was left, tells the changes whose events never came, then what only a look finds.
 * An alert that cannot be sent, or a CloudTrail that does not answer, keeps none of the rest back; rejects at the end with what went wrong.
 */
export async function sweep(monitor: Monitor, { due, readEvent, signal }: SweepOptions): Promise<Swept> {
  const { store, region, configuration } = monitor;
  const failures: unknown[] = [];
  const attempt = async <T>(step: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await step;
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
      return otherwise;
    }
  };
  const left = (await store.listUnsent()).filter((one) => isAbandoned(one, monitor.now()));
  await attempt(tell(monitor, await finishAlerts(store, left), signal), undefined);

  const checks = statefulChecks(monitor.checks).filter(({ on }) => isJudgedHere(on, monitor.home));
  const at = monitor.now();
  const actions = new Set(['rds:DescribeDBClusters', 'rds:DescribeDBInstances', ...checks.flatMap(({ needs }) => needs)]);
  const inventory = await collectInventory(monitor.ask, [region], actions, signal ? { signal } : {});
  const evidence = evidenceOf(monitor, inventory, await keptFacts(monitor, inventory, at, signal));
  const seen = observe(checks, evidence, { configuration, at, sweep: due });
  const observations = [
    ...seen,
    ...goneAmong(
      await store.listOpen(),
      seen,
      checks.map(({ id }) => id),
      at,
      due,
    ),
  ];

  // What waits for its second look, CloudTrail may list only later.
  const awaited = tellChanges(monitor, await store.listAwaited(at), evidence, observations, at, signal);
  const missed = { events: 0, told: await attempt(awaited, 0) };
  const recorded = recordedEvents(monitor.checks).filter(({ source }) => monitor.home || !isOfAccount(source));
  for (const search of searchesFor(recorded, [region], { partition: monitor.partition, everywhere: monitor.home })) {
    const options = { due, readEvent, isWatched: watchedBy(recorded), ...(signal ? { signal } : {}) };
    const looking = tellMissedChanges(monitor, search, evidence, observations, at, options);
    const found = await attempt(looking, { events: 0, told: 0 });
    missed.events += found.events;
    missed.told += found.told;
  }
  const { alerts } = await reconcile(store, {
    cause: `sweep#${due}`,
    eventTime: null,
    account: monitor.account,
    region,
    observations,
    changes: [],
    minimumSeverity: configuration.alerts.minimumSeverity,
    now: monitor.now(),
  });
  await attempt(tell(monitor, alerts, signal), undefined);
  await store.moveWatermark('sweep', new Date(at).toISOString());
  const [failure, ...more] = failures;
  if (more.length > 0) throw new AggregateError(failures, `${failures.length} parts of the sweep failed.`);
  if (failure !== undefined) throw failure;
  return {
    judged: seen.length,
    unknown: seen.filter((one) => one.seen === 'unknown').length,
    events: missed.events,
    told: missed.told + alerts.length,
  };
}

/** True for a problem of the account or region as a whole that such a change makes. */
function isOfWhole(check: string, { type }: Resource, changes: readonly Alert[]): boolean {
  return (type === 'account' || type === 'region') && changes.some((change) => opens[change.check]?.includes(check));
}

function isAbandoned(stored: StoredAlert, now: number): boolean {
  return Date.parse(stored.alert.at) < now - abandonedAfter;
}

/** What is open (or could not be seen) on resources that are no longer listed, where the list itself could be had. */
function goneAmong(
  open: readonly KnownFinding[],
  seen: readonly Observation[],
  checks: readonly string[],
  at: number,
  due: string,
): Observation[] {
  const judged = new Set(seen.map(({ fingerprint }) => fingerprint));
  const unlisted = new Set(
    seen
      .filter((one) => one.seen === 'unknown' && (one.resource.type === 'region' || one.resource.type === 'account'))
      .map(({ check }) => check),
  );
  return open.flatMap((known) => {
    const { fingerprint, check, resource, severity, finding } = known;
    if (judged.has(fingerprint) || !checks.includes(check) || unlisted.has(check)) return [];
    return {
      fingerprint,
      check,
      title: finding?.title ?? check,
      resource,
      severity,
      at,
      seen: 'gone',
      reason: `${resource.name} is no longer there.`,
      finding: null,
      sweep: due,
    };
  });
}

/** CloudTrail's delivery to EventBridge is best effort: asks LookupEvents for what happened since the last sweep, and tells what was never told. */
async function tellMissedChanges(
  monitor: Monitor,
  search: Search,
  evidence: Evidence,
  observations: readonly Observation[],
  at: number,
  { readEvent, isWatched, signal }: SweepOptions & { readonly isWatched: (event: CloudTrailEvent) => boolean },
): Promise<{ events: number; told: number }> {
  const { store, region } = monitor;
  const watermark = search.region === region ? 'events' : `events#${search.region}`;
  const reached = await store.watermark(watermark);
  const from = reached === null ? at - firstLook : Date.parse(reached) - overlap;

  const events = new Map<string, CloudTrailEvent>();
  for await (const record of monitor.lookUpEvents({ ...search, from, to: at }, signal)) {
    const event = readEvent(record);
    if (event && event.errorCode === null && isWatched(event)) events.set(event.eventId, event);
  }
  const told = await tellChanges(monitor, [...events.values()], evidence, observations, at, signal);
  await store.moveWatermark(watermark, new Date(at).toISOString());
  return { events: events.size, told };
}

/** Tells what was never told of these events, and brings what was seen of what they touch together with them. Resolves with how many alerts. */
async function tellChanges(
  monitor: Monitor,
  events: readonly CloudTrailEvent[],
  evidence: Evidence,
  observations: readonly Observation[],
  at: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { store, region, configuration } = monitor;
  const sealed: StoredAlert[] = [];
  const clusters = namedClusters(evidence.inventory, region);
  try {
    for (const event of events.toSorted((a, b) => (a.eventTime < b.eventTime ? -1 : 1))) {
      const changes = monitor.judgeChange(event, evidence, { configuration, at });
      if (changes.length === 0) continue;
      const before = new Map((await store.loadAlerts(event.eventId)).map((alert) => [alert.key, alert.status]));
      // What was told may have become visible only now; much later it is somebody else's doing.
      if (changes.every(({ check }) => before.get(check) === 'sent') && at - Date.parse(event.eventTime) > becomesVisible) continue;
      const touched = new Set(touchedClusters(clusters, event).map(({ name }) => name));
      const said = namesIn(event);
      const reached = new Set(changes.flatMap(({ resources }) => resources.map(({ arn }) => arn)));
      const { alerts } = await reconcile(store, {
        cause: event.eventId,
        eventTime: event.eventTime,
        account: event.account ?? monitor.account,
        region: event.region || region,
        observations: observations.filter(
          ({ check, resource, seen }) =>
            seen !== 'unknown' &&
            (touched.has(resource.name) || isNamed(resource, said) || reached.has(resource.arn) || isOfWhole(check, resource, changes)),
        ),
        changes,
        minimumSeverity: configuration.alerts.minimumSeverity,
        now: monitor.now(),
      });
      sealed.push(...alerts);
    }
  } finally {
    // A burst is told in one message, also where something kept the rest of it from being judged.
    await tell(monitor, sealed, signal);
  }
  return sealed.length;
}
