import {
  CloudWatchLogsClient,
  LimitExceededException,
  PutSubscriptionFilterCommand,
  paginateDescribeLogGroups,
  paginateDescribeSubscriptionFilters,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroups, LogSubscription } from '../../ports/log-groups.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Our subscription, and the role by which CloudWatch Logs writes to its destination. */
export interface SubscriptionOptions {
  readonly region: string;
  readonly name: string;
  readonly destination: string;
  readonly roleArn: string;
}

/** The log groups of a region. */
export function createLogGroups(access: AccountAccess, { region, name, destination, roleArn }: SubscriptionOptions): LogGroups {
  const client = new CloudWatchLogsClient(clientSettings(access, region));
  const sending = (signal?: AbortSignal) => (signal ? { abortSignal: signal } : {});
  return {
    async list(start, signal) {
      const names: string[] = [];
      for await (const page of paginateDescribeLogGroups({ client, pageSize: 50 }, { logGroupNamePrefix: start }, sending(signal)))
        names.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
      return names;
    },
    async subscriptions(group, signal) {
      const found: LogSubscription[] = [];
      try {
        for await (const page of paginateDescribeSubscriptionFilters({ client }, { logGroupName: group }, sending(signal))) {
          for (const { filterName = '', destinationArn = '', filterPattern = '' } of page.subscriptionFilters ?? [])
            found.push({ name: filterName, destination: destinationArn, pattern: filterPattern });
        }
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return null;
        throw error;
      }
      return found;
    },
    async subscribe(group, signal) {
      const wanted = { logGroupName: group, filterName: name, filterPattern: '', destinationArn: destination, roleArn };
      try {
        await client.send(new PutSubscriptionFilterCommand(wanted), sending(signal));
        return true;
      } catch (error) {
        if (error instanceof LimitExceededException) return false;
        // The group may be gone; a stream that is gone is a fault that somebody must see.
        if (error instanceof ResourceNotFoundException && (await this.subscriptions(group, signal)) === null) return false;
        throw error;
      }
    },
  };
}
