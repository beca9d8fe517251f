import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { handleLogObjects, reparse } from '../lib/main/parse-logs.ts';
import { logger, onStack } from './stack.ts';

/** Messages that name objects of the stream of logs, which become rows; or, by hand, a request to parse history again. */
export const handler = onStack(async (event: SQSEvent | { readonly reparse: unknown }, signal) => {
  if ('reparse' in event) return reparse(event, signal);
  const handle = async ({ body, messageId }: SQSRecord) => {
    const done = handleLogObjects(body, signal);
    done.catch((error: unknown) => logger.error('The message was not handled.', { messageId, error }));
    logger.info('Parsed.', await done);
  };
  return processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
});
