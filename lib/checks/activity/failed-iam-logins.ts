import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { failureFinding, failureParameters } from '../failed-logins.ts';
import { listOf } from '../rows.ts';

/** IAM (PAM) logins that failed, and who was behind them. */
export const failedIamLogins = {
  kind: 'activity',
  id: 'failed-iam-logins',
  title: 'IAM logins to the database failed',
  severity: 'medium',
  rationale:
    'CloudTrail records neither the token nor the login, so the connection log is the only place where somebody who tries to get in with a stolen or guessed identity can be seen. The same record tells of an application whose grant, token or user is wrong.',
  judged:
    'Counts PAM failures in the connection log, one per attempt (cluster, instance, process, address and port), grouped by user, database and source over the whole window. A single failure is info; failedLogins of them within failedLoginWindow are medium, ten times as many high. Attempts whose connection was not seen count as unconfirmed; forged records never count. Where iam-db-auth-error is exported, its error code is among the reasons and the caller is named: that log tells the user and the time, and no address, so that what it says within three seconds of a failure of this user is told.',
  fix: 'Look at the caller that iam-db-auth-error names: does the identity hold rds-db:connect for this user and cluster, is the token younger than 15 minutes, does the client use TLS? A role that became a member of rds_iam cannot use its password any more. If nobody knows the source, close it in the security group.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html',
  ],
  controls: ['PCI DSS 4.0 10.2.1.4', 'NIST 800-53 AC-7', 'NIST 800-53 AU-6'],
  falsePositives: [
    'A role that was given to rds_iam while its application still logs in with a password.',
    'A token that is older than 15 minutes when a pool opens its next connection.',
  ],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: failureParameters,
  findings(rows, context) {
    return rows.map((row) => failureFinding(row, context, 'IAM', { callers: listOf(row, 'callers') }));
  },
} satisfies ActivityCheck;
