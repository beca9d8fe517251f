import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleActivityMessages } from '../lib/main/activity.ts';
import { logger, onStack } from './stack.ts';

/** Messages of the queue of queries: the schedule's, which starts what is due, and Athena's, that an execution has ended. */
export const handler = onStack(async ({ Records }: SQSEvent, signal): Promise<SQSBatchResponse> => {
  const handled = await handleActivityMessages(Records, signal);
  const failures = handled.filter((one) => 'error' in one);
  for (const one of handled) {
    if ('ran' in one) logger.info('Ran queries.', { ...one });
    else logger.error('The message was not handled.', { ...one });
  }
  return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
});
