import type { EventSelectors, Trail, TrailStatus, Trails } from '../domain/account-answers.ts';
import type { Answer, Cause } from '../domain/answer.ts';
import { unknown } from '../domain/answer.ts';
import type { Inventory } from './inventory.ts';

/** A trail with where it is asked about: its home region where that was looked at, else the first region that lists it. */
export interface ListedTrail {
  readonly trail: Trail;
  readonly region: string;
}

/** Every trail that some region lists, once, in the order of the ARNs; `causes`: of the regions that could not list theirs; `rejected`: how many could not be read. */
export function listTrails(inventory: Inventory): {
  readonly trails: readonly ListedTrail[];
  readonly causes: readonly Cause[];
  readonly rejected: number;
} {
  const trails = new Map<string, ListedTrail>();
  const causes: Cause[] = [];
  let rejected = 0;
  for (const region of inventory.regions) {
    const answer = inventory.answer<Trails>(region, 'cloudtrail', 'describe-trails');
    if (answer.known) rejected = Math.max(rejected, answer.rejected ?? 0);
    else causes.push(answer.cause);
    for (const trail of answer.known ? answer.value.trailList : []) {
      if (!trails.has(trail.TrailARN) || trail.HomeRegion === region) trails.set(trail.TrailARN, { trail, region });
    }
  }
  return { trails: [...trails.values()].sort((a, b) => (a.trail.TrailARN < b.trail.TrailARN ? -1 : 1)), causes, rejected };
}

/** Names to ask about the trails of a region by: CloudTrail knows a trail of another region by its ARN alone, and a folder may use either. */
export function trailKeys(inventory: Inventory, region: string, command: string): readonly string[] {
  return listTrails(inventory)
    .trails.filter((listed) => listed.region === region)
    .flatMap((listed) => {
      const [first, second] = keysOf(listed);
      if (second === undefined || !inventory.has({ region, service: 'cloudtrail', command, key: first })) return [first];
      return isMissing(inventory.answer(region, 'cloudtrail', command, first)) ? [first, second] : [first];
    });
}

/** Whether it records, and when it last delivered. */
export function trailStatus(inventory: Inventory, listed: ListedTrail): Answer<TrailStatus> {
  return answerOf(inventory, 'get-trail-status', listed);
}

/** What it records. */
export function eventSelectors(inventory: Inventory, listed: ListedTrail): Answer<EventSelectors> {
  return answerOf(inventory, 'get-event-selectors', listed);
}

function answerOf<T>(inventory: Inventory, command: string, listed: ListedTrail): Answer<T> {
  const [first, second] = keysOf(listed);
  const answer = inventory.answer<T>(listed.region, 'cloudtrail', command, first);
  if (second === undefined || !isMissing(answer)) return answer;
  const other = inventory.answer<T>(listed.region, 'cloudtrail', command, second);
  return isMissing(other) ? (answer.known ? answer : unknown(answer.cause)) : other;
}

function keysOf({ trail: { TrailARN, Name, HomeRegion }, region }: ListedTrail): readonly [string, string?] {
  if (Name === undefined) return [TrailARN];
  return HomeRegion === region ? [Name, TrailARN] : [TrailARN, Name];
}

function isMissing(answer: Answer<unknown>): boolean {
  return !answer.known && (answer.cause.kind === 'not-collected' || answer.cause.kind === 'not-found');
}
