import type { TopicMessage } from '../adapters/aws/notify.ts';
import type { Report } from '../domain/report.ts';
import { severities } from '../domain/severity.ts';
import type { ReportObject } from './report.ts';

/** What the topic is told of a report that was written: its numbers, and addresses that are good for an hour. It has no `transition`, so it is no alert. */
export function reportMessage(report: Report, objects: readonly ReportObject[], region: string): TopicMessage {
  const { account, at, summary } = report;
  const open = severities.flatMap((severity) => (summary.findings[severity] > 0 ? [`${summary.findings[severity]} ${severity}`] : []));
  const found = open.length === 0 ? 'No open finding.' : `Open findings: ${open.join(', ')}.`;
  const text = [
    `Aurora Watch looked at account ${account ?? '?'} in ${region} at ${at ?? '?'}.`,
    found,
    `${summary.pass} passed, ${summary.fail} failed, ${summary.unknown} unknown.`,
    '',
    ...objects.map(({ format, url }) => `${format}: ${url}`),
    '',
    'The addresses are good for an hour.',
  ].join('\n');
  const machine = JSON.stringify({ account, region, at, summary, objects });
  return {
    subject: `Aurora Watch report of ${account ?? 'an account'} in ${region}`.slice(0, 100),
    message: JSON.stringify({ default: text, email: text, sqs: machine }),
    attributes: { account: account ?? '', region },
  };
}
