import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { readConfiguration } from '../../lib/intake/configuration.ts';
import { publishedSchemas } from '../../lib/main/schemas.ts';
import { renderJson } from '../../lib/render/json.ts';
import { comparedReport, exampleFinding, exampleReport } from '../render/example-report.ts';

const folder = join(import.meta.dirname, '..', '..', 'schemas');
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
addFormats.default(ajv);

/** What the published schema says against a value; empty: nothing. */
function complaints(name: string, value: unknown): readonly unknown[] {
  const validate =
    ajv.getSchema(name) ?? ajv.addSchema(JSON.parse(publishedSchemas().get(`${name}.schema.json`) ?? '') as object, name).getSchema(name);
  return validate?.(JSON.parse(JSON.stringify(value))) ? [] : (validate?.errors ?? ['no schema']);
}

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

  it('describe an alert', () => {
    expect(exampleReport.changes.length).toBeGreaterThan(0);
    expect(exampleReport.changes.flatMap((change) => complaints('alert', change))).toEqual([]);
  });

  it.each(Object.keys(comparedReport))('want %s in a report, but a comparison only where there is one', (name) => {
    const { [name as keyof typeof comparedReport]: _, ...rest } = comparedReport;

    expect(complaints('report', rest).length > 0).toBe(name !== 'comparison');
  });

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
