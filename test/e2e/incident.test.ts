import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeSubscriptionFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ModifyDBClusterSnapshotAttributeCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Alert } from '../../lib/domain/alert.ts';
import { describeWhere } from '../needs.ts';
import { complaints } from '../published.ts';
import { ofQueryRows } from './grants.ts';
import { account, whyNoMoto } from './moto.ts';
import { setParameters } from './seed.ts';
import { type FakeSlack, startSlack } from './slack.ts';
import { deliver, drain, sqsEvent } from './stack.ts';
import { eventNow, openWorld, region, type World } from './world.ts';

const long = 300_000;

/** A finding as Security Hub holds it, as far as is looked at here. */
interface HubEntry {
  readonly Id: string;
  readonly ProductArn: string;
  readonly GeneratorId: string;
  readonly RecordState: string;
  readonly Compliance: { readonly Status: string };
  readonly Resources: readonly { readonly Details: { readonly Other: { readonly name: string } } }[];
}

/** An alert in a few words. */
function brief({ check, transition, severity, resources }: Alert): string {
  return `${check} ${transition} ${severity} ${resources.map(({ name }) => name).join('+')}`;
}

describeWhere(whyNoMoto(), 'an incident, from the bus to the message, through the functions as they are packaged', () => {
  let world: World;
  let slack: FakeSlack;
  const told = new Map<string, Alert>();
  /** What the topic was told, each alert with the message that it was in. */
  const emails = () =>
    world.front.calls
      .filter(({ service, action }) => service === 'sns' && action === 'Publish')
      .map(({ parameters }) => ({ subject: String(parameters.Subject), body: String(JSON.parse(String(parameters.Message)).email) }));
  const hear = async (): Promise<readonly string[]> => {
    const alerts = await world.alerts();
    expect(alerts.flatMap((alert) => complaints('alert', alert))).toEqual([]);
    for (const alert of alerts) told.set(`${alert.check} ${alert.transition}`, alert);
    return alerts.map(brief);
  };
  /** What Security Hub was told, by check and resource. */
  const hub = async (): Promise<ReadonlyMap<string, HubEntry>> => {
    const response = await world.caller.request('securityhub', '/findings', { method: 'POST', body: JSON.stringify({ MaxResults: 100 }) });
    const { Findings } = (await response.json()) as { Findings: readonly HubEntry[] };
    return new Map(Findings.map((one) => [`${one.GeneratorId.replace('aurora-watch/', '')} ${one.Resources[0]?.Details.Other.name}`, one]));
  };
  const sweep = async () => {
    const { answer } = await world.functions.run('sweep', { time: new Date().toISOString() });
    return answer as { unknown: number; events: number; told: number };
  };

  const deliverToSlack = async () => {
    for (let tries = 0; tries < 20; tries++) {
      if ((await deliver('SlackMessages', world.queues.slack, world.caller, world.functions)) === null) break;
    }
  };

  beforeAll(async () => {
    [world, slack] = await Promise.all([openWorld(), startSlack()]);
    await world.caller.json('AmazonSSM.PutParameter', {
      Name: '/aurora-watch-prod/slack-webhook',
      Type: 'SecureString',
      Value: slack.url,
    });
  }, long);
  afterAll(async () => {
    await Promise.all([world?.stop(), slack?.stop()]);
  });

  it(
    'begins with a sweep that tells what is wrong already',
    async () => {
      let busy = true;
      world.front.refuse = ({ action }) => {
        if (action !== 'BatchImportFindings' || !busy) return null;
        busy = false;
        return 'ThrottlingException';
      };
      await sweep();
      world.front.refuse = () => null;

      expect(await hear()).toEqual([
        `root-locked-away opened high ${account}`,
        'grant-used opened medium orders-reader+orders-reporting',
        'master-password-managed opened medium billing+orders+ledger',
      ]);
    },
    long,
  );

  it(
    'tells Security Hub what is open, though it is busy at first, and nothing of it twice',
    async () => {
      const imports = () => world.front.calls.filter(({ action }) => action === 'BatchImportFindings').length;
      const told = await hub();
      const { findings } = await world.table();
      const open = findings.filter(({ state }) => state === 'open').map(({ fingerprint }) => `aurora-watch/${fingerprint}`);
      const calls = imports();
      await sweep();

      expect(calls).toBe(2);
      expect(open.length).toBeGreaterThan(5);
      expect([...told.values()].map(({ Id }) => Id).sort()).toEqual(open.sort());
      expect(told.get('master-password-managed orders')).toMatchObject({
        ProductArn: `arn:aws:securityhub:${region}:${account}:product/${account}/default`,
        RecordState: 'ACTIVE',
        Compliance: { Status: 'FAILED' },
      });
      expect(imports()).toBe(calls);
    },
    long,
  );

  it(
    'tells once who turned TLS off, and how to undo it',
    async () => {
      await setParameters(world.settings, 'orders', { 'rds.force_ssl': '0' });
      const event = eventNow('rds/force-ssl-off-by-another-account.json', 'tls-off');
      await world.happen(event);
      const first = await hear();
      await world.happen(event);
      const again = await hear();

      expect(first).toEqual(['tls-weakened happened high orders']);
      expect(again).toEqual([]);
      expect(told.get('tls-weakened happened')).toMatchObject({
        eventId: 'tls-off',
        principal: { account: '444455556666', issuer: 'arn:aws:iam::444455556666:role/vendor', session: 'partner' },
        resources: [{ arn: `arn:aws:rds:${region}:${account}:cluster:orders`, type: 'cluster', name: 'orders', region }],
        after: { 'rds.force_ssl': '0' },
        inEffect: true,
        findings: [expect.any(String)],
        remediation: {
          command: `aws rds modify-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate`,
        },
      });
      expect(told.get('tls-weakened happened')?.delaySeconds).toBeLessThanOrEqual(30);
    },
    long,
  );

  it(
    'tells once that IAM authentication was turned off',
    async () => {
      world.said.fields.set('orders', { IAMDatabaseAuthenticationEnabled: 'false' });
      await world.happen(eventNow('rds/iam-authentication-off.json', 'iam-off'));

      expect(await hear()).toEqual(['iam-authentication-disabled happened high orders']);
    },
    long,
  );

  it(
    'tells once that a snapshot was shared',
    async () => {
      await new RDSClient(world.settings).send(
        new ModifyDBClusterSnapshotAttributeCommand({
          DBClusterSnapshotIdentifier: 'orders-may',
          AttributeName: 'restore',
          ValuesToAdd: ['all'],
        }),
      );
      const named = (text: string) => text.replaceAll('orders-2026-05-01', 'orders-may');
      await world.happen(eventNow('rds/snapshot-shared-with-everybody.json', 'shared', named));

      expect(await hear()).toEqual(['snapshot-shared happened critical orders-may']);
    },
    long,
  );

  it(
    'tells once that the trail was stopped',
    async () => {
      await new CloudTrailClient(world.settings).send(new StopLoggingCommand({ Name: 'all' }));
      const named = (text: string) => text.replaceAll('trail/all-regions', 'trail/all');
      await world.happen(eventNow('cloudtrail/trail-stopped.json', 'stopped', named));

      expect(await hear()).toEqual(['audit-trail-weakened happened critical all']);
    },
    long,
  );

  it(
    'says nothing of all that when it sweeps',
    async () => {
      await sweep();

      expect(await hear()).toEqual([]);
    },
    long,
  );

  it(
    'tells once that TLS is required again, and names what was told before',
    async () => {
      await setParameters(world.settings, 'orders', { 'rds.force_ssl': '1' });
      await world.happen(eventNow('rds/force-ssl-on.json', 'tls-on'));

      expect(await hear()).toEqual(['tls-required resolved high orders']);
      expect(told.get('tls-required resolved')).toMatchObject({
        openedBy: told.get('tls-weakened happened')?.id,
        findings: told.get('tls-weakened happened')?.findings,
        reason: expect.stringMatching(/It was open for .+\.$/),
      });
    },
    long,
  );

  it(
    'tells once that the rest was put right, though the events never came',
    async () => {
      world.said.fields.delete('orders');
      await new RDSClient(world.settings).send(
        new ModifyDBClusterSnapshotAttributeCommand({
          DBClusterSnapshotIdentifier: 'orders-may',
          AttributeName: 'restore',
          ValuesToRemove: ['all'],
        }),
      );
      await new CloudTrailClient(world.settings).send(new StartLoggingCommand({ Name: 'all' }));
      await sweep();
      const first = await hear();
      await sweep();

      expect([...first].sort()).toEqual([
        `cloudtrail-recording resolved critical ${account}`,
        'iam-authentication-enabled resolved medium orders',
        'snapshots-private resolved critical orders-may',
      ]);
      expect(told.get('snapshots-private resolved')?.openedBy).toBe(told.get('snapshot-shared happened')?.id);
      expect(await hear()).toEqual([]);
    },
    long,
  );

  it(
    'tells a change whose event never came, once, from what CloudTrail remembers',
    async () => {
      await setParameters(world.settings, 'billing', { 'rds.force_ssl': '0' });
      const event = eventNow('rds/force-ssl-off.json', 'lost', (text) => text.replaceAll('orders-pg16', 'billing-pg16'));
      world.said.events.push(event.detail as Record<string, unknown>);
      await sweep();
      const first = await hear();
      await world.happen(event);

      expect(first).toEqual(['tls-weakened happened high billing']);
      expect(await hear()).toEqual([]);
    },
    long,
  );

  it('writes e-mail that names who, what and the undo', () => {
    const mail = emails().find(({ subject }) => subject === '[high] TLS was weakened: orders');

    expect(mail?.body).toContain('partner');
    expect(mail?.body).toContain('444455556666');
    expect(mail?.body).toContain('To undo it:\n\n    aws rds modify-db-cluster-parameter-group');
  });

  it(
    'posts every alert to Slack, though Slack is busy and broken at first',
    async () => {
      slack.answers.push(429, 500);
      await deliverToSlack();

      const texts = slack.taken.map(({ text }) => String(text));
      expect([...new Set(texts)]).toHaveLength(texts.length);
      expect(texts).toHaveLength(told.size + 1);
      expect(texts).toContain('HIGH TLS was weakened: orders');
      expect(JSON.stringify(slack.taken.find(({ text }) => text === 'HIGH TLS was weakened: orders'))).toContain(
        'modify-db-cluster-parameter-group',
      );
    },
    long,
  );

  it.each([
    [403, 'invalid_token', 5],
    [400, 'invalid_payload', 5],
    [404, 'no_service', 5],
    [500, 'server_error', 20],
  ])(
    'keeps what Slack refuses for good (%d %s) in the queue of dead letters, whose alarm tells operations, and says why in the log',
    async (status, body, asked) => {
      const alert = { ...told.get('tls-weakened happened'), id: `refused-${status}` };
      slack.taken.length = 0;
      Object.assign(slack, { always: { status, body }, asked: 0 });
      await world.publish(alert);
      const run = await deliver('SlackMessages', world.queues.slack, world.caller, world.functions);
      await deliverToSlack();
      const refusals = slack.asked;
      const alarm = world.template.resources.find(({ properties }) => String(properties.AlarmName).endsWith('-dead-letters'));
      const watched = await world.caller.json<{ Attributes: Record<string, string> }>('AmazonSQS.GetQueueAttributes', {
        QueueUrl: world.queues.dead,
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      const dead = await drain(world.caller, world.queues.dead);
      slack.always = null;
      for (const { Body } of dead) await world.caller.json('AmazonSQS.SendMessage', { QueueUrl: world.queues.slack, MessageBody: Body });
      await deliverToSlack();

      expect(run?.answer).toMatchObject({ batchItemFailures: [{}] });
      expect(run?.log).toContain(`Slack answered ${status}: ${body}`);
      expect(run?.log).not.toContain(slack.url);
      expect(refusals).toBe(asked);
      expect(dead.map(({ Body }) => JSON.parse(JSON.parse(Body).Message))).toEqual([alert]);
      expect(watched.Attributes.ApproximateNumberOfMessages).toBe('1');
      expect(alarm?.properties).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: world.queues.dead.split('/').at(-1) }],
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [world.template.resolve({ Ref: 'Operations' })],
      });
      // Put back, as the runbook says, it is posted.
      expect(slack.taken.map(({ text }) => text)).toEqual(['HIGH TLS was weakened: billing']);
    },
    long,
  );

  it(
    'posts once what Slack is too busy for at first, after the time that it asks for',
    async () => {
      slack.taken.length = 0;
      slack.answers.push(429, 429);
      await world.publish({ ...told.get('tls-weakened happened'), id: 'busy' });
      const messages = await drain(world.caller, world.queues.slack);
      const began = Date.now();
      const { answer } = await world.functions.run('slack', sqsEvent(messages), { inRealTime: true });

      expect(answer).toEqual({ batchItemFailures: [] });
      expect(slack.taken.map(({ text }) => text)).toEqual(['HIGH TLS was weakened: billing']);
      expect(Date.now() - began).toBeGreaterThanOrEqual(2_000);
    },
    long,
  );

  it(
    'sends the digest of a day once',
    async () => {
      const monday = '2026-11-23T07:00:00Z';
      const first = await world.functions.run('digest', { time: monday });
      const again = await world.functions.run('digest', { time: monday });

      expect([first.answer, again.answer]).toEqual([{ sent: true }, { sent: false }]);
    },
    long,
  );

  it(
    'writes the report on demand, and answers where it is',
    async () => {
      const { answer } = await world.functions.run('report', { format: ['json', 'html'], checks: ['*'], notify: true });
      const { summary, objects } = answer as {
        summary: { fail: number };
        objects: { format: string; bucket: string; key: string; url: string; console: string }[];
      };
      const texts = await Promise.all(objects.map(async ({ url }) => (await fetch(url)).text()));

      expect(complaints('report-answer', answer)).toEqual([]);
      expect(complaints('report', JSON.parse(texts[0] ?? ''))).toEqual([]);
      expect(objects.map(({ format, bucket }) => `${format} ${bucket}`)).toEqual([
        `json aurora-watch-prod-reports-${account}-${region}`,
        `html aurora-watch-prod-reports-${account}-${region}`,
      ]);
      expect(JSON.parse(texts[0] ?? '')).toMatchObject({ schemaVersion: '1', account, regions: [region], summary });
      expect(texts[1]).toMatch(/^<!doctype html>/i);
      const { subject, body } = emails().at(-1) ?? {};
      expect(subject).toMatch(/^\[report\] .* open \(eu-central-1\)$/);
      for (const { console: page } of objects) expect(body).toContain(page);
    },
    long,
  );

  it(
    'writes the weekly report once, and tells of it by e-mail and in Slack',
    async () => {
      const scheduled = { 'detail-type': 'Scheduled Event', source: 'aws.events', time: '2026-11-23T06:00:00Z', detail: {} };
      const before = emails().length;
      slack.taken.length = 0;
      const first = await world.functions.run('report', scheduled);
      const again = await world.functions.run('report', scheduled);
      await deliver('SlackMessages', world.queues.slack, world.caller, world.functions);

      const { objects } = first.answer as { objects: { format: string; url: string; console: string }[] };
      const texts = slack.taken.map(({ text }) => String(text));
      expect(objects.map(({ format }) => format)).toEqual(['html', 'json']);
      expect(again.answer).toBeNull();
      expect(emails()).toHaveLength(before + 1);
      expect(emails().at(-1)?.body).toContain(objects[0]?.console);
      expect(texts.filter((text) => text.startsWith('Weekly report: '))).toHaveLength(1);
      expect(JSON.stringify(slack.taken)).toContain(objects[0]?.console.replaceAll('&', '&amp;'));
    },
    long,
  );

  it(
    'leads from an alert to the latest report, in e-mail and in Slack',
    async () => {
      await setParameters(world.settings, 'billing', { 'rds.force_ssl': '1' });
      await world.happen(eventNow('rds/force-ssl-on.json', 'billing-on', (text) => text.replaceAll('orders-pg16', 'billing-pg16')));
      await world.alerts();
      await setParameters(world.settings, 'billing', { 'rds.force_ssl': '0' });
      await world.happen(eventNow('rds/force-ssl-off.json', 'billing-off', (text) => text.replaceAll('orders-pg16', 'billing-pg16')));
      const alert = (await world.alerts()).find(({ check }) => check === 'tls-weakened');
      slack.taken.length = 0;
      while (await deliver('SlackMessages', world.queues.slack, world.caller, world.functions));

      const report = alert?.links.report ?? 'none';
      expect(report).toMatch(/^https:\/\/eu-central-1\.console\.aws\.amazon\.com\/s3\/object\/aurora-watch-prod-reports-/);
      expect(emails().at(-1)?.body).toContain(`  the latest report: ${report}`);
      expect(JSON.stringify(slack.taken)).toContain(`<${report.replaceAll('&', '&amp;')}|the latest report>`);
    },
    long,
  );

  it(
    'archives in Security Hub what is over, and says what it did not take, which is sent again',
    async () => {
      await setParameters(world.settings, 'orders', { 'rds.force_ssl': '0' });
      world.front.refuse = ({ action }) => (action === 'BatchImportFindings' ? 'AccessDenied' : null);
      const { log, answer } = await world.functions.run('sweep', { time: new Date().toISOString() });
      world.front.refuse = () => null;
      const before = await hub();
      await sweep();
      const open = (await hub()).get('tls-required orders');
      await setParameters(world.settings, 'orders', { 'rds.force_ssl': '1' });
      await sweep();
      const over = (await hub()).get('tls-required orders');
      await hear();

      expect(answer).toBeUndefined();
      expect(log).toMatch(/Security Hub did not take 2 of 2 findings: AccessDeniedException/);
      expect(before.get('tls-required orders')).toMatchObject({ RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } });
      expect(open).toMatchObject({ RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } });
      expect(over).toMatchObject({ Id: open?.Id, RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } });
    },
    long,
  );

  it(
    'answers a payload that asks for no report, and does nothing',
    async () => {
      const before = world.front.calls.length;
      const { answer } = await world.functions.run('report', { format: ['pdf'], everything: true });

      expect(answer).toMatchObject({ error: { code: 'InvalidRequest', message: expect.any(String), issues: [{ path: 'format.0' }, {}] } });
      expect(world.front.calls).toHaveLength(before);
    },
    long,
  );

  it(
    'subscribes the log groups of databases as they are made, and those that it missed by schedule',
    async () => {
      const logs = new CloudWatchLogsClient(world.settings);
      const stream = `arn:aws:firehose:${region}:${account}:deliverystream/aurora-watch-prod-logs`;
      const subscriptionsOf = async (logGroupName: string) => {
        const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
        return subscriptionFilters?.map(({ filterName, destinationArn }) => `${filterName} ${destinationArn}`);
      };
      const deliverAll = () => deliver('LogGroups', world.queues.logGroups, world.caller, world.functions);
      await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/rds/cluster/new/postgresql' }));
      await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/somebody' }));
      for (const name of ['/aws/rds/cluster/new/postgresql', '/aws/lambda/somebody'])
        await world.put(
          eventNow('logs/log-group-deleted.json', name, (text) =>
            text.replaceAll('/aws/rds/cluster/orders/postgresql', name).replaceAll('DeleteLogGroup', 'CreateLogGroup'),
          ),
        );
      const run = await deliverAll();
      const made = await subscriptionsOf('/aws/rds/cluster/new/postgresql');
      const scheduled = JSON.stringify({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} });
      await world.caller.json('AmazonSQS.SendMessage', { QueueUrl: world.queues.logGroups, MessageBody: scheduled });
      await deliverAll();

      expect(run?.answer).toEqual({ batchItemFailures: [] });
      expect(made).toEqual([`aurora-watch-prod ${stream}`]);
      expect(await subscriptionsOf('/aws/rds/cluster/orders/postgresql')).toEqual([`aurora-watch-prod ${stream}`]);
      expect(await subscriptionsOf('/aws/lambda/somebody')).toEqual([]);
    },
    long,
  );

  it('needed nothing that its roles do not grant, and was granted nothing that it did not need', () => {
    // Lambda itself uses these with the function's role: to write the log, and to hand what failed for good to the queue of dead letters.
    const byLambda = /^\w+Role (?:logs:CreateLogStream|logs:PutLogEvents)$|^\w+Role on arn:aws:logs:.*:log-group:\/aws\/lambda\//;
    const failures = /^(?:Sweep|Digest|Report)Role (?:sqs:SendMessage|on .*-dead-letters)$/;
    // parse.test.ts and activity.test.ts need what these are for.
    const elsewhere = /^ParseRole |^Activity/;

    const unused = world.grants
      .unused()
      .filter((one) => ![byLambda, failures, elsewhere, ofQueryRows].some((pattern) => pattern.test(one)));

    expect(world.front.ungranted).toEqual([]);
    expect(unused).toEqual([]);
  });
});
