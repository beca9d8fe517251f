import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFindingStore } from '../../../lib/adapters/aws/finding-store.ts';
import { createMemoryStore } from '../../../lib/adapters/local/finding-store.ts';
import type { Alert } from '../../../lib/domain/alert.ts';
import type { Resource } from '../../../lib/domain/resource.ts';
import { alertId } from '../../../lib/monitor/alert-id.ts';
import { handleEvent } from '../../../lib/monitor/handle-event.ts';
import type { FindingStore, KnownFinding, StoredAlert } from '../../../lib/ports/finding-store.ts';
import { topicMessage } from '../../../lib/render/alert/message.ts';
import { type Caller, createCaller } from '../../e2e/caller.ts';
import { type MotoServer, startMoto, whyNoMoto } from '../../e2e/moto.ts';
import { account, at, cluster, fine, member, parameters, region, strict } from '../../evidence/answers.ts';
import { deployed, eventIn, forceSsl } from '../../monitor/deployed.ts';
import { knownFinding } from '../../monitor/known-finding.ts';
import { play } from '../../monitor/random-history.ts';
import { describeWhere } from '../../needs.ts';

const orders: Resource = { arn: `arn:aws:rds:${region}:${account}:cluster:orders`, type: 'cluster', name: 'orders', region };

const finding = (fingerprint: string, more: Partial<KnownFinding> = {}) =>
  knownFinding({ fingerprint, resource: orders, knownAt: at }, more);

function alert(cause: string, key: string, more: Partial<StoredAlert> = {}): StoredAlert {
  const told = { id: alertId(cause, key), check: key, reason: 'It was turned off.', at: new Date(at).toISOString() } as Alert;
  return { cause, key, status: 'pending', alert: told, intended: [], ofChange: true, revision: 1, ...more };
}

/** What every store must do, whatever it is made of. */
function testStore(storeNamed: (name: string) => FindingStore): void {
  it('keeps a finding for the first who writes it, and for whoever read the last one', async () => {
    const store = storeNamed('findings');
    const one = finding('conditional');

    // One after the other: the emulator does not keep two writes at the same moment apart, as DynamoDB does.
    const first = await store.save(one);
    const again = await store.save({ ...one, severity: 'low' });
    const late = await store.save({ ...one, revision: 3 });
    const next = await store.save({ ...one, state: 'resolved', revision: 2 });

    expect([first, again, late, next]).toEqual([true, false, false, true]);
    expect((await store.load(['conditional', 'nobody'])).get('conditional')).toMatchObject({ state: 'resolved', revision: 2 });
    expect((await store.load(['nobody'])).size).toBe(0);
  });

  it('reads hundreds of findings at once', async () => {
    const store = storeNamed('many');
    const names = Array.from({ length: 250 }, (_, n) => `many-${n}`);
    await Promise.all(names.map((name) => store.save(finding(name))));

    const found = await store.load([...names, ...names, 'nobody']);

    expect([...found.keys()].sort()).toEqual([...names].sort());
  });

  it('lists what is open, suppressed or unseen, and nothing else', async () => {
    const store = storeNamed('open');
    const states = ['open', 'suppressed', 'unseen', 'resolved', 'passing'] as const;
    for (const state of states) await store.save(finding(`state-${state}`, { state }));
    await store.save(finding('state-open', { state: 'resolved', revision: 2 }));

    const listed = (await store.listOpen()).map(({ fingerprint }) => fingerprint).filter((one) => one.startsWith('state-'));

    expect(listed.sort()).toEqual(['state-suppressed', 'state-unseen']);
  });

  it('lists what is to be sent until it was, by all who began it', async () => {
    const store = storeNamed('alerts');
    const statuses = ['pending', 'sealed', 'sending', 'sent', 'void'] as const;
    for (const status of statuses) await store.saveAlert(alert('cause', status, { status }));
    await store.saveAlert(alert('another cause', 'sealed'));

    const unsent = (await store.listUnsent()).filter(({ cause }) => cause === 'cause').map(({ key }) => key);

    expect(unsent.sort()).toEqual(['pending', 'sealed', 'sending']);
    expect((await store.loadAlerts('cause')).map(({ key }) => key).sort()).toEqual([...statuses].sort());
    expect(await store.saveAlert(alert('cause', 'sent', { status: 'sealed' }))).toBe(false);
  });

  it('knows who is present, for the first who writes it', async () => {
    const store = storeNamed('present');
    const one = { id: 'one', doing: 'judging', causes: [], until: at } as const;
    // One for each of a thousand events, as CloudTrail names them.
    const many = { ...one, doing: 'waiting', causes: Array.from({ length: 1000 }, () => randomUUID()) } as const;

    expect(await store.present()).toEqual({ present: [], revision: 0 });
    const first = await store.savePresent({ present: [one], revision: 1 });
    const late = await store.savePresent({ present: [], revision: 1 });
    const next = await store.savePresent({ present: [one, many], revision: 2 });

    expect([first, late, next]).toEqual([true, false, true]);
    expect(await store.present()).toEqual({ present: [one, many], revision: 2 });
  });

  it('knows whose effect is awaited, until it is in vain', async () => {
    const store = storeNamed('awaited');
    const [first, second] = ['first', 'second'].map((id) => eventIn(forceSsl('0', id, '2026-05-03T11:59:00Z')));
    if (!first || !second) throw new TypeError('There are two events.');

    await store.awaitEffect(first, at + 1000);
    await store.awaitEffect(second, at + 2000);
    await store.awaitEffect(second, at + 2000);

    expect((await store.listAwaited(at)).toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1))).toEqual([first, second]);
    expect(await store.listAwaited(at + 1000)).toEqual([second]);
    expect(await store.listAwaited(at + 2000)).toEqual([]);
  });

  it('moves a watermark forward alone', async () => {
    const store = storeNamed('watermarks');

    expect(await store.watermark('sweep')).toBeNull();
    await store.moveWatermark('sweep', '2026-05-03T12:00:00.000Z');
    await store.moveWatermark('sweep', '2026-05-03T11:00:00.000Z');
    expect(await store.watermark('sweep')).toBe('2026-05-03T12:00:00.000Z');
  });
}

