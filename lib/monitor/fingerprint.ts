import { createHash } from 'node:crypto';
import type { Resource } from '../domain/resource.ts';

/**
 * What identifies a problem: the same check on the same resource gives the same 32 hexadecimal digits, on a laptop and in AWS, run after run.
 * @param distinguishedBy what tells findings of one check on one resource apart: user, database, source
 */
export function fingerprintOf(check: string, resource: Resource, distinguishedBy: readonly string[] = []): string {
  const region = resource.type === 'region' ? resource.region : '';
  return createHash('sha256')
    .update(JSON.stringify([check, resource.arn, region, ...distinguishedBy]))
    .digest('hex')
    .slice(0, 32);
}
