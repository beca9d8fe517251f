import {
  AthenaClient,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  InvalidRequestException,
  MetadataException,
} from '@aws-sdk/client-athena';
import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand, type Rule } from '@aws-sdk/client-eventbridge';
import { DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Endpoints of a topic's subscriptions: those that are confirmed, and those that still wait for it. */
export interface Subscriptions {
  readonly confirmed: readonly string[];
  readonly waiting: readonly string[];
}

/** A function of Lambda, as far as it may keep it from running. */
export interface FunctionState {
  /** `Active`, `Pending`, `Inactive`, `Failed`. */
  readonly state: string;
  /** Of the last update: `Successful`, `InProgress`, `Failed`. */
  readonly update: string;
  /** Why it is in that state; empty: nothing is said. */
  readonly reason: string;
  /** How many may run at once, where somebody reserved that; 0 stops it. */
  readonly reserved: number | null;
  /** ARNs of the rules that may start it. */
  readonly startedBy: readonly string[];
  /** Names of the queues that it takes from, and whether it does. */
  readonly takesFrom: readonly { readonly queue: string; readonly enabled: boolean }[];
}

/** Looks at the parts of a deployed monitor, read-only but for `send`. Each call rejects with the SDK's error where AWS refuses. */
export interface Health {
  table(name: string): Promise<{ readonly status: string; readonly backups: boolean }>;
  subscriptions(topicArn: string): Promise<Subscriptions>;
  /** Messages that wait in a queue. */
  depth(queue: string): Promise<number>;
  parameterVersion(name: string): Promise<number>;
  send(queue: string, body: string): Promise<void>;
  /** Rules whose names begin so, whether each is enabled, and how many targets it has. */
  rules(start: string): Promise<readonly { readonly name: string; readonly enabled: boolean; readonly targets: number }[]>;
  lambda(name: string): Promise<FunctionState>;
  /** `ENABLED` or `DISABLED`; null: it is not there. */
  workGroup(name: string): Promise<string | null>;
  /** False: the database or the table is not there. */
  hasTable(database: string, table: string): Promise<boolean>;
  /** `ACTIVE`, `CREATING`, `DELETING` … */
  stream(name: string): Promise<string>;
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
  const [athena, firehose, lambda] = [new AthenaClient(settings), new FirehoseClient(settings), new LambdaClient(settings)];
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
      const all: Subscription[] = [];
      for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn }, sending))
        all.push(...(page.Subscriptions ?? []));
      const waiting = all.filter(({ SubscriptionArn }) => !SubscriptionArn?.startsWith('arn:'));
      const endpoints = (of: readonly Subscription[]): readonly string[] => of.map(({ Endpoint }) => Endpoint ?? 'somebody').sort();
      return { confirmed: endpoints(all.filter((one) => !waiting.includes(one))), waiting: endpoints(waiting) };
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
      return Promise.all(
        all.map(async ({ Name = '', State }) => {
          const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }), sending);
          return { name: Name, enabled: State !== 'DISABLED', targets: Targets.length };
        }),
      );
    },
    async lambda(name) {
      const FunctionName = name;
      const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
        sending,
      );
      const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }), sending);
      const policy = await lambda.send(new GetPolicyCommand({ FunctionName }), sending).catch((error: unknown) => {
        if (error instanceof ResourceNotFoundException) return { Policy: undefined };
        throw error;
      });
      const takesFrom: { readonly queue: string; readonly enabled: boolean }[] = [];
      for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, { FunctionName }, sending)) {
        for (const { EventSourceArn = '', State: state = '' } of EventSourceMappings)
          takesFrom.push({ queue: EventSourceArn.split(':').at(-1) ?? '', enabled: !/^(?:Disabl|Delet)/.test(state) });
      }
      return {
        state: State ?? 'unknown',
        update: LastUpdateStatus ?? 'unknown',
        reason: StateReason || LastUpdateStatusReason || '',
        reserved: ReservedConcurrentExecutions ?? null,
        startedBy: rulesIn(policy.Policy ?? '{}'),
        takesFrom,
      };
    },
    async workGroup(name) {
      try {
        const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: name }), sending);
        return WorkGroup?.State ?? null;
      } catch (error) {
        if (error instanceof InvalidRequestException && /not found/i.test(error.message)) return null;
        throw error;
      }
    },
    async hasTable(database, table) {
      const wanted = { CatalogName: 'AwsDataCatalog', DatabaseName: database, TableName: table };
      try {
        await athena.send(new GetTableMetadataCommand(wanted), sending);
        return true;
      } catch (error) {
        if (error instanceof MetadataException && /not ?found/i.test(error.message)) return false;
        throw error;
      }
    },
    async stream(name) {
      const { DeliveryStreamDescription } = await firehose.send(
        new DescribeDeliveryStreamCommand({ DeliveryStreamName: name, Limit: 1 }),
        sending,
      );
      return DeliveryStreamDescription?.DeliveryStreamStatus ?? 'unknown';
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

/** ARNs of the rules of EventBridge that a function's policy lets start it. */
function rulesIn(policy: string): readonly string[] {
  const { Statement = [] } = JSON.parse(policy) as {
    Statement?: readonly {
      readonly Principal?: { readonly Service?: string };
      readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }[];
  };
  return Statement.filter(({ Principal }) => Principal?.Service === 'events.amazonaws.com').flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap((one) => one['AWS:SourceArn'] ?? one['aws:SourceArn'] ?? []),
  );
}
