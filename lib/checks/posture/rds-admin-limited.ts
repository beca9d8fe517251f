import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { counted, listed } from '../sentences.ts';

/** Only those on a list may change every cluster, parameter group and snapshot. */
export const rdsAdminLimited = {
  kind: 'posture',
  on: 'account',
  id: 'rds-admin-limited',
  title: 'Account lets nobody change all of RDS but those on the allowed list',
  severity: 'medium',
  rationale:
    'Whoever holds rds:* on everything can turn TLS off, share a snapshot with the world, reset the master password or delete a cluster. Each of them more is one more way in.',
  judged:
    'Looks for roles and users with a policy that allows rds:* (or *) on every resource, after denies and the permissions boundary. Those whose ARN is in allowed.rdsAdministrators of the configuration do not count.',
  fix: 'Give each what it needs, on the clusters that it needs; put the few who need it all into allowed.rdsAdministrators.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAM.html'],
  controls: ['AWS FSBP IAM.1', 'AWS FSBP IAM.21', 'CIS AWS 3.0 1.16', 'NIST 800-53 AC-6', 'PCI DSS 4.0 7.2.2'],
  falsePositives: [
    "The account's administrators, until the configuration lists them.",
    'Policies of the organization may deny what the account allows; they are not in the evidence.',
  ],
  needs: ['iam:GetAccountAuthorizationDetails'],
  evaluate({ administrators }, { configuration: { allowed } }) {
    const others = administrators.known.filter(({ arn }) => !allowed.rdsAdministrators.some((pattern) => matchesWildcard(pattern, arn)));
    if (others.length > 0) {
      const names = others.map(({ arn, condition }) => (condition === null ? arn : `${arn} (only if ${condition})`));
      const verb = others.length === 1 ? 'principal may' : 'principals may';
      return fail(
        `${counted(others.length, verb, verb)} change everything in RDS and ${others.length === 1 ? 'is' : 'are'} not on the allowed list: ${listed(names)}.`,
        {
          principals: others,
        },
      );
    }
    if (administrators.cause !== null) return cannotTell(administrators.cause);
    return pass(
      `Nobody outside the allowed list may change everything in RDS (${counted(administrators.known.length, 'administrator')} on it).`,
    );
  },
  remediation: () => null,
} satisfies PostureCheck;
