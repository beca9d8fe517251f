import { shellCommand } from '../../domain/shell.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { dayOf } from '../principals.ts';
import { worst } from '../worst.ts';

const dayLength = 86_400_000;

/** A user's keys and password are young, and in use. */
export const credentialsRotated = {
  kind: 'posture',
  on: 'user',
  id: 'credentials-rotated',
  title: 'User who can act on RDS has young credentials that are in use',
  severity: 'medium',
  rationale:
    'A key or password that is old has had time to leak, and one that nobody uses will not be missed when somebody else does. Both open the databases that this user may change or log in to.',
  judged:
    'Of IAM users with any permission of RDS, its Data API or IAM database logins: active access keys and a console password must be younger than thresholds.keyAgeDays (90) and used within thresholds.unusedKeyDays (45). A key that was never used counts from the day that it was made.',
  fix: 'Replace old keys by roles where you can, else make a new one, change the clients, and delete the old one. Deactivate what nobody uses.',
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html'],
  controls: ['AWS FSBP IAM.3', 'AWS FSBP IAM.8', 'CIS AWS 3.0 1.12', 'CIS AWS 3.0 1.14', 'PCI DSS 4.0 8.3.9', 'NIST 800-53 AC-2(3)'],
  falsePositives: ['The report is up to four hours old.'],
  needs: ['iam:GetAccountAuthorizationDetails', 'iam:GetCredentialReport', 'iam:GenerateCredentialReport'],
  evaluate({ acts, credentials, resource: { name } }, { at, configuration: { thresholds } }): Verdict {
    if (!acts.known) return cannotTell(acts.cause);
    if (!credentials.known) return cannotTell(credentials.cause);
    const { keys, passwordEnabled, passwordLastChanged, passwordLastUsed } = credentials.value;
    const credentialsHeld = [
      ...keys.map(({ active, lastRotated, lastUsed }, index) => ({
        what: `access key ${index + 1}`,
        active,
        changed: lastRotated,
        used: lastUsed,
      })),
      { what: 'console password', active: passwordEnabled, changed: passwordLastChanged, used: passwordLastUsed },
    ];
    const [first, ...rest] = credentialsHeld
      .filter(({ active }) => active !== false)
      .map((one) => judgeCredential(name, one, at, thresholds));
    return first ? worst([first, ...rest]) : pass(`${name} has no active key and no console password.`);
  },
  remediation({ resource: { name } }) {
    return {
      command: shellCommand('aws', 'iam', 'list-access-keys', '--user-name', name),
      effect: 'at once',
      note: 'Deactivate an old key that this lists with aws iam update-access-key --status Inactive, then delete it; delete a console password that nobody uses with aws iam delete-login-profile.',
    };
  },
} satisfies PostureCheck;

interface Credential {
  readonly what: string;
  readonly active: boolean | undefined;
  readonly changed: string | undefined;
  readonly used: string | undefined;
}

function judgeCredential(
  user: string,
  { what, active, changed, used }: Credential,
  at: number,
  { keyAgeDays, unusedKeyDays }: { readonly keyAgeDays: number; readonly unusedKeyDays: number },
): Verdict {
  if (active === undefined || changed === undefined || used === undefined || changed === 'never') {
    return cannotTell(`not collected: the credential report does not tell of ${user}'s ${what}`);
  }
  const age = Math.floor((at - Date.parse(changed)) / dayLength);
  const problems: string[] = [];
  if (at - Date.parse(changed) > keyAgeDays * dayLength) problems.push(`is ${age} days old`);
  if (at - Date.parse(used === 'never' ? changed : used) > unusedKeyDays * dayLength) {
    problems.push(used === 'never' ? 'was never used' : `was last used on ${dayOf(used)}`);
  }
  if (problems.length === 0) return pass(`${user}'s ${what} is ${age} days old and ${used === 'never' ? 'was not used yet' : 'in use'}.`);
  return fail(`${user}'s ${what} ${problems.join(' and ')}.`, { [what]: { changed, lastUsed: used === 'never' ? null : used } });
}
