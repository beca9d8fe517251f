import { describe, expect, it } from '@jest/globals';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { handleEvent } from '../../lib/monitor/handle-event.ts';
import type { Monitor } from '../../lib/monitor/monitor.ts';
import { sweep } from '../../lib/monitor/sweep.ts';
import { recordOf } from '../checks/change/table.ts';
import { account, at, denied, fine, region, securityGroup } from '../evidence/answers.ts';
import { type AccountNow, deployed, eventIn, forceSsl, inWords, weak } from './deployed.ts';

const hour = 3_600_000;
const tls = ['tls-required', 'tls-weakened'];
const blind = { ...fine, 'rds describe-db-cluster-parameters orders-pg16': denied };
const gone = { ...fine, 'rds describe-db-clusters': { DBClusters: [] }, 'rds describe-db-instances': { DBInstances: [] } };
const off = forceSsl('0', 'off', '2026-05-03T11:50:00Z');

function world(more: Partial<AccountNow> = {}): AccountNow {
  return { answers: fine, now: at, remembered: [], topic: null, ...more };
}

/** The sweep that was due so many hours after the evidence's moment, at that time or at `now`. */
function sweepAt(monitor: Monitor, account: AccountNow, hours: number) {
  account.now = at + hours * hour;
  return sweep(monitor, { due: new Date(account.now).toISOString(), readEvent: readCloudTrailRecord });
}

describe('what a sweep finds', () => {
  it('is told once, and once when it is over, with the alert that told it first', async () => {
    const account = world({ answers: weak });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0);
    await sweepAt(monitor, account, 1);
    account.answers = fine;
    await sweepAt(monitor, account, 2);
    await sweepAt(monitor, account, 3);

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-required resolved']);
    expect(told[0]).toMatchObject({ eventId: null, principal: null, resources: [{ name: 'orders' }] });
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, reason: expect.stringContaining('It was open for 2 hours.') });
  });

  it('is over when its cluster is gone', async () => {
    const account = world({ answers: weak });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0);
    account.answers = gone;
    await sweepAt(monitor, account, 1);

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-required resolved']);
    expect(told[1]?.reason).toBe('The resource is gone. It was open for 1 hour.');
  });

  it('stays open where the clusters cannot be listed', async () => {
    const account = world({ answers: weak });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0);
    account.answers = { ...weak, 'rds describe-db-clusters': denied };
    await sweepAt(monitor, account, 1);

    expect(inWords(told)).toEqual(['tls-required opened']);
  });
});

