import type { ScheduledEvent } from 'aws-lambda';
import { runSweep } from '../lib/main/lambda.ts';
import { logger, onStack } from './stack.ts';

/** The posture sweep, by schedule. */
export const handler = onStack(async (event: Partial<ScheduledEvent>, signal) => {
  const swept = await runSweep(event.time, signal);
  logger.info('Swept.', { swept });
  return swept;
});
