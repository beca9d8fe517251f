import { describe, expect, it } from '@jest/globals';
import type { ReportNotice } from '../../../lib/domain/report-notice.ts';
import { toldIn } from '../../../lib/main/slack.ts';
import { renderReportText, reportMessage, reportSubject, slackReport } from '../../../lib/render/alert/report.ts';
import { complaints } from '../../published.ts';
import { nastyStrings } from '../nasty.ts';

const bucket = 'aurora-watch-prod-reports-111122223333-eu-central-1';
const key = 'reports/2026-05-04T06-00-07.000Z/report.html';

const weekly: ReportNotice = {
  schemaVersion: '1',
  kind: 'report',
  account: '111122223333',
  region: 'eu-central-1',
  at: '2026-05-04T06:00:07.000Z',
  weekly: true,
  summary: {
    resources: 12,
    pass: 138,
    fail: 15,
    notApplicable: 20,
    unknown: 19,
    findings: { critical: 0, high: 2, medium: 7, low: 0, info: 0 },
  },
  unread: [],
  objects: [
    {
      format: 'html',
      bucket,
      key,
      url: `https://${bucket}.s3.eu-central-1.amazonaws.com/${key}?X-Amz-Signature=0123`,
      until: '2026-05-04T07:00:31.000Z',
      console: `https://eu-central-1.console.aws.amazon.com/s3/object/${bucket}?region=eu-central-1&prefix=${encodeURIComponent(key)}`,
    },
  ],
};

describe('word of a report', () => {
  it('says what was found, where it is and until when the address opens', () => {
    expect(reportSubject(weekly)).toBe('[report] 2 high, 7 medium open (eu-central-1)');
    expect(renderReportText(weekly)).toBe(`Hello,

the weekly report of account 111122223333 in eu-central-1 is there. 2 high, 7
medium open; 138 passed, 15 failed, 19 not known.

html:
  in the console, for who is signed in and may read it:
  ${weekly.objects[0]?.console}
  without signing in, until 4 May 2026 at 07:00 UTC at the latest:
  ${weekly.objects[0]?.url}

Whoever has an address that opens without signing in can read the report: pass
it on with care. For a fresh one:

    aws s3 presign s3://${bucket}/${key} --expires-in 3600 --region eu-central-1

--
Aurora Watch, report of 4 May 2026 at 06:00 UTC
`);
  });

  it('says what of the logs could not be read', () => {
    const unread = ['cloudwatch (291 objects, 3 of them not whole)', 'query:new-source (it has not run yet)'];
    const sentence =
      'Not all that was logged could be read, so what depends on it is not known: cloudwatch (291 objects, 3 of them not whole); query:new-source (it has not run yet).';

    expect(renderReportText({ ...weekly, unread }).replaceAll('\n', ' ')).toContain(` not known.  ${sentence}  html:`);
    expect(JSON.stringify(slackReport({ ...weekly, unread }))).toContain(sentence);
  });

  it.each<[expected: string, findings: Partial<ReportNotice['summary']['findings']>, unknown: number]>([
    ['nothing found, not all is known', { high: 0, medium: 0 }, 1],
    ['nothing open', { high: 0, medium: 0 }, 0],
  ])('never takes what is not known for good: %s', (expected, findings, unknown) => {
    const summary = { ...weekly.summary, unknown, findings: { ...weekly.summary.findings, ...findings } };

    expect(reportSubject({ ...weekly, summary })).toBe(`[report] ${expected} (eu-central-1)`);
  });

  it('goes to a topic in a part per protocol, and comes back from its queue as it was', () => {
    const { message, attributes } = reportMessage(weekly);
    const parts = JSON.parse(message) as { email: string; sqs: string };

    expect(attributes).toEqual({ transition: 'report', severity: 'high', account: '111122223333', region: 'eu-central-1' });
    expect(complaints('report-notice', JSON.parse(parts.sqs))).toEqual([]);
    expect(parts.email).toBe(renderReportText(weekly));
    expect(toldIn(JSON.stringify({ Message: parts.sqs }))).toEqual(weekly);
  });

  it('carries its links to Slack', () => {
    const { text, blocks } = slackReport(weekly);
    const all = JSON.stringify(blocks);

    expect(text).toBe('Weekly report: 2 high, 7 medium open');
    expect(all).toContain(`<${weekly.objects[0]?.console?.replaceAll('&', '&amp;')}|in the console>`);
    expect(all).toContain(
      `<${weekly.objects[0]?.url.replaceAll('&', '&amp;')}|without signing in, until 4 May 2026 at 07:00 UTC at the latest>`,
    );
  });

  it('has no console to lead to in a region that is not known', () => {
    const objects = weekly.objects.map((one) => ({ ...one, console: null }));

    expect(renderReportText({ ...weekly, objects })).not.toContain('console');
    expect(JSON.stringify(slackReport({ ...weekly, objects }))).not.toContain('console');
  });

  it.each(Object.entries(nastyStrings))('stays inert with %s in every field', (_, nasty) => {
    const poisoned = JSON.parse(JSON.stringify(weekly), (name: string, value: unknown) =>
      typeof value === 'string' && name !== 'kind' && name !== 'schemaVersion' ? nasty : value,
    ) as ReportNotice;
    const text = renderReportText(poisoned);
    const { subject } = reportMessage(poisoned);
    const blocks = JSON.stringify(slackReport(poisoned).blocks);

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(blocks).not.toMatch(/<[!@#]|<https/);
  });
});
