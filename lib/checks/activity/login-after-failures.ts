import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { numberOf, textOf, timeOf } from '../rows.ts';

/** Sessions that followed a burst of failures. */
export const loginAfterFailures = {
  kind: 'activity',
  id: 'login-after-failures',
  title: 'A login succeeded soon after many failures from the same source',
  severity: 'high',
  rationale: 'Many failures and then a success from the same address is what guessing looks like when it worked.',
  judged:
    'A session counts when its source had failedLogins failures (of any user, by IAM or password) on the same cluster within failedLoginWindow, and the last of them at most loginAfterFailures before it. Failures just before the window count for a session in it. Local logins are left out; forged records never count.',
  fix: 'Find out who sits at the source. Where nobody knows, end the sessions (pg_terminate_backend), change the secret of the user and close the source.',
  references: ['https://docs.aws.amazon.com/guardduty/latest/ug/findings-rds-protection.html'],
  controls: ['NIST 800-53 AC-7', 'NIST 800-53 SI-4', 'PCI DSS 4.0 10.2.1.4'],
  falsePositives: ['An application behind one address whose secret was rotated: it fails until it is told, and then works.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters({ from, to, configuration }) {
    const { failedLogins, failedLoginWindow, loginAfterFailures: after } = configuration.thresholds;
    return {
      // Failures just before the window make a session in it suspicious.
      ...windowParameters({ from: from - failedLoginWindow - after, to }),
      sessions_from_ms: from,
      before_threshold: failedLogins - 1,
      window_ms: failedLoginWindow,
      after_ms: after,
    };
  },
  findings(rows, context) {
    return rows.map((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const [user, source] = [textOf(row, 'user_name'), textOf(row, 'host')];
      const count = numberOf(row, 'sessions');
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      const failing = timeOf(row, 'first_failure_ms');
      return {
        resource: context.clusterResource(cluster),
        severity: 'high' as const,
        reason: `${user ?? 'An unknown user'} logged in to ${cluster} from ${source} at ${first}, after logins from there had failed since ${failing}.`,
        evidence: { user, source, cluster, first, last, count, failingSince: failing },
        distinguishedBy: [user ?? '', source ?? ''],
        firstSeen: first,
        lastSeen: last,
        count,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;
