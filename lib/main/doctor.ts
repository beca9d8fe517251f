import { setTimeout as sleep } from 'node:timers/promises';
import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { createHealth, type Health } from '../adapters/aws/health.ts';
import { createLogGroups } from '../adapters/aws/log-groups.ts';
import { createRunStore } from '../adapters/aws/run-store.ts';
import { defaultConfiguration } from '../domain/configuration.ts';
import type { Report } from '../domain/report.ts';
import { shellCommand } from '../domain/shell.ts';
import { deliverLogs } from '../monitor/deliver-logs.ts';
import type { FindingStore } from '../ports/finding-store.ts';
import type { LogGroups } from '../ports/log-groups.ts';
import type { RunStore } from '../ports/run-store.ts';
import { visibleLines } from '../render/visible.ts';
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
  readonly runs: Pick<RunStore, 'list'>;
  readonly store: Pick<FindingStore, 'watermark' | 'loadAlerts'>;
  /** Read only: `subscribe` is never called. */
  readonly logGroups: Pick<LogGroups, 'list' | 'subscriptions'>;
  /** Where CloudTrail's files are, as the stack was told; null: it was not. */
  readonly trailFiles: TrailFiles | null;
  /** What the checks say of the trail and of the delivery of logs. */
  readonly surroundings: () => Promise<Report>;
  /** True: a synthetic change is put into the queue, and the alert that it becomes is waited for. */
  readonly alert: boolean;
  /** Waits a little; rejects when nobody waits any more. */
  readonly pause: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The parameters trail-bucket, trail-prefix and trail-key of the deployment; empty where they were not given. */
export interface TrailFiles {
  readonly bucket: string;
  readonly prefix: string;
  readonly key: string;
}

const dayLength = 86_400_000;
/** How often the alert is looked for. */
const looks = 60;

/** Opens the deployed monitor and examines it. Throws a UsageError without credentials or region. */
export async function examineMonitor(
  place: MonitorPlace & { readonly alert: boolean; readonly trailFiles: TrailFiles | null },
  now: number,
): Promise<readonly Examined[]> {
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
    logGroups: createLogGroups(access, { region: here, name, destination: '', roleArn: '' }),
    trailFiles: place.trailFiles,
    alert: place.alert,
    pause: () => sleep(2000, undefined, signal ? { signal } : {}),
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
    ['rules', () => rules(patient)],
    ['way from rules to queue', () => way(patient)],
    ['key of the topics', () => key(patient)],
    ['Slack', () => slack(patient)],
    ['trail', () => surroundings(patient, 'cloudtrail-recording')],
    ['delivery of logs', () => surroundings(patient, 'log-delivery-possible')],
    ['subscriptions of log groups', () => logSubscriptions(patient)],
    ...(patient.trailFiles ? [['files of the trail', () => trailFiles(patient)] as [string, () => Promise<Omit<Examined, 'part'>>]] : []),
    ...(patient.alert ? [['synthetic alert', () => syntheticAlert(patient)] as [string, () => Promise<Omit<Examined, 'part'>>]] : []),
  ];
  const examined: Examined[] = [];
  for (const [part, look] of parts) {
    const found = await look().catch(failed);
    examined.push({ part, ...found });
  }
  return examined;
}

/** What is not there is unwell; what may not be seen is unknown. */
function failed(error: unknown): Omit<Examined, 'part'> {
  if (!(error instanceof Error)) return { state: 'unknown', detail: String(error) };
  if (missing.has(error.name)) return { state: 'unwell', detail: 'is not there: deploy again' };
  return { state: 'unknown', detail: `${error.name}: ${error.message}` };
}

/** How AWS's services say that something is not there. */
const missing: ReadonlySet<string> = new Set(['NotFound', 'NotFoundException', 'QueueDoesNotExist', 'ResourceNotFoundException']);

/** The examination as lines for a terminal; the lines of a policy stand below its part. */
export function examinedText(examined: readonly Examined[]): string {
  const marks = { well: '✔', unwell: '✖', unknown: '?' };
  const width = Math.max(...examined.map(({ part }) => part.length));
  return examined.map(({ part, state, detail }) => `${marks[state]} ${part.padEnd(width)}  ${linesOf(detail)}\n`).join('');
}

