import type { LogGroups } from '../ports/log-groups.ts';

/** Our subscription: what is called otherwise is somebody else's, and is never touched. */
export interface OwnSubscription {
  readonly name: string;
  /** ARN of the stream that gets the logs. */
  readonly destination: string;
}

/** What became of one log group. */
export interface LogDelivery {
  readonly group: string;
  /** `full`: others hold both subscriptions that a group takes; `gone`: it was deleted meanwhile. */
  readonly state: 'kept' | 'made' | 'full' | 'gone';
}

/** CloudWatch Logs takes as many subscriptions on a log group. */
const most = 2;
const root = '/aws/rds/';
/** Logs that the monitor reads; only PostgreSQL writes the first one, and the second one alone may be MySQL's. */
const main = 'postgresql';
const beside = 'iam-db-auth-error';

/**
 * Sees to it that the logs of databases reach the monitor: adds the subscriptions that are missing, and touches nothing that it did not make.
 * A group that is not there yet needs nothing: its making is an event of its own.
 * @param databases `cluster/orders`, `instance/ledger`; null: all
 */
export async function deliverLogs(
  groups: LogGroups,
  own: OwnSubscription,
  databases: readonly string[] | null,
  signal?: AbortSignal,
): Promise<readonly LogDelivery[]> {
  const starts = databases === null ? [root] : [...new Set(databases)].map((database) => `${root}${database}/`);
  const done: LogDelivery[] = [];
  const failures: unknown[] = [];
  for (const start of starts) {
    for (const group of readable(await groups.list(start, signal))) {
      try {
        done.push({ group, state: await deliver(groups, own, group, signal) });
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} log groups could not be subscribed.`);
  return done;
}

/** The database of a log group's name, as {@link deliverLogs} takes it; null: the group is no database's. */
export function databaseOfLogGroup(group: string): string | null {
  const [empty, aws, rds, kind, name, log, ...rest] = group.split('/');
  const isRds = empty === '' && aws === 'aws' && rds === 'rds' && (kind === 'cluster' || kind === 'instance');
  return isRds && name && log && rest.length === 0 ? `${kind}/${name}` : null;
}

function readable(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  return [...all].filter((name) => {
    const database = databaseOfLogGroup(name);
    if (database === null) return false;
    return name.endsWith(`/${main}`) || (name.endsWith(`/${beside}`) && all.has(`${root}${database}/${main}`));
  });
}

async function deliver(groups: LogGroups, own: OwnSubscription, group: string, signal?: AbortSignal): Promise<LogDelivery['state']> {
  const there = await groups.subscriptions(group, signal);
  if (there === null) return 'gone';
  const ours = there.find(({ name }) => name === own.name);
  if (ours && ours.destination === own.destination && ours.pattern === '') return 'kept';
  if (!ours && there.length >= most) return 'full';
  return (await groups.subscribe(group, signal)) ? 'made' : 'full';
}
