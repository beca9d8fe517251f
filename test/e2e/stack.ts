// Makes the resources of the template in the emulator, and plays what AWS does between them: it takes what the queues deliver to the functions.
import { type Caller, createCaller } from './caller.ts';
import { accessKeyOf, type FunctionName, type Functions, type Run } from './functions.ts';
import type { Template } from './template.ts';

/** A message as SQS gives it. */
export interface QueueMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

/** A queue and who takes from it, by the template. */
const consumers = {
  Changes: 'change',
  SlackMessages: 'slack',
  LogGroups: 'logs',
  LogObjects: 'parse',
  QueryEvents: 'activity',
} as const satisfies Record<string, FunctionName>;

/** Makes table, queues, topics with their subscriptions, buckets, stream and the rules that end in a queue; rejects where the emulator refuses one. */
export async function deploy(template: Template, { json, form, request }: Caller): Promise<void> {
  const order = [
    'AWS::DynamoDB::Table',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
    'AWS::S3::Bucket',
    'AWS::SNS::Topic',
    'AWS::KinesisFirehose::DeliveryStream',
    'AWS::SNS::Subscription',
    'AWS::Events::Rule',
  ];
  for (const type of order) {
    const ofType = template.resources.filter((one) => one.type === type);
    // A queue of dead letters must be there before those that redrive to it.
    const sorted = ofType.toSorted((a, b) => Number('RedrivePolicy' in a.properties) - Number('RedrivePolicy' in b.properties));
    for (const { properties } of sorted) await make(type, properties);
  }

  async function make(type: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
    const { Targets, ...rest } = properties;
    if (type === 'AWS::DynamoDB::Table') {
      const { PointInTimeRecoverySpecification, SSESpecification: _s, TimeToLiveSpecification: _t, ...table } = properties;
      await json('DynamoDB_20120810.CreateTable', table);
      const backups = { TableName: table.TableName, PointInTimeRecoverySpecification };
      await json('DynamoDB_20120810.UpdateContinuousBackups', backups);
    } else if (type === 'AWS::SQS::Queue') {
      const { QueueName, ...attributes } = properties;
      const entries = Object.entries(attributes).filter(([name]) => name !== 'Tags');
      const texts = entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
      await json('AmazonSQS.CreateQueue', { QueueName, Attributes: Object.fromEntries(texts) });
    } else if (type === 'AWS::SQS::QueuePolicy') {
      const Policy = JSON.stringify(properties.PolicyDocument);
      for (const QueueUrl of properties.Queues as readonly string[])
        await json('AmazonSQS.SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    } else if (type === 'AWS::S3::Bucket') {
      if (typeof properties.BucketName !== 'string') return;
      const place = '<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>';
      await request('s3', `/${properties.BucketName}`, { method: 'PUT', body: place });
      if (properties.NotificationConfiguration !== undefined) {
        const body = notifications(properties.NotificationConfiguration as Notifications);
        await request('s3', `/${properties.BucketName}?notification`, { method: 'PUT', body });
      }
    } else if (type === 'AWS::KinesisFirehose::DeliveryStream') {
      const { BucketARN, RoleARN } = properties.ExtendedS3DestinationConfiguration as Record<string, string>;
      const stream = { DeliveryStreamName: properties.DeliveryStreamName, ExtendedS3DestinationConfiguration: { BucketARN, RoleARN } };
      await json('Firehose_20150804.CreateDeliveryStream', stream);
    } else if (type === 'AWS::SNS::Topic') {
      await form('sns', 'CreateTopic', { Name: String(properties.TopicName) });
    } else if (type === 'AWS::SNS::Subscription') {
      await subscribe(properties);
    } else if (Array.isArray(Targets) && rest.EventPattern !== undefined && Targets.every(({ Arn }) => String(Arn).includes(':sqs:'))) {
      // A rule without a pattern, of a schedule, would get every event from the emulator.
      await json('AWSEvents.PutRule', { ...rest, EventPattern: JSON.stringify(rest.EventPattern) });
      await json('AWSEvents.PutTargets', { Rule: rest.Name, Targets });
    }
  }

  async function subscribe({ TopicArn, Protocol, Endpoint, FilterPolicy }: Readonly<Record<string, unknown>>): Promise<void> {
    const filter: Record<string, string> =
      FilterPolicy === undefined
        ? {}
        : { 'Attributes.entry.1.key': 'FilterPolicy', 'Attributes.entry.1.value': JSON.stringify(FilterPolicy) };
    await form('sns', 'Subscribe', { TopicArn: String(TopicArn), Protocol: String(Protocol), Endpoint: String(Endpoint), ...filter });
  }
}

interface Notifications {
  readonly QueueConfigurations: readonly {
    readonly Event: string;
    readonly Queue: string;
    readonly Filter: { readonly S3Key: { readonly Rules: readonly { readonly Name: string; readonly Value: string }[] } };
  }[];
}

function notifications({ QueueConfigurations }: Notifications): string {
  const queues = QueueConfigurations.map(({ Event, Queue, Filter }) => {
    const rules = Filter.S3Key.Rules.map(({ Name, Value }) => `<FilterRule><Name>${Name}</Name><Value>${Value}</Value></FilterRule>`);
    const filter = `<Filter><S3Key>${rules.join('')}</S3Key></Filter>`;
    return `<QueueConfiguration><Queue>${Queue}</Queue><Event>${Event}</Event>${filter}</QueueConfiguration>`;
  });
  return `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${queues.join('')}</NotificationConfiguration>`;
}

/** What Lambda gives a function for messages of its queue. */
export function sqsEvent(messages: readonly QueueMessage[]): object {
  const Records = messages.map(({ MessageId, ReceiptHandle, Body }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {},
    messageAttributes: {},
    eventSource: 'aws:sqs',
  }));
  return { Records };
}

