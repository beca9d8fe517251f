import { GetDetectorCommand, GuardDutyClient, paginateListDetectors } from '@aws-sdk/client-guardduty';
import type { ClientSettings } from '../account.ts';
import { allPages, type Calls, one } from './answers.ts';

/** What is asked of GuardDuty, by command. */
export function askGuardDuty(settings: ClientSettings): Calls {
  const client = new GuardDutyClient(settings);
  return {
    'list-detectors': ({ sending }) => allPages('DetectorIds', paginateListDetectors({ client: client, pageSize: 50 }, {}, sending)),
    'get-detector': ({ key, sending }) => one(client.send(new GetDetectorCommand({ DetectorId: key }), sending)),
  };
}
