import {
  EC2Client,
  paginateDescribeManagedPrefixLists,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateGetManagedPrefixListEntries,
} from '@aws-sdk/client-ec2';
import type { ClientSettings } from '../account.ts';
import { allPages, type Calls } from './answers.ts';

/** What is asked of EC2, by command. */
export function askEc2(settings: ClientSettings): Calls {
  const client = new EC2Client(settings);
  return {
    'describe-security-groups': ({ sending }) =>
      allPages('SecurityGroups', paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {}, sending)),
    'describe-route-tables': ({ sending }) => allPages('RouteTables', paginateDescribeRouteTables({ client, pageSize: 100 }, {}, sending)),
    'describe-managed-prefix-lists': ({ sending }) =>
      allPages('PrefixLists', paginateDescribeManagedPrefixLists({ client, pageSize: 100 }, {}, sending)),
    'get-managed-prefix-list-entries': ({ key, sending }) =>
      allPages('Entries', paginateGetManagedPrefixListEntries({ client, pageSize: 100 }, { PrefixListId: key }, sending)),
  };
}
