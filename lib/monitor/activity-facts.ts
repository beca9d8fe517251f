import { type Answer, causeText, known, unknown } from '../domain/answer.ts';
import type { DbClusters } from '../domain/cluster-answers.ts';
import type { ActivityFacts, DatabaseUse, LogReach, RoleUse } from '../evidence/activity-facts.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { isoTime, type Window, windowParameters } from '../evidence/window.ts';
import type { Activity } from '../ports/activity.ts';
import type { QueryParameter, QueryRow } from '../ports/query.ts';

const hourLength = 3_600_000;

/** Queries whose rows posture and access checks read, and the values that each takes over a window. */
export const factQueries: Readonly<Record<string, (window: Window) => Readonly<Record<string, QueryParameter>>>> = {
  'database-use': windowParameters,
  'log-objects': windowParameters,
  'log-reach': reachParameters,
  'role-use': windowParameters,
};

/**
 * What the logs say that posture and access checks read. Without a window, or where a query fails, it is unknown. `inventory` tells which
 * instances should have written a log.
 */
export async function readActivityFacts(
  activity: Activity,
  asked: Window | null,
  inventory: Inventory,
  signal?: AbortSignal,
): Promise<ActivityFacts> {
  const window = activity.window ?? asked;
  const { logs, trail } = activity.holds;
  const [databaseUse, roleUse, reach] = await Promise.all([
    facts(activity, 'database-use', logs, window, readDatabaseUse, signal),
    facts(activity, 'role-use', trail, window, readRoleUse, signal),
    facts(activity, 'log-reach', logs, window, readWritten, signal),
  ]);
  return { databaseUse, roleUse, logs: window && logs ? reachOf(activity, reach, window, membersOf(inventory)) : new Map() };
}

async function facts<T>(
  activity: Activity,
  id: string,
  isCollected: boolean,
  window: Window | null,
  read: (row: QueryRow) => T,
  signal: AbortSignal | undefined,
): Promise<Answer<readonly T[]>> {
  const cause = { question: `query ${id}`, detail: '' };
  if (!isCollected) return unknown({ ...cause, kind: 'not-collected' });
  if (!window) return unknown({ ...cause, kind: 'failed', detail: 'nothing tells from when the evidence is' });
  try {
    const rows = await activity.run(id, factQueries[id]?.(window) ?? {}, signal);
    return known(rows.map(read));
  } catch (error) {
    signal?.throwIfAborted();
    return unknown({ ...cause, kind: 'failed', detail: error instanceof Error ? error.message : String(error) });
  }
}

function readDatabaseUse(row: QueryRow): DatabaseUse {
  return {
    cluster: String(row.cluster),
    user: String(row.user_name),
    sessions: Number(row.sessions),
    plaintextSessions: Number(row.plaintext_sessions),
    first: isoTime(Number(row.first_ms)),
    last: isoTime(Number(row.last_ms)),
    lastPlaintext: row.last_plaintext_ms === null ? null : isoTime(Number(row.last_plaintext_ms)),
    methods: list(row.methods),
    sources: list(row.sources),
  };
}

function readRoleUse(row: QueryRow): RoleUse {
  return {
    role: String(row.role),
    count: Number(row.uses),
    first: isoTime(Number(row.first_ms)),
    last: isoTime(Number(row.last_ms)),
    callers: list(row.callers),
  };
}

function list(value: string | number | null | undefined): string[] {
  return value === null || value === undefined || value === '' ? [] : String(value).split('\u001f');
}

/** Instances by cluster, as far as they are listed; clusters of one name in several regions together. */
function membersOf(inventory: Inventory): Map<string, readonly string[]> {
  const members = new Map<string, readonly string[]>();
  for (const region of inventory.regions) {
    const answer = inventory.answer<DbClusters>(region, 'rds', 'describe-db-clusters');
    for (const { DBClusterIdentifier: name, DBClusterMembers = [] } of answer.known ? answer.value.DBClusters : []) {
      const own = DBClusterMembers.flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []);
      members.set(name, [...(members.get(name) ?? []), ...own]);
    }
  }
  return members;
}

/** How much of the window an instance's log covers. */
interface Written {
  readonly cluster: string | null;
  readonly instance: string;
  /** Hours of the window in which it wrote. */
  readonly hours: number;
  /** Its first and last hour, also before the window; milliseconds. */
  readonly first: number;
  readonly last: number;
}

function readWritten(row: QueryRow): Written {
  return {
    cluster: row.cluster === null ? null : String(row.cluster),
    instance: String(row.instance),
    hours: Number(row.hours),
    first: Number(row.first_hour),
    last: Number(row.last_hour),
  };
}

/** The log of a cluster is complete when every member wrote in every whole hour of the window, and nothing of it is known to be lost. */
function reachOf(
  { torn, lost }: Activity,
  written: Answer<readonly Written[]>,
  window: Window,
  members: ReadonlyMap<string, readonly string[]>,
): Map<string, LogReach> {
  if (!written.known) {
    const nothing = { from: null, to: null, complete: false, detail: causeText(written.cause) };
    return new Map([...members.keys()].map((cluster) => [cluster, nothing]));
  }
  const [first, end] = wholeHours(window);
  const wanted = (end - first) / hourLength;
  const reach = new Map<string, LogReach>();
  // What is CloudTrail's is of no cluster.
  for (const cluster of new Set(written.value.flatMap((one) => one.cluster ?? []))) {
    const instances = written.value.filter((one) => one.cluster === cluster);
    const wrote = new Set(instances.map(({ instance }) => instance));
    const silent = (members.get(cluster) ?? []).filter((name) => !wrote.has(name)).map((name) => `there is no log of ${name}`);
    const gaps = instances.flatMap(({ instance, hours }) =>
      hours === wanted ? [] : [`${instance} lacks ${wanted - hours} of ${wanted} hours`],
    );
    const faults = [...silent, ...gaps, ...(torn.has(cluster) ? ['a file ends early'] : []), ...(lost === null ? [] : [lost])];
    reach.set(cluster, {
      from: isoTime(Math.min(...instances.map((one) => one.first))),
      to: isoTime(Math.max(...instances.map((one) => one.last)) + hourLength),
      complete: faults.length === 0,
      detail: faults.join(', '),
    });
  }
  return reach;
}

/** How far before the window a log is looked for: some checks ask what was there before. */
const lookBack = 31 * 24 * hourLength;

/** Values for `log-reach`. */
function reachParameters({ from, to }: Window): ReturnType<typeof windowParameters> {
  const [first, end] = wholeHours({ from, to });
  const { from_day } = windowParameters({ from: first - lookBack, to });
  return { ...windowParameters({ from: first, to: end }), from_day };
}

/** The whole hours in the window; where there is none, those that it touches. */
function wholeHours({ from, to }: Window): [first: number, end: number] {
  const [first, end] = [Math.ceil(from / hourLength) * hourLength, Math.floor(to / hourLength) * hourLength];
  return first < end ? [first, end] : [Math.floor(from / hourLength) * hourLength, Math.ceil(to / hourLength) * hourLength];
}
