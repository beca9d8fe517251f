import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DeleteSubscriptionFilterCommand, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWhere } from '../needs.ts';
import type { Answer, Gap } from './front.ts';
import { account, whyNoMoto } from './moto.ts';
import { deployRest, makeOne } from './rest.ts';
import type { Settings } from './seed.ts';
import { deliver, deploy, drain } from './stack.ts';
import type { Template } from './template.ts';
import { openWorld, region, type World } from './world.ts';

const long = 300_000;
const group = '/aws/rds/cluster/orders/postgresql';

/** What breaks one part, and what mends it. */
interface Damage {
  readonly breakIt: (world: World) => Promise<unknown>;
  readonly mend: (world: World) => Promise<unknown>;
}

describeWhere(whyNoMoto(), 'aurora-watch doctor, of a monitor in the emulator', () => {
  let world: World;
  /** Endpoints that have yet to confirm, and functions that Lambda could not set up: the emulator has neither. */
  const pending = new Set<string>();
  const failed = new Set<string>();
  const gap: Gap = async ({ service, action, parameters }, pass) => {
    if (service === 'athena' && action === 'GetTableMetadata') return tableMetadata(world, parameters);
    if (service === 'sns' && action === 'ListSubscriptionsByTopic')
      return { status: 200, type: 'text/xml', body: unconfirmed(await pass(), pending) };
    const [, name = ''] = /^GET \/2015-03-31\/functions\/([^/]*)\/configuration/.exec(action) ?? [];
    if (!failed.has(name)) return null;
    const body = JSON.stringify({
      ...JSON.parse(await pass()),
      State: 'Failed',
      StateReason: 'Lambda cannot use the key of the environment.',
    });
    return { status: 200, type: 'application/json', body };
  };
  const doctor = async (...args: readonly string[]): Promise<{ status: number | null; lines: readonly string[] }> => {
    const launcher = join(import.meta.dirname, '..', '..', 'bin', 'aurora-watch.js');
    const child = spawn(process.execPath, [launcher, 'doctor', '--region', region, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: world.front.endpoint,
        AWS_ACCESS_KEY_ID: 'setting-the-scene',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    const [out, status] = await Promise.all([
      text(child.stdout),
      new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code))),
    ]);
    return { status, lines: out.trimEnd().split('\n') };
  };
  const unwell = (lines: readonly string[]) => lines.filter((line) => /^[^✔ ]/.test(line)).map((line) => line.split(/ {2,}/)[0]);

  beforeAll(async () => {
    world = await openWorld(gap);
    await hear(world);
    await deployRest(world.template, world.caller);
    const kms = new KMSClient(world.settings);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId }));
    await world.functions.run('sweep', { time: new Date().toISOString() });
    await subscribe(world);
    await world.alerts();
  }, long);
  afterAll(async () => {
    await world?.stop();
  });

  it(
    'says that all is well, and sends a change that becomes one alert',
    async () => {
      const [{ status, lines }] = await Promise.all([doctor('--alert'), handleSoon(world)]);
      const told = await world.alerts();

      expect(unwell(lines)).toEqual([]);
      expect(status).toBe(0);
      expect(told.map(({ check, resources }) => `${check} ${resources.map(({ name }) => name)}`)).toEqual([
        'iam-authentication-disabled aurora-watch-doctor',
      ]);
    },
    long,
  );

  it.each<[what: string, parts: string | readonly string[], says: RegExp, damage: Damage]>([
    [
      'recovery is off',
      'table of findings',
      /without point-in-time recovery/,
      {
        breakIt: ({ caller }) => caller.json('DynamoDB_20120810.UpdateContinuousBackups', backups(false)),
        mend: ({ caller }) => caller.json('DynamoDB_20120810.UpdateContinuousBackups', backups(true)),
      },
    ],
    [
      'the table is gone',
      ['table of findings', 'last sweep', 'queries'],
      /table of findings +is not there: docs\/runbook.md/,
      { breakIt: loseTable, mend: restoreTable },
    ],
    [
      'no sweep ended for a day',
      'last sweep',
      /none since 20.*look at the errors of the sweep function/,
      {
        async breakIt(world) {
          const [before] = await itemsOf(world, ({ pk, sk }) => pk?.S === 'watermark' && sk?.S === 'sweep');
          watermark = before ?? {};
          await put(world, { ...watermark, reached: { S: new Date(Date.now() - 25 * 3_600_000).toISOString() } });
        },
        mend: (world) => put(world, watermark),
      },
    ],
    [
      'somebody has not confirmed the subscription',
      'who is told of faults',
      /not confirmed yet: .*:platform/,
      { breakIt: async () => pending.add('platform'), mend: async () => pending.delete('platform') },
    ],
    [
      'the queue of Slack is not subscribed',
      'Slack',
      /its queue is not subscribed to the alerts/,
      {
        breakIt: (world) => unsubscribeFrom(world, 'alerts', ':aurora-watch-prod-slack'),
        mend: ({ caller }) =>
          caller.form('sns', 'Subscribe', {
            TopicArn: topic('alerts'),
            Protocol: 'sqs',
            Endpoint: `arn:aws:sqs:${region}:${account}:aurora-watch-prod-slack`,
          }),
      },
    ],
    [
      'a rule is deleted',
      'rules',
      /not there: aurora-watch-prod-kms: docs\/runbook.md/,
      {
        async breakIt({ caller }) {
          await caller.json('AWSEvents.RemoveTargets', { Rule: 'aurora-watch-prod-kms', Ids: ['changes'] });
          await caller.json('AWSEvents.DeleteRule', { Name: 'aurora-watch-prod-kms' });
        },
        mend: (world) => make(world, 'KmsRule'),
      },
    ],
    [
      'the target of a rule is taken away',
      'rules',
      /without a target: aurora-watch-prod-iam/,
      {
        breakIt: ({ caller }) => caller.json('AWSEvents.RemoveTargets', { Rule: 'aurora-watch-prod-iam', Ids: ['changes'] }),
        mend: (world) => make(world, 'IamRule'),
      },
    ],
    [
      'a function is deleted',
      'functions',
      /aurora-watch-prod-report is not there/,
      {
        breakIt: ({ caller }) => caller.request('lambda', `${functionsPath}/aurora-watch-prod-report`, { method: 'DELETE' }),
        async mend(world) {
          await make(world, 'ReportLambdaFunction');
          await make(world, 'WeeklyReportPermission');
        },
      },
    ],
    [
      'a function cannot be set up',
      'functions',
      /aurora-watch-prod-change is Failed.*Lambda cannot use the key/,
      { breakIt: async () => failed.add('aurora-watch-prod-change'), mend: async () => failed.delete('aurora-watch-prod-change') },
    ],
    [
      'a function may not run',
      'functions',
      /aws lambda delete-function-concurrency --function-name aurora-watch-prod-sweep/,
      {
        breakIt: ({ caller }) =>
          caller.request('lambda', concurrencyOf('sweep'), { method: 'PUT', body: '{"ReservedConcurrentExecutions":0}' }),
        mend: ({ caller }) => caller.request('lambda', concurrencyOf('sweep'), { method: 'DELETE' }),
      },
    ],
    [
      'a function takes nothing from its queue',
      'functions',
      /aurora-watch-prod-change takes nothing from aurora-watch-prod-changes/,
      { breakIt: (world) => takeFromChanges(world, false), mend: (world) => takeFromChanges(world, true) },
    ],
    [
      'a rule may not start its function',
      'functions',
      /the rule aurora-watch-prod-digest may not start aurora-watch-prod-digest/,
      {
        breakIt: ({ caller }) =>
          caller.request('lambda', `${functionsPath}/aurora-watch-prod-digest/policy/aurora-watch-prod-digest`, { method: 'DELETE' }),
        mend: (world) => make(world, 'DigestLambdaPermissionEventsRuleSchedule1'),
      },
    ],
    [
      'the log group of a function is deleted',
      'log groups of functions',
      /\/aws\/lambda\/aurora-watch-prod-sweep is not there/,
      {
        breakIt: ({ caller }) => caller.json('Logs_20140328.DeleteLogGroup', { logGroupName: '/aws/lambda/aurora-watch-prod-sweep' }),
        mend: (world) => make(world, 'SweepLogGroup'),
      },
    ],
    [
      'a bucket is deleted',
      'buckets',
      /aurora-watch-prod-queries-.* is not there/,
      {
        breakIt: ({ caller }) => caller.request('s3', `/aurora-watch-prod-queries-${account}-${region}`, { method: 'DELETE' }),
        mend: (world) => deploy(only(world, 'Queries'), world.caller),
      },
    ],
    [
      'a table that Athena reads is deleted',
      'tables of logs and API calls',
      /aurora_watch_prod.login_record_log is not there/,
      {
        breakIt: ({ caller }) => caller.json('AWSGlue.DeleteTable', { DatabaseName: 'aurora_watch_prod', Name: 'login_record_log' }),
        mend: (world) => make(world, 'LoginRecordLog'),
      },
    ],
    [
      'the workgroup is deleted',
      'tables of logs and API calls',
      /the workgroup aurora-watch-prod is not there/,
      {
        breakIt: ({ caller }) => caller.json('AmazonAthena.DeleteWorkGroup', { WorkGroup: 'aurora-watch-prod' }),
        mend: (world) => make(world, 'WorkGroup'),
      },
    ],
    [
      'the stream of logs is deleted',
      'subscriptions of log groups',
      /the stream aurora-watch-prod-logs is not there/,
      {
        breakIt: ({ caller }) => caller.json('Firehose_20150804.DeleteDeliveryStream', { DeliveryStreamName: 'aurora-watch-prod-logs' }),
        mend: (world) => deploy(only(world, 'LogStream'), world.caller),
      },
    ],
    [
      'a message is dead',
      'dead letters',
      /docs\/runbook.md/,
      {
        breakIt: ({ caller, queues }) => caller.json('AmazonSQS.SendMessage', { QueueUrl: queues.dead, MessageBody: 'nobody could' }),
        mend: ({ caller, queues }) => drain(caller, queues.dead),
      },
    ],
    [
      'the trail is stopped',
      'trail',
      /does not log/,
      {
        breakIt: ({ settings }) => new CloudTrailClient(settings).send(new StopLoggingCommand({ Name: 'all' })),
        mend: ({ settings }) => new CloudTrailClient(settings).send(new StartLoggingCommand({ Name: 'all' })),
      },
    ],
    [
      'a rule is disabled',
      'rules',
      /aws events enable-rule --name aurora-watch-prod-rds/,
      {
        breakIt: ({ settings }) => new EventBridgeClient(settings).send(new DisableRuleCommand({ Name: 'aurora-watch-prod-rds' })),
        mend: ({ settings }) => new EventBridgeClient(settings).send(new EnableRuleCommand({ Name: 'aurora-watch-prod-rds' })),
      },
    ],
    [
      'the policy of the queue is lost',
      'queues',
      /the policy of aurora-watch-prod-changes lets events.amazonaws.com send nothing/,
      { breakIt: (world) => policyOf(world, ''), mend: (world) => policyOf(world, document(world)) },
    ],
    [
      'the key is disabled',
      'key of the topics',
      /aws kms enable-key/,
      {
        breakIt: async ({ settings }) => new KMSClient(settings).send(new DisableKeyCommand({ KeyId: await keyId(settings) })),
        mend: async ({ settings }) => new KMSClient(settings).send(new EnableKeyCommand({ KeyId: await keyId(settings) })),
      },
    ],
    [
      'the subscription of a log group is gone',
      'subscriptions of log groups',
      /not delivered: \/aws\/rds\/cluster\/orders\/postgresql/,
      { breakIt: ({ settings }) => unsubscribe(settings, 'aurora-watch-prod'), mend: (world) => subscribe(world) },
    ],
    [
      'others hold both subscriptions of a log group',
      'delivery of logs',
      /siem/,
      {
        async breakIt({ settings }) {
          await unsubscribe(settings, 'aurora-watch-prod');
          for (const filterName of ['siem', 'backup']) {
            const filter = { logGroupName: group, filterName, filterPattern: '', destinationArn: stream, roleArn: role };
            await new CloudWatchLogsClient(settings).send(new PutSubscriptionFilterCommand(filter));
          }
        },
        async mend(world) {
          for (const name of ['siem', 'backup']) await unsubscribe(world.settings, name);
          await subscribe(world);
        },
      },
    ],
    [
      'nobody is subscribed to the operations topic',
      'who is told of faults',
      /--param operations-email/,
      {
        breakIt: (world) => unsubscribeFrom(world, 'operations', ':platform'),
        mend: hear,
      },
    ],
    [
      'the queue of changes is gone',
      ['waiting changes', 'queues'],
      /waiting changes +is not there: docs\/runbook.md/,
      {
        breakIt: ({ caller, queues }) => caller.json('AmazonSQS.DeleteQueue', { QueueUrl: queues.changes }),
        mend: async (world) => {
          await world.caller.json('AmazonSQS.CreateQueue', { QueueName: 'aurora-watch-prod-changes' });
          await policyOf(world, document(world));
        },
      },
    ],
  ])(
    'names it where %s',
    async (_, parts, says, { breakIt, mend }) => {
      await breakIt(world);
      const broken = await doctor();
      await mend(world);

      expect(unwell(broken.lines)).toEqual([parts].flat().map((part) => `✖ ${part}`));
      expect(broken.lines.join('\n')).toMatch(says);
      expect(broken.status).toBe(1);
    },
    long,
  );

  it(
    'finds it well again when all is mended, without a Slack webhook and with one',
    async () => {
      const before = await doctor();
      const ssm = { Name: '/aurora-watch-prod/slack-webhook', Value: 'https://hooks.example.com/x', Type: 'SecureString' };
      await world.caller.json('AmazonSSM.PutParameter', ssm);
      const after = await doctor();

      expect([unwell(before.lines), unwell(after.lines)]).toEqual([[], []]);
      expect(before.lines.join('\n')).toMatch(/Slack +not used/);
      expect(after.lines.join('\n')).toMatch(/Slack +webhook in place/);
    },
    long,
  );

  it(
    'prints what the owner of the bucket of the trail must add, where that is another account',
    async () => {
      world.front.refuse = ({ method, path }) => (method === 'HEAD' && path.startsWith('/org-trail') ? 'AccessDenied' : null);
      const key = 'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-4333-8444-555555555555';
      const prefix = `AWSLogs/o-exampleorgid/${account}/`;
      const { status, lines } = await doctor('--trail-bucket', 'org-trail', '--trail-prefix', prefix, '--trail-key', key);
      world.front.refuse = () => null;
      const Principal = { AWS: `arn:aws:iam::${account}:role/aurora-watch-prod-activity-${region}` };

      expect(unwell(lines)).toEqual(['? files of the trail']);
      expect(status).toBe(3);
      expect(lines.filter((line) => line.startsWith('  {')).map((line) => JSON.parse(line))).toEqual([
        { Sid: 'AuroraWatchReads', Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::org-trail/${prefix}*` },
        {
          Sid: 'AuroraWatchLists',
          Effect: 'Allow',
          Principal,
          Action: ['s3:GetBucketLocation', 's3:ListBucket'],
          Resource: 'arn:aws:s3:::org-trail',
        },
        { Sid: 'AuroraWatchDecrypts', Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*' },
      ]);
      expect(lines.join('\n')).toContain(`To the policy of the key ${key}:`);
    },
    long,
  );

  it(
    'calls unknown what it may not see, and examines the rest',
    async () => {
      world.front.refuse = ({ service, action }) => (service === 'dynamodb' && action === 'DescribeTable' ? 'AccessDenied' : null);
      const { status, lines } = await doctor();
      world.front.refuse = () => null;

      expect(unwell(lines)).toEqual(['? table of findings']);
      expect(status).toBe(3);
    },
    long,
  );
});

const stream = `arn:aws:firehose:${region}:${account}:deliverystream/aurora-watch-prod-logs`;
const role = `arn:aws:iam::${account}:role/somebody`;

function backups(PointInTimeRecoveryEnabled: boolean): object {
  return { TableName: 'aurora-watch-prod-findings', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled } };
}

const topic = (end: string) => `arn:aws:sns:${region}:${account}:aurora-watch-prod-${end}`;
const functionsPath = '/2015-03-31/functions';
const concurrencyOf = (name: string) => `/2017-10-31/functions/aurora-watch-prod-${name}/concurrency`;
const alias = 'alias/aurora-watch-prod';

/** Somebody hears what the operations topic says. */
async function hear({ caller }: World): Promise<void> {
  await caller.form('sns', 'Subscribe', {
    TopicArn: topic('operations'),
    Protocol: 'sqs',
    Endpoint: `arn:aws:sqs:${region}:${account}:platform`,
  });
}

/** The schedule of log groups comes. */
async function subscribe({ caller, queues, functions }: World): Promise<void> {
  const MessageBody = JSON.stringify({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} });
  await caller.json('AmazonSQS.SendMessage', { QueueUrl: queues.logGroups, MessageBody });
  await deliver('LogGroups', queues.logGroups, caller, functions);
}

async function unsubscribe(settings: Settings, filterName: string): Promise<void> {
  await new CloudWatchLogsClient(settings).send(new DeleteSubscriptionFilterCommand({ logGroupName: group, filterName }));
}

/** The change arrives while the doctor waits for it. */
async function handleSoon(world: World): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if ((await world.handle()).length > 0) return;
    await sleep(500);
  }
}

function document({ template }: World): string {
  return JSON.stringify(template.resource('QueuePolicy').properties.PolicyDocument);
}

async function policyOf({ caller, queues }: World, Policy: string): Promise<void> {
  await caller.json('AmazonSQS.SetQueueAttributes', { QueueUrl: queues.changes, Attributes: { Policy } });
}

async function keyId(settings: Settings): Promise<string> {
  const { KeyMetadata } = await new KMSClient(settings).send(new DescribeKeyCommand({ KeyId: alias }));
  return KeyMetadata?.KeyId ?? '';
}

type Item = Readonly<Record<string, { readonly S?: string }>>;

const tableName = 'aurora-watch-prod-findings';
let watermark: Item = {};
let kept: readonly Item[] = [];

async function itemsOf({ caller }: World, wanted: (item: Item) => boolean): Promise<readonly Item[]> {
  const { Items } = await caller.json<{ Items: readonly Item[] }>('DynamoDB_20120810.Scan', { TableName: tableName });
  return Items.filter(wanted);
}

async function put({ caller }: World, Item: Item): Promise<void> {
  await caller.json('DynamoDB_20120810.PutItem', { TableName: tableName, Item });
}

async function loseTable(world: World): Promise<void> {
  kept = await itemsOf(world, () => true);
  await world.caller.json('DynamoDB_20120810.DeleteTable', { TableName: tableName });
}

/** As point-in-time recovery gives it back. */
async function restoreTable(world: World): Promise<void> {
  await deploy(only(world, 'Table'), world.caller);
  for (const item of kept) await put(world, item);
}

/** One resource of the template, deployed as before. */
async function make({ template, caller }: World, name: string): Promise<void> {
  await makeOne(template.resource(name), caller);
}

function only({ template }: World, name: string): Template {
  return { ...template, resources: [template.resource(name)] };
}

async function takeFromChanges({ caller }: World, Enabled: boolean): Promise<void> {
  const path = '/2015-03-31/event-source-mappings/';
  const listed = await caller.request('lambda', `${path}?FunctionName=aurora-watch-prod-change`, {});
  const { EventSourceMappings } = (await listed.json()) as { EventSourceMappings: readonly { UUID: string }[] };
  for (const { UUID } of EventSourceMappings)
    await caller.request('lambda', `${path}${UUID}`, { method: 'PUT', body: JSON.stringify({ Enabled }) });
}

async function unsubscribeFrom({ caller }: World, end: string, endpoint: string): Promise<void> {
  const listed = await caller.form('sns', 'ListSubscriptionsByTopic', { TopicArn: topic(end) });
  for (const member of listed.split('</member>').filter((one) => one.includes(`${endpoint}<`))) {
    const [, SubscriptionArn = ''] = /<SubscriptionArn>([^<]*)</.exec(member) ?? [];
    await caller.form('sns', 'Unsubscribe', { SubscriptionArn });
  }
}

/** The list of subscriptions, with those unconfirmed whose queue is named so. */
function unconfirmed(text: string, pending: ReadonlySet<string>): string {
  const members = text.split('</member>').map((member) => {
    const [, queue = ''] = /:([^:<]*)<\/Endpoint>/.exec(member) ?? [];
    return pending.has(queue) ? member.replace(/(<SubscriptionArn>)[^<]*/, '$1PendingConfirmation') : member;
  });
  return members.join('</member>');
}

/** Athena's word on a table of Glue, which the emulator has, but not Athena's word. */
async function tableMetadata({ caller }: World, { DatabaseName, TableName }: Readonly<Record<string, unknown>>): Promise<Answer> {
  const type = 'application/x-amz-json-1.1';
  try {
    await caller.json('AWSGlue.GetTable', { DatabaseName, Name: TableName });
    return { status: 200, type, body: JSON.stringify({ TableMetadata: { Name: TableName } }) };
  } catch {
    return {
      status: 400,
      type,
      body: JSON.stringify({ __type: 'MetadataException', Message: 'EntityNotFoundException: Entity Not Found' }),
    };
  }
}
