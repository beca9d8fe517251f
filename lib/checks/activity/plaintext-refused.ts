import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { listOf, numberOf, textOf, timeOf } from '../rows.ts';
import { counted } from '../sentences.ts';

/** Clients that came without TLS and were turned away. */
export const plaintextRefused = {
  kind: 'activity',
  id: 'plaintext-refused',
  title: 'Clients without TLS were turned away',
  severity: 'low',
  rationale:
    'Something still tries to connect without TLS: an application that is broken now, or a client that would send its password in the clear wherever it may.',
  judged:
    'Refusals that name the missing encryption (SSL off, no encryption) in the connection log, one per attempt, grouped by user, database and source over the window; local ones are left out. A client with sslmode=prefer that failed to log in tries again without TLS: its second try is refused too and counts here.',
  fix: 'Have the client connect with sslmode=verify-full. If nobody knows the client, close its source in the security group.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html'],
  controls: ['NIST 800-53 SC-8', 'NIST 800-53 AC-17(2)'],
  falsePositives: ['The second try, without TLS, of a client whose first one failed for another reason.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    return rows.map((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const [user, database, source] = [textOf(row, 'user_name'), textOf(row, 'database_name'), textOf(row, 'host')];
      const [attempts, unconfirmed] = [numberOf(row, 'attempts'), numberOf(row, 'unconfirmed')];
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      return {
        resource: context.clusterResource(cluster),
        severity: 'low' as const,
        reason: `${counted(attempts, 'login')} of ${user ?? 'an unknown user'} to database ${database ?? 'of unknown name'} of ${cluster} from ${source ?? 'an unknown address'} came without TLS and ${attempts === 1 ? 'was' : 'were'} turned away.`,
        evidence: { user, database, source, cluster, attempts, unconfirmed, first, last, reasons: listOf(row, 'reasons') },
        distinguishedBy: [user ?? '', database ?? '', source ?? ''],
        firstSeen: first,
        lastSeen: last,
        count: attempts,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;
