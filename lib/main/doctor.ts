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
import { type DeployedParts, deployedParts } from './parts.ts';
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
  /** What must be there. */
  readonly parts: DeployedParts;
  /** Whether the logs of databases are delivered. */
  readonly delivers: boolean;
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
  const health = createHealth(access, here, signal);
  const delivers = await deliversLogs(health, name);
  let judged: Promise<Report> | undefined;
  return examine({
    name,
    topicArn: (end) => `arn:${identity.partition}:sns:${here}:${identity.account}:${name}-${end}`,
    health,
    parts: deployedParts({ delivers, trail: place.trailFiles !== null }),
    delivers,
    store: createFindingStore(kept),
    runs: createRunStore(kept),
    surroundings: () => {
      const choice = { check: ['cloudtrail-recording', 'log-delivery-possible'] };
      judged ??= scanLive({ ...account, choice, configuration: defaultConfiguration, warn: () => undefined }).then(({ report }) => report);
      return judged;
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
    ['queues', () => queues(patient)],
    ['functions', () => functions(patient)],
    ['log groups of functions', () => logGroupsOfFunctions(patient)],
    ['buckets', () => buckets(patient)],
    ['tables of logs and API calls', () => tables(patient)],
    ['key of the topics', () => key(patient)],
    ['Slack', () => slack(patient)],
    ['trail', () => surroundings(patient, 'cloudtrail-recording')],
    ['delivery of logs', () => surroundings(patient, 'log-delivery-possible')],
    ['subscriptions of log groups', () => logSubscriptions(patient)],
    ...(patient.trailFiles ? [['files of the trail', () => trailFiles(patient)] as [string, () => Promise<Omit<Examined, 'part'>>]] : []),
    ...(patient.alert ? [['synthetic alert', () => syntheticAlert(patient)] as [string, () => Promise<Omit<Examined, 'part'>>]] : []),
  ];
  return Promise.all(parts.map(async ([part, look]) => ({ part, ...(await look().catch(failed)) })));
}

/** A deployment with --param log-delivery=false has no queue of log groups; where nobody may look, the deployment is taken for one that delivers. */
async function deliversLogs(health: Health, name: string): Promise<boolean> {
  return (await orGone(health.depth(`${name}-log-groups`)).catch(() => 0)) !== gone;
}

/** AWS says that it is not there. */
const gone = Symbol('gone');

/** Rejects where AWS refuses to say. */
async function orGone<Found>(look: Promise<Found>): Promise<Found | typeof gone> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof Error && missing.has(error.name)) return gone;
    throw error;
  }
}

/** A deployment changes only what its template changed, so it does not put back what somebody else took away. */
const putBack = 'docs/runbook.md says how to put it back';

