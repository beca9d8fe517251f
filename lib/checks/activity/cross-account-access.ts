import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { listPrincipals } from '../../evidence/grants.ts';
import { windowParameters } from '../../evidence/window.ts';
import { listOf, numberOf, type Row, textOf, timeOf } from '../rows.ts';
import { counted, listed } from '../sentences.ts';

const newDays = 7;
const dayLength = 86_400_000;

/** Other accounts that assumed the roles of databases. */
export const crossAccountAccess = {
  kind: 'activity',
  id: 'cross-account-access',
  title: 'Another account assumed a role that may connect to a database',
  severity: 'info',
  rationale:
    'Who lives in another account gets to the database by a role of this one. Each of those accounts is a way in that this account does not control: one that nobody knows is an intrusion, or a trust policy that is too wide.',
  judged:
    'Reads AssumeRole (also by SAML and web identity; denied tries are none) in CloudTrail where the account of the caller is not that of the role, for roles that hold rds-db:connect (for all roles, where nobody can say who holds it), grouped by role, account and caller over the window. Services of AWS are no accounts, and an event that both accounts recorded counts once. Accounts outside trustedAccounts are high. One that was first seen in the last seven days is new, and the finding says so, where calls are known from more than two weeks back.',
  fix: 'Add the account to trustedAccounts if it belongs there; else narrow the trust policy of the role, and look at what its sessions did.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_cross-account-with-roles.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html',
  ],
  controls: ['NIST 800-53 AC-2', 'NIST 800-53 AC-17', 'PCI DSS 4.0 7.2.5'],
  falsePositives: ['An account of the same organization that is not in trustedAccounts yet.'],
  needs: ['iam:GetAccountAuthorizationDetails'],
  parameters: windowParameters,
  findings(rows, context) {
    const isOfDatabase = databaseRoles(context.evidence);
    return rows
      .filter((row) => isOfDatabase(textOf(row, 'role') ?? ''))
      .map((row) => {
        const role = textOf(row, 'role') ?? '';
        const sourceAccount = textOf(row, 'source_account');
        const sourceIdentity = textOf(row, 'source_identity');
        const sources = listOf(row, 'sources');
        const count = numberOf(row, 'uses');
        const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
        const isTrusted = context.configuration.trustedAccounts.includes(sourceAccount ?? '');
        const isNew = isFirst(row, context.to);
        const name = role.slice(role.lastIndexOf('/') + 1);
        return {
          resource: { arn: role, type: 'principal' as const, name, region: 'global' },
          severity: isTrusted ? ('info' as const) : ('high' as const),
          reason: `Account ${sourceAccount}${isTrusted ? '' : ', which is not in trustedAccounts,'} assumed ${name} ${counted(count, 'time')} from ${sources.length === 0 ? 'an unknown address' : listed(sources, 3)}${isNew ? `, for the first time on ${first.slice(0, 10)}` : ''}.`,
          evidence: { role, sourceAccount, sourceIdentity, sources, count, first, last, new: isNew },
          distinguishedBy: [sourceAccount ?? '', sourceIdentity ?? ''],
          firstSeen: first,
          lastSeen: last,
          count,
          remediation: null,
        };
      });
  },
} satisfies ActivityCheck;

/** Whether it was first seen in the last seven days; null: calls are not known from far enough back to tell. */
function isFirst(row: Row, to: number): boolean | null {
  if (to - numberOf(row, 'began_ms') <= 2 * newDays * dayLength) return null;
  return numberOf(row, 'first_ms') >= to - newDays * dayLength;
}

/** Whether a role of this account may connect to a database; where nobody can say, every role may. */
function databaseRoles(evidence: Evidence): (role: string) => boolean {
  const { subjects, unlisted } = listPrincipals(evidence);
  const holders = new Set(subjects.map(({ resource }) => resource.arn));
  const isOwn = (role: string): boolean => evidence.account === '' || role.split(':')[4] === evidence.account;
  return (role) => isOwn(role) && (unlisted.length > 0 || holders.has(role));
}
