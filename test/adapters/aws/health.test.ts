import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createHealth } from '../../../lib/adapters/aws/health.ts';

const [dynamodb, sns, sqs] = [mockClient(DynamoDBClient), mockClient(SNSClient), mockClient(SQSClient)];
const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 'b' });
const health = createHealth({ credentials, endpoint: undefined, region: 'eu-central-1' }, 'eu-central-1');
const url = 'https://sqs.eu-central-1.amazonaws.com/111122223333/q';

afterEach(() => {
  for (const client of [dynamodb, sns, sqs]) client.reset();
});

it('tells a table without point-in-time recovery', async () => {
  dynamodb.on(DescribeTableCommand).resolves({ Table: { TableStatus: 'ACTIVE' } });
  dynamodb.on(DescribeContinuousBackupsCommand).resolves({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  });

  expect(await health.table('t')).toEqual({ status: 'ACTIVE', backups: false });
});

it('tells confirmed subscriptions from those that wait, on every page', async () => {
  sns.on(ListSubscriptionsByTopicCommand, { NextToken: undefined }).resolves({
    Subscriptions: [{ SubscriptionArn: 'arn:aws:sns:eu-central-1:111122223333:t:1', Endpoint: 'a@example.com' }],
    NextToken: 'more',
  });
  sns
    .on(ListSubscriptionsByTopicCommand, { NextToken: 'more' })
    .resolves({ Subscriptions: [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'b@example.com' }] });

  expect(await health.subscriptions('arn:aws:sns:eu-central-1:111122223333:t')).toEqual({
    confirmed: ['a@example.com'],
    waiting: ['b@example.com'],
  });
});

it('counts what waits in a queue, and sends into it', async () => {
  sqs.on(GetQueueUrlCommand, { QueueName: 'q' }).resolves({ QueueUrl: url });
  sqs.on(GetQueueAttributesCommand, { QueueUrl: url }).resolves({ Attributes: { ApproximateNumberOfMessages: '7' } });
  sqs.on(SendMessageCommand).resolves({});

  expect(await health.depth('q')).toBe(7);
  await health.send('q', 'body');

  expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([{ QueueUrl: url, MessageBody: 'body' }]);
});
