// What the stack costs a month, resource by resource: idle, and at a volume that the options say.
import { parseArgs } from 'node:util';
import { packageService } from '../test/e2e/packaged.ts';
import type { RawResource, RawTemplate } from '../test/template/specification.ts';

/** What there is to watch. */
export interface Volume {
  /** Clusters and instances that are judged. */
  readonly clusters: number;
  /** Gigabytes of PostgreSQL log a day, over all clusters. */
  readonly logGb: number;
  /** Gigabytes of CloudTrail's files a day, of the regions that are read. */
  readonly trailGb: number;
  /** Changes a day that a rule matches. */
  readonly events: number;
}

/** One resource's share. */
export interface Cost {
  readonly resource: string;
  /** USD a month. */
  readonly usd: number;
  /** How it comes about. */
  readonly because: string;
}

/** A month in which nothing changes and no log is delivered. */
export const idle: Volume = { clusters: 2, logGb: 0, trailGb: 0, events: 0 };

const month = { days: 30.4, hours: 730 };

/**
 * List prices of eu-central-1 in USD, the first tier, without any free tier. Those of DynamoDB, Lambda, CloudWatch, SQS and SNS are of AWS's public Price List
 * of that day; those of KMS, S3, Firehose and Athena are as their pages had them last, and not looked up that day.
 * Where to look: `https://aws.amazon.com/<service>/pricing/`.
 */
export const prices = {
  asOf: '2026-09-11',
  // aws.amazon.com/cloudwatch/pricing: alarm of standard resolution; log data in, and kept.
  alarm: 0.1,
  logIn: 0.63,
  logKept: 0.0324,
  // aws.amazon.com/kms/pricing: a key a month; each of its first two yearly rotations adds as much.
  key: 1,
  // aws.amazon.com/lambda/pricing: arm64, a gigabyte second; a million requests.
  gbSecond: 0.0000133334,
  invocations: 0.2,
  // aws.amazon.com/sqs/pricing, aws.amazon.com/sns/pricing: a million requests.
  sqs: 0.4,
  sns: 0.5,
  // aws.amazon.com/dynamodb/pricing: a million writes, a million reads on demand; a gigabyte kept, with point-in-time recovery.
  writes: 0.7625,
  reads: 0.1525,
  tableGb: 0.306 + 0.2448,
  // aws.amazon.com/s3/pricing: a gigabyte kept; a thousand PUTs, a thousand GETs.
  s3Gb: 0.0245,
  puts: 0.0054,
  gets: 0.00043,
  // aws.amazon.com/firehose/pricing: a gigabyte in, and decompressed.
  firehose: 0.033 + 0.0037,
  // aws.amazon.com/athena/pricing: a terabyte read, ten megabytes a query at least.
  athenaTb: 5,
} as const;

/** The assumptions, for whoever doubts a number. */
export const assumptions = [
  'A sweep every hour: 10 s, and half a second for each cluster.',
  'Lambda asks each queue three times a minute with five pollers, though nothing is in it.',
  'A change takes 2 s, 16 writes and 22 reads; one in fifty is told in Slack.',
  'A gigabyte of log is parsed in 40 s, and kept for 400 days at a twelfth of its size; 4 % of it is login records.',
  'Athena reads the login records of 2.75 days for 11 queries an hour, ten megabytes at least; 5 others read as little; each file of the trail is read 20.5 times: every hour of its day, for six of the next, and at the beginning of two more.',
  'Every 22 hours it reads the login records of 91 days, for what the sweep and the report say of use, and of 38 days, for sources that are new; 3 others read ten megabytes.',
  'The stream writes an object every five minutes, and so does the parse function; a query asks for each object of its days, and lists each day. What Athena reads of the trail is asked of its bucket, which is not in it.',
  'A report and a digest are of a megabyte at most.',
  "Not in it: what you pay anyway for the export of the databases' logs to CloudWatch Logs, the trail, GuardDuty and Security Hub; transfer of data; taxes.",
];

/** Days of objects that queries read a month: of 11 an hour, and of log-gaps; every 22 hours of use, new sources, the reach of the logs and what could not be read. */
const daysRead = month.hours * (11 * 2.75 + 8.5) + (month.hours / 22) * (91 + 38 + 122 + 91);

type Price = (id: string, resource: RawResource, volume: Volume, template: RawTemplate) => Omit<Cost, 'resource'>;

const free =
  (because: string): Price =>
  () => ({ usd: 0, because });

