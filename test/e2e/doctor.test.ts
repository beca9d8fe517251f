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
import { ListSubscriptionsByTopicCommand, SNSClient, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWhere } from '../needs.ts';
import { account, whyNoMoto } from './moto.ts';
import type { Settings } from './seed.ts';
import { deliver, drain } from './stack.ts';
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
    world = await openWorld();
    await hear(world);
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

  it.each<[what: string, part: string, says: RegExp, damage: Damage]>([
    [
      'recovery is off',
      'table of findings',
      /deploy again/,
      {
        breakIt: ({ caller }) => caller.json('DynamoDB_20120810.UpdateContinuousBackups', backups(false)),
        mend: ({ caller }) => caller.json('DynamoDB_20120810.UpdateContinuousBackups', backups(true)),
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
      'way from rules to queue',
      /no change arrives: deploy again/,
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
        breakIt: async ({ settings }) => {
          const sns = new SNSClient(settings);
          const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: operations }));
          for (const { SubscriptionArn } of Subscriptions) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
        },
        mend: hear,
      },
    ],
    [
      'the queue of changes is gone',
      'waiting changes',
      /is not there: deploy again/,
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
    async (_, part, says, { breakIt, mend }) => {
      await breakIt(world);
      const broken = await doctor();
      await mend(world);

      // Without its queue no rule has a way, either.
      const alsoWay = part === 'waiting changes' ? ['✖ way from rules to queue'] : [];
      expect(unwell(broken.lines)).toEqual([`✖ ${part}`, ...alsoWay]);
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

const operations = `arn:aws:sns:${region}:${account}:aurora-watch-prod-operations`;
const alias = 'alias/aurora-watch-prod';

/** Somebody hears what the operations topic says. */
async function hear({ caller }: World): Promise<void> {
  await caller.form('sns', 'Subscribe', { TopicArn: operations, Protocol: 'sqs', Endpoint: `arn:aws:sqs:${region}:${account}:heard` });
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
