import { CloudTrailClient, DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import type { ClientSettings } from '../account.ts';
import { type Calls, one } from './answers.ts';

/** What is asked of CloudTrail, by command. */
export function askCloudTrail(settings: ClientSettings): Calls {
  const client = new CloudTrailClient(settings);
  return {
    'describe-trails': ({ sending }) => one(client.send(new DescribeTrailsCommand({}), sending)),
    'get-trail-status': ({ key, sending }) => one(client.send(new GetTrailStatusCommand({ Name: key }), sending)),
    'get-event-selectors': ({ key, sending }) => one(client.send(new GetEventSelectorsCommand({ TrailName: key }), sending)),
  };
}
