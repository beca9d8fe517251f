// One table of nasty strings for everything that people and programs are shown: reports, alerts, digests, words of reports, explanations.
import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../lib/domain/alert.ts';
import type { Digest } from '../../lib/domain/digest.ts';
import type { ReportNotice } from '../../lib/domain/report-notice.ts';
import { alertFormats, renderAlerts } from '../../lib/main/events.ts';
import { digestMessage, renderDigestText, slackDigest } from '../../lib/render/alert/digest.ts';
import { topicMessage } from '../../lib/render/alert/message.ts';
import { renderReportText, reportMessage, slackReport } from '../../lib/render/alert/report.ts';
import { slackMessage } from '../../lib/render/alert/slack.ts';
import { renderers } from '../../lib/render/index.ts';
import { happened, resolved } from './alert/alerts.ts';
import { clusterResource, comparedReport, exampleCatalogue } from './example-report.ts';
import { nastyStrings, poisoned } from './nasty.ts';

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const options = { colour: false, width: 100, details: true, catalogue: exampleCatalogue };

const digest: Digest = {
  schemaVersion: '1',
  kind: 'digest',
  id: 'id',
  day: '2026-05-03',
  account: '111122223333',
  region: 'eu-central-1',
  at: '2026-05-03T07:00:00.000Z',
  watched: 12,
  lastSweep: '2026-05-03T06:00:00.000Z',
  stale: true,
  minimumSeverity: 'medium',
  open: [
    { fingerprint: 'f', check: 'tls-required', severity: 'high', resource: clusterResource('orders'), since: '2026-05-01T07:00:00.000Z' },
  ],
  openCounts: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
  ending: [
    {
      fingerprint: 'g',
      check: 'tls-required',
      severity: 'high',
      resource: clusterResource('legacy'),
      since: '2026-05-01T07:00:00.000Z',
      suppression: { by: 'jane', reason: 'client without TLS', until: '2026-05-05' },
    },
  ],
  suppressed: 1,
  blind: [
    { fingerprint: 'h', check: 'connections-logged', severity: 'medium', resource: clusterResource('ledger'), reason: 'access denied' },
  ],
  blindCount: 1,
  blindBelow: 0,
  links: { report: 'https://example.com/report' },
};

const notice: ReportNotice = {
  schemaVersion: '1',
  kind: 'report',
  account: '111122223333',
  region: 'eu-central-1',
  at: '2026-05-03T07:00:00.000Z',
  weekly: true,
  summary: comparedReport.summary,
  unread: ['cloudwatch (it ends early)'],
  objects: [{ format: 'html', bucket: 'b', key: 'k', url: 'https://example.com/u', until: '2026-05-03T08:00:00.000Z', console: null }],
};

/** What a format is for decides what is inert in it. */
type Reader = 'person' | 'program' | 'slack';

/** Slack: no mention, no link but our own, no unseen character, within its limits; a person: no unseen character, lines apart. */
function faultsIn(reader: Reader, text: string): string[] {
  if (reader === 'program') {
    JSON.parse(text);
    return [];
  }
  const faults: string[] = [];
  if (reader === 'slack') {
    for (const line of text.split('\n').filter((one) => one !== '')) {
      for (const shown of textsIn(JSON.parse(line))) {
        if (unseen.test(shown.replaceAll('\n', '').replaceAll('\u200b', ''))) faults.push(`unseen: ${shown.slice(0, 80)}`);
        if (/<[!@#]/.test(shown.replaceAll(/<!date\^\d+\^[^<>|]*\|[^<>|]*>/g, ''))) faults.push(`a mention: ${shown.slice(0, 80)}`);
        if (/<(?!https:\/\/example\.com|https:\/\/eu-central-1\.console\.aws\.amazon\.com|!date\^)/.test(shown))
          faults.push(`a link: ${shown.slice(0, 80)}`);
        if (shown.length > 3000) faults.push(`${shown.length} characters`);
      }
    }
    return faults;
  }
  if (unseen.test(text.replaceAll('\n', '').replaceAll('\r\n', '')))
    faults.push(`unseen: ${unseen.exec(text.replaceAll('\n', ''))?.index}`);
  return faults;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const reports: Readonly<Record<keyof typeof renderers, Reader>> = {
  text: 'person',
  json: 'program',
  markdown: 'person',
  html: 'person',
  csv: 'person',
  asff: 'program',
  ocsf: 'program',
};
const alerts: Readonly<Record<(typeof alertFormats)[number], Reader>> = {
  text: 'person',
  json: 'program',
  slack: 'slack',
  email: 'person',
};

describe('the table of readers', () => {
  it('leaves out no format of a report and none of an alert', () => {
    expect(Object.keys(reports).sort()).toEqual(Object.keys(renderers).sort());
    expect(Object.keys(alerts).sort()).toEqual([...alertFormats].sort());
  });
});

describe.each(Object.entries(nastyStrings))('%s in every field', (_, nasty) => {
  const report = poisoned(comparedReport, nasty);
  const told = [happened, resolved].map((alert) => poisoned<Alert>(alert, nasty));
  const badDigest = poisoned(digest, nasty);
  const badNotice = poisoned(notice, nasty);

  it.each(Object.entries(reports))('is inert in a report as %s', (format, reader) => {
    const text = renderers[format as keyof typeof renderers].render(report, options);

    expect(faultsIn(reader, format === 'csv' ? text.replaceAll('\r\n', '\n') : text)).toEqual([]);
  });

  it.each(Object.entries(alerts))('is inert in an alert as %s', (format, reader) => {
    expect(faultsIn(reader, renderAlerts(told, format as keyof typeof alerts))).toEqual([]);
  });

  it('is inert in messages of the topic, in digests and in words of reports', () => {
    const slack = [...told.map(slackMessage), slackDigest(badDigest), slackReport(badNotice)];
    const messages = [...told.map(topicMessage), digestMessage(badDigest), reportMessage(badNotice)];

    expect(slack.flatMap((one) => faultsIn('slack', JSON.stringify(one)))).toEqual([]);
    expect([renderDigestText(badDigest), renderReportText(badNotice)].flatMap((one) => faultsIn('person', one))).toEqual([]);
    for (const { subject, message } of messages) {
      const parts = JSON.parse(message) as Record<string, string>;
      expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(['default', 'email'].flatMap((part) => faultsIn('person', parts[part] ?? ''))).toEqual([]);
      expect(faultsIn('program', parts.sqs ?? '')).toEqual([]);
    }
  });
});
