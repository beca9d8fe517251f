import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { postToSlack } from '../lib/main/slack.ts';
import { onStack } from './stack.ts';

/** Alerts from the topic, posted to Slack. What Slack refuses comes again, and ends in the dead-letter queue. */
export const handler = onStack((event: SQSEvent, signal) =>
  processPartialResponse(event, (record: SQSRecord) => postToSlack(record.body, signal), new BatchProcessor(EventType.SQS), {
    throwOnFullBatchFailure: false,
  }),
);