describe('what a change opened and nobody could see at once', () => {
  const soon = forceSsl('0', 'off', '2026-05-03T11:58:00Z');

  it('is told with the change alone, though a sweep sees it first', async () => {
    const account = world({ remembered: [soon] });
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, eventIn(soon), { again: false });
    account.answers = weak;
    account.now = at + 30_000;
    await sweep(monitor, { due: '2026-05-03T12:00:30Z', readEvent: readCloudTrailRecord });
    account.answers = fine;
    await sweepAt(monitor, account, 1);

    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required resolved']);
    expect(told[1]?.openedBy).toBe(told[0]?.id);
  });

  it.each([
    ['lists the event only later', []],
    ['does not answer', [new Error('CloudTrail is throttled.')]],
  ])('is told with the change alone, though a sweep sees it before the second look and CloudTrail %s', async (_, remembered) => {
    const account = world({ remembered });
    const { monitor, told, again } = deployed(account, tls);

    await handleEvent(monitor, eventIn(soon), { again: false });
    account.answers = weak;
    account.now = at + 30_000;
    await sweep(monitor, { due: '2026-05-03T12:00:30Z', readEvent: readCloudTrailRecord }).catch(() => undefined);
    account.now = at + 60_000;
    await handleEvent(monitor, eventIn(soon), { again: true });
    const opened = await monitor.store.listOpen();
    account.answers = fine;
    account.remembered = [soon];
    await sweepAt(monitor, account, 1);

    expect(again).toEqual(['off']);
    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required resolved']);
    expect(opened.map(({ check, openedBy }) => [check, openedBy])).toEqual([['tls-required', told[0]?.id]]);
    expect(told[1]?.openedBy).toBe(told[0]?.id);
  });

  it('is told by the sweep where it is seen so late that it is somebody else who did it', async () => {
    const account = world();
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, eventIn(soon), { again: false });
    account.answers = weak;
    await sweepAt(monitor, account, 1);

    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required opened']);
  });

  it('is told with the change where it is a problem of the account as a whole, and its event never came', async () => {
    const stopped = recordOf({
      source: 'cloudtrail.amazonaws.com',
      name: 'StopLogging',
      request: { name: `arn:aws:cloudtrail:${region}:${account}:trail/main` },
      record: { eventID: 'stopped', eventTime: '2026-05-03T11:50:00Z' },
    });
    const status = { IsLogging: false, LatestDeliveryTime: '2026-05-03T11:50:00Z' };
    const { monitor, told } = deployed(world({ answers: { ...fine, 'cloudtrail get-trail-status main': status }, remembered: [stopped] }), [
      'cloudtrail-recording',
      'audit-trail-weakened',
    ]);

    await sweep(monitor, { due: '2026-05-03T12:00:00Z', readEvent: readCloudTrailRecord });

    expect(inWords(told)).toEqual(['audit-trail-weakened happened']);
    expect(told[0]?.findings).toHaveLength(1);
  });

  it('is told by itself where it was put right since, and is there again', async () => {
    const account = world({ answers: weak, remembered: [soon] });
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, eventIn(soon), { again: false });
    account.answers = fine;
    account.now = at + 30_000;
    await handleEvent(monitor, eventIn(forceSsl('1', 'on', '2026-05-03T12:00:10Z')), { again: false });
    account.answers = weak;
    account.now = at + 60_000;
    await sweep(monitor, { due: '2026-05-03T12:01:00Z', readEvent: readCloudTrailRecord });

    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required resolved', 'tls-required reopened']);
  });
});

describe('what a sweep sees before the event of it comes', () => {
  const late = forceSsl('0', 'late', '2026-05-03T12:59:00Z');

  /** All was fine at 12:00; TLS is off at 13:00, when a sweep tells it by itself. */
  async function toldByItself() {
    const account = world();
    const { monitor, told } = deployed(account, tls);
    await sweepAt(monitor, account, 0);
    account.answers = weak;
    await sweepAt(monitor, account, 1);
    return { account, monitor, told };
  }

  it('is told with who did it by the event, as an update of the same incident, once', async () => {
    const { account, monitor, told } = await toldByItself();

    account.now += 60_000;
    await handleEvent(monitor, eventIn(late), { again: false });
    await handleEvent(monitor, eventIn(late), { again: true });
    account.remembered = [late];
    await sweepAt(monitor, account, 2);
    account.answers = fine;
    await sweepAt(monitor, account, 3);

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-weakened happened', 'tls-required resolved']);
    const [opened, update, resolved] = told;
    expect(update).toMatchObject({ openedBy: opened?.id, findings: opened?.findings, principal: { session: 'alice' } });
    expect(update?.reason).toMatch(/ What it opened was told before, without who did it\.$/);
    expect(resolved?.openedBy).toBe(opened?.id);
  });

  it('is told so where only the next sweep finds the event', async () => {
    const { account, monitor, told } = await toldByItself();

    account.remembered = [late];
    await sweepAt(monitor, account, 2);
    await sweepAt(monitor, account, 3);

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-weakened happened']);
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, findings: told[0]?.findings });
  });

  it('is told so where it is over by then', async () => {
    const { account, monitor, told } = await toldByItself();

    account.answers = fine;
    account.now += 60_000;
    await handleEvent(monitor, eventIn(forceSsl('1', 'on', '2026-05-03T13:00:30Z')), { again: false });
    account.now += 60_000;
    await handleEvent(monitor, eventIn(late), { again: false });

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-required resolved', 'tls-weakened happened']);
    expect(told[2]).toMatchObject({ openedBy: told[0]?.id, findings: told[0]?.findings });
    expect(told[2]?.reason).toMatch(/ What it opened was told before, without who did it\.$/);
    expect(told[2]?.reason).not.toContain('not yet visible');
  });

  it('is told so, once, where the second look at another event saw it', async () => {
    const account = world();
    const { monitor, told } = deployed(account, tls);
    const other = recordOf({ name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders' }, record: { eventID: 'other' } });

    await handleEvent(monitor, eventIn(other), { again: false });
    account.answers = weak;
    account.now = at + 60_000;
    await handleEvent(monitor, eventIn(other), { again: true });
    await handleEvent(monitor, eventIn(forceSsl('0', 'late', '2026-05-03T12:00:10Z')), { again: false });

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-weakened happened']);
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, findings: told[0]?.findings });
  });

  it.each([
    ['long before it was last seen to be fine', '2026-05-03T11:45:00Z'],
    ['after it was seen', '2026-05-03T13:00:30Z'],
  ])('is not the doing of an event that happened %s', async (_, eventTime) => {
    const { account, monitor, told } = await toldByItself();

    account.now += 60_000;
    await handleEvent(monitor, eventIn(forceSsl('0', 'another', eventTime)), { again: false });

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-weakened happened']);
    expect(told[1]).toMatchObject({ openedBy: null, findings: [] });
  });

  it('is the doing of one event alone', async () => {
    const { account, monitor, told } = await toldByItself();

    account.now += 60_000;
    await handleEvent(monitor, eventIn(late), { again: false });
    await handleEvent(monitor, eventIn(forceSsl('0', 'another', '2026-05-03T12:58:00Z')), { again: false });

    expect(told.map(({ eventId, openedBy }) => [eventId, openedBy])).toEqual([
      [null, null],
      ['late', told[0]?.id],
      ['another', null],
    ]);
  });
});

