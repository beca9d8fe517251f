import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { handleLogMessage } from '../lib/main/deliver-logs.ts';
import { logger, onStack } from './stack.ts';

/** Messages that name log groups: each gets the subscription that brings its log to the monitor. */
export const handler = onStack((event: SQSEvent, signal) => {
  const handle = async ({ body }: SQSRecord) => {
    const delivered = await handleLogMessage(body, signal);
    logger.info('Looked at the subscriptions.', { delivered: delivered.filter(({ state }) => state !== 'kept') });
  };
  return processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
});
