import { setTimeout as wait } from 'node:timers/promises';
import { CloudTrailClient, DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, paginateDescribeSubscriptionFilters } from '@aws-sdk/client-cloudwatch-logs';
import {
  EC2Client,
  paginateDescribeManagedPrefixLists,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateGetManagedPrefixListEntries,
} from '@aws-sdk/client-ec2';
import { GetDetectorCommand, GuardDutyClient, paginateListDetectors } from '@aws-sdk/client-guardduty';
import {
  GenerateCredentialReportCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetServiceLastAccessedDetailsCommand,
  IAMClient,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam';
import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBShardGroupsCommand,
  DescribeDBSnapshotAttributesCommand,
  paginateDescribeCertificates,
  paginateDescribeDBClusterParameterGroups,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  paginateDescribeDBEngineVersions,
  paginateDescribeDBInstances,
  paginateDescribeDBMajorEngineVersions,
  paginateDescribeDBParameterGroups,
  paginateDescribeDBParameters,
  paginateDescribeDBProxies,
  paginateDescribeDBProxyTargets,
  paginateDescribeDBSnapshots,
  paginateDescribeDBSubnetGroups,
  paginateDescribeGlobalClusters,
  RDSClient,
} from '@aws-sdk/client-rds';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { AdaptiveRetryStrategy, DefaultRateLimiter } from '@smithy/core/retry';
import { known, unknown } from '../../domain/answer.ts';
import { questionText } from '../../domain/question.ts';
import { answerErrorCause } from '../../intake/answer-error.ts';
import type { Ask } from '../../ports/ask.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** What the live adapter needs beside credentials. */
export interface AskOptions {
  readonly access: AccountAccess;
  /** `aws` by default; decides where IAM is asked. */
  readonly partition?: string;
  /** Names of the only parameters to fetch of a group: it saves paging about 400 of them. Absent: all. */
  readonly parameters?: readonly string[];
}

/** Answers questions from the live account. Many at a time within each service's rate; throttled calls are tried again, slower. */
export function createAsk(options: AskOptions): Ask {
  const clientsOf = regionalClients(options);
  const limits = new Map<string, Limit>();

  return async (question, signal) => {
    const { region, service, command, key } = question;
    const call = calls[`${service} ${command}`];
    if (!call) return unknown({ kind: 'failed', question: questionText(question), detail: 'NoSuchCommand: no such command is known' });

    const place = `${service} ${region}`;
    const limit = limits.get(place) ?? createLimit(concurrency[service] ?? 5);
    limits.set(place, limit);
    const clients = clientsOf(region === 'global' ? (globalRegions[options.partition ?? 'aws'] ?? 'us-east-1') : region);
    try {
      return known(await limit(() => call({ clients, key: key ?? '', options, sending: signal ? { abortSignal: signal } : {}, signal })));
    } catch (error) {
      signal?.throwIfAborted();
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      return unknown(answerErrorCause(question, { name, message }));
    }
  };
}

/** Where the global services of a partition answer. */
const globalRegions: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

/** Calls at once, per service and region: RDS and EC2 allow bursts, IAM and CloudTrail throttle early. */
const concurrency: Readonly<Record<string, number>> = { rds: 20, ec2: 10, iam: 10, secretsmanager: 10, logs: 5, cloudtrail: 3 };

interface Call {
  readonly clients: Clients;
  readonly key: string;
  readonly options: AskOptions;
  readonly sending: { readonly abortSignal?: AbortSignal };
  readonly signal: AbortSignal | undefined;
}