function linesOf(detail: string): string {
  const [first = '', ...more] = visibleLines(detail);
  return [first, ...more.map((line) => `  ${line}`)].join('\n');
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

async function rules({ name, health }: Patient): Promise<Omit<Examined, 'part'>> {
  const found = await health.rules(`${name}-`);
  if (found.length === 0) return { state: 'unwell', detail: 'there are none: deploy again' };
  const off = found.filter(({ enabled }) => !enabled).map((rule) => rule.name);
  if (off.length === 0) return { state: 'well', detail: `${found.length}, all enabled` };
  const commands = off.map((rule) => shellCommand('aws', 'events', 'enable-rule', '--name', rule));
  return { state: 'unwell', detail: `disabled: ${off.join(', ')}. Who did it, monitor-tampered told.\n${commands.join('\n')}` };
}

async function way({ name, health }: Patient): Promise<Omit<Examined, 'part'>> {
  const policy = await health.queuePolicy(`${name}-changes`);
  return policy?.includes('events.amazonaws.com')
    ? { state: 'well', detail: "the queue's policy lets the rules send" }
    : { state: 'unwell', detail: "the queue's policy does not let EventBridge send, so no change arrives: deploy again" };
}

async function key({ name, health }: Patient): Promise<Omit<Examined, 'part'>> {
  const state = await health.keyState(`alias/${name}`);
  if (state === 'Enabled') return { state: 'well', detail: 'enabled' };
  const command =
    state === 'PendingDeletion' ? 'aws kms cancel-key-deletion and aws kms enable-key, --key-id' : 'aws kms enable-key --key-id';
  return { state: 'unwell', detail: `is ${state}, so no topic can tell anything: ${command} of alias/${name}` };
}

/** What the function that subscribes log groups would still have to do. */
async function logSubscriptions({ name, health, topicArn, logGroups }: Patient): Promise<Omit<Examined, 'part'>> {
  try {
    await health.depth(`${name}-log-groups`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'QueueDoesNotExist') throw error;
    return { state: 'well', detail: 'not used: deployed with --param log-delivery=false' };
  }
  const [, partition, , region, account] = topicArn('alerts').split(':');
  const own = { name, destination: `arn:${partition}:firehose:${region}:${account}:deliverystream/${name}-logs` };
  const delivered = await deliverLogs({ ...logGroups, subscribe: async () => true }, own, null);
  const without = delivered.filter(({ state }) => state === 'made').map(({ group }) => group);
  return without.length === 0
    ? { state: 'well', detail: `${delivered.filter(({ state }) => state === 'kept').length} log groups are delivered` }
    : {
        state: 'unwell',
        detail: `not delivered: ${without.join(', ')}. The schedule adds it within the hour; if not, look at the errors of the logs function`,
      };
}

/** Whether the activity function may read the trail's files; where another account owns the bucket, what its owner must add. */
async function trailFiles({ name, health, topicArn, trailFiles: files }: Patient): Promise<Omit<Examined, 'part'>> {
  if (!files) throw new TypeError('Nobody said where the files are.');
  const [, partition = '', , region = '', account = ''] = topicArn('alerts').split(':');
  if (await health.ownsBucket(files.bucket, account))
    return { state: 'well', detail: `the bucket ${files.bucket} is of this account, so the role's own policy is enough` };
  const Principal = { AWS: `arn:${partition}:iam::${account}:role/${name}-activity-${region}` };
  const bucket = `arn:${partition}:s3:::${files.bucket}`;
  const prefix = files.prefix || `AWSLogs/${account}/`;
  const statements = [
    { Sid: 'AuroraWatchReads', Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `${bucket}/${prefix}*` },
    {
      Sid: 'AuroraWatchLists',
      Effect: 'Allow',
      Principal,
      Action: ['s3:GetBucketLocation', 's3:ListBucket'],
      Resource: bucket,
    },
  ];
  const keyStatement = { Sid: 'AuroraWatchDecrypts', Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*' };
  const lines = [
    `the bucket ${files.bucket} is not of this account, or closed to you. To the bucket's policy its owner must add:`,
    ...statements.map((one) => JSON.stringify(one)),
    ...(files.key === '' ? [] : [`To the policy of the key ${files.key}:`, JSON.stringify(keyStatement)]),
  ];
  return { state: 'unknown', detail: lines.join('\n') };
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
async function syntheticAlert({ name, health, now, topicArn, store, pause }: Patient): Promise<Omit<Examined, 'part'>> {
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
  for (let look = 0; look < looks; look++) {
    const told = (await store.loadAlerts(id)).find(({ status }) => status === 'sent');
    if (told)
      return {
        state: 'well',
        detail: `sent and told: an alert about the cluster aurora-watch-doctor is on its way to you (${told.alert.id})`,
      };
    await pause();
  }
  return {
    state: 'unwell',
    detail: `the change was sent (event ${id}) and not told within two minutes: look at the errors of the change function`,
  };
}
