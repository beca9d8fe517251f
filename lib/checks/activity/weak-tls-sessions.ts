import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { textOf } from '../rows.ts';
import { sessionFinding } from '../sessions.ts';

/** Sessions with old TLS or a broken cipher. */
export const weakTlsSessions = {
  kind: 'activity',
  id: 'weak-tls-sessions',
  title: 'Sessions used old TLS or a broken cipher',
  severity: 'low',
  rationale:
    'TLS below 1.2 and ciphers with NULL, EXPORT, DES, 3DES, RC4 or MD5 can be broken by whoever sits on the way; they are also what stands between the cluster and a stricter setting.',
  judged:
    'Reads protocol and cipher that the connection authorized record reports, grouped by user, database, source, protocol and cipher over the window, with the applications. A client can forge the report only for itself.',
  fix: 'Renew the client library of the application, then set ssl_min_protocol_version to TLSv1.2 and keep ssl_ciphers free of weak ones (tls-minimum-version).',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'https://www.rfc-editor.org/rfc/rfc8996',
  ],
  controls: ['PCI DSS 4.0 4.2.1', 'NIST 800-53 SC-8(1)', 'NIST 800-53 SC-13'],
  falsePositives: [],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    return rows.map((row) => {
      const [protocol, cipher] = [textOf(row, 'protocol'), textOf(row, 'cipher')];
      return sessionFinding(row, context, {
        severity: 'low',
        what: `with ${protocol ?? 'unknown TLS'} and ${cipher ?? 'an unknown cipher'}`,
        more: { protocol, cipher },
      });
    });
  },
} satisfies ActivityCheck;
