import type { CloudTrailEvent } from '../domain/event.ts';
import { isRoot } from '../evidence/caller.ts';
import type { ChangeCheck, Check, WatchedEvents } from '../evidence/check-kinds.ts';
import type { EventSearch } from '../ports/look-up-events.ts';

/** What to look for, without when. */
export type Search = Omit<EventSearch, 'from' | 'to'>;

/** A source of which so many names are watched is asked for as a whole: CloudTrail takes one name a call, and two calls a second. */
const manyNames = 10;
/** Where the events of IAM are, whatever region it is called in. */
const globalRegions: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

/** The events that change checks judge and CloudTrail records. */
export function recordedEvents(checks: readonly Check[]): readonly WatchedEvents[] {
  return checks
    .filter((check): check is ChangeCheck => check.kind === 'change')
    .flatMap(({ events }) => events)
    .filter(({ source }) => source !== 'aws.guardduty');
}

/**
 * What to ask CloudTrail, in few calls: sources of which few names are watched by name, for what else they do (decrypting, describing) may be more than
 * can be read; others as a whole; and the root user. Events of IAM are asked for in its own region, and only where `everywhere`.
 */
export function searchesFor(
  watched: readonly WatchedEvents[],
  regions: readonly string[],
  { partition, everywhere }: { readonly partition: string; readonly everywhere: boolean },
): readonly Search[] {
  const global = globalRegions[partition];
  if (global === undefined) return regions.map((region) => searchIn(region, watched));
  const ofIam = watched.filter(({ source }) => source === 'iam.amazonaws.com');
  const ofRegions = watched.filter(({ source }) => source !== 'iam.amazonaws.com');
  const own = regions.map((region) => searchIn(region, region === global ? watched : ofRegions));
  return everywhere && ofIam.length > 0 && !regions.includes(global) ? [...own, searchIn(global, ofIam)] : own;
}

/** Whether an event is among those watched: by its name, or because root made it. */
export function watchedBy(watched: readonly WatchedEvents[]): (event: CloudTrailEvent) => boolean {
  const named = new Set(watched.flatMap(({ source, names }) => names.map((name) => `${source} ${name}`)));
  const byRoot = new Set(watched.filter((one) => one.byRoot === true).map(({ source }) => source));
  return (event) => named.has(`${event.eventSource} ${event.eventName}`) || (byRoot.has(event.eventSource) && isRoot(event));
}

function searchIn(region: string, watched: readonly WatchedEvents[]): Search {
  const bySource = new Map<string, Set<string>>();
  for (const { source, names } of watched) bySource.set(source, new Set([...(bySource.get(source) ?? []), ...names]));
  const few = [...bySource.values()].filter(({ size }) => size < manyNames);
  return {
    region,
    sources: [...bySource].flatMap(([source, { size }]) => (size < manyNames ? [] : [source])).sort(),
    names: [...new Set(few.flatMap((names) => [...names]))].sort(),
    users: watched.some(({ byRoot }) => byRoot === true) ? ['root'] : [],
  };
}
