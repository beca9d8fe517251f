import { type Answer, known, unknown } from '../domain/answer.ts';
import type { LogHour } from '../domain/login-record.ts';
import type { ActivityFacts, DatabaseUse, LogReach, RoleUse } from '../evidence/activity-facts.ts';
import { isoTime, type Window, windowParameters } from '../evidence/window.ts';
import type { Activity } from '../ports/activity.ts';
import type { QueryRow } from '../ports/query.ts';

const hourLength = 3_600_000;

/** What the logs say that posture and access checks read. Without a window, or where a query fails, it is unknown. */
export async function readActivityFacts(activity: Activity, window: Window | null, signal?: AbortSignal): Promise<ActivityFacts> {
  const [databaseUse, roleUse] = await Promise.all([
    facts(activity, 'database-use', ['log', 'cloudwatch'], window, readDatabaseUse, signal),
    facts(activity, 'role-use', ['cloudtrail'], window, readRoleUse, signal),
  ]);
  return { databaseUse, roleUse, logs: window ? reachOf(activity.hours, window) : new Map() };
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
  return value === null || value === undefined || value === '' ? [] : String(value).split(',');
}

/** By cluster: complete only where every instance that wrote did so in every hour of the window. */
function reachOf(hours: readonly LogHour[], { from, to }: Window): Map<string, LogReach> {
  const byCluster = new Map<string, Map<string, Set<number>>>();
  for (const { cluster, instance, hour } of hours) {
    const instances = byCluster.get(cluster) ?? new Map<string, Set<number>>();
    byCluster.set(cluster, instances);
    instances.set(instance, (instances.get(instance) ?? new Set()).add(hour));
  }
  const first = from - (from % hourLength);
  const wanted = Math.ceil((to - first) / hourLength);
  const reach = new Map<string, LogReach>();
  for (const [cluster, instances] of byCluster) {
    const all = [...instances.values()].flatMap((set) => [...set]);
    const missing = [...instances].map(
      ([instance, set]) => [instance, wanted - [...set].filter((hour) => hour >= first && hour < to).length] as const,
    );
    const gaps = missing.filter(([, count]) => count > 0);
    reach.set(cluster, {
      from: isoTime(Math.min(...all)),
      to: isoTime(Math.max(...all) + hourLength),
      complete: gaps.length === 0,
      detail: gaps.map(([instance, count]) => `${instance} lacks ${count} of ${wanted} hours`).join(', '),
    });
  }
  return reach;
}