/** By `<service> <command>`: asks AWS and gives what the AWS CLI prints. */
const calls: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  'rds describe-db-clusters': (c) => allPages('DBClusters', paginateDescribeDBClusters(rds(c, 100), {}, c.sending)),
  'rds describe-db-instances': (c) => allPages('DBInstances', paginateDescribeDBInstances(rds(c, 100), {}, c.sending)),
  'rds describe-db-cluster-parameters': (c) =>
    allPages(
      'Parameters',
      paginateDescribeDBClusterParameters(rds(c, 100), { DBClusterParameterGroupName: c.key, ...onlyParameters(c) }, c.sending),
    ),
  'rds describe-db-parameters': (c) =>
    allPages('Parameters', paginateDescribeDBParameters(rds(c, 100), { DBParameterGroupName: c.key, ...onlyParameters(c) }, c.sending)),
  'rds describe-db-cluster-parameter-groups': (c) =>
    allPages('DBClusterParameterGroups', paginateDescribeDBClusterParameterGroups(rds(c, 100), {}, c.sending)),
  'rds describe-db-parameter-groups': (c) => allPages('DBParameterGroups', paginateDescribeDBParameterGroups(rds(c, 100), {}, c.sending)),
  'rds describe-db-cluster-snapshots': (c) =>
    allPages('DBClusterSnapshots', paginateDescribeDBClusterSnapshots(rds(c, 100), {}, c.sending)),
  'rds describe-db-snapshots': (c) => allPages('DBSnapshots', paginateDescribeDBSnapshots(rds(c, 100), {}, c.sending)),
  'rds describe-db-cluster-snapshot-attributes': (c) =>
    one(c.clients.rds().send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: c.key }), c.sending)),
  'rds describe-db-snapshot-attributes': (c) =>
    one(c.clients.rds().send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: c.key }), c.sending)),
  'rds describe-db-subnet-groups': (c) => allPages('DBSubnetGroups', paginateDescribeDBSubnetGroups(rds(c, 100), {}, c.sending)),
  'rds describe-db-proxies': (c) => allPages('DBProxies', paginateDescribeDBProxies(rds(c, 100), {}, c.sending)),
  'rds describe-db-proxy-targets': (c) =>
    allPages('Targets', paginateDescribeDBProxyTargets(rds(c, 100), { DBProxyName: c.key }, c.sending)),
  'rds describe-db-engine-versions': (c) =>
    allPages('DBEngineVersions', paginateDescribeDBEngineVersions(rds(c, 100), { Engine: c.key }, c.sending)),
  'rds describe-db-major-engine-versions': (c) =>
    allPages('DBMajorEngineVersions', paginateDescribeDBMajorEngineVersions(rds(c, 100), { Engine: c.key }, c.sending)),
  'rds describe-certificates': (c) => allPages('Certificates', paginateDescribeCertificates(rds(c, 100), {}, c.sending)),
  'rds describe-global-clusters': (c) => allPages('GlobalClusters', paginateDescribeGlobalClusters(rds(c, 100), {}, c.sending)),
  'rds describe-db-shard-groups': (c) =>
    allPages(
      'DBShardGroups',
      markedPages((Marker) => c.clients.rds().send(new DescribeDBShardGroupsCommand({ MaxRecords: 100, ...Marker }), c.sending)),
    ),

  'ec2 describe-security-groups': (c) => allPages('SecurityGroups', paginateDescribeSecurityGroups(ec2(c, 1000), {}, c.sending)),
  'ec2 describe-route-tables': (c) => allPages('RouteTables', paginateDescribeRouteTables(ec2(c, 100), {}, c.sending)),
  'ec2 describe-managed-prefix-lists': (c) => allPages('PrefixLists', paginateDescribeManagedPrefixLists(ec2(c, 100), {}, c.sending)),
  'ec2 get-managed-prefix-list-entries': (c) =>
    allPages('Entries', paginateGetManagedPrefixListEntries(ec2(c, 100), { PrefixListId: c.key }, c.sending)),

  'iam get-account-authorization-details': (c) =>
    allPages('UserDetailList', paginateGetAccountAuthorizationDetails({ client: c.clients.iam(), pageSize: 1000 }, {}, c.sending)),
  'iam get-account-summary': (c) => one(c.clients.iam().send(new GetAccountSummaryCommand({}), c.sending)),
  'iam get-credential-report': credentialReport,
  'iam get-service-last-accessed-details': lastAccessedDetails,

  'secretsmanager describe-secret': (c) => one(c.clients.secrets().send(new DescribeSecretCommand({ SecretId: c.key }), c.sending)),
  'cloudtrail describe-trails': (c) => one(c.clients.cloudtrail().send(new DescribeTrailsCommand({}), c.sending)),
  'cloudtrail get-trail-status': (c) => one(c.clients.cloudtrail().send(new GetTrailStatusCommand({ Name: c.key }), c.sending)),
  'cloudtrail get-event-selectors': (c) => one(c.clients.cloudtrail().send(new GetEventSelectorsCommand({ TrailName: c.key }), c.sending)),
  'guardduty list-detectors': (c) =>
    allPages('DetectorIds', paginateListDetectors({ client: c.clients.guardduty(), pageSize: 50 }, {}, c.sending)),
  'guardduty get-detector': (c) => one(c.clients.guardduty().send(new GetDetectorCommand({ DetectorId: c.key }), c.sending)),
  'securityhub describe-hub': (c) => one(c.clients.securityhub().send(new DescribeHubCommand({}), c.sending)),
  'logs describe-subscription-filters': (c) =>
    allPages(
      'subscriptionFilters',
      paginateDescribeSubscriptionFilters({ client: c.clients.logs(), pageSize: 50 }, { logGroupName: c.key }, c.sending),
    ),
};

function rds(call: Call, pageSize: number) {
  return { client: call.clients.rds(), pageSize };
}

function ec2(call: Call, pageSize: number) {
  return { client: call.clients.ec2(), pageSize };
}

function onlyParameters({ options }: Call) {
  return options.parameters ? { Filters: [{ Name: 'parameter-name', Values: [...options.parameters] }] } : {};
}

async function credentialReport({ clients, sending, signal }: Call): Promise<unknown> {
  for await (const _ of patience(signal)) {
    const { State } = await clients.iam().send(new GenerateCredentialReportCommand({}), sending);
    if (State === 'COMPLETE') return one(clients.iam().send(new GetCredentialReportCommand({}), sending));
  }
  throw notReady('The credential report was not ready within a minute.');
}

