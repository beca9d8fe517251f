import { createLogGroups } from '../adapters/aws/log-groups.ts';
import { readCloudTrailRecord } from '../intake/cloudtrail.ts';
import { databaseOfLogGroup, deliverLogs, type LogDelivery } from '../monitor/deliver-logs.ts';
import { environmentValue, openHome } from './home.ts';

/** A message that asks for no delivery of logs: nothing will ever make of it, so it ends in the dead-letter queue. */
export class UnknownDeliveryError extends Error {
  override readonly name = 'UnknownDeliveryError';
}

/** Handles one message of the queue of log groups: a CloudTrail event that names a group or a database, or the schedule's, which means all. */
export async function handleLogMessage(body: string, signal: AbortSignal): Promise<readonly LogDelivery[]> {
  const databases = databasesIn(body);
  if (databases?.length === 0) return [];
  const { access, region } = await openHome();
  const own = { name: environmentValue('SUBSCRIPTION'), destination: environmentValue('STREAM') };
  const groups = createLogGroups(access, { region, ...own, roleArn: environmentValue('SUBSCRIPTION_ROLE') });
  return deliverLogs(groups, own, databases, signal);
}

/** Databases that a message names; null: all. Throws an {@link UnknownDeliveryError}. */
export function databasesIn(body: string): readonly string[] | null {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch (error) {
    throw new UnknownDeliveryError('The message is not JSON.', { cause: error });
  }
  if (typeof message === 'object' && message !== null && 'detail-type' in message && message['detail-type'] === 'Scheduled Event')
    return null;
  const event = readCloudTrailRecord(message);
  if (!event) throw new UnknownDeliveryError('The message is neither an event of CloudTrail nor of the schedule.');
  const asked = event.requestParameters ?? {};
  const text = (name: string): string | null => {
    const value = Object.hasOwn(asked, name) ? asked[name] : null;
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const [group, cluster, instance] = [text('logGroupName'), text('dBClusterIdentifier'), text('dBInstanceIdentifier')];
  return [
    group === null ? null : databaseOfLogGroup(group),
    cluster === null ? null : `cluster/${cluster.toLowerCase()}`,
    instance === null ? null : `instance/${instance.toLowerCase()}`,
  ].filter((one) => one !== null);
}
