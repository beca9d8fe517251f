import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { checks } from '../../lib/checks/registry.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { CloudTrailEvent } from '../../lib/domain/event.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { judgeChangeBy } from '../../lib/main/judge-change.ts';
import { fingerprintOf } from '../../lib/monitor/fingerprint.ts';
import { handleEvent } from '../../lib/monitor/handle-event.ts';
import type { Monitor } from '../../lib/monitor/monitor.ts';
import type { Call } from '../checks/change/table.ts';
import { recordOf } from '../checks/change/table.ts';
import type { Answers } from '../evidence/answers.ts';
import { account, at, fine, inventoryOf, parameters, region, strict } from '../evidence/answers.ts';

/** A deployed monitor whose account answers what `world.answers` says at the moment. */
function deployed(world: { answers: Answers; now: number }): { monitor: Monitor; told: Alert[]; again: CloudTrailEvent[] } {
  const told: Alert[] = [];
  const again: CloudTrailEvent[] = [];
  const monitor: Monitor = {
    account,
    partition: 'aws',
    region,
    home: true,
    configuration: defaultConfiguration,
    checks,
    ask: async ({ region: where, service, command, key }) => inventoryOf(world.answers).answer(where, service, command, key),
    store: createMemoryStore(),
    notify: async (alert) => {
      told.push(alert);
    },
    async *lookUpEvents() {},
    lookAgain: async (event) => {
      again.push(event);
    },
    judgeChange: judgeChangeBy(checks, 'arn:aws:iam::111122223333:role/deployer'),
    now: () => world.now,
    wait: async () => {},
  };
  return { monitor, told, again };
}

function eventOf(call: Call, id: string, time: string): CloudTrailEvent {
  const event = readCloudTrailRecord(recordOf({ ...call, record: { eventID: id, eventTime: time } }));
  if (event === null) throw new TypeError('There is an event.');
  return event;
}

const set = (value: string): Call => ({
  name: 'ModifyDBClusterParameterGroup',
  request: {
    dBClusterParameterGroupName: 'orders-pg16',
    parameters: [{ parameterName: 'rds.force_ssl', parameterValue: value, applyMethod: 'immediate' }],
  },
});
const weak: Answers = { ...fine, 'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, 'rds.force_ssl': '0' }) };
const orders = { arn: `arn:aws:rds:${region}:${account}:cluster:orders`, type: 'cluster', name: 'orders', region } as const;

describe('an incident', () => {
  it('is told once with the findings that it opened, and once when it is put right', async () => {
    const world = { answers: weak, now: at };
    const { monitor, told } = deployed(world);
    const off = eventOf(set('0'), 'off', '2026-05-03T11:59:50Z');

    await handleEvent(monitor, off, { again: false });
    await handleEvent(monitor, off, { again: false });
    world.answers = fine;
    world.now = at + 3 * 3_600_000;
    await handleEvent(monitor, eventOf(set('1'), 'on', '2026-05-03T14:59:50Z'), { again: false });

    expect(told.map(({ check, transition }) => `${check} ${transition}`)).toEqual(['tls-weakened happened', 'tls-required resolved']);
    expect(told[0]).toMatchObject({
      eventId: 'off',
      delaySeconds: 10,
      resources: [orders],
      findings: [fingerprintOf('tls-required', orders)],
      principal: { session: 'alice' },
      inEffect: true,
    });
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, reason: expect.stringContaining('It was open for 3 hours.') });
  });

  it('is told at once where its effect cannot be seen yet, and looked at again', async () => {
    const world = { answers: fine, now: at };
    const { monitor, told, again } = deployed(world);
    const off = eventOf(set('0'), 'off', '2026-05-03T11:59:50Z');

    await handleEvent(monitor, off, { again: false });
    world.answers = weak;
    await handleEvent(monitor, off, { again: true });

    expect(again.map(({ eventId }) => eventId)).toEqual(['off']);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ check: 'tls-weakened', before: { 'rds.force_ssl': '1' }, after: { 'rds.force_ssl': '0' } });
    expect(told[0]?.reason).toMatch(/The effect is not yet visible\.$/);
  });

  it("is judged beside the answers that only the change's own check needs", async () => {
    const trail = {
      TrailARN: `arn:aws:cloudtrail:${region}:${account}:trail/all`,
      Name: 'all',
      HomeRegion: region,
      S3BucketName: 'trail-bucket',
    };
    const { monitor, told } = deployed({ answers: { ...fine, 'cloudtrail describe-trails': { trailList: [trail] } }, now: at });
    const call = (bucketName: string): Call => ({ source: 's3.amazonaws.com', name: 'DeleteBucketPolicy', request: { bucketName } });

    await handleEvent(monitor, eventOf(call('photos'), 'photos', '2026-05-03T11:59:50Z'), { again: false });
    await handleEvent(monitor, eventOf(call('trail-bucket'), 'trail', '2026-05-03T11:59:55Z'), { again: false });

    expect(told.map(({ eventId, severity, check }) => `${eventId} ${severity} ${check}`)).toEqual(['trail critical audit-trail-weakened']);
  });

  it('of little weight is not told', async () => {
    const { monitor, told } = deployed({ answers: fine, now: at });
    const call: Call = {
      name: 'ModifyDBClusterSnapshotAttribute',
      request: { dBClusterSnapshotIdentifier: 's', attributeName: 'restore', valuesToAdd: [account] },
    };

    await handleEvent(monitor, eventOf(call, 'own', '2026-05-03T11:59:50Z'), { again: false });

    expect(told).toEqual([]);
  });
});
