import type { ScheduledEvent } from 'aws-lambda';
import { runDigest } from '../lib/main/digest.ts';
import { logger, onStack } from './stack.ts';

/** What is still open, once a day, by schedule. */
export const handler = onStack(async (event: Partial<ScheduledEvent>, signal) => {
  const sent = await runDigest(event.time, signal);
  logger.info(sent ? 'The digest was sent.' : 'There is no digest to send.');
  return { sent };
});
