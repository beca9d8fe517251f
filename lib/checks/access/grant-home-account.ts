import type { Configuration } from '../../domain/configuration.ts';
import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { AccessCheck } from '../../evidence/check-kinds.ts';
import type { PrincipalSubject } from '../../evidence/grants.ts';
import type { TrustedParty } from '../../evidence/trust.ts';
import { trustedParties, trustWithout } from '../../evidence/trust.ts';
import { nameOf, patternsOf, remedyOf } from '../principals.ts';
import { listed } from '../sentences.ts';

/** Nobody from outside can become the role. */
export const grantHomeAccount = {
  kind: 'access',
  on: 'principal',
  id: 'grant-home-account',
  title: 'Role that may connect is assumed from this account or trusted ones alone',
  severity: 'high',
  rationale:
    'Whoever may assume the role logs in to the database as it. Another account decides by itself who that is, and its safety becomes yours; a role that trusts anyone is a database on the internet.',
  judged:
    "Reads the role's trust policy. An account that is neither this one nor in trustedAccounts fails: high, with an external id medium. Anyone is critical: *, NotPrincipal, or a public identity provider without a condition on its subject or audience. Conditions on the caller's account, ARN or organization are taken into account.",
  fix: 'Take the account out of the trust policy, or put it into trustedAccounts of the configuration if it is one of yours.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html',
  ],
  controls: ['NIST 800-53 AC-3', 'NIST 800-53 AC-6', 'NIST 800-53 SA-9', 'PCI DSS 4.0 7.2.2'],
  falsePositives: [
    'An account of the same organization that is not in trustedAccounts yet.',
    'A deny in the trust policy whose condition keeps others out.',
  ],
  needs: ['iam:GetAccountAuthorizationDetails'],
  evaluate(principal, { configuration }) {
    const { grants, identity } = principal;
    if (!grants.known) return cannotTell(grants.cause);
    if (identity.kind === 'user') return notApplicable(`${nameOf(principal)} is a user of this account: nobody assumes it.`);
    const parties = trustedParties(identity);
    if (!parties.known) return cannotTell(parties.cause);
    const outsiders = parties.value.filter((party) => isOutside(party, principal, configuration));
    if (outsiders.length === 0) return pass(`${nameOf(principal)} trusts nobody outside this account and the trusted ones.`);
    const anyone = outsiders.filter(({ kind }) => kind === 'anyone');
    const evidence = {
      principal: principal.resource.arn,
      grants: patternsOf(grants.value),
      trusted: outsiders.map(({ who }) => who).sort(),
      accounts: [...new Set(outsiders.flatMap(({ account }) => account ?? []))].sort(),
      externalId: outsiders.every(({ externalId }) => externalId),
    };
    if (anyone.length > 0)
      return fail(`Anyone can assume ${nameOf(principal)}: it trusts ${listed(anyone.map(({ who }) => who))}.`, evidence, {
        severity: 'critical',
      });
    return fail(
      `${nameOf(principal)} trusts ${listed(evidence.trusted)}, which is not in trustedAccounts${evidence.externalId ? ', with an external id' : ''}.`,
      evidence,
      { severity: evidence.externalId ? 'medium' : 'high' },
    );
  },
  remediation(principal, { configuration }) {
    const parties = trustedParties(principal.identity);
    if (!parties.known) return null;
    const outsiders = parties.value.filter((party) => isOutside(party, principal, configuration));
    const unwanted = new Set(outsiders.map(({ named }) => named));
    const document = JSON.stringify(trustWithout(principal.identity, unwanted));
    const { name } = principal.identity;
    return remedyOf(principal, [
      shellCommand('aws', 'iam', 'update-assume-role-policy', '--role-name', name, '--policy-document', document),
    ]);
  },
} satisfies AccessCheck;

function isOutside(
  { kind, account }: TrustedParty,
  principal: PrincipalSubject,
  { trustedAccounts }: Pick<Configuration, 'trustedAccounts'>,
): boolean {
  if (kind === 'anyone' || kind === 'organization') return true;
  // A provider without an account is one that IAM knows by name, with a condition on its audience.
  if (account === null) return kind === 'account';
  return account !== principal.account && !trustedAccounts.includes(account);
}
