import { createHash } from 'node:crypto';

/** The id of an alert: the same cause and key give the same one, so that an alert sent again is known to be the same. */
export function alertId(cause: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([cause, key]))
    .digest('hex')
    .slice(0, 32);
}
