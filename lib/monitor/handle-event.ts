import type { Alert } from '../domain/alert.ts';
import { unknown } from '../domain/answer.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Question } from '../domain/question.ts';
import { questionKey, questionText } from '../domain/question.ts';
import type { AccessCheck, PostureCheck } from '../evidence/check-kinds.ts';
import { Inventory } from '../evidence/inventory.ts';
import type { SubjectKind } from '../evidence/subjects.ts';
import type { Ask } from '../ports/ask.ts';
import { opens } from './change-owner.ts';
import { collectInventory } from './collect-inventory.ts';
import { isWatchedBy } from './judge-change.ts';
import type { Monitor } from './monitor.ts';
import { evidenceOf, observe, statefulChecks } from './observe.ts';
import { reconcile } from './reconcile.ts';
import { tell } from './tell.ts';
import { isNamed, namedClusters, namesIn, touchedClusters } from './touched.ts';
import type { Observation } from './transition.ts';

/**
 * Handles one CloudTrail event: asks about what it touches, judges, brings it together with what is known, and tells.
 * May be run again for the same event, after a crash too: what was told is not told again.
 * @param again true: this is the second look, a minute after the first
 */
export async function handleEvent(
  monitor: Monitor,
  event: CloudTrailEvent,
  { again, signal }: { readonly again: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  if (event.errorCode !== null) return;
  const checks = concerned(monitor, event);
  const at = monitor.now();
  const look = await lookAtTouched(monitor, event, checks, at, signal);
  const changes = monitor
    .judgeChange(event, look.evidence, { configuration: monitor.configuration, at })
    .map((alert) => withVisibility(alert, look.observations));

  const { alerts, transitions } = await reconcile(monitor.store, {
    cause: event.eventId,
    eventTime: event.eventTime,
    account: event.account ?? monitor.account,
    region: event.region || monitor.region,
    observations: look.observations,
    changes,
    minimumSeverity: monitor.configuration.alerts.minimumSeverity,
    now: monitor.now(),
  });
  await tell(monitor.store, monitor.notify, alerts, signal);
  // A call may be visible before its effect is: where nothing changed, it is looked at once more.
  if (!again && transitions === 0 && (look.observations.length > 0 || changes.length > 0)) await monitor.lookAgain(event, signal);
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

/** What belongs to the account as a whole is judged by one stack, the one at home. */
export function isJudgedHere(kind: SubjectKind, home: boolean): boolean {
  return home || (kind !== 'account' && kind !== 'user');
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
  const ask = remembering(monitor.ask);
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
  const inventory = await collectInventory(only(ask, wanted), [region], actions, signalling);
  const evidence = evidenceOf(monitor, inventory);
  const observations = observe(checks, evidence, { configuration: monitor.configuration, at, sweep: null }).filter(({ resource }) => {
    if (resource.type === 'cluster' || resource.type === 'instance') return clusters.has(resource.name.toLowerCase());
    if (resource.type === 'snapshot' || resource.type === 'proxy') return isNamed(resource, names);
    return !['rds.amazonaws.com', 'ec2.amazonaws.com', 'logs.amazonaws.com'].includes(event.eventSource);
  });
  return { evidence, observations };
}

async function listClusters(ask: Ask, region: string, signal: AbortSignal | undefined): Promise<Inventory> {
  const inventory = new Inventory([region]);
  const questions = ['describe-db-clusters', 'describe-db-instances'].map((command) => ({ region, service: 'rds', command, key: null }));
  await Promise.all(questions.map(async (question) => inventory.add(question, await ask(question, signal))));
  return inventory;
}

/** Says so where a change should have opened a problem on what it touches and none of it can be seen yet. */
function withVisibility(alert: Alert, observations: readonly Observation[]): Alert {
  const meant = opens[alert.check] ?? [];
  const arns = new Set(alert.resources.map(({ arn }) => arn));
  const about = observations.filter(({ check, resource }) => meant.includes(check) && arns.has(resource.arn));
  const hidden = about.some(({ seen }) => seen === 'pass') && about.every(({ seen }) => seen !== 'fail');
  return hidden && alert.transition === 'happened' ? { ...alert, reason: `${alert.reason} The effect is not yet visible.` } : alert;
}

function remembering(ask: Ask): Ask {
  const answers = new Map<string, ReturnType<Ask>>();
  return (question, signal) => {
    const key = questionKey(question);
    const answer = answers.get(key) ?? ask(question, signal);
    answers.set(key, answer);
    return answer;
  };
}

function only(ask: Ask, wanted: (question: Question) => boolean): Ask {
  return async (question, signal) =>
    wanted(question)
      ? ask(question, signal)
      : unknown({ kind: 'not-collected', question: questionText(question), detail: 'the event does not touch it' });
}
