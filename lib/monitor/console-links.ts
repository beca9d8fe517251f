import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';

/** Where to look in the AWS console: `event`, and of the first cluster `cluster` and `logStream`. Nothing from outside is in an address unencoded. */
export function linksOf(event: CloudTrailEvent, resources: readonly Resource[]): Readonly<Record<string, string>> {
  const { region, eventId, eventSource } = event;
  const console = consoleOf(region);
  if (console === null) return {};
  const id = encoded(eventId);
  const what =
    eventSource === 'aws.guardduty'
      ? `${console}/guardduty/home?region=${region}#/findings?macros=current&fId=${id}`
      : `${console}/cloudtrailv2/home?region=${region}#/events/${id}`;
  const database = resources.find(({ type }) => type === 'cluster' || type === 'instance');
  if (!database) return { event: what };
  const { type, name } = database;
  const group = `/aws/rds/${type}/${name}/postgresql`;
  return {
    event: what,
    cluster: `${console}/rds/home?region=${region}#database:id=${encoded(name)};is-cluster=${type === 'cluster'}`,
    logStream: `${console}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${twice(group)}`,
  };
}

/** The page of an object of S3 in the console, from where it is opened; null where the region has no console that is known. */
export function linkToObject(region: string, bucket: string, key: string): string | null {
  const console = consoleOf(region);
  return console === null ? null : `${console}/s3/object/${encoded(bucket)}?region=${region}&prefix=${encoded(key)}`;
}

/** A name may hold half a character, which no address can. */
function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/** CloudWatch's page decodes names twice, with `$` for `%`. */
function twice(name: string): string {
  return encodeURIComponent(encoded(name)).replaceAll('%', '$');
}

function consoleOf(region: string): string | null {
  if (!/^[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/.test(region)) return null;
  if (region.startsWith('cn-')) return `https://${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `https://${region}.console.amazonaws-us-gov.com`;
  return `https://${region}.console.aws.amazon.com`;
}