/** Runs a month and seconds a run, by function. */
const work: Readonly<Record<string, (volume: Volume) => { readonly runs: number; readonly seconds: number }>> = {
  Activity: ({ logGb, trailGb }) => ({ runs: month.hours * (logGb + trailGb > 0 ? 21 : 1), seconds: 2 }),
  Change: ({ events }) => ({ runs: events * month.days, seconds: 2 }),
  Digest: () => ({ runs: month.days, seconds: 3 }),
  Logs: () => ({ runs: month.hours, seconds: 2 }),
  Parse: ({ logGb }) => ({ runs: logGb > 0 ? 288 * month.days : 0, seconds: 1 + (40 * logGb) / 288 }),
  Report: ({ clusters }) => ({ runs: 5, seconds: 20 + clusters }),
  Slack: ({ events }) => ({ runs: (events / 50) * month.days, seconds: 1 }),
  Sweep: ({ clusters }) => ({ runs: month.hours, seconds: 10 + clusters / 2 }),
};

/** Types of resources, and what each costs. */
const priceOf: Readonly<Record<string, Price>> = {
  'AWS::Athena::WorkGroup': (_, __, { logGb, trailGb }) => {
    const ofLogs = logGb > 0 ? 11 : 0;
    const queries = (logGb + trailGb > 0 ? 5 + ofLogs : 0) * month.hours;
    const beyondLeast = ofLogs * month.hours * Math.max(0, logGb * 0.04 * 2.75 - 0.01);
    const ofUse = logGb + trailGb > 0 ? month.hours / 22 : 0;
    const longer = ofUse * (3 * 0.01 + Math.max(0.01, logGb * 0.04 * 91) + Math.max(0.01, logGb * 0.04 * 38));
    const tb = (queries * 0.01 + beyondLeast + longer + trailGb * month.days * 20.5) / 1000;
    return { usd: tb * prices.athenaTb, because: `${Math.round(queries + 5 * ofUse)} queries that read ${(tb * 1000).toFixed(0)} GB` };
  },
  'AWS::CloudWatch::Alarm': () => ({ usd: prices.alarm, because: 'an alarm' }),
  'AWS::DynamoDB::Table': (_, __, { clusters, events }) => {
    // A sweep reads and confirms what is open: about twenty findings a cluster.
    const [writes, reads] = [
      month.hours * (10 + clusters * 2) + events * month.days * 16,
      month.hours * (50 + clusters * 20) + events * month.days * 22,
    ];
    const usd = (writes * prices.writes + reads * prices.reads) / 1e6 + 0.1 * prices.tableGb;
    return { usd, because: `${Math.round(writes)} writes, ${Math.round(reads)} reads, 0.1 GB with recovery` };
  },
  'AWS::Events::Rule': free("AWS's own events and schedules"),
  'AWS::Glue::Database': free('the first million of objects in the catalog'),
  'AWS::Glue::Table': free('the first million of objects in the catalog'),
  'AWS::IAM::ManagedPolicy': free('IAM'),
  'AWS::IAM::Role': free('IAM'),
  'AWS::IAM::RolePolicy': free('IAM'),
  'AWS::KMS::Alias': free('belongs to the key'),
  'AWS::KMS::Key': () => ({ usd: prices.key, because: 'a key; one more a month after each of its first two yearly rotations' }),
  'AWS::KinesisFirehose::DeliveryStream': (_, __, { logGb }) => ({
    usd: logGb * month.days * prices.firehose,
    because: `${(logGb * month.days).toFixed(0)} GB in, decompressed`,
  }),
  'AWS::Lambda::EventInvokeConfig': free('belongs to the function'),
  'AWS::Lambda::EventSourceMapping': () => {
    const asks = 5 * 3 * 60 * month.hours;
    return { usd: (asks * prices.sqs) / 1e6, because: `${asks} times asked for messages` };
  },
  'AWS::Lambda::Function': (id, { Properties = {} }, volume) => {
    const name = id.replace(/LambdaFunction$/, '');
    const of = Object.hasOwn(work, name) ? work[name] : undefined;
    if (!of) throw new Error(`How often does the function ${name} run? scripts/cost.ts does not say.`);
    const { runs, seconds } = of(volume);
    const gb = Number(Properties.MemorySize ?? 128) / 1024;
    const usd = runs * seconds * gb * prices.gbSecond + (runs * prices.invocations) / 1e6;
    return { usd, because: `${Math.round(runs)} runs of ${seconds.toFixed(1)} s with ${gb} GB` };
  },
  'AWS::Lambda::Permission': free('belongs to the function'),
  'AWS::Logs::LogGroup': (_, __, { events }) => {
    const gb = 0.02 + events * month.days * 0.000003;
    return { usd: gb * (prices.logIn + 3 * prices.logKept), because: `${gb.toFixed(2)} GB a month, kept for three` };
  },
  'AWS::S3::Bucket': (id, _, { logGb, clusters }) => {
    const kept = { Logs: (logGb * 400) / 12, Queries: logGb * 400 * 0.04, Reports: 0.1 + clusters * 0.002 }[id] ?? 0.05;
    const written = { Logs: logGb > 0 ? 288 * month.days : 0, Queries: logGb > 0 ? 4 * 288 * month.days : 0 }[id] ?? 10;
    // An object each five minutes, read by each query of its days; the parse function reads each of the stream's once.
    const read = { Logs: logGb > 0 ? 288 * month.days : 0, Queries: logGb > 0 ? daysRead * 288 : 0 }[id] ?? 0;
    // To list costs what it costs to write.
    const listed = id === 'Queries' && logGb > 0 ? daysRead : 0;
    return {
      usd: kept * prices.s3Gb + ((written + listed) * prices.puts + read * prices.gets) / 1000,
      because: `${kept.toFixed(2)} GB kept, ${Math.round(written)} objects written, ${Math.round(read)} read`,
    };
  },
  'AWS::S3::BucketPolicy': free('belongs to the bucket'),
  'AWS::SNS::Subscription': free('belongs to the topic'),
  'AWS::SNS::Topic': (_, __, { events }) => ({ usd: ((events / 50) * month.days * prices.sns) / 1e6, because: 'a message for each alert' }),
  'AWS::SNS::TopicPolicy': free('belongs to the topic'),
  'AWS::SQS::Queue': (_, __, { events }) => ({
    usd: (events * month.days * 3 * prices.sqs) / 1e6,
    because: 'sent, received and deleted; who asks for messages pays above',
  }),
  'AWS::SQS::QueuePolicy': free('belongs to the queue'),
};