describe('what a managed prefix list lets in', () => {
  const entries = (...cidrs: readonly string[]) => ({
    ...fine,
    'ec2 describe-security-groups': {
      SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: 'pl-1' }] }])],
    },
    'ec2 describe-managed-prefix-lists': { PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'offices' }] },
    'ec2 get-managed-prefix-list-entries pl-1': { Entries: cidrs.map((Cidr) => ({ Cidr })) },
  });
  const ingress = ['ingress-restricted', 'ingress-opened'];
  const listOpened = recordOf({
    source: 'ec2.amazonaws.com',
    name: 'ModifyManagedPrefixList',
    request: { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', CurrentVersion: 4, AddEntry: { tag: 1, Cidr: '0.0.0.0/0' } } },
    record: { eventID: 'list', eventTime: '2026-05-03T12:50:00Z' },
  });

  it.each([
    ['with the change whose event never came', [listOpened], ['ingress-opened happened']],
    ['by itself where CloudTrail knows of no change', [], ['ingress-restricted opened']],
  ])('is told %s, for the clusters behind it, and once', async (_, remembered, expected) => {
    const account = world({ answers: entries('192.0.2.0/24') });
    const { monitor, told } = deployed(account, ingress);

    await sweepAt(monitor, account, 0);
    account.answers = entries('192.0.2.0/24', '0.0.0.0/0');
    account.remembered = remembered;
    await sweepAt(monitor, account, 1);
    await sweepAt(monitor, account, 2);

    expect(inWords(told)).toEqual(expected);
    expect(told[0]).toMatchObject({ resources: [{ name: 'orders' }], findings: [expect.any(String)] });
  });

  it('is told with who did it as an update, where its event comes after the sweep', async () => {
    const account = world({ answers: entries('192.0.2.0/24') });
    const { monitor, told } = deployed(account, ingress);

    await sweepAt(monitor, account, 0);
    account.answers = entries('192.0.2.0/24', '0.0.0.0/0');
    await sweepAt(monitor, account, 1);
    await handleEvent(monitor, eventIn(listOpened), { again: false });

    expect(inWords(told)).toEqual(['ingress-restricted opened', 'ingress-opened happened']);
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, findings: told[0]?.findings });
  });
});

