import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** How many of a topic's subscriptions are confirmed, and how many still wait for it. */
export interface Subscriptions {
  readonly confirmed: number;
  readonly waiting: readonly string[];
}

/** Looks at the parts of a deployed monitor, read-only but for `send`. Each call rejects with the SDK's error where AWS refuses. */
export interface Health {
  table(name: string): Promise<{ readonly status: string; readonly backups: boolean }>;
  subscriptions(topicArn: string): Promise<Subscriptions>;
  /** Messages that wait in a queue. */
  depth(queue: string): Promise<number>;
  parameterVersion(name: string): Promise<number>;
  send(queue: string, body: string): Promise<void>;
}

/** Health of the monitor in one region. */
export function createHealth(access: AccountAccess, region: string, signal?: AbortSignal): Health {
  const settings = clientSettings(access, region);
  const sending = signal ? { abortSignal: signal } : {};
  const [dynamodb, sns, sqs, ssm] = [
    new DynamoDBClient(settings),
    new SNSClient(settings),
    new SQSClient(settings),
    new SSMClient(settings),
  ];
  const urlOf = async (queue: string): Promise<string> => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }), sending);
    if (!QueueUrl) throw new Error(`SQS named no address for ${queue}.`);
    return QueueUrl;
  };
  return {
    async table(name) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }), sending);
      const { ContinuousBackupsDescription } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name }), sending);
      const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
      return { status: Table?.TableStatus ?? 'unknown', backups: recovery === 'ENABLED' };
    },
    async subscriptions(topicArn) {
      const all = [];
      for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn }, sending))
        all.push(...(page.Subscriptions ?? []));
      const waiting = all.filter(({ SubscriptionArn }) => !SubscriptionArn?.startsWith('arn:'));
      return { confirmed: all.length - waiting.length, waiting: waiting.map(({ Endpoint }) => Endpoint ?? 'somebody').sort() };
    },
    async depth(queue) {
      const wanted = { QueueUrl: await urlOf(queue), AttributeNames: ['ApproximateNumberOfMessages' as const] };
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand(wanted), sending);
      return Number(Attributes?.ApproximateNumberOfMessages ?? Number.NaN);
    },
    async parameterVersion(name) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }), sending);
      return Parameter?.Version ?? 0;
    },
    async send(queue, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(queue), MessageBody: body }), sending);
    },
  };
}
