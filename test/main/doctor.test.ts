import { describe, expect, it } from '@jest/globals';
import type { FunctionState, Health } from '../../lib/adapters/aws/health.ts';
import type { Report, ReportedVerdict } from '../../lib/domain/report.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { examine, examinedText, type Patient } from '../../lib/main/doctor.ts';
import { deployedParts } from '../../lib/main/parts.ts';
import type { StoredAlert } from '../../lib/ports/finding-store.ts';
import type { QueryRun } from '../../lib/ports/run-store.ts';

const now = Date.parse('2026-05-03T12:00:00Z');
const trail: ReportedVerdict = {
  check: 'cloudtrail-recording',
  resource: { arn: 'arn:aws:iam::111122223333:root', type: 'account', name: '111122223333', region: 'global' },
  verdict: 'pass',
  reason: 'The trail all-regions records everything.',
};
const delivery: ReportedVerdict = { ...trail, check: 'log-delivery-possible', reason: 'There is room for a subscription.' };
const parts = deployedParts({ delivers: true, trail: true });
const everyRule = parts.rules.map((end) => ({ name: `aurora-watch-prod-${end}`, enabled: true, targets: 1 }));
const sent: { queue: string; body: string }[] = [];
const healthy: Health = {
  table: async () => ({ status: 'ACTIVE', backups: true }),
  subscriptions: async () => ({
    confirmed: ['arn:aws:sqs:eu-central-1:111122223333:aurora-watch-prod-slack', 'a@example.com'],
    waiting: [],
  }),
  depth: async () => 0,
  parameterVersion: async () => 3,
  send: async (queue, body) => void sent.push({ queue, body }),
  rules: async () => everyRule,
  queuePolicy: async () => '{"Statement":[{"Principal":{"Service":["events.amazonaws.com","sns.amazonaws.com","s3.amazonaws.com"]}}]}',
  lambda: async (name) => ({
    state: 'Active',
    update: 'Successful',
    reason: '',
    reserved: null,
    startedBy: everyRule.map((rule) => `arn:aws:events:eu-central-1:111122223333:rule/${rule.name}`),
    takesFrom: parts.functions.flatMap((one) =>
      one.queue !== undefined && name.endsWith(`-${one.name}`) ? [{ queue: `aurora-watch-prod-${one.queue}`, enabled: true }] : [],
    ),
  }),
  workGroup: async () => 'ENABLED',
  hasTable: async () => true,
  stream: async () => 'ACTIVE',
  keyState: async () => 'Enabled',
  ownsBucket: async () => true,
};
const group = '/aws/rds/cluster/orders/postgresql';
const stream = 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/aurora-watch-prod-logs';
const subscribed: Patient['logGroups'] = {
  list: async (start) => (start === '/aws/rds/' ? [group] : parts.functions.map(({ name }) => `/aws/lambda/aurora-watch-prod-${name}`)),
  subscriptions: async () => [{ name: 'aurora-watch-prod', destination: stream, pattern: '' }],
};
const otherAccounts = {
  bucket: 'org-trail',
  prefix: 'AWSLogs/o-exampleorgid/111122223333/',
  key: 'arn:aws:kms:eu-central-1:444455556666:key/1',
};

const store: Patient['store'] = {
  watermark: async () => '2026-05-03T11:00:00Z',
  loadAlerts: async () => [{ status: 'sent', alert: { id: 'alert-1' } } as StoredAlert],
};

function patient(health: Partial<Health> = {}, more: Partial<Patient> = {}): Patient {
  return {
    name: 'aurora-watch-prod',
    topicArn: (end) => `arn:aws:sns:eu-central-1:111122223333:aurora-watch-prod-${end}`,
    health: { ...healthy, ...health },
    parts,
    delivers: true,
    runs: { list: async () => [run] },
    store,
    logGroups: subscribed,
    trailFiles: null,
    surroundings: async () => report,
    alert: false,
    pause: async () => undefined,
    now,
    ...more,
  };
}

const slackAlone: Partial<Health> = {
  subscriptions: async () => ({ confirmed: ['arn:aws:sqs:eu-central-1:111122223333:aurora-watch-prod-slack'], waiting: [] }),
};

/** Every function is so. */
function lambda(state: Partial<FunctionState>): Patient {
  return patient({ lambda: async (name) => ({ ...(await healthy.lambda(name)), ...state }) });
}

const run: QueryRun = { query: 'log-forgery', reached: now - 3_600_000, running: null, failed: null, revision: 7 };

const report: Report = {
  schemaVersion: '1',
  generator: { name: 'aurora-watch', version: '0' },
  account: '111122223333',
  regions: ['eu-central-1'],
  at: null,
  window: null,
  summary: { resources: 0, pass: 0, fail: 0, notApplicable: 0, unknown: 0, findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 } },
  verdicts: [trail, delivery],
  findings: [],
  coverage: [],
  changes: [],
  accesses: [],
};

function refuse(name: string): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error('no'), { name });
  };
}

