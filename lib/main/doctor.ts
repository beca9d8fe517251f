import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { createHealth, type Health } from '../adapters/aws/health.ts';
import { createRunStore } from '../adapters/aws/run-store.ts';
import { defaultConfiguration } from '../domain/configuration.ts';
import type { Report } from '../domain/report.ts';
import type { FindingStore } from '../ports/finding-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import { visible } from '../render/visible.ts';
import { openLiveAccount, scanLive } from './live.ts';
import type { MonitorPlace } from './suppress.ts';

/** One part of a deployed monitor, and how it is. */
export interface Examined {
  readonly part: string;
  readonly state: 'well' | 'unwell' | 'unknown';
  /** What was seen, and what to do where it is not well. */
  readonly detail: string;
}

/** What the examination looks at. */
export interface Patient {
  /** `aurora-watch-<stage>`. */
  readonly name: string;
  /** ARN of a topic of the monitor by the end of its name. */
  readonly topicArn: (end: string) => string;
  readonly health: Health;
  readonly store: Pick<FindingStore, 'watermark'>;
  readonly runs: Pick<RunStore, 'list'>;
  /** What the checks say of the trail and of the delivery of logs. */
  readonly surroundings: () => Promise<Report>;
  /** True: a synthetic change is put into the queue, which becomes one alert. */
  readonly alert: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const dayLength = 86_400_000;

/** Opens the deployed monitor and examines it. Throws a UsageError without credentials or region. */
export async function examineMonitor(place: MonitorPlace & { readonly alert: boolean }, now: number): Promise<readonly Examined[]> {
  const { stage, region, profile, roleArn, signal } = place;
  const account = {
    ...(region === undefined ? {} : { regions: [region] }),
    ...(profile === undefined ? {} : { profile }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(signal ? { signal } : {}),
  };
  const { access, identity, regions } = await openLiveAccount(account);
  const [here = ''] = regions;
  const name = `aurora-watch-${stage}`;
  const kept = { access, region: here, table: `${name}-findings`, ...(signal ? { signal } : {}) };
  return examine({
    name,
    topicArn: (end) => `arn:${identity.partition}:sns:${here}:${identity.account}:${name}-${end}`,
    health: createHealth(access, here, signal),
    store: createFindingStore(kept),
    runs: createRunStore(kept),
    surroundings: async () => {
      const choice = { check: ['cloudtrail-recording', 'log-delivery-possible'] };
      return (await scanLive({ ...account, choice, configuration: defaultConfiguration, warn: () => undefined })).report;
    },
    alert: place.alert,
    now,
  });
}

/** Examines every part; what AWS refuses to tell is unknown, and the rest is examined. */
export async function examine(patient: Patient): Promise<readonly Examined[]> {
  const { name, health } = patient;
  const parts: [part: string, look: () => Promise<Omit<Examined, 'part'>>][] = [
    ['table of findings', () => table(patient)],
    ['last sweep', () => lastSweep(patient)],
    ['queries', () => queries(patient)],
    [
      'who is told of alerts',
      () => told(patient, 'alerts', 'nobody gets alerts: subscribe an e-mail address, or put a Slack webhook in place'),
    ],
    [
      'who is told of faults',
      () => told(patient, 'operations', 'nobody is told when the monitor is unwell: deploy with --param operations-email=…'),
    ],
    [
      'dead letters',
      async () => emptyQueue(await health.depth(`${name}-dead-letters`), 'docs/runbook.md says how to read and redrive them'),
    ],
    ['waiting changes', async () => shortQueue(await health.depth(`${name}-changes`))],
    ['Slack', () => slack(patient)],
    ['trail', () => surroundings(patient, 'cloudtrail-recording')],
    ['delivery of logs', () => surroundings(patient, 'log-delivery-possible')],
    ...(patient.alert ? [['synthetic alert', () => syntheticAlert(patient)] as [string, () => Promise<Omit<Examined, 'part'>>]] : []),
  ];
  const examined: Examined[] = [];
  for (const [part, look] of parts) {
    const found = await look().catch((error: unknown) => ({
      state: 'unknown' as const,
      detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    }));
    examined.push({ part, ...found });
  }
  return examined;
}

/** The examination as lines for a terminal. */
export function examinedText(examined: readonly Examined[]): string {
  const marks = { well: '✔', unwell: '✖', unknown: '?' };
  const width = Math.max(...examined.map(({ part }) => part.length));
  return examined.map(({ part, state, detail }) => `${marks[state]} ${part.padEnd(width)}  ${visible(detail)}\n`).join('');
}

async function table({ name, health }: Patient): Promise<Omit<Examined, 'part'>> {
  const { status, backups } = await health.table(`${name}-findings`);
  if (status !== 'ACTIVE') return { state: 'unwell', detail: `is ${status}` };
  return backups
    ? { state: 'well', detail: 'active, with point-in-time recovery' }
    : { state: 'unwell', detail: 'active, without point-in-time recovery: deploy again' };
}

async function lastSweep({ store, now }: Patient): Promise<Omit<Examined, 'part'>> {
  const at = await store.watermark('sweep');
  if (at === null) return { state: 'unwell', detail: 'no sweep has ended yet; the schedule starts one every hour' };
  const isOld = now - Date.parse(at) > dayLength;
  return {
    state: isOld ? 'unwell' : 'well',
    detail: isOld ? `none since ${at}: look at the errors of the sweep function` : `ended what was due at ${at}`,
  };
}

async function queries({ runs, now }: Patient): Promise<Omit<Examined, 'part'>> {
  const all = await runs.list();
  if (all.length === 0) return { state: 'well', detail: 'none has run: neither logs nor files of a trail are delivered' };
  const failed = all.flatMap(({ query, failed: how }) => (how ? `${query} (${how.runs} in a row: ${how.reason})` : []));
  if (failed.length > 0) return { state: 'unwell', detail: `${failed.length} of ${all.length} failed: ${failed.join('; ')}` };
  const newest = Math.max(...all.map(({ reached }) => reached ?? 0));
  if (now - newest > dayLength) return { state: 'unwell', detail: 'none has ended for a day: look at the errors of the activity function' };
  return { state: 'well', detail: `${all.length}, which looked at what was logged up to ${new Date(newest).toISOString()}` };
}

async function told({ topicArn, health }: Patient, end: string, nobody: string): Promise<Omit<Examined, 'part'>> {
  const { confirmed, waiting } = await health.subscriptions(topicArn(end));
  if (waiting.length > 0) return { state: 'unwell', detail: `not confirmed yet: ${waiting.join(', ')}` };
  return confirmed === 0 ? { state: 'unwell', detail: nobody } : { state: 'well', detail: `${confirmed} confirmed` };
}

function emptyQueue(depth: number, what: string): Omit<Examined, 'part'> {
  if (Number.isNaN(depth)) return { state: 'unknown', detail: 'SQS does not say how many there are' };
  return depth === 0 ? { state: 'well', detail: 'none' } : { state: 'unwell', detail: `${depth}: ${what}` };
}

function shortQueue(depth: number): Omit<Examined, 'part'> {
  if (Number.isNaN(depth)) return { state: 'unknown', detail: 'SQS does not say how many there are' };
  return { state: depth > 1000 ? 'unwell' : 'well', detail: depth > 1000 ? `${depth}: the change function does not keep up` : `${depth}` };
}

async function slack({ name, health }: Patient): Promise<Omit<Examined, 'part'>> {
  try {
    return { state: 'well', detail: `webhook in place, version ${await health.parameterVersion(`/${name}/slack-webhook`)}` };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
    return { state: 'well', detail: 'not used: no webhook in the parameter' };
  }
}

async function surroundings({ surroundings: look }: Patient, check: string): Promise<Omit<Examined, 'part'>> {
  const verdicts = (await look()).verdicts.filter((one) => one.check === check);
  const worst = verdicts.find(({ verdict }) => verdict === 'fail') ?? verdicts.find(({ verdict }) => verdict === 'unknown') ?? verdicts[0];
  if (!worst) return { state: 'unknown', detail: 'nothing was judged' };
  const where = verdicts.length > 1 ? `${worst.resource.name}: ` : '';
  return {
    state: worst.verdict === 'fail' ? 'unwell' : worst.verdict === 'unknown' ? 'unknown' : 'well',
    detail: `${where}${worst.reason}`,
  };
}

/** A change of a cluster that does not exist: it becomes one alert that touches nothing. (One of a group that nobody uses is of too little weight.) */
async function syntheticAlert({ name, health, now, topicArn }: Patient): Promise<Omit<Examined, 'part'>> {
  const [, , , region = '', account = ''] = topicArn('alerts').split(':');
  const time = new Date(now).toISOString();
  const id = `doctor-${now}`;
  const detail = {
    eventVersion: '1.11',
    eventID: id,
    eventTime: time,
    eventSource: 'rds.amazonaws.com',
    eventName: 'ModifyDBCluster',
    awsRegion: region,
    recipientAccountId: account,
    sourceIPAddress: '127.0.0.1',
    userAgent: 'aurora-watch doctor',
    userIdentity: { type: 'AWSService', invokedBy: 'aurora-watch doctor' },
    requestParameters: { dBClusterIdentifier: 'aurora-watch-doctor', enableIAMDatabaseAuthentication: false, applyImmediately: true },
  };
  await health.send(
    `${name}-changes`,
    JSON.stringify({ id, 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.rds', account, region, time, detail }),
  );
  return { state: 'well', detail: `sent: an alert about the cluster aurora-watch-doctor must arrive within a minute (event ${id})` };
}
