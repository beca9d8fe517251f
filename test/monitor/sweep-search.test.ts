import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { checks } from '../../lib/checks/registry.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { rootSources, watchedEvents } from '../../lib/main/event-rules.ts';
import { judgeChangeBy } from '../../lib/main/judge-change.ts';
import type { Monitor } from '../../lib/monitor/monitor.ts';
import { sweep } from '../../lib/monitor/sweep.ts';
import type { EventSearch } from '../../lib/ports/look-up-events.ts';
import { recordOf } from '../checks/change/table.ts';
import { account, at, denied, fine, inventoryOf, region } from '../evidence/answers.ts';
import { type AccountNow, deployed, weak } from './deployed.ts';

const hour = 3_600_000;

/** Sweeps with every change check; gives what CloudTrail was asked, and what was told. `lookUp` gives the records of a search. */
async function sweepWith(more: Partial<Monitor>, lookUp: (search: EventSearch) => readonly unknown[] = () => [], times = 1) {
  const searches: EventSearch[] = [];
  const told: Alert[] = [];
  const changes = checks.filter(({ kind }) => kind === 'change');
  const monitor: Monitor = {
    account,
    partition: 'aws',
    region,
    home: true,
    configuration: defaultConfiguration,
    checks: changes,
    ask: async ({ region: where, service, command, key }) => inventoryOf(fine).answer(where, service, command, key),
    store: createMemoryStore(),
    notify: async (alert) => void told.push(alert),
    async *lookUpEvents(search) {
      searches.push(search);
      yield* lookUp(search);
    },
    lookAgain: async () => {},
    judgeChange: judgeChangeBy(changes, ''),
    now: () => at,
    wait: async () => {},
    ...more,
  };
  let failure: unknown = null;
  for (let n = 0; n < times; n++) {
    await sweep(monitor, { due: new Date(at + n * hour).toISOString(), readEvent: readCloudTrailRecord }).catch((error: unknown) => {
      failure = error;
    });
  }
  return { searches, told, failure };
}

const regions = (searches: readonly EventSearch[]) => searches.map((one) => one.region);

describe('what CloudTrail is asked', () => {
  it.each([
    ['in a region of its own', { region: 'eu-central-1' }],
    ["in IAM's region", { region: 'us-east-1' }],
  ])('lets nothing be missed that a change check judges: %s', async (_, place) => {
    const { searches } = await sweepWith(place);

    const missing = watchedEvents(checks)
      .filter(({ source }) => source !== 'aws.guardduty')
      .flatMap(({ source, names }) => {
        const where = searches.filter((one) => one.region === (source === 'iam.amazonaws.com' ? 'us-east-1' : place.region));
        return names.filter((name) => !where.some((one) => one.sources?.includes(source) || one.names?.includes(name)));
      });
    expect(missing).toEqual([]);
    expect(searches.every(({ users }) => users?.includes('root'))).toBe(true);
    expect(rootSources(checks).length).toBeGreaterThan(0);
  });

  it('takes 35 seconds at most, at two calls a second', async () => {
    const { searches } = await sweepWith({});

    const calls = searches.flatMap(({ sources = [], names = [], users = [] }) => [...sources, ...names, ...users]);
    expect(calls.length).toBeLessThanOrEqual(70);
  });

  it.each(['kms.amazonaws.com', 'ec2.amazonaws.com', 'logs.amazonaws.com', 'sts.amazonaws.com'])(
    'is never all that %s does: that may be millions of calls',
    async (source) => {
      const { searches } = await sweepWith({});

      expect(searches.flatMap(({ sources = [] }) => sources)).not.toContain(source);
    },
  );

  it.each<[name: string, place: Partial<Monitor>, expected: readonly string[]]>([
    ['at home', {}, ['eu-central-1', 'us-east-1']],
    ['not at home', { home: false }, ['eu-central-1']],
    ["at home in IAM's region", { region: 'us-east-1' }, ['us-east-1']],
    ["not at home in IAM's region", { region: 'us-east-1', home: false }, ['us-east-1']],
    ['in China', { region: 'cn-northwest-1', partition: 'aws-cn' }, ['cn-northwest-1', 'cn-north-1']],
  ])('concerns IAM too %s', async (_, place, expected) => {
    const { searches } = await sweepWith(place);

    expect(regions(searches)).toEqual(expected);
  });

  it("asks nothing of IAM where another stack is at home, in IAM's region too", async () => {
    const { searches } = await sweepWith({ region: 'us-east-1', home: false });

    expect(searches.flatMap(({ sources = [] }) => sources)).not.toContain('iam.amazonaws.com');
    expect(searches.flatMap(({ names = [] }) => names)).not.toContain('AttachRolePolicy');
  });

  it('begins where the last look ended in that region, and a little before', async () => {
    const refuses = (search: EventSearch) => {
      if (search.region === 'us-east-1') throw new Error('denied there');
      return [];
    };

    const { searches } = await sweepWith({}, refuses, 2);

    expect(searches.map((one) => [one.region, (at - one.from) / hour])).toEqual([
      ['eu-central-1', 24],
      ['us-east-1', 24],
      ['eu-central-1', 1 / 3],
      ['us-east-1', 24],
    ]);
  });
});

describe('what it tells of what it finds', () => {
  const byRoot = (name: string, more: object = {}) =>
    recordOf({
      source: 'iam.amazonaws.com',
      name,
      request: { userName: 'intruder' },
      record: {
        eventID: `root-${name}`,
        userIdentity: { type: 'Root', accountId: account, arn: `arn:aws:iam::${account}:root` },
        ...more,
      },
    });

  it('is every change by root, whatever its name, and only that', async () => {
    const records = [byRoot('CreateUser'), byRoot('ListUsers', { readOnly: true }), byRoot('DeleteUser', { errorCode: 'AccessDenied' })];

    const { told } = await sweepWith({}, (search) => (search.region === 'us-east-1' ? records : []));

    expect(told.map(({ check, eventId }) => `${check} ${eventId}`)).toEqual(['root-used root-CreateUser']);
  });

  it('is what one region knows, where the other refuses', async () => {
    const { told, failure } = await sweepWith({}, (search) => {
      if (search.region !== 'us-east-1') throw new Error('denied here');
      return [byRoot('CreateUser')];
    });

    expect(told.map(({ check }) => check)).toEqual(['root-used']);
    expect(failure).toMatchObject({ message: 'denied here' });
  });
});

it('forgets what could not be seen of a cluster that is gone', async () => {
  const world: AccountNow = {
    answers: { ...weak, 'rds describe-db-cluster-parameters orders-pg16': denied },
    now: at,
    remembered: [],
    topic: null,
  };
  const { monitor } = deployed(world, ['tls-required']);
  const sweepAt = (hours: number) => {
    world.now = at + hours * hour;
    return sweep(monitor, { due: new Date(world.now).toISOString(), readEvent: readCloudTrailRecord });
  };

  await sweepAt(0);
  const before = await monitor.store.listOpen();
  world.answers = { ...fine, 'rds describe-db-clusters': { DBClusters: [] }, 'rds describe-db-instances': { DBInstances: [] } };
  await sweepAt(1);

  expect(before.map(({ state, resource }) => `${state} ${resource.name}`)).toEqual(['unseen orders']);
  expect(await monitor.store.listOpen()).toEqual([]);
});
