import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { clusterNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';

/** CloudWatch Logs allows as many subscription filters on a log group. */
const most = 2;

/** The monitor gets the cluster's log, or can. */
export const logDeliveryPossible = {
  kind: 'posture',
  on: 'cluster',
  id: 'log-delivery-possible',
  title: "Cluster's log group has a subscription of the monitor's, or room for one",
  severity: 'medium',
  rationale:
    'A log group takes two subscriptions. Where others hold both, the monitor cannot get the log of this cluster, and its logins go unseen.',
  judged:
    "Reads the subscription filters of the cluster's PostgreSQL log group: one of the monitor's (named aurora-watch-…) or fewer than two of others. A group that does not exist yet has room. Not applicable where the log is not exported, so that there is nothing to deliver, and in a monitor that was deployed with log-delivery=false. On a laptop nothing tells whether logs are to be delivered, so that the room is looked for.",
  fix: 'Remove a subscription that is no longer needed, or have one of the two fan out.',
  references: ['https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html'],
  controls: ['NIST 800-53 AU-6'],
  falsePositives: ['The log reaches the monitor by one of the two other subscriptions.'],
  needs: [...clusterNeeds, 'logs:DescribeSubscriptionFilters'],
  evaluate({ resource, logExports, logDelivery: { managed, group, filters } }) {
    if (!managed) return notApplicable(`This monitor was deployed to deliver no logs: ${resource.name} needs no subscription.`);
    if (!logExports.known) return cannotTell(logExports.cause);
    if (!logExports.value.enabled.includes('postgresql')) return notApplicable(`${resource.name} does not export its PostgreSQL log.`);
    if (!filters.known && filters.cause.kind === 'not-found') return pass(`Log group ${group} does not exist yet: it has room.`);
    if (!filters.known) return cannotTell(filters.cause);
    const names = [...filters.value].sort();
    const own = names.find((name) => name.startsWith('aurora-watch-'));
    if (own !== undefined) return pass(`Log group ${group} has the subscription ${own}.`);
    if (names.length < most) return pass(`Log group ${group} has room for a subscription.`);
    return fail(`Log group ${group} has no room for a subscription of the monitor's: ${listed(names)} hold both.`, {
      group,
      filters: names,
    });
  },
  remediation({ resource, logDelivery: { group } }) {
    return {
      command: shellCommand('aws', 'logs', 'describe-subscription-filters', '--region', resource.region, '--log-group-name', group),
      effect: 'at once',
      note: 'This lists them: delete the one that nobody needs with aws logs delete-subscription-filter.',
    };
  },
} satisfies PostureCheck;
