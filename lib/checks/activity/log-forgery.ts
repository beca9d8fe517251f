import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { listOf, numberOf, textOf, timeOf } from '../rows.ts';
import { counted } from '../sentences.ts';

/** More are counted and not shown. */
const mostClaims = 20;

/** Records that somebody wrote into the log by the names of a login. */
export const logForgery = {
  kind: 'activity',
  id: 'log-forgery',
  title: 'Somebody forged records in the PostgreSQL log',
  severity: 'high',
  rationale:
    'PostgreSQL prints user and database names raw, line breaks included, so whoever reaches the port can write whole records into the text log without logging in: hide an attack among false ones, or put the blame on somebody else. Nobody does this by accident.',
  judged:
    'The parser reads the log in the order of its bytes: a forged record stands between a prefix that breaks off and the rest of the true record, and what a record says must agree with its own prefix. What cannot be genuine is quarantined, with the address of who wrote it where that can be known, and counts in no other check. Where a log ends within what may be names, nothing shows it: a receipt of another process tells the writer, or else the coverage counts a record that may be part of the names of another; a failure counts as unconfirmed then, and a receipt confirms nothing. The csv log keeps the fields apart: nothing can be forged in it.',
  fix: 'Close the source in the security group: who does this has no business on the port. Believe nothing that the claimed records say. Where the log is evidence, set log_destination to csvlog too.',
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html', 'https://cwe.mitre.org/data/definitions/117.html'],
  controls: ['PCI DSS 4.0 10.3.2', 'NIST 800-53 AU-9', 'NIST 800-53 SI-4'],
  falsePositives: ['A broken client that sends a line break in a name and happens to write what looks like a record.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    return rows.map((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const source = textOf(row, 'host');
      const records = numberOf(row, 'records');
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      const claimed = listOf(row, 'claimed').slice(0, mostClaims).map(readClaim);
      return {
        resource: context.clusterResource(cluster),
        severity: 'high' as const,
        reason: `${source === null ? 'Somebody' : `Whoever connected from ${source}`} wrote ${counted(records, 'record')} into the log of ${cluster} that cannot be genuine; nothing that ${records === 1 ? 'it says' : 'they say'} is believed.`,
        evidence: { source, cluster, records, first, last, claimed },
        distinguishedBy: [source ?? ''],
        firstSeen: first,
        lastSeen: last,
        count: records,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;

function readClaim(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
