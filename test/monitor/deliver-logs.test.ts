import { describe, expect, it } from '@jest/globals';
import { databaseOfLogGroup, deliverLogs } from '../../lib/monitor/deliver-logs.ts';
import type { LogGroups, LogSubscription } from '../../lib/ports/log-groups.ts';

const own = { name: 'aurora-watch-prod', destination: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/aurora-watch-prod-logs' };
const mine: LogSubscription = { ...own, pattern: '' };
const other = (name: string): LogSubscription => ({
  name,
  destination: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
  pattern: '',
});

/** Log groups in memory that hold two subscriptions each, as CloudWatch Logs has them; `refused`: groups of which nothing can be read. */
function logGroups(start: Readonly<Record<string, readonly LogSubscription[]>>, refused: readonly string[] = []) {
  const there = new Map(Object.entries(start));
  const groups: LogGroups = {
    list: async (name) => [...there.keys()].filter((group) => group.startsWith(name)),
    subscriptions: async (group) => {
      if (refused.includes(group)) throw new Error(`${group} is refused`);
      return there.get(group) ?? null;
    },
    subscribe: async (group) => {
      const before = (there.get(group) ?? []).filter(({ name }) => name !== own.name);
      if (before.length >= 2) return false;
      there.set(group, [...before, mine]);
      return true;
    },
  };
  return { groups, there };
}

describe('log groups of databases', () => {
  it.each<[name: string, before: readonly LogSubscription[], state: string, after: readonly LogSubscription[]]>([
    ['without a subscription get one', [], 'made', [mine]],
    ['with one of somebody else get ours beside it', [other('siem')], 'made', [other('siem'), mine]],
    ['with ours are left alone', [mine], 'kept', [mine]],
    ['with two of others are left alone', [other('siem'), other('backup')], 'full', [other('siem'), other('backup')]],
    ['get ours pointed where it belongs', [{ ...mine, destination: other('old').destination }], 'made', [mine]],
    ['get ours without the pattern that somebody gave it', [{ ...mine, pattern: 'ERROR' }], 'made', [mine]],
  ])('%s', async (_, before, state, after) => {
    const group = '/aws/rds/cluster/orders/postgresql';
    const { groups, there } = logGroups({ [group]: before });

    const delivered = await deliverLogs(groups, own, ['cluster/orders']);

    expect(delivered).toEqual([{ group, state }]);
    expect(there.get(group)).toEqual(after);
  });

  it('are those of PostgreSQL, with the errors of IAM authentication beside its log, and no others', async () => {
    const { groups } = logGroups({
      '/aws/rds/cluster/orders/postgresql': [],
      '/aws/rds/cluster/orders/iam-db-auth-error': [],
      '/aws/rds/cluster/shop/audit': [],
      '/aws/rds/cluster/shop/iam-db-auth-error': [],
      '/aws/rds/instance/ledger/postgresql': [],
      '/aws/rds/instance/ledger/upgrade': [],
      '/aws/rds/proxy/orders/postgresql': [],
      '/aws/rds/cluster/orders/deeper/postgresql': [],
      '/aws/lambda/postgresql': [],
    });

    const delivered = await deliverLogs(groups, own, null);

    expect(delivered.map(({ group, state }) => `${state} ${group}`)).toEqual([
      'made /aws/rds/cluster/orders/postgresql',
      'made /aws/rds/cluster/orders/iam-db-auth-error',
      'made /aws/rds/instance/ledger/postgresql',
    ]);
  });

  it('of the named databases alone are looked at', async () => {
    const { groups, there } = logGroups({ '/aws/rds/cluster/orders/postgresql': [], '/aws/rds/cluster/orders-2/postgresql': [] });

    await deliverLogs(groups, own, ['cluster/orders', 'cluster/orders', 'cluster/not-there']);

    expect(there.get('/aws/rds/cluster/orders/postgresql')).toEqual([mine]);
    expect(there.get('/aws/rds/cluster/orders-2/postgresql')).toEqual([]);
  });

  it('are all tried before a refusal is told', async () => {
    const { groups, there } = logGroups({ '/aws/rds/cluster/a/postgresql': [], '/aws/rds/cluster/b/postgresql': [] }, [
      '/aws/rds/cluster/a/postgresql',
    ]);

    const delivering = deliverLogs(groups, own, null);

    await expect(delivering).rejects.toThrow('1 log groups could not be subscribed.');
    expect(there.get('/aws/rds/cluster/b/postgresql')).toEqual([mine]);
  });

  it('that are deleted meanwhile are no fault', async () => {
    const { groups } = logGroups({ '/aws/rds/cluster/orders/postgresql': [] });
    const deleted: LogGroups = { ...groups, subscriptions: async () => null };

    expect(await deliverLogs(deleted, own, null)).toEqual([{ group: '/aws/rds/cluster/orders/postgresql', state: 'gone' }]);
  });
});

it.each([
  ['/aws/rds/cluster/orders/postgresql', 'cluster/orders'],
  ['/aws/rds/instance/ledger/iam-db-auth-error', 'instance/ledger'],
  ['/aws/rds/cluster//postgresql', null],
  ['/aws/rds/cluster/orders', null],
  ['aws/rds/cluster/orders/postgresql', null],
  ['/aws/lambda/orders/postgresql', null],
])('the database of log group %s is %s', (group, database) => {
  expect(databaseOfLogGroup(group)).toBe(database);
});
