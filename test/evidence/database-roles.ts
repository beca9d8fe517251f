import { known } from '../../lib/domain/answer.ts';
import type { DatabaseRole, Evidence } from '../../lib/evidence/evidence.ts';

/** A login role without a password that belongs to rds_iam. */
export function databaseRole(name: string, override: Partial<DatabaseRole> = {}): DatabaseRole {
  return {
    name,
    canLogin: true,
    superuser: false,
    createRole: false,
    hasPassword: false,
    validUntil: null,
    memberOf: ['rds_iam'],
    ...override,
  };
}

/** The roles evidence of cluster orders: these, and those that RDS brings along. */
export function rolesOf(...roles: readonly DatabaseRole[]): Evidence['databaseRoles'] {
  return partOf(0, ...roles);
}

/** The same, where so many others could not be read. */
export function partOf(rejected: number, ...roles: readonly DatabaseRole[]): Evidence['databaseRoles'] {
  const group = { canLogin: false, memberOf: [] };
  const builtIn = [
    databaseRole('rds_iam', group),
    databaseRole('rds_password', group),
    databaseRole('rds_superuser', { ...group, memberOf: ['rds_password', 'pg_monitor'] }),
    databaseRole('rdsadmin', { hasPassword: true, createRole: true, superuser: true, memberOf: [] }),
  ];
  return new Map([['orders', known([...builtIn, ...roles], rejected)]]);
}
