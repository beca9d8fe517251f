import { setTimeout as wait } from 'node:timers/promises';
import type { Alert } from '../domain/alert.ts';
import { unknown } from '../domain/answer.ts';
import type { DbClusterSnapshots, DbClusters, DbInstances, DbSnapshots } from '../domain/cluster-answers.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Question } from '../domain/question.ts';
import { questionText } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import type { AccessCheck, PostureCheck } from '../evidence/check-kinds.ts';
import { Inventory } from '../evidence/inventory.ts';
import type { SubjectKind } from '../evidence/subjects.ts';
import type { Ask } from '../ports/ask.ts';
import type { StoredAlert } from '../ports/finding-store.ts';
import { opens } from './change-owner.ts';
import { collectInventory } from './collect-inventory.ts';
import { isJudgedHere, isOfAccount } from './home.ts';
import { isWatchedBy } from './judge-change.ts';
import type { Monitor } from './monitor.ts';
import { evidenceOf, observe, statefulChecks } from './observe.ts';
import { becomesVisible, notVisible, reconcile } from './reconcile.ts';
import { remembering } from './remember.ts';
import { send, UnsentError } from './tell.ts';
import { isNamed, type NamedCluster, namedClusters, namesIn, touchedClusters } from './touched.ts';
import type { Observation } from './transition.ts';
import { createPlace, type Place } from './turn.ts';

/** An event, and whether this is the second look, a minute after the first. */
export interface Delivery {
  readonly event: CloudTrailEvent;
  readonly again: boolean;
}

/**
 * Handles one CloudTrail event: asks about what it touches, judges, brings it together with what is known, and tells.
 * May be run again for the same event, after a crash too: what was told is not told again.
 */
