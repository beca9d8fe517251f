import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../lib/domain/configuration.ts';
import type { Report } from '../lib/domain/report.ts';
import { scanFolder } from '../lib/main/laptop.ts';

const samples = join(import.meta.dirname, '..', 'samples');
let report: Report;

beforeAll(async () => {
  const warnings: string[] = [];
  ({ report } = await scanFolder(samples, {
    choice: {},
    configuration: defaultConfiguration,
    warn: (sentence) => warnings.push(sentence),
  }));
  expect(warnings).toEqual([]);
}, 60_000);

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

// Worked out by hand from the evidence and the facts, before there was any output.
describe('the samples', () => {
  it.each([
    ['catalog', 'pass', true],
    ['orders', 'pass', true],
    ['billing', 'fail', undefined],
    ['customers', 'fail', false],
    ['ledger', 'unknown', undefined],
  ])('judges TLS of %s as %s', (name, verdict, inEffect) => {
    const found = report.verdicts.find(({ check, resource }) => check === 'tls-required' && resource.name === name);

    expect(found).toMatchObject({ verdict });
    if (inEffect !== undefined) expect(found?.inEffect).toBe(inEffect);
  });

  it('finds nothing wrong with catalog', () => {
    expect(report.findings.filter(({ resource }) => resource.name === 'catalog')).toEqual([]);
  });

  it('says that ledger is unknown because the call was denied', () => {
    const found = report.verdicts.find(({ check, resource }) => check === 'tls-required' && resource.name === 'ledger');

    expect(found?.reason).toMatch(/access denied to rds describe-db-cluster-parameters ledger-pg16/);
  });

  it.each([
    ['catalog-app', 'pass'],
    ['crm-app', 'pass'],
    ['orders-app', 'pass'],
    ['reporting-batch', 'pass'],
    ['invoice-archive', 'fail'],
  ])('judges the use of role %s as %s', (name, verdict) => {
    const found = report.verdicts.find(({ check, resource }) => check === 'grant-used' && resource.arn === role(name));

    expect(found).toMatchObject({ verdict });
  });

  it('finds that invoice-archive was never used, with every sign that was looked at', () => {
    const found = report.findings.filter(({ check }) => check === 'grant-used');

    expect(found).toHaveLength(1);
    expect(found[0]?.evidence).toMatchObject({
      principal: role('invoice-archive'),
      use: 'role-never-used',
      lastUsed: null,
      databaseUsers: ['archive'],
    });
    expect(Object.keys(found[0]?.evidence.signs ?? {}).length).toBeGreaterThanOrEqual(3);
  });

  it('finds the failed IAM logins of two sources, one per attempt', () => {
    const found = report.findings.filter(({ check }) => check === 'failed-iam-logins');

    expect(found.map(({ severity, resource, evidence }) => ({ severity, cluster: resource.name, ...evidence }))).toMatchObject([
      {
        severity: 'medium',
        cluster: 'orders',
        user: 'app_orders',
        database: 'orders',
        source: '198.51.100.23',
        attempts: 7,
        unconfirmed: 0,
        callers: ['arn:aws:sts::111122223333:assumed-role/ci-runner/build-4711'],
      },
      {
        severity: 'info',
        cluster: 'orders',
        user: 'reporting',
        database: 'orders',
        source: '203.0.113.50',
        attempts: 1,
        unconfirmed: 0,
        callers: [],
      },
    ]);
  });

  it('finds the forged record and who wrote it, and believes nothing that it says', () => {
    const forged = report.findings.filter(({ check }) => check === 'log-forgery');
    const others = report.findings.filter(({ check }) => check !== 'log-forgery');

    expect(forged).toHaveLength(1);
    expect(forged[0]).toMatchObject({ severity: 'high', evidence: { source: '203.0.113.66', cluster: 'orders', records: 1 } });
    expect(others.filter(({ evidence }) => evidence.user === 'ceo')).toEqual([]);
  });

  it('finds who would break if billing required TLS', () => {
    const found = report.findings.filter(({ check }) => check === 'plaintext-sessions');

    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity: 'medium',
      resource: { name: 'billing' },
      evidence: { user: 'invoices', database: 'billing', source: '192.0.2.31', sessions: 3, applications: ['legacy-erp'] },
    });
  });

  it('tells who weakened billing', () => {
    const told = report.changes.filter(({ check }) => check === 'tls-weakened');

    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      transition: 'happened',
      severity: 'high',
      eventTime: '2026-05-03T09:12:31Z',
      sourceAddress: '192.0.2.77',
      tool: 'aws-cli',
      principal: { issuer: role('platform-admin'), session: 'jane', account: '111122223333' },
      after: { 'rds.force_ssl': '0' },
    });
    expect(told[0]?.resources.map(({ name }) => name)).toContain('billing');
  });

  it('gives the same report twice', async () => {
    const again = await scanFolder(samples, { choice: {}, configuration: defaultConfiguration, warn: () => undefined });

    expect(JSON.stringify(again.report)).toBe(JSON.stringify(report));
  });
});
