import { CloudWatchLogsClient, paginateDescribeSubscriptionFilters } from '@aws-sdk/client-cloudwatch-logs';
import type { ClientSettings } from '../account.ts';
import { allPages, type Calls } from './answers.ts';

/** What is asked of CloudWatch Logs, by command. */
export function askLogs(settings: ClientSettings): Calls {
  const client = new CloudWatchLogsClient(settings);
  return {
    'describe-subscription-filters': ({ key, sending }) =>
      allPages(
        'subscriptionFilters',
        paginateDescribeSubscriptionFilters({ client: client, pageSize: 50 }, { logGroupName: key }, sending),
      ),
  };
}
