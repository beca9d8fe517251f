import { describe, expect, it } from '@jest/globals';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { handleEvent } from '../../lib/monitor/handle-event.ts';
import { sweep } from '../../lib/monitor/sweep.ts';
import { recordOf } from '../checks/change/table.ts';
import type { Answers } from '../evidence/answers.ts';
import { at, denied, fine, securityGroup } from '../evidence/answers.ts';
import { type AccountNow, deployed, eventIn, forceSsl, inWords, weak } from './deployed.ts';

const minute = 60_000;
const tls = ['tls-required', 'tls-weakened'];
const first = { again: false };
const off = eventIn(forceSsl('0', 'off', '2026-05-03T11:59:00Z'));
const on = eventIn(forceSsl('1', 'on', '2026-05-03T11:59:30Z'));

function world(answers: Answers): AccountNow {
  return { answers, now: at, remembered: [], topic: null };
}

describe('an event that comes twice', () => {
  it('is told once, and changes nothing the second time', async () => {
    const account = world(weak);
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, off, first);
    account.now = at + minute;
    await handleEvent(monitor, off, first);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(told[0]?.findings).toHaveLength(1);
  });

  it('is told once where both deliveries are handled at the same time', async () => {
    const { monitor, told } = deployed(world(weak), tls);

    await Promise.allSettled([handleEvent(monitor, off, first), handleEvent(monitor, off, first)]);
    await handleEvent(monitor, off, first);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(await monitor.store.listUnsent()).toEqual([]);
  });
});

describe('events out of order', () => {
  it('open nothing where the account is fine by now', async () => {
    const { monitor, told } = deployed(world(fine), tls);

    await handleEvent(monitor, on, first);
    await handleEvent(monitor, off, first);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(told[0]).toMatchObject({ eventId: 'off', findings: [], reason: expect.stringMatching(/The effect is not yet visible\.$/) });
    expect(await monitor.store.listOpen()).toEqual([]);
  });

  it('do not undo what was put right: the late event is told, the problem stays over', async () => {
    const account = world(weak);
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, off, first);
    account.answers = fine;
    account.now = at + minute;
    await handleEvent(monitor, on, first);
    account.now = at + 2 * minute;
    await handleEvent(monitor, eventIn(forceSsl('0', 'earlier', '2026-05-03T11:00:00Z')), first);

    expect(inWords(told)).toEqual(['tls-weakened happened', 'tls-required resolved', 'tls-weakened happened']);
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id });
    expect(told[2]).toMatchObject({ eventId: 'earlier', delaySeconds: 3720, findings: [] });
    expect(await monitor.store.listOpen()).toEqual([]);
  });

  it('keep what a later look saw when an earlier look is written late', async () => {
    const account = world(fine);
    const { monitor, told } = deployed(account, tls);

    account.now = at + 10 * minute;
    await handleEvent(monitor, on, first);
    account.now = at;
    account.answers = weak;
    await handleEvent(monitor, off, first);

    expect(told[0]).toMatchObject({ eventId: 'off', findings: [] });
    expect(await monitor.store.listOpen()).toEqual([]);
  });
});

describe('an event that comes late', () => {
  it('says who did what a sweep has told already, and how late it is', async () => {
    const account = world(weak);
    const { monitor, told } = deployed(account, tls);

    await sweep(monitor, { due: '2026-05-03T12:00:00Z', readEvent: readCloudTrailRecord });
    account.now = at + 5 * minute;
    await handleEvent(monitor, off, first);

    expect(inWords(told)).toEqual(['tls-required opened', 'tls-weakened happened']);
    expect(told[1]).toMatchObject({ openedBy: told[0]?.id, findings: told[0]?.findings, delaySeconds: 360 });
  });
});

