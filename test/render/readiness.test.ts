import { describe, expect, it } from '@jest/globals';
import type { ClusterLog, Report, ReportedVerdict } from '../../lib/domain/report.ts';
import { renderHtml } from '../../lib/render/html.ts';
import { picturesOfClusters, type Readiness, readyWords } from '../../lib/render/picture.ts';
import { clusterResource, exampleReport } from './example-report.ts';

const orders = clusterResource('orders');
const whole = { resource: orders, from: '2026-02-02T12:00:00.000Z', complete: true, unbrokenFrom: null, detail: '', withoutTls: [] };
const before = [{ user: 'app', sessions: 3, last: '2026-03-01T08:00:00.000Z' }];
const lately = [{ user: 'batch', sessions: 1, last: '2026-04-30T08:00:00.000Z' }, ...before];
const gap = { complete: false, detail: 'orders-1 lacks 3 of 2160 hours' };

/** A report of one cluster that does not require TLS. The evidence is of 2026-05-03T12:00:00Z. */
function reportOf(log: Partial<ClusterLog> | null, more: readonly ReportedVerdict[] = []): Report {
  const off = { check: 'tls-required', resource: orders, verdict: 'fail' as const, reason: 'rds.force_ssl is 0.' };
  const { logs: _, ...report } = exampleReport;
  return { ...report, verdicts: [off, ...more], findings: [], ...(log === null ? {} : { logs: [{ ...whole, ...log }] }) };
}

interface Row {
  readonly name: string;
  readonly log: Partial<ClusterLog> | null;
  readonly ready: Partial<Readiness>;
  readonly words: string;
  /** What the page says. */
  readonly says: string;
}

const rows: readonly Row[] = [
  {
    name: 'nobody in the whole window',
    log: {},
    ready: { state: 'ready', since: '2026-02-02T12:00:00.000Z' },
    words: 'ready since 2026-02-02',
    says: 'No session without TLS since 2026-02-02.',
  },
  {
    name: 'somebody more than 30 days ago',
    log: { withoutTls: before },
    ready: { state: 'ready', since: '2026-03-01T08:00:00.000Z' },
    words: 'ready since 2026-03-01',
    says: 'No session without TLS since 2026-03-01, but before:',
  },
  {
    name: 'somebody within 30 days, whom no finding of the last run tells',
    log: { withoutTls: lately },
    ready: { state: 'blocked', since: null },
    words: '2 users without TLS',
    says: 'batch: 1 session, last 2026-04-30',
  },
  {
    name: 'a gap that is over for more than 30 days',
    log: { ...gap, unbrokenFrom: '2026-03-20T07:00:00.000Z' },
    ready: { state: 'ready', since: '2026-03-20T07:00:00.000Z' },
    words: 'ready since 2026-03-20',
    says: 'No session without TLS since 2026-03-20.',
  },
  {
    name: 'a gap that is over for a week',
    log: { ...gap, unbrokenFrom: '2026-04-26T07:00:00.000Z' },
    ready: { state: 'unsure', since: '2026-04-26T07:00:00.000Z' },
    words: '',
    says: 'No session without TLS since 2026-04-26; that is less than 30 days.',
  },
  {
    name: 'a log that goes on with gaps',
    log: gap,
    ready: { state: 'unsure', since: null },
    words: '',
    says: 'Nobody knows who connects without TLS: orders-1 lacks 3 of 2160 hours.',
  },
  {
    name: 'a log of a few hours',
    log: { from: '2026-05-03T09:00:00.000Z' },
    ready: { state: 'unsure' },
    words: '',
    says: 'No session without TLS since 2026-05-03; that is less than 30 days.',
  },
  {
    name: 'no log',
    log: { from: null, complete: false, detail: 'no log of it is in the evidence' },
    ready: { state: 'unsure', since: null },
    words: '',
    says: 'Nobody knows who connects without TLS: no log of it is in the evidence.',
  },
  { name: 'who it was is not known', log: { withoutTls: null }, ready: { state: 'unsure' }, words: '', says: 'Nobody knows who connects' },
  { name: 'a report that says nothing of logs', log: null, ready: { state: 'unsure' }, words: '', says: 'its log was not read.' },
];

describe('whether a cluster could require TLS', () => {
  it.each(rows)('is told: $name', ({ log, ready, words, says }) => {
    const report = reportOf(log);
    const [picture] = picturesOfClusters(report);

    expect(picture?.tls.ready).toMatchObject(ready);
    expect(picture && readyWords(picture.tls)).toBe(words);
    expect(renderHtml(report)).toContain(says);
  });

  it('tells what the next major version does to clients, where it does anything', () => {
    const verdict = (kind: 'pass' | 'not-applicable') => ({
      check: 'tls-upgrade-safe',
      resource: orders,
      verdict: kind,
      reason: 'Version 17.',
    });

    expect(picturesOfClusters(reportOf({}, [verdict('pass')]))[0]?.tls.upgrade).toBe('Version 17.');
    expect(picturesOfClusters(reportOf({}, [verdict('not-applicable')]))[0]?.tls.upgrade).toBeNull();
  });
});
