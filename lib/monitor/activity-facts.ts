import { type Answer, known, unknown } from '../domain/answer.ts';
import type { DbClusters } from '../domain/cluster-answers.ts';
import type { LogHour } from '../domain/login-record.ts';
import type { ActivityFacts, DatabaseUse, LogReach, RoleUse } from '../evidence/activity-facts.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { isoTime, type Window, windowParameters } from '../evidence/window.ts';
import type { Activity } from '../ports/activity.ts';
import type { QueryRow } from '../ports/query.ts';

const hourLength = 3_600_000;

/**
 * What the logs say that posture and access checks read. Without a window, or where a query fails, it is unknown. `inventory` tells which
 * instances should have written a log.
 */
export async function readActivityFacts(
  activity: Activity,
  window: Window | null,
  inventory: Inventory,
  signal?: AbortSignal,
): Promise<ActivityFacts> {
  const [databaseUse, roleUse] = await Promise.all([
    facts(activity, 'database-use', ['log', 'cloudwatch'], window, readDatabaseUse, signal),
    facts(activity, 'role-use', ['cloudtrail'], window, readRoleUse, signal),
  ]);
  return { databaseUse, roleUse, logs: window ? reachOf(activity, window, membersOf(inventory)) : new Map() };
}

async function facts<T>(
  activity: Activity,
  id: string,
  sources: readonly string[],
  window: Window | null,
  read: (row: QueryRow) => T,
  signal: AbortSignal | undefined,
): Promise<Answer<readonly T[]>> {
  const cause = { question: `query ${id}`, detail: '' };
  if (!activity.coverage.some(({ source, records }) => sources.includes(source) && records > 0))
    return unknown({ ...cause, kind: 'not-collected' });
  if (!window) return unknown({ ...cause, kind: 'failed', detail: 'nothing tells from when the evidence is' });
  try {
    const rows = await activity.run(id, windowParameters(window), signal);
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

/**
 * By cluster: complete only where every instance, that wrote or should have, did so in every whole hour of the window and every file was read to
 * its end. The hours at its ends may have begun before, or still go on.
 */
function reachOf({ hours, torn }: Activity, { from, to }: Window, members: ReadonlyMap<string, readonly string[]>): Map<string, LogReach> {
  const [first, end] = wholeHours({ from, to });
  const wanted = (end - first) / hourLength;
  const reach = new Map<string, LogReach>();
  for (const [cluster, instances] of hoursByInstance(hours)) {
    const all = [...instances.values()].flatMap((set) => [...set]);
    const silent = (members.get(cluster) ?? []).filter((name) => !instances.has(name)).map((name) => `there is no log of ${name}`);
    const gaps = [...instances].flatMap(([instance, set]) => {
      const missing = wanted - [...set].filter((hour) => hour >= first && hour < end).length;
      return missing === 0 ? [] : [`${instance} lacks ${missing} of ${wanted} hours`];
    });
    const faults = [...silent, ...gaps, ...(torn.has(cluster) ? ['a file ends early'] : [])];
    reach.set(cluster, {
      from: isoTime(all.reduce((least, hour) => Math.min(least, hour))),
      to: isoTime(all.reduce((most, hour) => Math.max(most, hour)) + hourLength),
      complete: faults.length === 0,
      detail: faults.join(', '),
    });
  }
  return reach;
}

/** The whole hours in the window; where there is none, those that it touches. */
function wholeHours({ from, to }: Window): [first: number, end: number] {
  const [first, end] = [Math.ceil(from / hourLength) * hourLength, Math.floor(to / hourLength) * hourLength];
  return first < end ? [first, end] : [Math.floor(from / hourLength) * hourLength, Math.ceil(to / hourLength) * hourLength];
}

function hoursByInstance(hours: readonly LogHour[]): Map<string, Map<string, Set<number>>> {
  const byCluster = new Map<string, Map<string, Set<number>>>();
  for (const { cluster, instance, hour, records } of hours) {
    if (records === 0) continue;
    const instances = byCluster.get(cluster) ?? new Map<string, Set<number>>();
    byCluster.set(cluster, instances);
    instances.set(instance, (instances.get(instance) ?? new Set()).add(hour));
  }
  return byCluster;
}
