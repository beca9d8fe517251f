import { causeText } from '../../domain/answer.ts';
import type { EvidenceData, Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { AccessCheck } from '../../evidence/check-kinds.ts';
import type { Grant, Login, PrincipalSubject } from '../../evidence/grants.ts';
import { databaseUsersOf, loginSign } from '../../evidence/grants.ts';
import type { Sign } from '../../evidence/signs-of-use.ts';
import { latestOf, signNames } from '../../evidence/signs-of-use.ts';
import { conditionNote, dayOf, grantNeeds, isAny, nameOf, patternsOf, remedyOf, takeAway, unseenLogs } from '../principals.ts';
import { listed } from '../sentences.ts';

const dayLength = 86_400_000;
/** Somebody uses the grant: the principal is used, and a database user that it may be logs in. */
export const grantUsed = {
  kind: 'access',
  on: 'principal',
  id: 'grant-used',
  title: 'Principal that may connect to a database does so',
  severity: 'medium',
  rationale:
    'A grant that nobody uses helps nobody but an intruder: it opens a database without a password for whoever gets hold of the principal, and nobody would miss it or notice.',
  judged:
    'Role use is AssumeRole in CloudTrail, RoleLastUsed or access advisor (of a user, its access keys and console password): none within thresholds.unusedDays fails, whatever the logs say. Database use is a login as a granted database user on a granted cluster; since others may share that user, it acquits possibly. Role use without any login fails where the logs of every granted cluster are complete and log_connections is on there, else it is unknown.',
  fix: 'Take the grant away: delete or detach the policy that gives only this, else deny rds-db:connect with an inline policy.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html',
  ],
  controls: ['NIST 800-53 AC-2(3)', 'NIST 800-53 AC-6(7)', 'PCI DSS 4.0 7.2.4', 'CIS AWS 3.0 1.12'],
  falsePositives: [
    'A principal for emergencies, or one that works once a year.',
    'A role that was made within the period and is not in service yet.',
    'RoleLastUsed and access advisor lag behind by up to four hours.',
    "Policies of the organization (SCP, RCP) are no part of the evidence: they may deny what the account's own policies grant.",
  ],
  needs: [
    ...grantNeeds,
    'iam:GetServiceLastAccessedDetails',
    'iam:GenerateServiceLastAccessedDetails',
    'iam:GetCredentialReport',
    'iam:GenerateCredentialReport',
  ],
  evaluate(principal, { at, configuration }) {
    const { grants } = principal;
    if (!grants.known) return cannotTell(grants.cause);
    const days = configuration.thresholds.unusedDays;
    const verdict = judgeUse(principal, grants.value, at - days * dayLength, days);
    return { ...verdict, reason: verdict.reason + conditionNote(grants.value) };
  },
  remediation(principal) {
    if (!principal.grants.known) return null;
    const policies = principal.grants.value.map(({ policy }) => policy);
    return remedyOf(principal, takeAway(principal, policies), 'It takes away the database login and nothing else.');
  },
} satisfies AccessCheck;

function judgeUse(principal: PrincipalSubject, grants: readonly Grant[], start: number, days: number): Verdict {
  const { signs, logins } = principal;
  const name = nameOf(principal);
  const [deciding] = signs;
  const role = latestOf(signs);
  if (role === null || Date.parse(role.last) < start) {
    if (!deciding.last.known) return cannotTell(deciding.last.cause);
    const since = role === null ? 'no sign of use is known' : `the last sign is ${signNames[role.name]} on ${dayOf(role.last)}`;
    return fail(
      `Nobody used ${name} in the last ${days} days: ${since}.`,
      evidenceOf(principal, grants, 'role-never-used', role?.last ?? null),
    );
  }

  const used = `${name} was used (${signNames[role.name]}, ${dayOf(role.last)})`;
  if (!logins.known) return cannotTell(`${used}, but not known is whether it logged in: ${causeText(logins.cause)}.`);
  const recent = logins.value.filter(({ last }) => Date.parse(last) >= start);
  const last = recent.at(-1);
  if (last) {
    return pass(
      `${used}, and ${loginText(last)} logged in on ${dayOf(last.last)}: possibly this principal, for several may share a database user.`,
    );
  }
  const unseen = unseenLogs(grants, start);
  if (unseen !== null) return cannotTell(`${used}, but no login was seen as ${userText(grants)}, and the logs do not tell all: ${unseen}.`);
  return fail(
    `${used}, but never logged in to a database in the last ${days} days: the logs are complete and hold no login as ${userText(grants)}.`,
    evidenceOf(principal, grants, 'never-logged-in', role.last),
  );
}

function evidenceOf(principal: PrincipalSubject, grants: readonly Grant[], use: string, lastUsed: string | null): EvidenceData {
  return {
    principal: principal.resource.arn,
    grants: patternsOf(grants),
    databaseUsers: databaseUsersOf(grants),
    use,
    lastUsed,
    signs: Object.fromEntries([...principal.signs, loginSign(principal)].map((sign) => [sign.name, signText(sign)])),
  };
}

function signText({ last }: Sign): string {
  return last.known ? (last.value ?? 'never') : `unknown: ${causeText(last.cause)}`;
}

function loginText({ user, cluster }: Login): string {
  return `${user} on ${cluster}`;
}

function userText(grants: readonly Grant[]): string {
  const users = databaseUsersOf(grants);
  return users.some(isAny) ? 'any database user' : listed(users);
}
