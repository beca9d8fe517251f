import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createNotify } from '../../lib/adapters/aws/notify.ts';
import { type Configuration, defaultConfiguration } from '../../lib/domain/configuration.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { readConfiguration } from '../../lib/intake/configuration.ts';
import { renderTopicMessage } from '../../lib/main/topic-message.ts';
import { handleEvent } from '../../lib/monitor/handle-event.ts';
import type { Monitor } from '../../lib/monitor/monitor.ts';
import { sweep } from '../../lib/monitor/sweep.ts';
import type { Notify } from '../../lib/ports/notify.ts';
import { recordOf } from '../checks/change/table.ts';
import { account, at, denied, fine, region } from '../evidence/answers.ts';
import { type AccountNow, deployed, eventIn, forceSsl, inWords, weak } from './deployed.ts';

const ids = ['tls-required', 'tls-weakened', 'protection-removed', 'snapshot-shared', 'grant-home-account'];
const off = eventIn(forceSsl('0', 'off', '2026-05-03T11:59:00Z'));
const unprotected = eventIn(
  recordOf({
    name: 'ModifyDBCluster',
    request: { dBClusterIdentifier: 'orders', deletionProtection: false },
    record: { eventID: 'unprotected', eventTime: '2026-05-03T11:59:10Z' },
  }),
);

/** A monitor by the configuration in the file's words. */
function configured(yaml: string, world: Partial<AccountNow> = {}) {
  const now: AccountNow = { answers: fine, now: at, remembered: [], topic: null, ...world };
  const { monitor, told } = deployed(now, ids);
  const reconfigure = (text: string): Monitor => ({ ...monitor, configuration: configurationOf(text) });
  return { monitor: reconfigure(yaml), reconfigure, told, now };
}

function configurationOf(yaml: string): Configuration {
  return yaml === '' ? defaultConfiguration : readConfiguration(yaml, 'aurora-watch.yaml', ids);
}

function sweepAt(monitor: Monitor, world: AccountNow, hours: number) {
  world.now = at + hours * 3_600_000;
  return sweep(monitor, { due: new Date(world.now).toISOString(), readEvent: readCloudTrailRecord });
}

describe('the minimum severity', () => {
  it.each<[yaml: string, told: readonly string[]]>([
    ['', ['high tls-weakened', 'medium protection-removed']],
    ['alerts: { minimumSeverity: info }', ['high tls-weakened', 'medium protection-removed']],
    ['alerts: { minimumSeverity: high }', ['high tls-weakened']],
    ['alerts: { minimumSeverity: critical }', []],
    ['severities: { tls-weakened: low }', ['high tls-required', 'medium protection-removed']],
    ['severities: { tls-weakened: low, tls-required: info }', ['medium protection-removed']],
    ['severities: { protection-removed: critical }', ['high tls-weakened', 'critical protection-removed']],
    ['{ severities: { tls-weakened: critical }, alerts: { minimumSeverity: critical } }', ['critical tls-weakened']],
  ])('of changes, with %j', async (yaml, expected) => {
    const { monitor, told } = configured(yaml, { answers: weak });

    await handleEvent(monitor, off, { again: false });
    await handleEvent(monitor, unprotected, { again: false });

    expect(told.map(({ severity, check }) => `${severity} ${check}`)).toEqual(expected);
  });

  it.each<[yaml: string, told: readonly string[]]>([
    ['', ['high opened', 'high resolved']],
    ['severities: { tls-required: low }', []],
    ['severities: { tls-required: critical }', ['critical opened', 'critical resolved']],
    ['alerts: { minimumSeverity: critical }', []],
  ])('of what a sweep finds, with %j', async (yaml, expected) => {
    const { monitor, told, now } = configured(yaml, { answers: weak });

    await sweepAt(monitor, now, 0);
    now.answers = fine;
    await sweepAt(monitor, now, 1);

    expect(told.map(({ severity, transition }) => `${severity} ${transition}`)).toEqual(expected);
  });

  it.each([
    ['', ['tls-required blind']],
    ['severities: { tls-required: low }', []],
  ])('of what cannot be seen, with %j', async (yaml, expected) => {
    const { monitor, told, now } = configured(yaml, { answers: { ...weak, 'rds describe-db-cluster-parameters orders-pg16': denied } });

    for (const hours of [0, 1, 2, 3]) await sweepAt(monitor, now, hours);

    expect(inWords(told).filter((one) => one.startsWith('tls-required'))).toEqual(expected);
  });

  it('hides no state: what was silent is told as worse when the configuration makes it matter, and then when it is over', async () => {
    const { monitor, reconfigure, told, now } = configured('severities: { tls-required: low }', { answers: weak });
    const stricter = reconfigure('severities: { tls-required: high }');

    await sweepAt(monitor, now, 0);
    await sweepAt(stricter, now, 1);
    now.answers = fine;
    await sweepAt(stricter, now, 2);

    expect(inWords(told)).toEqual(['tls-required worsened', 'tls-required resolved']);
    expect(told[1]?.openedBy).toBe(told[0]?.id);
  });
});

describe('the attributes of a message', () => {
  const sns = mockClient(SNSClient);
  afterEach(() => {
    sns.reset();
  });
  const topicArn = `arn:aws:sns:${region}:${account}:aurora-watch-prod-alerts`;
  const notify: Notify = createNotify(
    { credentials: async () => ({ accessKeyId: 'none', secretAccessKey: 'none' }), endpoint: undefined, region },
    { region, topicArn, render: renderTopicMessage },
  );
  const published = () =>
    sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => ({
      topic: input.TopicArn,
      ...Object.fromEntries(Object.entries(input.MessageAttributes ?? {}).map(([name, value]) => [name, value.StringValue])),
    }));

  it('are those that filter policies work on, from the event and the sweep to the topic', async () => {
    const { monitor, now } = configured('severities: { tls-weakened: critical }', { answers: weak });
    const telling = { ...monitor, notify };
    const place = { topic: topicArn, account, region };

    await handleEvent(telling, off, { again: false });
    now.answers = fine;
    await sweepAt(telling, now, 1);
    now.answers = weak;
    await sweepAt(telling, now, 2);

    expect(published()).toEqual([
      { ...place, severity: 'critical', check: 'tls-weakened', transition: 'happened' },
      { ...place, severity: 'high', check: 'tls-required', transition: 'resolved' },
      { ...place, severity: 'high', check: 'tls-required', transition: 'reopened' },
    ]);
  });

  it('are texts, and none is empty: SNS refuses that', async () => {
    const { monitor } = configured('', { answers: weak });
    const nowhere = { ...monitor, account: '', notify };

    await handleEvent(nowhere, { ...off, account: '', region: '' }, { again: false });

    const attributes = sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input.MessageAttributes ?? {});
    expect(attributes.length).toBeGreaterThan(0);
    for (const { DataType, StringValue } of attributes.flatMap((one) => Object.values(one))) {
      expect(DataType).toBe('String');
      expect(StringValue).toMatch(/./);
    }
  });

  it('reach nobody where the topic refuses: the alert stays to be sent', async () => {
    sns.on(PublishCommand).rejects(new Error('throttled'));
    const { monitor } = configured('', { answers: weak });

    await expect(handleEvent({ ...monitor, notify }, off, { again: false })).rejects.toThrow('1 of 1 alerts could not be sent.');

    expect((await monitor.store.listUnsent()).map(({ status }) => status)).toEqual(['sealed']);
  });
});
