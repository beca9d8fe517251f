import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { mastersOf } from '../masters.ts';
import { numberOf, textOf, timeOf } from '../rows.ts';
import { counted } from '../sentences.ts';

/** The master user at work. */
export const masterUserLogins = {
  kind: 'activity',
  id: 'master-user-logins',
  title: 'The master user is used to log in',
  severity: 'low',
  rationale:
    'The master user may do nearly everything, belongs to nobody, and is meant for setting up. Used every day, its secret is in many places and nobody can say who did what.',
  judged:
    'Sessions of the master user that the inventory names, grouped by source over the window, with the number of days. Where the inventory does not tell the master user, nothing is said.',
  fix: 'Give people and applications users of their own, by IAM authentication, and keep the master user for emergencies.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.MasterAccounts.html'],
  controls: ['NIST 800-53 AC-6(5)', 'PCI DSS 4.0 8.2.2'],
  falsePositives: ['The set-up of a new cluster.', 'Rotation of the managed master password, which logs in to test it.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    const masters = mastersOf(context.evidence);
    return rows.flatMap((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const user = textOf(row, 'user_name');
      if (user === null || masters.get(cluster) !== user) return [];
      const source = textOf(row, 'host');
      const [count, days] = [numberOf(row, 'sessions'), numberOf(row, 'days')];
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      return {
        resource: context.clusterResource(cluster),
        severity: 'low' as const,
        reason: `The master user ${user} of ${cluster} logged in ${counted(count, 'time')} on ${counted(days, 'day')} from ${source ?? 'an unknown address'}.`,
        evidence: { user, source, cluster, first, last, count, days },
        distinguishedBy: [user, source ?? ''],
        firstSeen: first,
        lastSeen: last,
        count,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;