/** Takes up to ten messages, each hidden for as long as the queue says. */
export async function receive({ json }: Caller, url: string): Promise<readonly QueueMessage[]> {
  const { Messages } = await json<{ Messages?: QueueMessage[] }>('AmazonSQS.ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 });
  return Messages ?? [];
}

/** Takes away what was handled. */
export async function remove({ json }: Caller, url: string, messages: readonly QueueMessage[]): Promise<void> {
  for (const { ReceiptHandle } of messages) await json('AmazonSQS.DeleteMessage', { QueueUrl: url, ReceiptHandle });
}

/** Everything in a queue, which is empty then. */
export async function drain(caller: Caller, url: string): Promise<readonly QueueMessage[]> {
  const all: QueueMessage[] = [];
  for (;;) {
    const messages = await receive(caller, url);
    if (messages.length === 0) return all;
    await remove(caller, url, messages);
    all.push(...messages);
  }
}

/**
 * Delivers what is visible in a queue to its function, once, as Lambda's poller does, with the function's own role: what was handled is deleted, the
 * rest is visible again at once.
 * Null: there was nothing to deliver.
 */
export async function deliver(queue: keyof typeof consumers, url: string, caller: Caller, functions: Functions): Promise<Run | null> {
  const name = consumers[queue];
  const poller = createCaller(new URL(url).origin, caller.region, accessKeyOf(name));
  await poller.json('AmazonSQS.GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
  const messages = await receive(poller, url);
  if (messages.length === 0) return null;
  const run = await functions.run(name, sqsEvent(messages));
  const failed = failedIn(run.answer, messages);
  await remove(
    poller,
    url,
    messages.filter(({ MessageId }) => !failed.has(MessageId)),
  );
  for (const { MessageId, ReceiptHandle } of messages) {
    if (failed.has(MessageId))
      await caller.json('AmazonSQS.ChangeMessageVisibility', { QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 });
  }
  return run;
}

/** No answer means that nothing was handled. */
function failedIn(answer: unknown, messages: readonly QueueMessage[]): ReadonlySet<string> {
  if (answer === undefined || answer === null) return new Set(messages.map(({ MessageId }) => MessageId));
  const { batchItemFailures } = answer as { batchItemFailures: readonly { itemIdentifier: string }[] };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}