describe('a store in memory', () => {
  testStore(() => createMemoryStore());
});

describeWhere(whyNoMoto(), 'a store in DynamoDB', () => {
  let moto: MotoServer;
  let caller: Caller;
  const storeIn = (table: string): FindingStore => {
    const endpoint = `http://127.0.0.1:${moto.port}`;
    const credentials = async () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' });
    return createFindingStore({ access: { credentials, endpoint, region }, region, table });
  };
  beforeAll(async () => {
    moto = await startMoto();
    caller = createCaller(`http://127.0.0.1:${moto.port}`, region);
    for (const name of ['findings', 'many', 'open', 'alerts', 'present', 'awaited', 'watermarks', 'large', 'random']) {
      await caller.json('DynamoDB_20120810.CreateTable', {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk', 'waiting'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'waiting',
            KeySchema: [
              { AttributeName: 'waiting', KeyType: 'HASH' },
              { AttributeName: 'pk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      });
    }
  });
  afterAll(async () => {
    await moto?.stop();
  });

  testStore((name) => storeIn(name));

  it('refuses an item of more than 400 KB, as AWS does', async () => {
    const Item = { pk: { S: 'large' }, sk: { S: 'large' }, body: { S: 'x'.repeat(410_000) } };

    await expect(caller.json('DynamoDB_20120810.PutItem', { TableName: 'large', Item })).rejects.toThrow(/size has exceeded/);
  });

  it('holds an alert of more than 400 KB, and gives it back as it was', async () => {
    const store = storeIn('large');
    const resources = Array.from({ length: 3000 }, (_, n) => {
      const name = createHash('sha512').update(`cluster ${n}`).digest('hex').slice(0, 63);
      return { ...orders, arn: `arn:aws:rds:${region}:${account}:cluster:${name}`, name };
    });
    const intended = resources.map(({ name }) => name.slice(0, 32));
    const plain = alert('many clusters', 'tls-weakened');
    const large = { ...plain, intended, alert: { ...plain.alert, resources, findings: intended } };

    await store.saveAlert(large);
    await store.saveAlert({ ...large, status: 'sent', revision: 2 });

    expect(JSON.stringify(large).length).toBeGreaterThan(800_000);
    expect(await store.loadAlerts('many clusters')).toEqual([{ ...large, status: 'sent', revision: 2 }]);
  });

  it('holds what is told of a group that 500 clusters share, whatever they are called', async () => {
    const names = Array.from({ length: 500 }, (_, n) => {
      const noise = createHash('sha512').update(`cluster ${n}`).digest('hex');
      return `c${noise}`.slice(0, 63);
    });
    const clusters = names.map((name) =>
      cluster({
        DBClusterIdentifier: name,
        DBClusterArn: `arn:aws:rds:${region}:${account}:cluster:${name}`,
        DbClusterResourceId: `cluster-${name.slice(0, 26).toUpperCase()}`,
        DBClusterMembers: [member(`${name.slice(0, 60)}-1`, { IsClusterWriter: true, DBClusterParameterGroupStatus: 'pending-reboot' })],
        TagList: [{ Key: 'note', Value: '\u202e<!channel> `rm -rf`'.repeat(10) }],
      }),
    );
    const answers = {
      ...fine,
      'rds describe-db-clusters': { DBClusters: clusters },
      'rds describe-db-instances': { DBInstances: [] },
      'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, 'rds.force_ssl': '0' }),
    };
    const { monitor, told } = deployed({ answers, now: at, remembered: [], topic: null }, ['tls-required', 'tls-weakened']);
    const store = storeIn('large');

    await handleEvent({ ...monitor, store }, eventIn(forceSsl('0', 'large', '2026-05-03T11:59:00Z')), { again: false });

    expect(told.map(({ check }) => check)).toEqual(['tls-weakened']);
    expect(told[0]?.resources).toHaveLength(500);
    expect(told[0]?.findings).toHaveLength(500);
    expect((await store.loadAlerts('large')).map(({ status, alert: { resources } }) => [status, resources.length])).toEqual([
      ['sent', 500],
    ]);
    expect(await store.listOpen()).toHaveLength(500);
    const [first] = told;
    if (first) expect(Buffer.byteLength(topicMessage(first).message)).toBeLessThan(256 * 1024);
  });

  it('ends right after random events through processes that die', async () => {
    const store = storeIn('random');

    const ended = await play(101, { events: 8, death: 0.01, lost: 0.05, repeated: 0.4, invisible: 20_000 }, store);

    const open = (await store.listOpen()).filter(({ state }) => state === 'open').map(({ fingerprint }) => fingerprint);
    expect(open.sort()).toEqual(ended.wrong);
    expect(await store.listUnsent()).toEqual([]);
  });
});
