import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { openEvidenceFolder } from '../../lib/adapters/local/evidence-folder.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { readConfiguration } from '../../lib/intake/configuration.ts';
import { judgeEvents } from '../../lib/main/events.ts';
import { scanFolder } from '../../lib/main/laptop.ts';
import { readReportRequest } from '../../lib/main/report-request.ts';
import { publishedSchemas } from '../../lib/main/schemas.ts';
import { renderJson } from '../../lib/render/json.ts';
import { complaints } from '../published.ts';
import { comparedReport, exampleFinding, exampleReport } from '../render/example-report.ts';

const folder = join(import.meta.dirname, '..', '..', 'schemas');
describe('the published schemas', () => {
  it('are current: run "node scripts/schemas.ts"', () => {
    const published = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const));

    expect(published).toEqual(new Map(publishedSchemas()));
  });

  it.each([
    ['the example', exampleReport],
    ['a comparison', comparedReport],
    ['evidence that tells nothing', { ...exampleReport, account: null, at: null, window: null, regions: [] }],
  ])('describe the JSON of %s', (_, report) => {
    expect(complaints('report', JSON.parse(renderJson(report)))).toEqual([]);
  });

  it('describe the report of the samples', async () => {
    const folder = join(import.meta.dirname, '..', '..', 'samples');
    const { report } = await scanFolder(folder, { choice: {}, configuration: defaultConfiguration, warn: () => undefined });

    expect(report.findings.length).toBeGreaterThan(10);
    expect(complaints('report', JSON.parse(renderJson(report)))).toEqual([]);
  });

  it('describe the alerts of every event that the repository holds', async () => {
    const folder = join(import.meta.dirname, '..', '..', 'events');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.json') && !name.endsWith('.alerts.json') && !name.endsWith('.alert.json'),
    );
    const alerts = await judgeEvents({
      files: files.map((name) => join(folder, name)),
      standardInput: Readable.from([]),
      config: undefined,
      evidence: undefined,
      warn: () => undefined,
    });

    expect(alerts.length).toBeGreaterThan(20);
    expect(alerts.flatMap((alert) => complaints('alert', alert))).toEqual([]);
  });

  it('describe an alert', () => {
    expect(exampleReport.changes.length).toBeGreaterThan(0);
    expect(exampleReport.changes.flatMap((change) => complaints('alert', change))).toEqual([]);
  });

  it.each(Object.keys(comparedReport))(
    'want %s in a report, but a comparison only where there is one, and logs not of earlier versions',
    (name) => {
      const { [name as keyof typeof comparedReport]: _, ...rest } = comparedReport;

      expect(complaints('report', rest).length > 0).toBe(name !== 'comparison' && name !== 'logs');
    },
  );

  it.each([
    ['a severity that there is not', { ...exampleReport, findings: [{ ...exampleReport.findings[0], severity: 'bad' }] }],
    ['a time that is none', { ...exampleReport, at: 'yesterday' }],
    ['a coverage without its status', { ...exampleReport, coverage: [{ ...exampleReport.coverage[0], status: undefined }] }],
    ['a resource of an unknown type', { ...exampleReport, verdicts: [{ ...exampleReport.verdicts[0], resource: { type: 'table' } }] }],
  ])('refuse %s', (_, report) => {
    expect(complaints('report', report)).not.toEqual([]);
  });
});

describe('the evidence of a finding', () => {
  const [user, database, source, cluster, text] = ['app', 'orders', '192.0.2.1', 'orders', 'x'];
  const [first, last] = ['2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z'];
  const failure = { user, database, source, cluster, attempts: 2, unconfirmed: 0, first, last, reasons: [text] };
  const session = { user, database, source, cluster, sessions: 2, first, last, applications: [text] };
  const login = { user, source, cluster, first, last, count: 1 };

  function reportWith(check: string, evidence: object): object {
    const [template] = exampleReport.findings;
    if (!template) throw new Error('the example has no finding');
    return { ...exampleReport, findings: [exampleFinding({ ...template, check, evidence: { ...evidence } })] };
  }

  describe.each<[string, object]>([
    ['failed-iam-logins', { ...failure, callers: ['arn:aws:sts::111122223333:assumed-role/a/b'] }],
    ['failed-password-logins', failure],
    ['plaintext-refused', failure],
    ['plaintext-sessions', session],
    ['weak-tls-sessions', { ...session, protocol: 'TLSv1', cipher: 'RC4-MD5' }],
    ['login-after-failures', login],
    ['new-source', login],
    ['master-user-logins', login],
    ['log-forgery', { source, cluster, records: 1, first, last, claimed: [{ user }] }],
    [
      'grant-used',
      { principal: text, grants: [text], databaseUsers: [user], use: 'role-never-used', lastUsed: null, signs: { role: null } },
    ],
    ['cross-account-access', { role: text, sourceAccount: '444455556666', sourceIdentity: text, sources: [source], count: 1, first, last }],
  ])('of %s', (check, evidence) => {
    it('may hold more, and null for what is not known', () => {
      const scalars = Object.entries(evidence).map(([name, value]) => [name, typeof value === 'object' && value !== null ? value : null]);

      expect(complaints('report', reportWith(check, { ...evidence, more: 1 }))).toEqual([]);
      expect(complaints('report', reportWith(check, Object.fromEntries(scalars) as object))).toEqual([]);
    });

    it.each(Object.keys(evidence))('holds %s', (name) => {
      const rest = Object.fromEntries(Object.entries(evidence).filter(([key]) => key !== name));

      expect(complaints('report', reportWith(check, rest))).not.toEqual([]);
    });
  });
});

