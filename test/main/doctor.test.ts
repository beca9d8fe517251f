import { describe, expect, it } from '@jest/globals';
import type { Health } from '../../lib/adapters/aws/health.ts';
import type { Report, ReportedVerdict } from '../../lib/domain/report.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { examine, examinedText, type Patient } from '../../lib/main/doctor.ts';
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
const sent: { queue: string; body: string }[] = [];
const healthy: Health = {
  table: async () => ({ status: 'ACTIVE', backups: true }),
  subscriptions: async () => ({ confirmed: 1, waiting: [] }),
  depth: async () => 0,
  parameterVersion: async () => 3,
  send: async (queue, body) => void sent.push({ queue, body }),
  rules: async () => [{ name: 'aurora-watch-prod-rds', enabled: true }],
  queuePolicy: async () => '{"Statement":[{"Principal":{"Service":"events.amazonaws.com"}}]}',
  keyState: async () => 'Enabled',
  ownsBucket: async () => true,
};
const group = '/aws/rds/cluster/orders/postgresql';
const stream = 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/aurora-watch-prod-logs';
const subscribed: Patient['logGroups'] = {
  list: async () => [group],
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

const refuse = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error('no'), { name });
};

describe('doctor', () => {
  it('finds a healthy monitor well', async () => {
    const examined = await examine(patient());

    expect(examined.filter(({ state }) => state !== 'well')).toEqual([]);
    expect(examined).toHaveLength(14);
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
    ['who is told of alerts', patient({ subscriptions: async () => ({ confirmed: 0, waiting: [] }) }), 'unwell', /nobody gets alerts/],
    [
      'who is told of faults',
      patient({ subscriptions: async () => ({ confirmed: 1, waiting: ['ops@example.com'] }) }),
      'unwell',
      /not confirmed yet: ops@example/,
    ],
    ['dead letters', patient({ depth: async () => 2 }), 'unwell', /^2: /],
    ['dead letters', patient({ depth: async () => Number.NaN }), 'unknown', /does not say/],
    ['waiting changes', patient({ depth: async () => 1001 }), 'unwell', /does not keep up/],
    ['waiting changes', patient({ depth: refuse('QueueDoesNotExist') }), 'unwell', /not there: deploy again/],
    ['table of findings', patient({ table: refuse('ResourceNotFoundException') }), 'unwell', /not there: deploy again/],
    ['rules', patient({ rules: async () => [] }), 'unwell', /there are none/],
    [
      'rules',
      patient({ rules: async () => [{ name: 'aurora-watch-prod-rds', enabled: false }] }),
      'unwell',
      /enable-rule --name aurora-watch-prod-rds/,
    ],
    ['way from rules to queue', patient({ queuePolicy: async () => null }), 'unwell', /no change arrives: deploy again/],
    ['key of the topics', patient({ keyState: async () => 'Disabled' }), 'unwell', /aws kms enable-key/],
    ['key of the topics', patient({ keyState: async () => 'PendingDeletion' }), 'unwell', /cancel-key-deletion/],
    [
      'subscriptions of log groups',
      patient({}, { logGroups: { ...subscribed, subscriptions: async () => [] } }),
      'unwell',
      /not delivered: \/aws\/rds\/cluster\/orders\/postgresql/,
    ],
    ['subscriptions of log groups', patient({ depth: refuse('QueueDoesNotExist') }), 'well', /not used/],
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
    expect(examined).toHaveLength(14);
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
