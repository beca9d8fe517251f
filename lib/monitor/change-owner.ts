import type { Alert } from '../domain/alert.ts';
import type { Resource } from '../domain/resource.ts';

/** By change check: the posture and access checks whose findings such a change opens. */
export const opens: Readonly<Record<string, readonly string[]>> = {
  'tls-weakened': ['tls-required', 'tls-minimum-version', 'parameter-group-custom', 'tls-upgrade-safe'],
  'iam-authentication-disabled': ['iam-authentication-enabled', 'grant-points-somewhere'],
  'logging-weakened': [
    'connections-logged',
    'log-statement-safe',
    'postgresql-log-exported',
    'iam-auth-errors-exported',
    'audit-extension-loaded',
    'log-delivery-possible',
  ],
  'password-restriction-removed': ['password-commands-restricted', 'scram-passwords-only'],
  'master-password-changed': ['master-password-managed'],
  'made-public': ['not-publicly-accessible'],
  'ingress-opened': ['ingress-restricted'],
  'snapshot-shared': ['snapshots-private'],
  'snapshot-copied-away': ['snapshots-encrypted'],
  'protection-removed': ['deletion-protected', 'backup-retention'],
  'iam-grant-added': [
    'grant-narrow',
    'grant-points-somewhere',
    'grant-condition-effective',
    'grant-home-account',
    'grant-by-role',
    'grant-used',
    'rds-admin-limited',
    'permissions-through-groups',
  ],
  'audit-trail-weakened': ['cloudtrail-recording'],
};

/**
 * The change that accounts for a problem: of the changes of one event, worst first, the one that opens such problems and names the resource, else one
 * that opens such problems, else the worst that names the resource. Null: none does, and the problem is told by itself.
 */
export function changeOwning(check: string, resource: Resource, changes: readonly Alert[]): Alert | null {
  const named = changes.filter(({ resources }) => resources.some(({ arn }) => arn === resource.arn));
  const opening = (change: Alert) => opens[change.check]?.includes(check) ?? false;
  return named.find(opening) ?? changes.find(opening) ?? named[0] ?? null;
}