describe('what an event is looked at beside', () => {
  it.each([
    { name: 'the clusters may not be listed', answers: { ...weak, 'rds describe-db-clusters': denied } },
    { name: 'the parameters may not be read', answers: { ...weak, 'rds describe-db-cluster-parameters orders-pg16': denied } },
    { name: 'nothing may be asked', answers: Object.fromEntries(Object.keys(weak).map((name) => [name, denied])) },
    { name: 'nothing was ever asked', answers: {} },
  ])('does not keep the change from being told: $name', async ({ answers }) => {
    const { monitor, told } = deployed(world(answers), tls);

    await handleEvent(monitor, off, first);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(told[0]).toMatchObject({ eventId: 'off', principal: { session: 'alice' }, findings: [], after: { 'rds.force_ssl': '0' } });
    expect(await monitor.store.listOpen()).toEqual([]);
  });

  it('gives a change little weight, so that nobody is told, where the cluster is gone by now', async () => {
    const { monitor, told } = deployed(world({ ...weak, 'rds describe-db-clusters': { DBClusters: [] } }), tls);

    await handleEvent(monitor, off, first);

    expect(told).toEqual([]);
    expect(await monitor.store.listOpen()).toEqual([]);
  });

  it('neither opens nor resolves what cannot be seen', async () => {
    const account = world(weak);
    const { monitor, told } = deployed(account, tls);

    await handleEvent(monitor, off, first);
    account.answers = { ...weak, 'rds describe-db-cluster-parameters orders-pg16': denied };
    account.now = at + minute;
    await handleEvent(monitor, on, first);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(await monitor.store.listOpen()).toHaveLength(1);
  });

  it('is asked no more than what the event touches', async () => {
    const { monitor, asked } = deployed(world(weak), [...tls, 'snapshots-private', 'grant-narrow']);

    await handleEvent(monitor, off, first);

    expect(asked).toContain('rds describe-db-cluster-parameters');
    expect(asked.filter((one) => one.includes('-attributes') || one.startsWith('iam '))).toEqual([]);
    expect(asked).toHaveLength(new Set(asked).size);
  });
});

it('of a prefix list opens the findings of the clusters that let it in, and they are told with it alone', async () => {
  const answers = {
    ...fine,
    'ec2 describe-security-groups': {
      SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: 'pl-1' }] }])],
    },
    'ec2 describe-managed-prefix-lists': { PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'offices' }] },
    'ec2 get-managed-prefix-list-entries pl-1': { Entries: [{ Cidr: '0.0.0.0/0' }] },
  };
  const { monitor, told } = deployed(world(answers), ['ingress-restricted', 'ingress-opened']);
  const request = { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', CurrentVersion: 4, AddEntry: { tag: 1, Cidr: '0.0.0.0/0' } } };
  const opened = recordOf({ source: 'ec2.amazonaws.com', name: 'ModifyManagedPrefixList', request });

  await handleEvent(monitor, eventIn(opened), first);

  expect(inWords(told)).toEqual(['ingress-opened happened']);
  expect(told[0]?.findings).toHaveLength(1);
});

describe('an event that changed nothing', () => {
  it('is not looked at: the call failed', async () => {
    const { monitor, told, asked, again } = deployed(world(weak), tls);
    const refused = forceSsl('0', 'refused', '2026-05-03T11:59:00Z', { errorCode: 'AccessDenied', errorMessage: 'not authorized' });

    await handleEvent(monitor, eventIn(refused), first);

    expect({ told, asked, again }).toEqual({ told: [], asked: [], again: [] });
  });

  it('is looked at once more, and not a third time', async () => {
    const { monitor, again } = deployed(world(fine), tls);

    await handleEvent(monitor, off, first);
    await handleEvent(monitor, off, { again: true });

    expect(again).toEqual(['off']);
  });
});

describe('an event of IAM, which the stacks of several regions may get', () => {
  const attached = eventIn(
    recordOf({
      source: 'iam.amazonaws.com',
      name: 'AttachRolePolicy',
      request: { roleName: 'app', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      record: { awsRegion: 'us-east-1', eventID: 'attached', eventTime: '2026-05-03T11:59:00Z' },
    }),
  );

  it.each([
    [true, ['iam-grant-added happened']],
    [false, []],
  ])('is told by the stack at home alone (home: %s)', async (home, expected) => {
    const { monitor, told, asked, again } = deployed(world(fine), ['iam-grant-added', 'grant-narrow']);

    await handleEvent({ ...monitor, home }, attached, first);

    expect(inWords(told)).toEqual(expected);
    if (!home) expect([...asked, ...again]).toEqual([]);
  });
});

describe('an alert that the topic refuses', () => {
  it('makes the event fail, and is told with the same id when it is delivered again', async () => {
    const account = world(weak);
    const { monitor, told } = deployed(account, tls);
    account.topic = new Error('The topic refuses.');

    await expect(handleEvent(monitor, off, first)).rejects.toThrow('1 of 1 alerts could not be sent.');
    const [stored] = await monitor.store.listUnsent();
    account.topic = null;
    await handleEvent(monitor, off, first);

    expect(inWords(told)).toEqual(['tls-weakened happened']);
    expect(told[0]).toMatchObject({ id: stored?.alert.id, findings: stored?.alert.findings });
    expect(told[0]?.findings).toHaveLength(1);
  });
});
