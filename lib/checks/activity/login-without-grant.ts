import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { listClusters } from '../../evidence/clusters.ts';
import { holdersOf } from '../../evidence/grants.ts';
import { windowParameters } from '../../evidence/window.ts';
import { listOf, numberOf, textOf, timeOf } from '../rows.ts';
import { counted, listed } from '../sentences.ts';

/** IAM logins that nobody should have been able to make. */
export const loginWithoutGrant = {
  kind: 'activity',
  id: 'login-without-grant',
  title: 'A database user logs in through IAM and nobody holds a grant for it',
  severity: 'medium',
  rationale:
    'Somebody had rds-db:connect when the login happened and has it no more, or holds it in a way that the inventory does not show. Either way the access that was used cannot be reviewed.',
  judged:
    'Sessions that the log says were authenticated by PAM (PostgreSQL 14 and later), for each cluster and user, against every identity of the account that may connect. Where a policy is not known, or the cluster is not in the inventory, nothing is said.',
  fix: 'Find in CloudTrail who changed a policy or deleted a role since the last login; take the user out of rds_iam, or drop it, if nobody needs it.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html'],
  controls: ['NIST 800-53 AC-2', 'NIST 800-53 AC-6(7)'],
  falsePositives: ['A role that was deleted, as it should be, after its last login.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'iam:GetAccountAuthorizationDetails'],
  parameters: windowParameters,
  findings(rows, context) {
    const holders = holdersOf(context.evidence);
    const clusters = new Set(listClusters(context.evidence).subjects.map(({ resource }) => resource.name));
    return rows.flatMap((row) => {
      const cluster = textOf(row, 'cluster') ?? '';
      const user = textOf(row, 'user_name') ?? '';
      if (!clusters.has(cluster)) return [];
      const held = holders(cluster, user);
      if (!held.known || held.value.length > 0) return [];
      const sources = listOf(row, 'sources');
      const count = numberOf(row, 'sessions');
      const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
      return {
        resource: context.clusterResource(cluster),
        severity: 'medium' as const,
        reason: `${user} logged in to ${cluster} through IAM ${counted(count, 'time')}, last on ${last.slice(0, 10)} from ${listed(sources, 3)}, and no principal holds rds-db:connect for it.`,
        evidence: { user, cluster, sources, first, last, count },
        distinguishedBy: [user],
        firstSeen: first,
        lastSeen: last,
        count,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;