export async function handleEvent(
  monitor: Monitor,
  event: CloudTrailEvent,
  { again, signal }: { readonly again: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  const [result] = await handleEvents(monitor, [{ event, again }], signal ? { signal } : {});
  if (result?.status === 'rejected') throw result.reason;
}

/**
 * Handles events that came together as {@link handleEvent} does each: what they have in common is asked once, and a burst of alerts is told in one
 * message, with what other processes judge at the same time. Resolves with what came of each; one that fails keeps none of the others back.
 * @param patience for how long, in milliseconds, those that were judged wait while none of the others is, and a quarter of how long in all; what takes longer is told by itself
 */
export async function handleEvents(
  monitor: Monitor,
  deliveries: readonly Delivery[],
  { patience = 5_000, signal }: { readonly patience?: number; readonly signal?: AbortSignal } = {},
): Promise<readonly PromiseSettledResult<void>[]> {
  if (deliveries.length === 0) return [];
  const firstPlace = createPlace(monitor);
  try {
    await firstPlace.judge();
  } catch (reason) {
    return deliveries.map(() => ({ status: 'rejected', reason }));
  }
  // One moment for all: an answer that one look has asked for already must not count as newer than it is.
  const at = monitor.now();
  const sharing = { ...monitor, ask: remembering(monitor.ask), now: () => at };
  const results: PromiseSettledResult<void>[] = [];
  const judging = new Map<number, Promise<void>>();
  const judged: (Judged & { readonly index: number; readonly event: CloudTrailEvent })[] = [];
  const judge = (index: number, { event, again }: Delivery, before: Promise<void>): void => {
    const one = before
      .then(() => judgeEvent(sharing, event, again, signal))
      .then(
        (what) => void judged.push({ ...what, index, event }),
        (reason: unknown) => {
          results[index] = { status: 'rejected', reason };
        },
      );
    judging.set(
      index,
      one.finally(() => judging.delete(index)),
    );
  };
  const all = [...deliveries.entries()];
  for (const [index, delivery] of all) if (!delivery.again) judge(index, delivery, Promise.resolve());
  // What a second look finds may be the doing of an event that has come meanwhile: that one tells who did it.
  const first = allWithin([...judging.values()], patience);
  for (const [index, delivery] of all) if (delivery.again) judge(index, delivery, first);
  // Nobody waits for those that are slow: they get a place when they are judged.
  for (let place = firstPlace; judging.size > 0 || judged.length > 0; place = createPlace(monitor)) {
    await mostOf(judging, patience, () => judged.length > 0);
    const wave = judged.splice(0);
    const finished = await finishWave(monitor, wave, place, signal);
    for (const [position, { index }] of wave.entries()) results[index] = finished[position] ?? { status: 'fulfilled', value: undefined };
  }
  return results;
}

/** Tells what came of events that were judged by now, and gives the place up; gives what came of each. */
async function finishWave(
  monitor: Monitor,
  wave: readonly (Judged & { readonly event: CloudTrailEvent })[],
  place: Place,
  signal: AbortSignal | undefined,
): Promise<readonly PromiseSettledResult<void>[]> {
  const all = wave.flatMap(({ alerts }) => alerts);
  const [sent] = await Promise.allSettled([send(monitor, all, place, signal)]);
  return Promise.allSettled(
    wave.map(async ({ alerts, lookAgain, event }) => {
      if (sent.status === 'rejected') throw sent.reason;
      const failed = alerts.filter(({ alert }) => sent.value.has(alert.id));
      const errors = failed.map(({ alert }) => sent.value.get(alert.id));
      if (errors.length > 0) throw new UnsentError(errors.length, alerts.length, errors);
      if (lookAgain) await monitor.lookAgain(event, signal);
    }),
  );
}

/** What is to be told of one event, and whether it is to be looked at once more. */
interface Judged {
  readonly alerts: readonly StoredAlert[];
  readonly lookAgain: boolean;
}

/** Judges an event and writes what is known by now; tells nothing. */
async function judgeEvent(monitor: Monitor, event: CloudTrailEvent, again: boolean, signal: AbortSignal | undefined): Promise<Judged> {
  if (event.errorCode !== null || (!monitor.home && isOfAccount(event.eventSource))) return { alerts: [], lookAgain: false };
  const checks = concerned(monitor, event);
  const at = monitor.now();
  const look = await lookAtTouched(monitor, event, checks, at, signal);
  const verdicts = monitor.judgeChange(event, look.evidence, { configuration: monitor.configuration, at });
  // A prefix list reaches clusters that its event does not name; what its check found out is what was touched.
  const reached = new Set(verdicts.flatMap(({ resources }) => resources.map(({ arn }) => arn)));
  const observations = look.observations.filter(({ resource }) => look.isTouched(resource) || reached.has(resource.arn));
  const changes = verdicts.map((alert) => withVisibility(alert, observations));

  const { alerts, transitions } = await reconcile(monitor.store, {
    cause: event.eventId,
    eventTime: event.eventTime,
    account: event.account ?? monitor.account,
    region: event.region || monitor.region,
    observations,
    changes,
    minimumSeverity: monitor.configuration.alerts.minimumSeverity,
    now: monitor.now(),
  });
  const lookAgain = !again && mayBeHidden(changes, observations, transitions);
  // A sweep that sees the effect before the second look does knows whose it is.
  if (lookAgain && changes.length > 0) await monitor.store.awaitEffect(event, at + becomesVisible);
  return { alerts, lookAgain };
}

/** Waits until all have ended, or some have and no more of them for a while, or they have taken four times as long. */
async function mostOf(work: ReadonlyMap<number, Promise<unknown>>, patience: number, some: () => boolean): Promise<void> {
  const slices = 10;
  for (let slice = 0, idle = 0; work.size > 0 && idle < slices && slice < 4 * slices; slice++) {
    const before = work.size;
    await allWithin([...work.values()], patience / slices);
    idle = work.size < before || !some() ? 0 : idle + 1;
  }
}

/** Waits until all have ended, or for so many milliseconds. */
async function allWithin(work: readonly Promise<unknown>[], milliseconds: number): Promise<void> {
  const ended = new AbortController();
  const all = Promise.allSettled(work).finally(() => ended.abort());
  await Promise.race([all, wait(milliseconds, undefined, { signal: ended.signal }).catch(() => undefined)]);
}

/** What an event of a source may change the verdict of. */
const subjectsOf: Readonly<Record<string, readonly SubjectKind[]>> = {
  'rds.amazonaws.com': ['cluster', 'snapshot', 'proxy'],
  'ec2.amazonaws.com': ['cluster'],
  'logs.amazonaws.com': ['cluster'],
  'iam.amazonaws.com': ['principal', 'user', 'account'],
  'cloudtrail.amazonaws.com': ['region', 'account'],
};

function concerned({ checks, home }: Monitor, event: CloudTrailEvent): readonly (PostureCheck | AccessCheck)[] {
  const kinds = (subjectsOf[event.eventSource] ?? []).filter((kind) => {
    if (kind === 'snapshot') return event.eventName.includes('Snapshot');
    if (kind === 'proxy') return event.eventName.includes('Proxy');
    return true;
  });
  return statefulChecks(checks).filter(({ on }) => kinds.includes(on) && isJudgedHere(on, home));
}

/** Asks about the things that the event touches, and nothing that costs a call for each of the others. */
async function lookAtTouched(
  monitor: Monitor,
  event: CloudTrailEvent,
  checks: readonly (PostureCheck | AccessCheck)[],
  at: number,
  signal: AbortSignal | undefined,
) {
  const { region } = monitor;
  const signalling = signal ? { signal } : {};
  const { ask } = monitor;
  const told = monitor.checks.filter((check) => check.kind === 'change' && isWatchedBy(check, event));
  const actions = new Set(['rds:DescribeDBClusters', 'rds:DescribeDBInstances', ...[...checks, ...told].flatMap(({ needs }) => needs)]);
  const listed =
    event.eventSource === 'aws.guardduty' || checks.length === 0 ? new Inventory([region]) : await listClusters(ask, region, signal);
  const touched = touchedClusters(namedClusters(listed, region), event);
  const names = namesIn(event);
  const groups = new Set(touched.flatMap((one) => [...one.groups]));
  const clusters = new Set(touched.map(({ name }) => name.toLowerCase()));

  const wanted = ({ service, command, key }: Question): boolean => {
    if (key === null) return true;
    const name = key.toLowerCase();
    if (command === 'describe-db-cluster-parameters' || command === 'describe-db-parameters') return groups.has(name) || names.has(name);
    if (command.endsWith('-snapshot-attributes')) return names.has(name);
    if (service === 'logs') return [...clusters].some((cluster) => name.includes(`/${cluster}/`));
    return command !== 'get-service-last-accessed-details';
  };
  const narrowed = namesItsClusters(event) ? listingOnly(ask, touched, names) : ask;
  const inventory = await collectInventory(only(narrowed, wanted), [region], actions, signalling);
  const evidence = evidenceOf(monitor, inventory);
  const observations = observe(checks, evidence, { configuration: monitor.configuration, at, sweep: null });
  const isTouched = (resource: Resource): boolean => {
    if (resource.type === 'cluster' || resource.type === 'instance') return clusters.has(resource.name.toLowerCase());
    if (resource.type === 'snapshot' || resource.type === 'proxy') return isNamed(resource, names);
    return !['rds.amazonaws.com', 'ec2.amazonaws.com', 'logs.amazonaws.com'].includes(event.eventSource);
  };
  return { evidence, observations, isTouched };
}

/** True for an event that names the clusters it touches, or their groups: what EC2 opens, and who stands behind a proxy, only the check can tell. */
function namesItsClusters({ eventSource, eventName }: CloudTrailEvent): boolean {
  return eventSource === 'logs.amazonaws.com' || (eventSource === 'rds.amazonaws.com' && !eventName.includes('Proxy'));
}

/** Lists these clusters, their instances and the named snapshots alone: in a burst each look would judge all of them. */
function listingOnly(ask: Ask, clusters: readonly NamedCluster[], named: ReadonlySet<string>): Ask {
  const names = new Set(clusters.map(({ name }) => name));
  const isNamedHere = (...all: readonly (string | undefined)[]): boolean => all.some((one) => named.has(one?.toLowerCase() ?? ''));
  const narrow: Readonly<Record<string, (value: unknown) => unknown>> = {
    'describe-db-clusters': (value) => ({
      DBClusters: (value as DbClusters).DBClusters.filter((one) => names.has(one.DBClusterIdentifier)),
    }),
    'describe-db-instances': (value) => ({
      DBInstances: (value as DbInstances).DBInstances.filter((one) => names.has(one.DBClusterIdentifier || one.DBInstanceIdentifier)),
    }),
    'describe-db-cluster-snapshots': (value) => ({
      DBClusterSnapshots: (value as DbClusterSnapshots).DBClusterSnapshots.filter((one) =>
        isNamedHere(one.DBClusterSnapshotIdentifier, one.DBClusterSnapshotArn),
      ),
    }),
    'describe-db-snapshots': (value) => ({
      DBSnapshots: (value as DbSnapshots).DBSnapshots.filter((one) => isNamedHere(one.DBSnapshotIdentifier, one.DBSnapshotArn)),
    }),
  };
  return async (question, signal) => {
    const answer = await ask(question, signal);
    const only = question.service === 'rds' ? narrow[question.command] : undefined;
    return answer.known && only ? { ...answer, value: only(answer.value) } : answer;
  };
}

async function listClusters(ask: Ask, region: string, signal: AbortSignal | undefined): Promise<Inventory> {
  const inventory = new Inventory([region]);
  const questions = ['describe-db-clusters', 'describe-db-instances'].map((command) => ({ region, service: 'rds', command, key: null }));
  await Promise.all(questions.map(async (question) => inventory.add(question, await ask(question, signal))));
  return inventory;
}

/** A call may be visible before its effect is: whether it is to be looked at once more. */
function mayBeHidden(changes: readonly Alert[], observations: readonly Observation[], transitions: number): boolean {
  if (changes.some((change) => opens[change.check] !== undefined && !aboutIn(observations, change).some(({ seen }) => seen === 'fail')))
    return true;
  if (observations.length === 0) return false;
  // What puts something right may do so later, and what became of the rest says nothing about it.
  return transitions === 0 || (changes.length === 0 && observations.some(({ seen }) => seen === 'fail'));
}

/** What was seen of the problems that such a change makes, on what it touches. */
function aboutIn(observations: readonly Observation[], { check, resources }: Alert): readonly Observation[] {
  const arns = new Set(resources.map(({ arn }) => arn));
  return observations.filter((one) => opens[check]?.includes(one.check) && arns.has(one.resource.arn));
}

/** Says so where a change should have opened a problem on what it touches and none of it can be seen yet. */
function withVisibility(alert: Alert, observations: readonly Observation[]): Alert {
  const about = aboutIn(observations, alert);
  const hidden = about.some(({ seen }) => seen === 'pass') && about.every(({ seen }) => seen !== 'fail');
  return hidden && alert.transition === 'happened' ? { ...alert, reason: `${alert.reason} ${notVisible}` } : alert;
}

function only(ask: Ask, wanted: (question: Question) => boolean): Ask {
  return async (question, signal) =>
    wanted(question)
      ? ask(question, signal)
      : unknown({ kind: 'not-collected', question: questionText(question), detail: 'the event does not touch it' });
}
