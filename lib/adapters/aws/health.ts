import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand, type Rule } from '@aws-sdk/client-eventbridge';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
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
  /** Rules whose names begin so, and whether each is enabled. */
  rules(start: string): Promise<readonly { readonly name: string; readonly enabled: boolean }[]>;
  /** The policy of a queue; null: it has none. */
  queuePolicy(queue: string): Promise<string | null>;
  /** State of the key that an alias leads to: `Enabled`, `Disabled`, `PendingDeletion` … */
  keyState(alias: string): Promise<string>;
  /** False: the bucket is another account's, or closed to who asks. */
  ownsBucket(bucket: string, account: string): Promise<boolean>;
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
  const [events, kms, s3] = [new EventBridgeClient(settings), new KMSClient(settings), new S3Client({ ...settings, forcePathStyle: true })];
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
    async rules(start) {
      const all: Rule[] = [];
      let NextToken: string | undefined;
      do {
        const page = await events.send(new ListRulesCommand({ NamePrefix: start, ...(NextToken ? { NextToken } : {}) }), sending);
        all.push(...(page.Rules ?? []));
        NextToken = page.NextToken;
      } while (NextToken);
      return all.map(({ Name = '', State }) => ({ name: Name, enabled: State !== 'DISABLED' }));
    },
    async queuePolicy(queue) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: await urlOf(queue), AttributeNames: ['Policy'] }),
        sending,
      );
      return Attributes?.Policy || null;
    },
    async keyState(alias) {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }), sending);
      return KeyMetadata?.KeyState ?? 'unknown';
    },
    async ownsBucket(bucket, account) {
      try {
        await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }), sending);
        return true;
      } catch (error) {
        const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
        if (httpStatusCode === 403) return false;
        throw error;
      }
    },
  };
}
