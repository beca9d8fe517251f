import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { postToSlack } from '../lib/main/slack.ts';
import { logger, onStack } from './stack.ts';

/** Alerts from the topic, posted to Slack. What Slack refuses comes again, and ends in the dead-letter queue. */
export const handler = onStack((event: SQSEvent, signal) => {
  const handle = async ({ body, messageId }: SQSRecord) => {
    const done = postToSlack(body, signal);
    done.catch((error: unknown) => logger.error('The message was not handled.', { messageId, error }));
    await done;
  };
  return processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
});
