// The function that subscribes log groups, as it is packaged, through all that comes in its way.
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWhere } from '../needs.ts';
import type { Run } from './functions.ts';
import { account, whyNoMoto } from './moto.ts';
import { deliver, deploy, drain } from './stack.ts';
import { eventNow, openWorld, region, type World } from './world.ts';

const long = 300_000;
const stream = `arn:aws:firehose:${region}:${account}:deliverystream/aurora-watch-prod-logs`;
const orders = '/aws/rds/cluster/orders/postgresql';
const billing = '/aws/rds/cluster/billing/postgresql';

describeWhere(whyNoMoto(), 'the delivery of logs, through the function as it is packaged', () => {
  let world: World;
  let logs: CloudWatchLogsClient;
  beforeAll(async () => {
    world = await openWorld();
    logs = new CloudWatchLogsClient(world.settings);
  }, long);
  afterAll(async () => {
    await world?.stop();
  });

  const make = (logGroupName: string) => logs.send(new CreateLogGroupCommand({ logGroupName }));
  const subscriptionsOf = async (logGroupName: string): Promise<readonly string[]> => {
    const { subscriptionFilters = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    return subscriptionFilters.map(({ filterName, destinationArn }) => `${filterName} ${destinationArn}`);
  };
  const take = (): Promise<Run | null> => deliver('LogGroups', world.queues.logGroups, world.caller, world.functions);
  const schedule = async (): Promise<Run | null> => {
    const MessageBody = JSON.stringify({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} });
    await world.caller.json('AmazonSQS.SendMessage', { QueueUrl: world.queues.logGroups, MessageBody });
    return take();
  };
  /** CloudTrail's event of a log group that was made. */
  const made = (group: string) =>
    eventNow('logs/log-group-deleted.json', `made ${group}`, (text) =>
      text.replaceAll(orders, group).replaceAll('DeleteLogGroup', 'CreateLogGroup'),
    );
  /** CloudTrail's event of an export that was switched on or off. */
  const exported = (cluster: string, list: 'enableLogTypes' | 'disableLogTypes') =>
    eventNow('rds/log-export-ended.json', `${list} ${cluster}`, (text) =>
      text.replaceAll('orders', cluster).replaceAll('disableLogTypes', list),
    );
  const withoutFailure = { batchItemFailures: [] };

  it(
    'leaves a group alone where others hold both subscriptions, says so, and goes on with the next',
    async () => {
      for (const filterName of ['siem', 'backup']) {
        const filter = {
          logGroupName: orders,
          filterName,
          filterPattern: '',
          destinationArn: stream,
          roleArn: `arn:aws:iam::${account}:role/x`,
        };
        await logs.send(new PutSubscriptionFilterCommand(filter));
      }
      const run = await schedule();

      expect(run?.answer).toEqual(withoutFailure);
      expect(await subscriptionsOf(orders)).toEqual([`siem ${stream}`, `backup ${stream}`]);
      expect(await subscriptionsOf(billing)).toEqual([`aurora-watch-prod ${stream}`]);
      expect(run?.log).toContain(JSON.stringify({ group: orders, state: 'full' }));
    },
    long,
  );

  it(
    'waits for a group that is not there yet, and subscribes it once it is',
    async () => {
      const group = '/aws/rds/cluster/stock/postgresql';
      await world.put(exported('stock', 'enableLogTypes'));
      const before = await take();
      await make(group);
      await world.put(made(group));
      const after = await take();

      expect([before?.answer, after?.answer]).toEqual([withoutFailure, withoutFailure]);
      expect(await subscriptionsOf(group)).toEqual([`aurora-watch-prod ${stream}`]);
    },
    long,
  );

  it(
    'has nothing to do where an export is switched off, and keeps the subscription for when it is on again',
    async () => {
      await world.put(exported('billing', 'disableLogTypes'));
      const run = await take();
      const scheduled = await schedule();
      await drain(world.caller, world.queues.changes);

      expect(run).toBeNull();
      expect(scheduled?.answer).toEqual(withoutFailure);
      expect(await subscriptionsOf(billing)).toEqual([`aurora-watch-prod ${stream}`]);
    },
    long,
  );

  it(
    'takes it for no fault where a cluster and its group are deleted, also while it looks',
    async () => {
      const group = '/aws/rds/cluster/stock/postgresql';
      let deleted = 0;
      world.front.done = ({ by, action }) => {
        if (by !== 'logs' || action !== 'DescribeLogGroups' || deleted++ > 0) return;
        void logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
      };
      // Longer than the deletion takes.
      world.front.delay = ({ by, action }) => (by === 'logs' && action === 'DescribeSubscriptionFilters' ? 500 : 0);
      const meanwhile = await schedule();
      world.front.done = () => {};
      world.front.delay = () => 0;
      await world.put(exported('stock', 'enableLogTypes'));
      const after = await take();

      expect(deleted).toBe(1);
      expect(meanwhile?.answer).toEqual(withoutFailure);
      expect(meanwhile?.log).toContain(JSON.stringify({ group, state: 'gone' }));
      expect(after?.answer).toEqual(withoutFailure);
    },
    long,
  );

  it(
    'fails where the stream is gone, so that the dead letters know, and subscribes what is new when it is back',
    async () => {
      const group = '/aws/rds/cluster/later/postgresql';
      const DeliveryStreamName = 'aurora-watch-prod-logs';
      await world.caller.json('Firehose_20150804.DeleteDeliveryStream', { DeliveryStreamName });
      await make(group);
      await world.put(made(group));
      const runs = [];
      for (let run = await take(); run !== null; run = await take()) runs.push(run.answer as { batchItemFailures: readonly object[] });
      const dead = await drain(world.caller, world.queues.dead);
      const without = await subscriptionsOf(group);
      await deploy({ ...world.template, resources: [world.template.resource('LogStream')] }, world.caller);
      await schedule();

      // As often as the queue gives it.
      expect(runs.map(({ batchItemFailures }) => batchItemFailures.length)).toEqual([1, 1, 1, 1, 1]);
      expect(dead.map(({ Body }) => JSON.parse(Body).detail.requestParameters.logGroupName)).toEqual([group]);
      expect(without).toEqual([]);
      expect(await subscriptionsOf(group)).toEqual([`aurora-watch-prod ${stream}`]);
    },
    long,
  );

  it('needed nothing that its role does not grant', () => {
    expect(world.front.ungranted).toEqual([]);
  });
});