describe('doctor', () => {
  it('finds a healthy monitor well', async () => {
    const examined = await examine(patient());

    expect(examined.filter(({ state }) => state !== 'well')).toEqual([]);
    expect(examined).toHaveLength(18);
  });

  it.each([
    ['table of findings', patient({ table: async () => ({ status: 'DELETING', backups: true }) }), 'unwell', /DELETING/],
    ['table of findings', patient({ table: async () => ({ status: 'ACTIVE', backups: false }) }), 'unwell', /point-in-time/],
    ['table of findings', patient({ table: refuse('AccessDeniedException') }), 'unknown', /AccessDeniedException: no/],
    ['queries', patient({}, { runs: { list: async () => [] } }), 'well', /none has run/],
    [
      'queries',
      patient(
        {},
        { runs: { list: async () => [run, { ...run, query: 'log-gaps', failed: { runs: 2, to: now, reason: 'no such table' } }] } },
      ),
      'unwell',
      /^1 of 2 failed: log-gaps \(2 in a row: no such table\)$/,
    ],
    ['queries', patient({}, { runs: { list: async () => [{ ...run, reached: now - 90_000_000 }] } }), 'unwell', /none has ended for a day/],
    ['queries', patient({}, { runs: { list: refuse('AccessDeniedException') } }), 'unknown', /AccessDenied/],
    ['last sweep', patient({}, { store: { ...store, watermark: async () => null } }), 'unwell', /no sweep/],
    ['last sweep', patient({}, { store: { ...store, watermark: async () => '2026-05-02T11:00:00Z' } }), 'unwell', /none since/],
    ['who is told of alerts', patient({ subscriptions: async () => ({ confirmed: [], waiting: [] }) }), 'unwell', /nobody gets alerts/],
    [
      'who is told of faults',
      patient({ subscriptions: async () => ({ confirmed: ['a@example.com'], waiting: ['ops@example.com'] }) }),
      'unwell',
      /not confirmed yet: ops@example/,
    ],
    ['dead letters', patient({ depth: async () => 2 }), 'unwell', /^2: /],
    ['dead letters', patient({ depth: async () => Number.NaN }), 'unknown', /does not say/],
    ['waiting changes', patient({ depth: async () => 1001 }), 'unwell', /does not keep up/],
    ['waiting changes', patient({ depth: refuse('QueueDoesNotExist') }), 'unwell', /not there: docs\/runbook.md/],
    ['table of findings', patient({ table: refuse('ResourceNotFoundException') }), 'unwell', /not there: docs\/runbook.md/],
    ['who is told of alerts', patient({ ...slackAlone, parameterVersion: refuse('ParameterNotFound') }), 'unwell', /nobody gets alerts/],
    ['who is told of alerts', patient(slackAlone), 'well', /^1 confirmed$/],
    ['rules', patient({ rules: async () => everyRule.slice(1) }), 'unwell', /^not there: aurora-watch-prod-athena: docs\/runbook.md/],
    [
      'rules',
      patient({ rules: async () => everyRule.map((rule) => ({ ...rule, enabled: false })) }),
      'unwell',
      /enable-rule --name aurora-watch-prod-rds/,
    ],
    ['rules', patient({ rules: async () => everyRule.map((rule) => ({ ...rule, targets: 0 })) }), 'unwell', /without a target: .*-rds/],
    ['queues', patient({ queuePolicy: async () => null }), 'unwell', /aurora-watch-prod-changes lets events.amazonaws.com send nothing/],
    ['queues', patient({ queuePolicy: refuse('QueueDoesNotExist') }), 'unwell', /aurora-watch-prod-slack is not there/],
    ['queues', patient({ queuePolicy: refuse('AccessDenied') }), 'unknown', /AccessDenied/],
    ['functions', patient({ lambda: refuse('ResourceNotFoundException') }), 'unwell', /aurora-watch-prod-sweep is not there/],
    ['functions', lambda({ state: 'Failed', reason: 'its key is gone' }), 'unwell', /is Failed, its update Successful: its key is gone/],
    ['functions', lambda({ update: 'Failed' }), 'unwell', /its update Failed/],
    ['functions', lambda({ state: 'Inactive' }), 'well', /^8, each/],
    ['functions', lambda({ reserved: 0 }), 'unwell', /aws lambda delete-function-concurrency --function-name aurora-watch-prod-parse/],
    ['functions', lambda({ takesFrom: [] }), 'unwell', /aurora-watch-prod-change takes nothing from aurora-watch-prod-changes/],
    ['functions', lambda({ startedBy: [] }), 'unwell', /the rule aurora-watch-prod-sweep may not start aurora-watch-prod-sweep/],
    [
      'log groups of functions',
      patient({}, { logGroups: { ...subscribed, list: async () => [] } }),
      'unwell',
      /\/aws\/lambda\/aurora-watch-prod-change is not there/,
    ],
    ['buckets', patient({ ownsBucket: refuse('NotFound') }), 'unwell', /aurora-watch-prod-reports-111122223333-eu-central-1 is not there/],
    ['buckets', patient({ ownsBucket: async () => false }), 'unwell', /is closed to you/],
    [
      'tables of logs and API calls',
      patient({ hasTable: async (_, table) => table !== 'api_call' }),
      'unwell',
      /^aurora_watch_prod.api_call is not there/,
    ],
    ['tables of logs and API calls', patient({ workGroup: async () => null }), 'unwell', /the workgroup aurora-watch-prod is not there/],
    [
      'tables of logs and API calls',
      patient({ workGroup: async () => 'DISABLED' }),
      'unwell',
      /aws athena update-work-group --work-group aurora-watch-prod --state ENABLED/,
    ],
    ['key of the topics', patient({ keyState: async () => 'Disabled' }), 'unwell', /aws kms enable-key/],
    ['key of the topics', patient({ keyState: async () => 'PendingDeletion' }), 'unwell', /cancel-key-deletion/],
    [
      'subscriptions of log groups',
      patient({}, { logGroups: { ...subscribed, subscriptions: async () => [] } }),
      'unwell',
      /not delivered: \/aws\/rds\/cluster\/orders\/postgresql/,
    ],
    ['subscriptions of log groups', patient({}, { delivers: false }), 'well', /not used/],
    ['subscriptions of log groups', patient({ stream: async () => 'DELETING' }), 'unwell', /the stream aurora-watch-prod-logs is DELETING/],
    [
      'subscriptions of log groups',
      patient({ stream: refuse('ResourceNotFoundException') }),
      'unwell',
      /stream aurora-watch-prod-logs is not there/,
    ],
    [
      'Slack',
      patient({ subscriptions: async () => ({ confirmed: ['a@example.com'], waiting: [] }) }),
      'unwell',
      /its queue is not subscribed/,
    ],
    ['Slack', patient({ parameterVersion: refuse('ParameterNotFound') }), 'well', /not used/],
    ['Slack', patient({ parameterVersion: refuse('AccessDeniedException') }), 'unknown', /AccessDenied/],
    [
      'trail',
      patient({}, { surroundings: async () => ({ ...report, verdicts: [{ ...trail, verdict: 'fail', reason: 'No trail logs.' }] }) }),
      'unwell',
      /No trail logs/,
    ],
    ['delivery of logs', patient({}, { surroundings: refuse('Throttling') }), 'unknown', /Throttling/],
  ] as const)('says of %s, when it is broken, that it is so', async (part, given, state, detail) => {
    const examined = await examine(given);
    const found = examined.find((one) => one.part === part);

    expect(found?.state).toBe(state);
    expect(found?.detail).toMatch(detail);
    expect(examined).toHaveLength(18);
  });

  it('prints what the owner of the bucket of the trail must add, where that is another account', async () => {
    const [own] = (await examine(patient({}, { trailFiles: otherAccounts }))).slice(-1);
    const [other] = (await examine(patient({ ownsBucket: async () => false }, { trailFiles: otherAccounts }))).slice(-1);
    const policy = (other?.detail ?? '').split('\n').filter((line) => line.startsWith('{'));
    const role = { AWS: 'arn:aws:iam::111122223333:role/aurora-watch-prod-activity-eu-central-1' };

    expect(own).toMatchObject({ part: 'files of the trail', state: 'well' });
    expect(other?.state).toBe('unknown');
    expect(policy.map((line) => JSON.parse(line))).toEqual([
      {
        Sid: 'AuroraWatchReads',
        Effect: 'Allow',
        Principal: role,
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::org-trail/AWSLogs/o-exampleorgid/111122223333/*',
      },
      {
        Sid: 'AuroraWatchLists',
        Effect: 'Allow',
        Principal: role,
        Action: ['s3:GetBucketLocation', 's3:ListBucket'],
        Resource: 'arn:aws:s3:::org-trail',
      },
      { Sid: 'AuroraWatchDecrypts', Effect: 'Allow', Principal: role, Action: 'kms:Decrypt', Resource: '*' },
    ]);
  });

  it('says so where its own change is not told', async () => {
    const examined = await examine(patient({}, { alert: true, store: { ...store, loadAlerts: async () => [] } }));
    sent.length = 0;

    expect(examined.at(-1)).toMatchObject({ part: 'synthetic alert', state: 'unwell' });
    expect(examined.at(-1)?.detail).toMatch(/not told within two minutes/);
  });

  it('sends a change that the monitor can read, and only when it is asked to', async () => {
    await examine(patient());
    expect(sent).toEqual([]);

    const examined = await examine(patient({}, { alert: true }));

    expect(examined.at(-1)).toMatchObject({ part: 'synthetic alert', state: 'well' });
    expect(sent.map(({ queue }) => queue)).toEqual(['aurora-watch-prod-changes']);
    expect(readCloudTrailRecord(JSON.parse(sent[0]?.body ?? ''))).toMatchObject({
      eventName: 'ModifyDBCluster',
      region: 'eu-central-1',
      account: '111122223333',
    });
  });

  it('prints a line for each part, with what could hide in it made visible', () => {
    expect(examinedText([{ part: 'Slack', state: 'unknown', detail: 'a\u001b[2Jb' }])).toBe('? Slack  a\\x1b[2Jb\n');
  });
});
