import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../lib/domain/finding.ts';
import type { Report } from '../../lib/domain/report.ts';
import { accountResource, type Resource, regionResource } from '../../lib/domain/resource.ts';
import { compareReports } from '../../lib/monitor/compare.ts';
import { fingerprintOf } from '../../lib/monitor/fingerprint.ts';

function finding(fingerprint: string, firstSeen: string): Finding {
  return {
    fingerprint,
    check: 'tls-required',
    severity: 'high',
    title: 'Cluster requires TLS',
    resource: accountResource('111122223333'),
    reason: 'x',
    firstSeen,
    lastSeen: firstSeen,
    count: 1,
    evidence: {},
    remediation: null,
    state: 'open',
  };
}

function report(at: string, findings: readonly Finding[]): Report {
  return {
    schemaVersion: '1',
    generator: { name: 'aurora-watch', version: '0' },
    account: '111122223333',
    regions: [],
    at,
    window: null,
    summary: {
      resources: 0,
      pass: 0,
      fail: 0,
      notApplicable: 0,
      unknown: 0,
      findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    },
    verdicts: [],
    findings,
    coverage: [],
    changes: [],
    accesses: [],
  };
}

const judged = new Set(['tls-required']);

describe('compareReports', () => {
  it('tells new, gone and unchanged apart and keeps when a finding was first seen', () => {
    const earlier = report('2026-05-01T00:00:00.000Z', [
      finding('a', '2026-04-01T00:00:00.000Z'),
      finding('b', '2026-05-01T00:00:00.000Z'),
    ]);
    const now = report('2026-05-03T00:00:00.000Z', [finding('a', '2026-05-03T00:00:00.000Z'), finding('c', '2026-05-03T00:00:00.000Z')]);

    const { comparison, findings } = compareReports(now, earlier, judged);

    expect(comparison).toEqual({ since: '2026-05-01T00:00:00.000Z', new: ['c'], gone: [earlier.findings[1]], unchanged: ['a'] });
    expect(findings.map(({ fingerprint, firstSeen, lastSeen }) => [fingerprint, firstSeen, lastSeen])).toEqual([
      ['a', '2026-04-01T00:00:00.000Z', '2026-05-03T00:00:00.000Z'],
      ['c', '2026-05-03T00:00:00.000Z', '2026-05-03T00:00:00.000Z'],
    ]);
  });

  const orders = {
    arn: 'arn:aws:rds:eu-central-1:111122223333:cluster:orders',
    type: 'cluster',
    name: 'orders',
    region: 'eu-central-1',
  } as const;
  const verdict = (resource: Resource, word: 'pass' | 'unknown') => ({ check: 'tls-required', resource, verdict: word, reason: 'x' });
  const region = regionResource('111122223333', 'eu-central-1');

  it.each([
    ['a pass', { verdicts: [verdict(orders, 'pass')] }, judged, 1],
    ['a pass, though other clusters could not be listed', { verdicts: [verdict(orders, 'pass'), verdict(region, 'unknown')] }, judged, 1],
    ['a cluster that is no longer there', { verdicts: [] }, judged, 1],
    ['what is unknown now', { verdicts: [verdict(orders, 'unknown')] }, judged, 0],
    ['a region whose clusters could not be listed', { verdicts: [verdict(region, 'unknown')] }, judged, 0],
    ['a region that was left out', { regions: ['eu-west-1'] }, judged, 0],
    ['a check that was left out', {}, new Set(['backup-retention']), 0],
  ] as const)('calls a finding gone only where somebody looked: %s', (_name, differs, checks, gone) => {
    const earlier = {
      ...report('2026-05-01T00:00:00.000Z', [{ ...finding('a', '2026-05-01T00:00:00.000Z'), resource: orders }]),
      regions: ['eu-central-1'],
    };
    const now = { ...report('2026-05-03T00:00:00.000Z', []), regions: ['eu-central-1'], ...differs };

    expect(compareReports(now, earlier, checks).comparison?.gone).toHaveLength(gone);
  });
});

describe('fingerprintOf', () => {
  const cluster = {
    arn: 'arn:aws:rds:eu-central-1:111122223333:cluster:orders',
    type: 'cluster',
    name: 'orders',
    region: 'eu-central-1',
  } as const;
  const region = { ...accountResource('111122223333'), type: 'region', region: 'eu-central-1' } as const;

  it('is the same for the same problem and 32 hexadecimal digits long', () => {
    expect(fingerprintOf('tls-required', cluster)).toBe(fingerprintOf('tls-required', { ...cluster, name: 'renamed for show' }));
    expect(fingerprintOf('tls-required', cluster)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['the check', fingerprintOf('tls-minimum-version', cluster)],
    ['the resource', fingerprintOf('tls-required', { ...cluster, arn: `${cluster.arn}-2` })],
    ['what distinguishes it', fingerprintOf('tls-required', cluster, ['app'])],
  ])('differs by %s', (_name, other) => {
    expect(other).not.toBe(fingerprintOf('tls-required', cluster));
  });

  it('tells two regions of one account apart, and two ways to split the same text', () => {
    expect(fingerprintOf('x', region)).not.toBe(fingerprintOf('x', { ...region, region: 'eu-west-1' }));
    expect(fingerprintOf('x', cluster, ['a', 'b'])).not.toBe(fingerprintOf('x', cluster, ['ab', '']));
  });
});
