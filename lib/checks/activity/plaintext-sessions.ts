import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { sessionFinding } from '../sessions.ts';

/** Sessions without TLS. */
export const plaintextSessions = {
  kind: 'activity',
  id: 'plaintext-sessions',
  title: 'Sessions without TLS were established',
  severity: 'medium',
  rationale:
    'Queries, rows and (with password authentication of old clients) secrets went over the network in the clear. These are also the clients that break on the day that TLS is required.',
  judged:
    'A session whose connection authorized record reports no TLS is plaintext for certain; local ones are left out, 127.0.0.1 over TCP is not local. Authorized and then refused for another reason is no session. Grouped by user, database and source over the window. A record that reports TLS proves nothing (an application name can look like the report), so an empty list is no proof: rds.force_ssl in effect is.',
  fix: 'Have the client connect with sslmode=verify-full and the certificate bundle of RDS; then require TLS (tls-required).',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'https://www.postgresql.org/docs/current/libpq-ssl.html',
  ],
  controls: ['PCI DSS 4.0 4.2.1', 'NIST 800-53 SC-8', 'NIST 800-53 AC-17(2)'],
  falsePositives: ['A tunnel (VPN, SSH) that encrypts the way by itself.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    return rows.map((row) => sessionFinding(row, context, { severity: 'medium', what: 'without TLS' }));
  },
} satisfies ActivityCheck;
