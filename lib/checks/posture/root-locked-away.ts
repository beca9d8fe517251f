import type { Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { dayOf } from '../principals.ts';
import { worst } from '../worst.ts';

const dayLength = 86_400_000;
const quietDays = 90;

/** Nobody works as root, and nobody easily could. */
export const rootLockedAway = {
  kind: 'posture',
  on: 'account',
  id: 'root-locked-away',
  title: 'Root user has MFA and no access key, and nobody used it in 90 days',
  severity: 'high',
  rationale:
    'No policy limits the root user: whoever has its password or key can take every database and every trace of it away. Daily use makes a theft of it look like work.',
  judged:
    'Reads the credential report and the account summary. Fails with an access key, without MFA (unless it has no password at all, as in an organization that manages root centrally), or when password or key was used within 90 days.',
  fix: 'Sign in as root once: delete its access keys and register MFA. Then lock the password away, and work with roles.',
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html'],
  controls: ['AWS FSBP IAM.4', 'AWS FSBP IAM.9', 'CIS AWS 3.0 1.4', 'CIS AWS 3.0 1.5', 'CIS AWS 3.0 1.7', 'PCI DSS 4.0 8.2.2'],
  falsePositives: ['One of the few tasks that only root can do was done on purpose.'],
  needs: ['iam:GetCredentialReport', 'iam:GenerateCredentialReport', 'iam:GetAccountSummary'],
  evaluate({ root: { hasKey, hasMfa, lastUsed } }, { at }): Verdict {
    const key = !hasKey.known
      ? cannotTell(hasKey.cause)
      : hasKey.value
        ? fail('The root user has an access key.', { accessKey: true })
        : pass('The root user has no access key.');
    const mfa = !hasMfa.known
      ? cannotTell(hasMfa.cause)
      : hasMfa.value === null
        ? pass('It has no password either.')
        : hasMfa.value
          ? pass('It has MFA.')
          : fail('The root user has no MFA.', { mfa: false });
    return worst([key, mfa, useVerdict(lastUsed.known ? lastUsed.value : null, lastUsed.known ? null : cannotTell(lastUsed.cause), at)]);
  },
  remediation: () => null,
} satisfies PostureCheck;

function useVerdict(last: string | null, unknown: Verdict | null, at: number): Verdict {
  if (unknown !== null) return unknown;
  if (last === null) return pass('Nobody ever used it.');
  if (at - Date.parse(last) > quietDays * dayLength) return pass(`Nobody used it since ${dayOf(last)}.`);
  return fail(`The root user was used on ${dayOf(last)}.`, { lastUsed: last });
}
