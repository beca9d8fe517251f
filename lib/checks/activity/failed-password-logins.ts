import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { failureFinding, failureParameters } from '../failed-logins.ts';
import { listOf, numberOf, type Row } from '../rows.ts';

/** Password logins that failed. */
export const failedPasswordLogins = {
  kind: 'activity',
  id: 'failed-password-logins',
  title: 'Password logins to the database failed',
  severity: 'medium',
  rationale:
    'Whoever reaches the port may guess passwords as often as they like: PostgreSQL locks nobody out. Names of roles that do not exist show that somebody guesses names too.',
  judged:
    'Counts the failures of every method but IAM in the connection log, one per attempt: passwords, and Kerberos or certificates where they are used, which the reason names; they are grouped by user, database and source over the whole window; unknownUser says that the role does not exist, which only the DETAIL of the server tells. A single failure is info; failedLogins of them within failedLoginWindow are medium, ten times as many high. Forged records never count.',
  fix: 'Close the source in the security group if nobody knows it; change the password where it may be known; move the user to IAM authentication, where there is nothing to guess.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html',
    'https://www.postgresql.org/docs/current/runtime-config-logging.html',
  ],
  controls: ['PCI DSS 4.0 10.2.1.4', 'NIST 800-53 AC-7', 'NIST 800-53 AU-6'],
  falsePositives: ['An application that was not told of a rotated password.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: failureParameters,
  findings(rows, context) {
    return rows.map((row) =>
      failureFinding(row, context, isOfPassword(row) ? 'password' : '', { unknownUser: numberOf(row, 'unknown_user') === 1 }),
    );
  },
} satisfies ActivityCheck;

/** False: the server names other methods alone. */
function isOfPassword(row: Row): boolean {
  const reasons = listOf(row, 'reasons');
  return reasons.length === 0 || reasons.some((reason) => reason.startsWith('password'));
}
