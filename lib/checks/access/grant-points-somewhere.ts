import { causeText } from '../../domain/answer.ts';
import type { Fail, Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { AccessCheck } from '../../evidence/check-kinds.ts';
import type { Grant, PrincipalSubject } from '../../evidence/grants.ts';
import { isAdministrators, partsOf } from '../../evidence/grants.ts';
import { grantNeeds, nameOf, remedyOf, takeAway, unseenLogs } from '../principals.ts';
import { worst } from '../worst.ts';

const dayLength = 86_400_000;

/** What the grant names is there. */
export const grantPointsSomewhere = {
  kind: 'access',
  on: 'principal',
  id: 'grant-points-somewhere',
  title: 'Grant names a database that takes IAM logins and a database user that exists',
  severity: 'low',
  rationale:
    'A grant for what is gone is forgotten access: it hides what a principal really may do, and a database that is restored under its old id, or a user that is created again, opens without anybody deciding it.',
  judged:
    'Each pattern, except what only an action such as * gives, must reach a cluster, instance or proxy of the inventory that has IAM authentication on, and a database user without wildcards must have been seen: in a login, or in the roles evidence of that database. A user that was never seen fails only where the logs are complete or the roles were collected.',
  fix: 'Take the statement out of the policy, or correct the id, the account, the region or the database user.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html'],
  controls: ['NIST 800-53 AC-2(3)', 'NIST 800-53 AC-6(7)', 'PCI DSS 4.0 7.2.4'],
  falsePositives: [
    'A cluster in a region that nobody looked at is unknown, not gone; one that is made only for a while is gone in between.',
  ],
  needs: grantNeeds,
  evaluate(principal, { at, configuration }): Verdict {
    if (!principal.grants.known) return cannotTell(principal.grants.cause);
    const pointing = principal.grants.value.filter((grant) => !isAdministrators(grant));
    const start = at - configuration.thresholds.unusedDays * dayLength;
    const [first, ...rest] = pointing.map((grant) => judgeGrant(principal, grant, start));
    if (!first) return notApplicable(`${nameOf(principal)} holds no grant that names a database, only the rights of an administrator.`);
    const nowhere = pointing.filter((_, index) => [first, ...rest][index]?.verdict === 'fail');
    const verdict = worst([first, ...rest]);
    if (verdict.verdict !== 'fail') return verdict;
    return {
      ...verdict,
      evidence: { principal: principal.resource.arn, grants: nowhere.map(({ resource }) => resource).sort() },
    } satisfies Fail;
  },
  remediation(principal, { at, configuration }) {
    if (!principal.grants.known) return null;
    const start = at - configuration.thresholds.unusedDays * dayLength;
    const grants = principal.grants.value;
    const nowhere = grants.filter((grant) => !isAdministrators(grant) && judgeGrant(principal, grant, start).verdict === 'fail');
    // Only a policy whose every grant points nowhere can go as a whole.
    const whole = nowhere.every(({ policy }) =>
      grants.filter((grant) => grant.policy === policy).every((grant) => nowhere.includes(grant)),
    );
    return whole
      ? remedyOf(
          principal,
          takeAway(
            principal,
            nowhere.map(({ policy }) => policy),
            [...new Set(nowhere.map(({ resource }) => resource))].sort(),
          ),
        )
      : null;
  },
} satisfies AccessCheck;

function judgeGrant(principal: PrincipalSubject, grant: Grant, start: number): Verdict {
  const { resource, reaches, mayReachMore, databaseUser } = grant;
  const what = `${resource} (policy ${grant.policy.name})`;
  const { account } = partsOf(resource);
  if (/^\d{12}$/.test(account) && account !== principal.account) {
    return fail(`${what} names account ${account}: IAM logins work within one account.`, {});
  }
  if (reaches.length === 0) {
    return mayReachMore ? cannotTell(mayReachMore) : fail(`${what} names no database that is there.`, {});
  }
  const taking = reaches.filter(({ iamAuthentication }) => !iamAuthentication.known || iamAuthentication.value);
  const names = [...new Set(reaches.flatMap(({ clusters }) => clusters))];
  if (taking.length === 0) {
    return mayReachMore ? cannotTell(mayReachMore) : fail(`${what} names ${names.join(', ')}, where IAM authentication is off.`, {});
  }
  const unsaid = taking.find(({ iamAuthentication }) => !iamAuthentication.known);
  if (taking.every(({ iamAuthentication }) => !iamAuthentication.known) && unsaid?.iamAuthentication.known === false) {
    return cannotTell(unsaid.iamAuthentication.cause);
  }
  if (/[*?$]/.test(databaseUser)) return pass(`${what} reaches ${names.join(', ')}.`);
  return judgeUser(grant, what, start);
}

function judgeUser(grant: Grant, what: string, start: number): Verdict {
  const { reaches, mayReachMore, databaseUser } = grant;
  if (reaches.some(({ users }) => users.known && users.value.has(databaseUser)))
    return pass(`${what} names a database user that was seen.`);
  if (reaches.every(({ rolesKnown }) => rolesKnown) && mayReachMore === null) {
    return fail(`${what} names database user ${databaseUser}, whom the database does not have.`, {});
  }
  const unknownUsers = reaches.find(({ users }) => !users.known)?.users;
  if (unknownUsers?.known === false) return cannotTell(unknownUsers.cause);
  const unseen = mayReachMore ? causeText(mayReachMore) : unseenLogs([grant], start);
  if (unseen !== null) return cannotTell(`${databaseUser} was never seen, and the logs do not tell all: ${unseen}.`);
  return fail(`${what} names database user ${databaseUser}, who was never seen.`, {});
}
