import type { Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { DatabaseSubject } from '../../evidence/database-roles.ts';
import { groupsOf, isBuiltIn, unreadRoles } from '../../evidence/database-roles.ts';
import type { DatabaseRole } from '../../evidence/evidence.ts';
import { counted, listed } from '../sentences.ts';
import { worst } from '../worst.ts';

const few = 3;

/** Few may set passwords, and passwords end. */
export const passwordManagersFew = {
  kind: 'posture',
  on: 'database',
  id: 'password-managers-few',
  title: 'Database lets few roles set passwords, and its passwords end',
  severity: 'low',
  rationale:
    "Whoever may set passwords can become any user that logs in with one. A password without an end stays valid for years in a former employee's files.",
  judged:
    'Reads the database roles evidence. Besides rds_superuser and its members, at most three login roles may be in rds_password, and each must be able to create roles. Every login role that is in neither rds_iam nor rds_ad must have VALID UNTIL, except a master user whose password RDS keeps and rotates, and roles that RDS brings along.',
  fix: 'REVOKE rds_password from those who need it not; ALTER ROLE … VALID UNTIL for the others, or GRANT rds_iam so that they need no password.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.RestrictPasswordMgmt.html',
    'https://www.postgresql.org/docs/current/sql-createrole.html',
  ],
  controls: ['NIST 800-53 AC-6', 'NIST 800-53 IA-5(1)', 'PCI DSS 4.0 8.3.9'],
  falsePositives: ['A login role without any password, which nobody can tell on RDS: one that it is given later would not end either.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  evaluate(database): Verdict {
    const { roles, managedMaster } = database;
    if (!roles.known) return cannotTell(roles.cause, 'low');
    const all = roles.value.filter((role) => role.canLogin && !isBuiltIn(role));
    const unread = unreadRoles(database);
    const rest = unread === null ? [] : [cannotTell(unread, 'low')];
    return worst([judgeManagers(all, roles.value), judgeEnds(all, roles.value, managedMaster), ...rest]);
  },
  remediation: () => null,
} satisfies PostureCheck;

function judgeManagers(logins: readonly DatabaseRole[], roles: readonly DatabaseRole[]): Verdict {
  const managers = logins.filter((role) => groupsOf(role, roles, new Set(['rds_superuser'])).has('rds_password'));
  const unable = managers.filter(({ createRole }) => !createRole).map(({ name }) => name);
  const evidence = { passwordManagers: managers.map(({ name }) => name).sort() };
  if (managers.length > few)
    return fail(`${counted(managers.length, 'role')} may set passwords: ${listed(evidence.passwordManagers)}.`, evidence);
  if (unable.length > 0) return fail(`${listed(unable.sort())} may set passwords, but cannot create roles.`, evidence);
  return pass(`${counted(managers.length, 'role')} besides rds_superuser may set passwords.`);
}

function judgeEnds(
  logins: readonly DatabaseRole[],
  roles: readonly DatabaseRole[],
  managedMaster: DatabaseSubject['managedMaster'],
): Verdict {
  const endless = logins
    .filter((role) => {
      if (role.validUntil !== null || role.hasPassword === false || (managedMaster.known && role.name === managedMaster.value))
        return false;
      const groups = groupsOf(role, roles);
      return !groups.has('rds_iam') && !groups.has('rds_ad');
    })
    .map(({ name }) => name)
    .sort();
  if (endless.length === 0) return pass('Every password has an end.');
  // The only one may be the master user, whose password RDS may rotate.
  if (endless.length === 1 && !managedMaster.known) return cannotTell(managedMaster.cause, 'low');
  return fail(`The password of ${listed(endless)} has no end.`, { withoutEnd: endless });
}
