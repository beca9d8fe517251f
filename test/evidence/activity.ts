import { known } from '../../lib/domain/answer.ts';
import type { ActivityFacts, DatabaseUse, LogReach, RoleUse } from '../../lib/evidence/activity-facts.ts';

/** Logs of cluster orders over the 90 days before the evidence, without a gap. */
export const completeLog: LogReach = {
  from: '2026-02-02T12:00:00.000Z',
  to: '2026-05-03T12:00:00.000Z',
  complete: true,
  unbrokenFrom: '2026-02-02T12:00:00.000Z',
  detail: '',
};

/** Sessions of a database user on cluster orders, the last one two days before the evidence. */
export function sessions(user: string, override: Partial<DatabaseUse> = {}): DatabaseUse {
  return {
    cluster: 'orders',
    user,
    sessions: 3,
    plaintextSessions: 0,
    first: '2026-04-20T08:00:00.000Z',
    last: '2026-05-01T08:00:00.000Z',
    lastPlaintext: null,
    methods: ['pam'],
    sources: ['192.0.2.10'],
    ...override,
  };
}

/** A role that was assumed the day before the evidence. */
export function assumed(role: string, override: Partial<RoleUse> = {}): RoleUse {
  return {
    role: `arn:aws:iam::111122223333:role/${role}`,
    count: 2,
    first: '2026-04-20T08:00:00.000Z',
    last: '2026-05-02T08:00:00.000Z',
    callers: [],
    ...override,
  };
}

/** What the logs say, with a complete log of cluster orders unless another is given. */
export function activityOf(
  databaseUse: readonly DatabaseUse[],
  roleUse: readonly RoleUse[] = [],
  logs: Readonly<Record<string, LogReach>> = { orders: completeLog },
): ActivityFacts {
  return { databaseUse: known(databaseUse), roleUse: known(roleUse), logs: new Map(Object.entries(logs)) };
}
