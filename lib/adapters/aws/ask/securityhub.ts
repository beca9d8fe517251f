import { DescribeHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { ClientSettings } from '../account.ts';
import { type Calls, one } from './answers.ts';

/** What is asked of Security Hub, by command. */
export function askSecurityHub(settings: ClientSettings): Calls {
  const client = new SecurityHubClient(settings);
  return {
    'describe-hub': ({ sending }) => one(client.send(new DescribeHubCommand({}), sending)),
  };
}
