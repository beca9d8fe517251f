import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { numberOf, textOf, timeOf } from '../rows.ts';
import { counted } from '../sentences.ts';

/** Attempts on what RDS protects. */
export const protectedRoleTampering = {
  kind: 'activity',
  id: 'protected-role-tampering',
  title: 'Somebody tried to change a protected role',
  severity: 'medium',
  rationale:
    'rdsadmin belongs to AWS, and only members of rds_password may set passwords where that is restricted. Who tries anyway looks for more than they were given.',
  judged:
    'Errors in the log that name rdsadmin, or that refuse because the user must be a member of rds_password; statements that alter or drop rdsadmin, grant it, become it or set its password, where they failed (the STATEMENT of an error) or where statements are logged (log_statement, pgaudit); logins as rdsadmin over the network that failed or were turned away. Grouped by user, source and reason over the window. Forged records never count.',
  fix: 'Ask the user. Where a deployment tool sets passwords, give its role rds_password, or take the statement out.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html'],
  controls: ['NIST 800-53 AC-6(9)', 'NIST 800-53 SI-4'],
  falsePositives: ['A migration written for another PostgreSQL that alters every role.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    return rows.map((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const [user, database, source] = [textOf(row, 'user_name'), textOf(row, 'database_name'), textOf(row, 'host')];
      const why = textOf(row, 'reason') ?? '';
      const count = numberOf(row, 'times');
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      return {
        resource: context.clusterResource(cluster),
        severity: 'medium' as const,
        reason: `${user ?? 'Somebody'} was refused ${counted(count, 'time')} on ${cluster} from ${source ?? 'an unknown address'}: ${why}.`,
        evidence: { user, database, source, cluster, reason: why, first, last, count },
        distinguishedBy: [user ?? '', database ?? '', source ?? '', why],
        firstSeen: first,
        lastSeen: last,
        count,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;
