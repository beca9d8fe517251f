import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { handleMessage } from '../lib/main/lambda.ts';
import { logger, onStack } from './stack.ts';

/** Messages of the change queue: one event each. What cannot be handled goes back to the queue alone; its neighbours go on. */
export const handler = onStack((event: SQSEvent, signal) => {
  const handle = async ({ body, messageId }: SQSRecord) => {
    await handleMessage(body, signal).catch((error: unknown) => {
      logger.error('The message was not handled.', { messageId, error });
      throw error;
    });
  };
  return processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
});
