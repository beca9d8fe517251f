import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';

/** One logger for all functions: JSON with the request id. */
export const logger = new Logger({ serviceName: 'aurora-watch' });

/** The one stack that every function runs on: a signal that fires a second before Lambda's own time-out, and errors logged with their cause. */
export function onStack<Event, Result>(run: (event: Event, signal: AbortSignal) => Promise<Result>) {
  return middy<Event, Result>({ timeoutEarlyInMillis: 1000 })
    .use(injectLambdaContext(logger))
    .onError(({ error }) => {
      logger.error('The function failed.', error instanceof Error ? error : new Error(String(error)));
    })
    .handler((event: Event, _context: unknown, { signal }: { signal: AbortSignal }) => run(event, signal));
}
