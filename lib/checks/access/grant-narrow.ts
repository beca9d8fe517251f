import type { Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { AccessCheck } from '../../evidence/check-kinds.ts';
import type { Grant, PrincipalSubject } from '../../evidence/grants.ts';
import { isAdministrators, partsOf } from '../../evidence/grants.ts';
import type { IdentityPolicy } from '../../evidence/identities.ts';
import {
  conditionNote,
  givesConnectAlone,
  grantNeeds,
  isAny,
  nameOf,
  patternsOf,
  putPolicy,
  remedyOf,
  takeAway,
  unseenLogs,
} from '../principals.ts';
import { listed } from '../sentences.ts';

const dayLength = 86_400_000;

/** The grant names its databases and database users. */
export const grantNarrow = {
  kind: 'access',
  on: 'principal',
  id: 'grant-narrow',
  title: 'Grant names the databases and the database users that it is for',
  severity: 'high',
  rationale:
    'A grant for any database user lets its holder log in as the master user too, and one for any database reaches those that are made tomorrow. Whoever gets hold of the principal has all of it.',
  judged:
    'Reads the patterns that are left after denies and the permissions boundary. A wildcard in the resource id, or nothing but wildcards for the database user, is wide: high. Where only an action such as * gives it, as administrators have, it is low. Principals in allowed.wideGrants pass.',
  fix: 'Replace the pattern by dbuser:<resource id>/<database user> of what is needed; the finding has the policy that the logins seen would need. A principal that needs it all goes into allowed.wideGrants of the configuration.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html'],
  controls: ['NIST 800-53 AC-6', 'NIST 800-53 AC-6(3)', 'PCI DSS 4.0 7.2.2', 'CIS AWS 3.0 1.16'],
  falsePositives: [
    'A principal for emergencies; put it into allowed.wideGrants.',
    'A condition, which is not judged, may narrow the grant.',
  ],
  needs: grantNeeds,
  evaluate(principal, { configuration }): Verdict {
    if (!principal.grants.known) return cannotTell(principal.grants.cause);
    const grants = principal.grants.value;
    const wide = grants.filter(isWide);
    const name = nameOf(principal);
    if (wide.length === 0) return pass(`${name} holds ${listed(patternsOf(grants))}: databases and users are named.`);
    if (configuration.allowed.wideGrants.some((pattern) => matchesWildcard(pattern, principal.resource.arn))) {
      return pass(`${name} may hold wide grants: it is in allowed.wideGrants.`);
    }
    const ofService = wide.filter((grant) => !isAdministrators(grant));
    const deciding = ofService.length > 0 ? ofService : wide;
    const how = ofService.length > 0 ? 'is wider than needed' : 'comes with the rights of an administrator';
    return fail(
      `What ${name} holds ${how}: ${listed(deciding.map(describe))}.${conditionNote(deciding)}`,
      {
        principal: principal.resource.arn,
        grants: patternsOf(wide),
        policies: [...new Set(wide.map(({ policy }) => policy.arn ?? policy.name))].sort(),
        administrator: ofService.length === 0,
        logins: principal.logins.known ? [...new Set(principal.logins.value.map(({ arn }) => arn))].sort() : null,
      },
      { severity: ofService.length > 0 ? 'high' : 'low' },
    );
  },
  remediation(principal, { at, configuration }) {
    if (!principal.grants.known || !principal.logins.known || principal.logins.value.length === 0) return null;
    const needed = [...new Set(principal.logins.value.map(({ arn }) => arn))].sort();
    const wide = principal.grants.value.filter(isWide);
    const policies = wide.map(({ policy }) => policy);
    const unseen = unseenLogs(principal.grants.value, at - configuration.thresholds.unusedDays * dayLength);
    const note = `It leaves what the logins seen needed.${unseen === null ? '' : ` The logs do not tell all (${unseen}): look before you paste.`}`;
    // A condition would be lost with its policy, so that policy stays.
    const replaceable = wide.every(({ policy, condition }) => condition === null && policy.group === null && givesConnectAlone(policy));
    const policy = freeName(principal, policies);
    const commands = replaceable
      ? [
          putPolicy(principal, policy, [{ Effect: 'Allow', Action: 'rds-db:connect', Resource: needed }]),
          ...takeAway(
            principal,
            policies.filter(({ arn, name }) => arn !== null || name !== policy),
          ),
        ]
      : [putPolicy(principal, 'database-login-only', [{ Effect: 'Deny', Action: 'rds-db:connect', NotResource: needed }])];
    return remedyOf(principal, commands, note);
  },
} satisfies AccessCheck;

/** Putting a policy replaces the one of that name: only what is to go may have it. */
function freeName({ identity }: PrincipalSubject, going: readonly IdentityPolicy[]): string {
  const taken = new Set(
    identity.policies.filter((one) => one.arn === null && one.group === null && !going.includes(one)).map(({ name }) => name),
  );
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'database-login' : `database-login-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** An id is random, so any wildcard in it stands for any database. */
function isWide({ resource }: Grant): boolean {
  const { resourceId, databaseUser } = partsOf(resource);
  return /[*?]/.test(resourceId) || isAny(databaseUser);
}

function describe({ resource, policy }: Grant): string {
  return `${resource} by policy ${policy.name}${policy.group === null ? '' : ` of group ${policy.group}`}`;
}
