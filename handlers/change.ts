import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleMessages } from '../lib/main/lambda.ts';
import { logger, onStack } from './stack.ts';

/** Messages of the change queue: one event each. What cannot be handled goes back to the queue alone; its neighbours go on. */
export const handler = onStack(async ({ Records }: SQSEvent, signal): Promise<SQSBatchResponse> => {
  const failures = await handleMessages(Records, signal);
  for (const [messageId, error] of failures) logger.error('The message was not handled.', { messageId, error });
  return { batchItemFailures: [...failures.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
});