/** Each resource's share, the dearest first. Throws where a type of resource or a function has no price. */
export function costsOf(template: RawTemplate, volume: Volume): readonly Cost[] {
  const costs = Object.entries(template.Resources).map(([id, resource]) => {
    const price = Object.hasOwn(priceOf, resource.Type) ? priceOf[resource.Type] : undefined;
    if (!price) throw new Error(`What does a ${resource.Type} cost? scripts/cost.ts does not say.`);
    return { resource: id, ...price(id, resource, volume, template) };
  });
  return costs.toSorted((a, b) => b.usd - a.usd || a.resource.localeCompare(b.resource, 'en'));
}

/** USD a month. */
export function totalOf(costs: readonly Cost[]): number {
  return costs.reduce((sum, { usd }) => sum + usd, 0);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${option} must be a number of 0 or more.`);
  return value;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      clusters: { type: 'string', default: '10' },
      'log-gb': { type: 'string', default: '5' },
      'trail-gb': { type: 'string', default: '1' },
      events: { type: 'string', default: '200' },
    },
  });
  const volume: Volume = {
    clusters: numberOf('clusters', values.clusters),
    logGb: numberOf('log-gb', values['log-gb']),
    trailGb: numberOf('trail-gb', values['trail-gb']),
    events: numberOf('events', values.events),
  };
  const template = (await packageService()).raw;
  const idleCosts = new Map(costsOf(template, idle).map(({ resource, usd }) => [resource, usd]));
  const costs = costsOf(template, volume);
  const row = (a: string, b: string, name: string, because = '') =>
    `${a.padStart(8)} ${b.padStart(8)}  ${name.padEnd(26)} ${because}`.trimEnd();
  const lines = costs
    .filter(({ usd, resource }) => usd >= 0.005 || (idleCosts.get(resource) ?? 0) >= 0.005)
    .map(({ resource, usd, because }) => row((idleCosts.get(resource) ?? 0).toFixed(2), usd.toFixed(2), resource, because));
  const total = row(totalOf(costsOf(template, idle)).toFixed(2), totalOf(costs).toFixed(2), 'a month');
  process.stdout.write(
    [
      `USD a month in eu-central-1, list prices of ${prices.asOf}, without free tiers.`,
      `idle: ${idle.clusters} clusters, nothing changes, no log is delivered`,
      `full: ${volume.clusters} clusters, ${volume.logGb} GB of log, ${volume.trailGb} GB of CloudTrail and ${volume.events} changes a day`,
      '',
      row('idle', 'full', 'resource', 'full, because of'),
      ...lines,
      total,
      '',
      ...assumptions.map((one) => `- ${one}`),
      '',
    ].join('\n'),
  );
}
