import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DeleteSubscriptionFilterCommand, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWhere } from '../needs.ts';
import { account, whyNoMoto } from './moto.ts';
import { drain } from './stack.ts';
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
  const unwell = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('✔')).map((line) => line.split(/ {2,}/)[0]);

  beforeAll(async () => {
    world = await openWorld();
    const topic = `arn:aws:sns:${region}:${account}:aurora-watch-prod-operations`;
    await world.caller.form('sns', 'Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint: `arn:aws:sqs:${region}:${account}:heard` });
    await world.functions.run('sweep', { time: new Date().toISOString() });
    await world.alerts();
  }, long);
  afterAll(async () => {
    await world?.stop();
  });

  it(
    'says that all is well, and sends a change that becomes one alert',
    async () => {
      const { status, lines } = await doctor('--alert');
      await world.handle();
      const told = await world.alerts();

      expect(unwell(lines)).toEqual([]);
      expect(status).toBe(0);
      expect(told.map(({ check, resources }) => `${check} ${resources.map(({ name }) => name)}`)).toEqual([
        'iam-authentication-disabled aurora-watch-doctor',
      ]);
    },
    long,
  );

  it.each<[part: string, damage: Damage]>([
    [
      'table of findings',
      {
        breakIt: ({ caller }) => caller.json('DynamoDB_20120810.UpdateContinuousBackups', backups(false)),
        mend: ({ caller }) => caller.json('DynamoDB_20120810.UpdateContinuousBackups', backups(true)),
      },
    ],
    [
      'dead letters',
      {
        breakIt: ({ caller, queues }) => caller.json('AmazonSQS.SendMessage', { QueueUrl: queues.dead, MessageBody: 'nobody could' }),
        mend: ({ caller, queues }) => drain(caller, queues.dead),
      },
    ],
    [
      'trail',
      {
        breakIt: ({ settings }) => new CloudTrailClient(settings).send(new StopLoggingCommand({ Name: 'all' })),
        mend: ({ settings }) => new CloudTrailClient(settings).send(new StartLoggingCommand({ Name: 'all' })),
      },
    ],
    [
      'delivery of logs',
      {
        breakIt: ({ settings }) =>
          forOthers((name) =>
            new CloudWatchLogsClient(settings).send(
              new PutSubscriptionFilterCommand({
                logGroupName: group,
                filterName: name,
                filterPattern: '',
                destinationArn: stream,
                roleArn: role,
              }),
            ),
          ),
        mend: ({ settings }) =>
          forOthers((name) =>
            new CloudWatchLogsClient(settings).send(new DeleteSubscriptionFilterCommand({ logGroupName: group, filterName: name })),
          ),
      },
    ],
  ])(
    'names what is wrong: %s',
    async (part, { breakIt, mend }) => {
      await breakIt(world);
      const broken = await doctor();
      await mend(world);
      const mended = await doctor();

      expect(unwell(broken.lines)).toEqual([`✖ ${part}`]);
      expect(broken.status).toBe(1);
      expect(unwell(mended.lines)).toEqual([]);
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

/** The two subscriptions that a log group takes, one after the other. */
async function forOthers(run: (name: string) => Promise<unknown>): Promise<void> {
  for (const name of ['siem', 'backup']) await run(name);
}