describe('what cannot be seen', () => {
  it('is told once, by the third sweep in a row', async () => {
    const account = world({ answers: blind });
    const { monitor, told } = deployed(account, tls);
    const toldBy: number[] = [];

    for (const hours of [0, 1, 2, 3, 4]) {
      await sweepAt(monitor, account, hours);
      toldBy.push(told.length);
    }

    expect(toldBy).toEqual([0, 0, 1, 1, 1]);
    expect(told[0]).toMatchObject({ check: 'tls-required', transition: 'blind', resources: [{ name: 'orders' }] });
  });

  it('counts the same sweep once, however often it is started', async () => {
    const account = world({ answers: blind });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0);
    await sweepAt(monitor, account, 0);
    await sweepAt(monitor, account, 0);

    expect(told).toEqual([]);
  });

  it('is counted anew after it was seen', async () => {
    const account = world({ answers: blind });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0);
    await sweepAt(monitor, account, 1);
    account.answers = fine;
    await sweepAt(monitor, account, 2);
    account.answers = blind;
    await sweepAt(monitor, account, 3);
    await sweepAt(monitor, account, 4);

    expect(told).toEqual([]);
  });

  it('opens and closes nothing', async () => {
    const account = world({ answers: weak });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0);
    account.answers = blind;
    await sweepAt(monitor, account, 1);
    account.answers = weak;
    await sweepAt(monitor, account, 2);

    expect(inWords(told)).toEqual(['tls-required opened']);
  });
});

describe('a change whose event never came', () => {
  it('is told by the sweep, with the finding that it opened, and once', async () => {
    const account = world({ answers: weak, remembered: [off] });
    const { monitor, told } = deployed(account, tls);

    const swept = await sweepAt(monitor, account, 0);
    await sweepAt(monitor, account, 1);
    await handleEvent(monitor, eventIn(off), { again: false });

    expect(swept).toMatchObject({ events: 1, told: 1 });
    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(told[0]).toMatchObject({ eventId: 'off', principal: { session: 'alice' } });
    expect(told[0]?.findings).toHaveLength(1);
  });

  it('is not told again where its event came', async () => {
    const account = world({ answers: weak, remembered: [off] });
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, eventIn(off), { again: false });
    await sweepAt(monitor, account, 1);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
  });

  it('does not keep the rest from being told where CloudTrail refuses or gives nonsense', async () => {
    const refusal = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    const account = world({ answers: weak, remembered: ['no record', refusal] });
    const { monitor, told } = deployed(account, tls);

    await expect(sweepAt(monitor, account, 0)).rejects.toThrow('not authorized');

    expect(inWords(told)).toEqual(['tls-required opened']);
  });

  it('is told after CloudTrail answers again', async () => {
    const account = world({ answers: weak, remembered: [new Error('busy')] });
    const { monitor, told } = deployed(account, tls);

    await sweepAt(monitor, account, 0).catch(() => {});
    account.remembered = [off];
    await sweepAt(monitor, account, 30);

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-weakened happened']);
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, findings: told[0]?.findings });
  });
});

describe('an alert that could not be sent', () => {
  it('does not keep the sweep from looking', async () => {
    const account = world({ answers: weak, topic: new Error('The topic refuses.') });
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, eventIn(off), { again: false }).catch(() => {});
    account.answers = fine;
    await expect(sweepAt(monitor, account, 1)).rejects.toThrow('2 parts of the sweep failed.');
    account.topic = null;
    await sweepAt(monitor, account, 2);

    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required resolved']);
  });

  it('is sent by the sweep once its writer is surely gone, with the same id', async () => {
    const account = world({ answers: weak, topic: new Error('The topic refuses.') });
    const { monitor, told } = deployed(account, tls);

    await expect(handleEvent(monitor, eventIn(off), { again: false })).rejects.toThrow('could not be sent');
    const [stored] = await monitor.store.listUnsent();
    account.topic = null;
    await sweepAt(monitor, account, 1);
    await sweepAt(monitor, account, 2);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(told[0]?.id).toBe(stored?.alert.id);
  });
});
