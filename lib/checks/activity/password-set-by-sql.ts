import type { Remediation } from '../../domain/verdict.ts';
import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { type ClusterSubject, listClusters } from '../../evidence/clusters.ts';
import { windowParameters } from '../../evidence/window.ts';
import { mastersOf } from '../masters.ts';
import { modify } from '../modify.ts';
import { numberOf, textOf, timeOf } from '../rows.ts';

/** The master password, set by SQL. */
export const passwordSetBySql = {
  kind: 'activity',
  id: 'password-set-by-sql',
  title: 'The password of the master user was set by SQL',
  severity: 'low',
  rationale:
    'RDS does not know of a master password that ALTER ROLE set: it stays out of Secrets Manager, privileges may be revoked unintentionally when the API sets it again, and the statement may stand in the log.',
  judged:
    'ALTER ROLE … PASSWORD for the master user in the log of statements or of pgaudit, where either is on. The password itself is never kept. Forged records never count.',
  fix: 'Set the password by the API (aws rds modify-db-cluster), better let Secrets Manager manage it: --manage-master-user-password.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html'],
  controls: ['NIST 800-53 IA-5', 'PCI DSS 4.0 8.3.2'],
  falsePositives: [],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    const masters = mastersOf(context.evidence);
    const subjects = new Map(listClusters(context.evidence).subjects.map((subject) => [subject.resource.name, subject]));
    return rows.flatMap((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const [user, database, source] = [textOf(row, 'user_name'), textOf(row, 'database_name'), textOf(row, 'host')];
      const master = textOf(row, 'role');
      if (master === null || masters.get(cluster) !== master) return [];
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      return {
        resource: context.clusterResource(cluster),
        severity: 'low' as const,
        reason: `${user ?? 'Somebody'} set the password of the master user ${master} of ${cluster} by SQL on ${last.slice(0, 10)}, from ${source ?? 'an unknown address'}.`,
        evidence: { master, user, database, source, cluster, first, last, count: numberOf(row, 'times') },
        distinguishedBy: [user ?? '', database ?? '', source ?? ''],
        firstSeen: first,
        lastSeen: last,
        count: numberOf(row, 'times'),
        remediation: newPassword(subjects.get(cluster)),
      };
    });
  },
} satisfies ActivityCheck;

/** A password that RDS sets and keeps; in a global database it cannot. */
function newPassword(subject: ClusterSubject | undefined): Remediation | null {
  if (!subject?.globalDatabase.known || subject.globalDatabase.value !== null) return null;
  return modify(subject, [subject.masterSecret === null ? '--manage-master-user-password' : '--rotate-master-user-password']);
}