async function lastAccessedDetails({ clients, key, sending, signal }: Call): Promise<unknown> {
  const { JobId } = await clients.iam().send(new GenerateServiceLastAccessedDetailsCommand({ Arn: key }), sending);
  const details = (Marker: { Marker?: string }) =>
    clients.iam().send(new GetServiceLastAccessedDetailsCommand({ JobId, MaxItems: 1000, ...Marker }), sending);
  for await (const _ of patience(signal)) {
    const first = await details({});
    if (first.JobStatus === 'FAILED') throw notReady(first.Error?.Message ?? 'The job failed.');
    if (first.JobStatus !== 'COMPLETED') continue;
    return allPages(
      'ServicesLastAccessed',
      markedPages((Marker) => (Marker.Marker === undefined ? Promise.resolve(first) : details(Marker))),
    );
  }
  throw notReady('The job for last accessed details was not ready within a minute.');
}

function notReady(message: string): Error {
  return Object.assign(new Error(message), { name: 'NotReady' });
}

/** Turns of a loop that waits for AWS to finish: the first at once, then slower and slower, for about a minute. */
async function* patience(signal: AbortSignal | undefined): AsyncGenerator<void> {
  for (let spent = 0, pause = 100; spent < 60_000; spent += pause, pause = Math.min(pause * 2, 5_000)) {
    yield;
    await wait(pause, undefined, signal ? { signal } : {});
  }
}

/** The pages of a call for which the SDK has no paginator: asked again with the marker of the page before. */
async function* markedPages<Page extends { Marker?: string | undefined }>(
  send: (marker: { Marker?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let marker: string | undefined;
  do {
    const page = await send(marker ? { Marker: marker } : {});
    yield page;
    marker = page.Marker;
  } while (marker);
}

async function one(output: Promise<object>): Promise<unknown> {
  return printed(await output);
}

/** Page marks, which the AWS CLI does not print once it has merged the pages. */
const marks = new Set(['$metadata', 'Marker', 'NextToken', 'nextToken', 'IsTruncated']);

/** All pages as one: lists are joined, everything else is the first page's. The list `name` is there even when AWS leaves an empty one out. */
async function allPages(name: string, pages: AsyncIterable<object>): Promise<unknown> {
  const merged: Record<string, unknown> = { [name]: [] };
  for await (const page of pages) {
    for (const [key, value] of Object.entries(page)) {
      const before = merged[key];
      if (marks.has(key)) continue;
      if (Array.isArray(value) && Array.isArray(before)) for (const element of value) before.push(element);
      else if (before === undefined) merged[key] = Array.isArray(value) ? [...value] : value;
    }
  }
  return printed(merged);
}

/** Policy documents, which IAM sends URL-encoded and the AWS CLI prints as JSON. */
const documents = new Set(['AssumeRolePolicyDocument', 'PolicyDocument', 'Document']);

/** The SDK's output as the AWS CLI prints it: dates as ISO text, bytes as base64, policy documents as JSON. */
function printed(value: unknown, key = ''): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((element) => printed(element));
  if (typeof value === 'string' && documents.has(key)) return policyDocument(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, element]) => name !== '$metadata' && element !== undefined);
  return Object.fromEntries(entries.map(([name, element]) => [name, printed(element, name)]));
}

function policyDocument(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text);
  } catch {
    return text;
  }
}

type Clients = ReturnType<ReturnType<typeof regionalClients>>;

/** Clients by region, each made when it is first needed. */
function regionalClients(options: AskOptions) {
  const regions = new Map<string, ReturnType<typeof create>>();
  const create = (region: string) => {
    const settings = () => ({ ...clientSettings(options.access, region), retryStrategy: patientRetries() });
    return {
      rds: lazy(() => new RDSClient(settings())),
      ec2: lazy(() => new EC2Client(settings())),
      iam: lazy(() => new IAMClient(settings())),
      secrets: lazy(() => new SecretsManagerClient(settings())),
      cloudtrail: lazy(() => new CloudTrailClient(settings())),
      guardduty: lazy(() => new GuardDutyClient(settings())),
      securityhub: lazy(() => new SecurityHubClient(settings())),
      logs: lazy(() => new CloudWatchLogsClient(settings())),
    };
  };
  return (region: string) => {
    const clients = regions.get(region) ?? create(region);
    regions.set(region, clients);
    return clients;
  };
}

/**
 * The SDK's adaptive mode, of each client its own. A service that refuses the first burst has measured no rate yet, and the usual floor of a call every two
 * seconds would make a scan of seconds one of minutes: every service takes five a second.
 */
function patientRetries(): AdaptiveRetryStrategy {
  return new AdaptiveRetryStrategy(6, { rateLimiter: new DefaultRateLimiter({ minFillRate: 5 }) });
}

function lazy<T>(create: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= create();
    return made;
  };
}

type Limit = <T>(run: () => Promise<T>) => Promise<T>;

/** Runs at most `most` at once; the others wait in the order they came. */
function createLimit(most: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