/** What is not there is unwell; what may not be seen is unknown. */
function failed(error: unknown): Omit<Examined, 'part'> {
  if (!(error instanceof Error)) return { state: 'unknown', detail: String(error) };
  if (missing.has(error.name)) return { state: 'unwell', detail: `is not there: ${putBack}` };
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
    : { state: 'unwell', detail: `active, without point-in-time recovery: ${putBack}` };
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

async function told({ name, topicArn, health }: Patient, end: string, nobody: string): Promise<Omit<Examined, 'part'>> {
  const { confirmed, waiting } = await health.subscriptions(topicArn(end));
  if (waiting.length > 0) return { state: 'unwell', detail: `not confirmed yet: ${waiting.join(', ')}. The first mail has the link` };
  // The monitor's own queue hears alerts, whether Slack is used or not.
  const others = confirmed.filter((endpoint) => !endpoint.endsWith(`:${name}-slack`)).length;
  const bySlack = others < confirmed.length && (await webhookVersion(health, name)) !== null ? 1 : 0;
  return others + bySlack === 0 ? { state: 'unwell', detail: nobody } : { state: 'well', detail: `${others + bySlack} confirmed` };
}

function emptyQueue(depth: number, what: string): Omit<Examined, 'part'> {
  if (Number.isNaN(depth)) return { state: 'unknown', detail: 'SQS does not say how many there are' };
  return depth === 0 ? { state: 'well', detail: 'none' } : { state: 'unwell', detail: `${depth}: ${what}` };
}

function shortQueue(depth: number): Omit<Examined, 'part'> {
  if (Number.isNaN(depth)) return { state: 'unknown', detail: 'SQS does not say how many there are' };
  return { state: depth > 1000 ? 'unwell' : 'well', detail: depth > 1000 ? `${depth}: the change function does not keep up` : `${depth}` };
}

async function rules({ name, health, parts }: Patient): Promise<Omit<Examined, 'part'>> {
  const found = await health.rules(`${name}-`);
  const named = new Set(found.map((rule) => rule.name));
  const lost = parts.rules.map((end) => `${name}-${end}`).filter((rule) => !named.has(rule));
  const empty = found.filter(({ targets }) => targets === 0).map((rule) => rule.name);
  const off = found.filter(({ enabled }) => !enabled).map((rule) => rule.name);
  const problems = [
    ...(lost.length > 0 ? [`not there: ${lost.join(', ')}: ${putBack}`] : []),
    ...(empty.length > 0 ? [`without a target: ${empty.join(', ')}: ${putBack}`] : []),
    ...(off.length > 0 ? [`disabled: ${off.join(', ')}`] : []),
    ...off.map((rule) => shellCommand('aws', 'events', 'enable-rule', '--name', rule)),
  ];
  return problems.length === 0
    ? { state: 'well', detail: `${found.length}, all enabled` }
    : { state: 'unwell', detail: problems.join('\n') };
}

async function queues({ name, health, parts }: Patient): Promise<Omit<Examined, 'part'>> {
  const all = Object.entries(parts.queues);
  const problems = await Promise.all(
    all.map(async ([end, service]) => {
      const queue = `${name}-${end}`;
      const policy = await orGone(health.queuePolicy(queue));
      if (policy === gone) return `${queue} is not there`;
      return policy?.includes(service) ? null : `the policy of ${queue} lets ${service} send nothing`;
    }),
  );
  return summed(problems, `${all.length}, each open to who sends into it`);
}

async function functions({ name, health, parts }: Patient): Promise<Omit<Examined, 'part'>> {
  const scheduled = new Set((await health.rules(`${name}-`)).map((rule) => rule.name));
  const problems = await Promise.all(
    parts.functions.map(async ({ name: end, queue, rule }) => {
      const lambda = `${name}-${end}`;
      const found = await orGone(health.lambda(lambda));
      if (found === gone) return `${lambda} is not there`;
      if (found.state === 'Failed' || found.update === 'Failed')
        return `${lambda} is ${found.state}, its update ${found.update}: ${found.reason}`;
      if (found.reserved === 0)
        return `${lambda} may not run: ${shellCommand('aws', 'lambda', 'delete-function-concurrency', '--function-name', lambda)}`;
      if (queue !== undefined && !found.takesFrom.some((one) => one.queue === `${name}-${queue}` && one.enabled))
        return `${lambda} takes nothing from ${name}-${queue}`;
      const starts = `:rule/${name}-${rule}`;
      if (rule !== undefined && scheduled.has(`${name}-${rule}`) && !found.startedBy.some((arn) => arn.endsWith(starts)))
        return `the rule ${name}-${rule} may not start ${lambda}`;
      return null;
    }),
  );
  return summed(problems, `${parts.functions.length}, each with what starts it`);
}

async function logGroupsOfFunctions({ name, logGroups, parts }: Patient): Promise<Omit<Examined, 'part'>> {
  const there = new Set(await logGroups.list(`/aws/lambda/${name}-`));
  const lost = parts.functions.map((one) => `/aws/lambda/${name}-${one.name}`).filter((group) => !there.has(group));
  return summed(
    lost.map((group) => `${group} is not there, so nobody sees what its function says`),
    `${parts.functions.length}`,
  );
}

async function buckets({ name, health, parts, topicArn }: Patient): Promise<Omit<Examined, 'part'>> {
  const [, , , region = '', account = ''] = topicArn('alerts').split(':');
  const problems = await Promise.all(
    parts.buckets.map(async (end) => {
      const bucket = `${name}-${end}-${account}-${region}`;
      const isOwn = await orGone(health.ownsBucket(bucket, account));
      if (isOwn === gone) return `${bucket} is not there`;
      return isOwn ? null : `${bucket} is closed to you, or of another account`;
    }),
  );
  return summed(problems, `${parts.buckets.length}`);
}

async function tables({ name, health, parts }: Patient): Promise<Omit<Examined, 'part'>> {
  const database = name.replaceAll('-', '_');
  const state = await health.workGroup(name);
  if (state === null) return { state: 'unwell', detail: `the workgroup ${name} is not there: ${putBack}` };
  if (state !== 'ENABLED') {
    const command = shellCommand('aws', 'athena', 'update-work-group', '--work-group', name, '--state', 'ENABLED');
    return { state: 'unwell', detail: `the workgroup ${name} is disabled, so no query runs: ${command}` };
  }
  const there = await Promise.all(parts.tables.map((table) => health.hasTable(database, table)));
  return summed(
    parts.tables.filter((_, index) => !there[index]).map((table) => `${database}.${table} is not there`),
    `${parts.tables.length}, and the workgroup`,
  );
}

/** Well where there is no problem. */
function summed(problems: readonly (string | null)[], well: string): Omit<Examined, 'part'> {
  const found = problems.filter((problem) => problem !== null);
  return found.length === 0 ? { state: 'well', detail: well } : { state: 'unwell', detail: `${found.join('; ')}. ${putBack}` };
}

async function key({ name, health }: Patient): Promise<Omit<Examined, 'part'>> {
  const state = await health.keyState(`alias/${name}`);
  if (state === 'Enabled') return { state: 'well', detail: 'enabled' };
  const command =
    state === 'PendingDeletion' ? 'aws kms cancel-key-deletion and aws kms enable-key, --key-id' : 'aws kms enable-key --key-id';
  return { state: 'unwell', detail: `is ${state}, so no topic can tell anything: ${command} of alias/${name}` };
}

/** The stream, and what the function that subscribes log groups would still have to do. */
async function logSubscriptions({ name, health, topicArn, logGroups, delivers }: Patient): Promise<Omit<Examined, 'part'>> {
  if (!delivers) return { state: 'well', detail: 'not used: deployed with --param log-delivery=false' };
  const [, partition, , region, account] = topicArn('alerts').split(':');
  const status = await orGone(health.stream(`${name}-logs`));
  if (status === gone) return { state: 'unwell', detail: `the stream ${name}-logs is not there: ${putBack}` };
  if (status !== 'ACTIVE') return { state: 'unwell', detail: `the stream ${name}-logs is ${status}` };
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

async function slack({ name, health, topicArn }: Patient): Promise<Omit<Examined, 'part'>> {
  const { confirmed } = await health.subscriptions(topicArn('alerts'));
  if (!confirmed.some((endpoint) => endpoint.endsWith(`:${name}-slack`)))
    return { state: 'unwell', detail: `its queue is not subscribed to the alerts: ${putBack}` };
  const version = await webhookVersion(health, name);
  return { state: 'well', detail: version === null ? 'not used: no webhook in the parameter' : `webhook in place, version ${version}` };
}

/** Null: there is none. */
async function webhookVersion(health: Health, name: string): Promise<number | null> {
  try {
    return await health.parameterVersion(`/${name}/slack-webhook`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
    return null;
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
