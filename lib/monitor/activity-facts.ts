import { type Answer, causeText, known, unknown } from '../domain/answer.ts';
import type { DbClusters, DbInstances } from '../domain/cluster-answers.ts';
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
  if (!isCollected)
    return unknown({ kind: 'not-collected', question: id === 'role-use' ? "CloudTrail's records" : "PostgreSQL's logs", detail: '' });
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

/** The members that a cluster has today, and since when each is there (milliseconds; 0: not told). */
type Members = ReadonlyMap<string, number>;

/** By cluster, as far as they are listed; clusters of one name in several regions together. */
function membersOf(inventory: Inventory): Map<string, Members> {
  const members = new Map<string, Map<string, number>>();
  for (const region of inventory.regions) {
    const clusters = inventory.answer<DbClusters>(region, 'rds', 'describe-db-clusters');
    const instances = inventory.answer<DbInstances>(region, 'rds', 'describe-db-instances');
    const created = new Map(
      instances.known ? instances.value.DBInstances.map((one) => [one.DBInstanceIdentifier, one.InstanceCreateTime] as const) : [],
    );
    for (const { DBClusterIdentifier: name, DBClusterMembers = [] } of clusters.known ? clusters.value.DBClusters : []) {
      const own = members.get(name) ?? new Map<string, number>();
      members.set(name, own);
      for (const { DBInstanceIdentifier: member } of DBClusterMembers)
        if (member !== undefined) own.set(member, Date.parse(created.get(member) ?? '') || 0);
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
  /** From which hour to the last one none is missing. */
  readonly unbroken: number;
}

function readWritten(row: QueryRow): Written {
  return {
    cluster: row.cluster === null ? null : String(row.cluster),
    instance: String(row.instance),
    hours: Number(row.hours),
    first: Number(row.first_hour),
    last: Number(row.last_hour),
    // Rows of a run before an update do not tell.
    unbroken: Number(row.unbroken_hour ?? row.last_hour),
  };
}

/**
 * The log of a cluster is complete when every member wrote in every whole hour of the window in which it was there, and nothing of it is known to be lost. A
 * member is there from its creation on; one that is gone, as readers that come with the load are, from its first hour to its last.
 */
function reachOf(
  { torn, lost }: Activity,
  written: Answer<readonly Written[]>,
  window: Window,
  members: ReadonlyMap<string, Members>,
): Map<string, LogReach> {
  if (!written.known) {
    const nothing = { from: null, to: null, complete: false, unbrokenFrom: null, detail: causeText(written.cause) };
    return new Map([...members.keys()].map((cluster) => [cluster, nothing]));
  }
  const [first, end] = wholeHours(window);
  const reach = new Map<string, LogReach>();
  // What is CloudTrail's is of no cluster.
  for (const cluster of new Set(written.value.flatMap((one) => one.cluster ?? []))) {
    const instances = written.value.filter((one) => one.cluster === cluster);
    const listed = members.get(cluster);
    const wrote = new Set(instances.map(({ instance }) => instance));
    const silent = [...(listed ?? [])]
      .filter(([name, created]) => !wrote.has(name) && nextHour(created) < end)
      .map(([name]) => `there is no log of ${name}`);
    const lives = instances.map((one): Life => {
      const created = listed?.get(one.instance);
      const isGone = listed !== undefined && created === undefined;
      const born = isGone ? one.first : nextHour(created ?? 0);
      return { ...one, born, died: isGone ? Math.min(end, one.last + hourLength) : end };
    });
    const gaps = lives.flatMap(({ instance, hours, born, died }) => {
      const wanted = Math.max(0, died - Math.max(first, born)) / hourLength;
      return hours >= wanted ? [] : [`${instance} lacks ${wanted - hours} of ${wanted} hours`];
    });
    const parts = [
      ...between(lives, first, end),
      ...(torn.has(cluster) ? ['a file could not be read to its end'] : []),
      ...(lost === null ? [] : [lost]),
    ];
    const faults = [...silent, ...gaps, ...parts];
    const from = Math.min(...instances.map((one) => one.first));
    reach.set(cluster, {
      from: isoTime(from),
      to: isoTime(Math.max(...instances.map((one) => one.last)) + hourLength),
      complete: faults.length === 0,
      unbrokenFrom: silent.length + parts.length === 0 ? unbrokenFrom(lives, from) : null,
      detail: faults.join(', '),
    });
  }
  return reach;
}

/** An instance's log, and the hours in which it should have written: from `born` up to `died`, milliseconds. */
interface Life extends Written {
  readonly born: number;
  readonly died: number;
}

/** That at some time no instance is known to have been there: one that came and went left no log then. */
function between(lives: readonly Life[], first: number, end: number): string[] {
  let covered = Math.max(first, Math.min(...lives.map(({ born }) => born)));
  for (const { born, died } of lives.toSorted((a, b) => a.born - b.born)) if (born <= covered) covered = Math.max(covered, died);
  return covered < end ? [`no member is known of ${isoTime(covered).slice(0, 16)}Z`] : [];
}

/** Since when no instance lacks an hour, `from` at the earliest; null: one has fallen silent. */
function unbrokenFrom(lives: readonly Life[], from: number): string | null {
  if (lives.some(({ last, died }) => last + hourLength < died)) return null;
  // Where it wrote ever since it was there, nothing is missing before.
  return isoTime(Math.max(from, ...lives.flatMap(({ unbroken, born }) => (unbroken <= born ? [] : [unbroken]))));
}

/** The first whole hour from `time` on. */
function nextHour(time: number): number {
  return Math.ceil(time / hourLength) * hourLength;
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
