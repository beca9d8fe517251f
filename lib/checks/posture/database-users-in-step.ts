import { causeText } from '../../domain/answer.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { groupsOf, isBuiltIn, unreadRoles } from '../../evidence/database-roles.ts';
import { grantNeeds } from '../principals.ts';
import { listed } from '../sentences.ts';
import { worst } from '../worst.ts';

/** IAM and the database agree on who logs in with a token. */
export const databaseUsersInStep = {
  kind: 'posture',
  on: 'database',
  id: 'database-users-in-step',
  title: 'Database has exactly the IAM users that somebody holds a grant for',
  severity: 'low',
  rationale:
    'A member of rds_iam that nobody holds a grant for is a door without a key: the next wide grant opens it. A grant for a user outside rds_iam does not work, and somebody will try a password instead.',
  judged:
    'Reads the database roles evidence. Every login role in rds_iam, directly or through others, must be a user that somebody holds a grant for here; every user that a grant names without wildcards must be in rds_iam; and no login role may have both a password and rds_iam. Administrators hold a grant for everybody.',
  fix: 'REVOKE rds_iam or DROP ROLE where nobody needs it, GRANT rds_iam where a grant names it, and ALTER ROLE … PASSWORD NULL for members of rds_iam.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html'],
  controls: ['NIST 800-53 AC-2', 'NIST 800-53 AC-6', 'PCI DSS 4.0 7.2.4'],
  falsePositives: ['On RDS nobody may read whether a role has a password, so a database in step stays unknown.'],
  needs: grantNeeds,
  evaluate(database): Verdict {
    const { roles, grantedUsers, holders } = database;
    if (!roles.known) return cannotTell(roles.cause, 'low');
    const logins = roles.value.filter((role) => role.canLogin && !isBuiltIn(role));
    const members = logins.filter((role) => groupsOf(role, roles.value).has('rds_iam'));
    const names = new Set(members.map(({ name }) => name));

    const held = members.map(({ name }) => ({ name, holders: holders(name) }));
    const alone = held.filter(({ holders: found }) => found.known && found.value.length === 0).map(({ name }) => name);
    const unsure = held.find(({ holders: found }) => !found.known)?.holders;
    const outside = grantedUsers.filter((user) => !names.has(user));
    const both = members.filter(({ hasPassword }) => hasPassword === true).map(({ name }) => name);
    const unread = members.filter(({ hasPassword }) => hasPassword === null);
    const unreadRole = unreadRoles(database);
    return worst([
      alone.length > 0
        ? fail(`Nobody holds a grant for ${listed(alone)}, ${alone.length === 1 ? 'a member' : 'members'} of rds_iam.`, {
            withoutGrant: alone,
          })
        : unsure?.known === false
          ? cannotTell(causeText(unsure.cause), 'low')
          : pass(`Somebody holds a grant for every member of rds_iam (${members.length}).`),
      unreadRole !== null
        ? cannotTell(unreadRole, 'low')
        : outside.length > 0
          ? fail(`A grant names ${listed(outside)}, not in rds_iam.`, { notInRdsIam: outside })
          : pass('Every user that a grant names is in rds_iam.'),
      both.length > 0
        ? fail(`${listed(both)} ${both.length === 1 ? 'has' : 'have'} a password beside rds_iam.`, { withPassword: both })
        : unread.length > 0
          ? cannotTell(`whether ${listed(unread.map(({ name }) => name))} has a password too could not be read from the database`, 'low')
          : pass('None of them has a password.'),
    ]);
  },
  remediation: () => null,
} satisfies PostureCheck;