describe('the schema of the configuration', () => {
  function isRead(yaml: string): boolean {
    try {
      readConfiguration(yaml, 'aurora-watch.yaml', ['tls-required', 'log-statement-safe']);
      return true;
    } catch {
      return false;
    }
  }

  it.each([
    'trustedAccounts: ["444455556666"]',
    'allowed: { masterPasswordChanges: ["arn:aws:iam::*:role/dba-*"], dataApi: [], wideGrants: [], rdsAdministrators: [] }',
    'thresholds: { unusedDays: 90, unusedKeyDays: 45, failedLogins: 5, failedLoginWindow: 5m, loginAfterFailures: 10m, deniedCalls: 10 }',
    'thresholds: { deniedCallWindow: 5m, widestIngress: { ipv4: 16, ipv6: 48 }, backupDays: 7, keyAgeDays: 90 }',
    'severities: { log-statement-safe: info }',
    'suppressions: [{ check: tls-required, resource: "arn:*", reason: "until Q3", until: "2026-09-30", by: jane }]',
    'alerts: { minimumSeverity: medium, digest: daily, weeklyAllQuiet: true }',
    'allowed:',
  ])('accepts what is read: %s', (yaml) => {
    expect(isRead(yaml)).toBe(true);
    expect(complaints('configuration', parse(yaml))).toEqual([]);
  });

  it.each([
    'trustedAccount: []',
    'trustedAccounts: ["12"]',
    'allowed: { everything: [] }',
    'thresholds: { unusedDays: 0 }',
    'thresholds: { failedLoginWindow: 5 }',
    'thresholds: { widestIngress: { ipv4: 33 } }',
    'severities: { log-statement-safe: dreadful }',
    'suppressions: [{ check: tls-required }]',
    'suppressions: [{ check: tls-required, reason: x, until: soon }]',
    'alerts: { digest: hourly }',
  ])('refuses what is refused: %s', (yaml) => {
    expect(isRead(yaml)).toBe(false);
    expect(complaints('configuration', parse(yaml))).not.toEqual([]);
  });
});

describe('the schema of the payload that asks for a report', () => {
  it.each<[boolean, unknown]>([
    [true, {}],
    [true, { format: ['html', 'json'], checks: ['*'], from: '2026-05-01T00:00:00Z', notify: true }],
    [true, { from: '2026-05-01' }],
    [false, null],
    [false, { formats: ['html'] }],
    [false, { format: 'html' }],
    [false, { format: [] }],
    [false, { format: ['pdf'] }],
    [false, { checks: 'tls-required' }],
    [false, { from: 'yesterday' }],
    [false, { notify: 'yes' }],
  ])('%s, as the function does: %j', (expected, payload) => {
    const read = readReportRequest(payload, Date.parse('2026-05-03T12:00:00Z'));

    expect('error' in read).toBe(!expected);
    expect(complaints('report-request', payload).length === 0).toBe(expected);
    if ('error' in read) expect(complaints('report-answer', read)).toEqual([]);
  });
});

describe('the schema of evidence.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-about-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each<[boolean, unknown]>([
    [true, {}],
    [true, { account: '111122223333', at: '2026-05-03T12:00:00Z' }],
    [true, { account: null, at: null, collectedBy: 'jane' }],
    [true, { at: '2026-05-03' }],
    [true, { at: '2026-05-03T14:00+02:00' }],
    [false, []],
    [false, { account: 111122223333 }],
    [false, { account: '1111' }],
    [false, { at: 'yesterday' }],
    [false, { at: '2026-05-03T12:00:00' }],
    [false, { at: 1777809600 }],
  ])('%s, as the program does: %j', async (expected, about) => {
    writeFileSync(join(folder, 'evidence.json'), JSON.stringify(about));
    const read = await openEvidenceFolder(folder).catch(() => null);

    expect(read !== null).toBe(expected);
    expect(complaints('evidence', about).length === 0).toBe(expected);
  });
});
