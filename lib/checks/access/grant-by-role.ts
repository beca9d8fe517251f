import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { AccessCheck } from '../../evidence/check-kinds.ts';
import { databaseUsersOf } from '../../evidence/grants.ts';
import { nameOf, patternsOf, remedyOf } from '../principals.ts';

/** A role holds the grant, or a user without long-lived keys. */
export const grantByRole = {
  kind: 'access',
  on: 'principal',
  id: 'grant-by-role',
  title: 'Grant is held by a role, not by a user with access keys',
  severity: 'medium',
  rationale:
    'An access key lives until somebody deletes it, in files, pipelines and repositories. With the grant it is a database password that never changes; the credentials of a role end within hours.',
  judged: 'A role passes. An IAM user fails while the credential report shows an active access key.',
  fix: 'Give the grant to a role, let the user assume it, and delete the access key.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  ],
  controls: ['AWS FSBP IAM.22', 'NIST 800-53 IA-5', 'NIST 800-53 AC-2', 'PCI DSS 4.0 8.6.1'],
  falsePositives: ['A program outside AWS that cannot get temporary credentials.'],
  needs: ['iam:GetAccountAuthorizationDetails', 'iam:GetCredentialReport', 'iam:GenerateCredentialReport'],
  evaluate(principal) {
    const { grants, activeKey, identity } = principal;
    if (!grants.known) return cannotTell(grants.cause);
    if (identity.kind === 'role') return pass(`${nameOf(principal)} is a role: its credentials are temporary.`);
    if (!activeKey.known) return cannotTell(activeKey.cause);
    if (!activeKey.value) return pass(`${nameOf(principal)} has no active access key.`);
    return fail(`${nameOf(principal)} holds the grant with a long-lived access key.`, {
      principal: principal.resource.arn,
      grants: patternsOf(grants.value),
      databaseUsers: databaseUsersOf(grants.value),
    });
  },
  remediation(principal) {
    const list = shellCommand('aws', 'iam', 'list-access-keys', '--user-name', principal.identity.name);
    return remedyOf(principal, [list], 'Give the grant to a role first, then delete the keys that this lists.');
  },
} satisfies AccessCheck;
