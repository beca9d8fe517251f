import type { Rotation } from '../evidence/secrets.ts';

const day = 24 * 60 * 60 * 1000;

/** What is wrong with a secret that is to be deleted. */
export const scheduledForDeletion = 'is scheduled for deletion';

/** What is wrong with a secret whose rotation is off. */
export const notRotated = 'is not rotated';

/**
 * What is wrong with a secret's rotation, as a clause; null: it is on schedule. `unknown`: nothing tells when it is due.
 * A day of grace, for Secrets Manager rotates within a window.
 */
export function rotationProblem(rotation: Rotation, at: number): string | null | 'unknown' {
  if (rotation.deleted !== null) return scheduledForDeletion;
  if (rotation.enabled !== true) return notRotated;
  if (rotation.next !== null) return Date.parse(rotation.next) + day < at ? `was due for rotation on ${rotation.next.slice(0, 10)}` : null;
  const since = rotation.last ?? rotation.created;
  if (since === null || rotation.everyDays === null) return 'unknown';
  const due = Date.parse(since) + rotation.everyDays * day;
  return due + day < at ? `was due for rotation on ${new Date(due).toISOString().slice(0, 10)}` : null;
}
