import type { ReportNotice, ReportObject } from '../../domain/report-notice.ts';
import { severities } from '../../domain/severity.ts';
import { shellCommand } from '../../domain/shell.ts';
import { visible, wrap } from '../visible.ts';
import { dateOf, width } from './email.ts';
import { context, fitted, linked, longestHeader, longestText, messageOf, paragraph, type SlackMessage, section } from './slack.ts';
import { isAddress, said } from './words.ts';

/** The subject of the e-mail: ASCII, and at most 99 characters, which is what SNS takes. */
export function reportSubject(notice: ReportNotice): string {
  const subject = `[report] ${headline(notice)} (${said(notice.region, 30)})`.replaceAll(/[^\x20-\x7e]/g, '?');
  return subject.length > 99 ? `${subject.slice(0, 96)}...` : subject;
}

/** Word of a report in plain text: its numbers, where it is, and until when each address opens. */
export function renderReportText(notice: ReportNotice): string {
  const { account, region, at, weekly, summary, objects } = notice;
  const [first] = objects;
  const paragraphs: readonly (readonly string[])[] = [
    ['Hello,'],
    wrap(
      `${weekly ? 'the weekly' : 'a'} report of account ${said(account, 20)} in ${said(region, 40)} is there. ${headline(notice)}; ${numbers(summary)}.`,
      width,
    ),
    ...(notice.unread.length > 0 ? [wrap(unreadText(notice), width)] : []),
    ...objects.map(objectLines),
    ...(first
      ? [
          wrap('Whoever has an address that opens without signing in can read the report: pass it on with care. For a fresh one:', width),
          [`    ${presign(first, region)}`],
        ]
      : []),
    ['--', ...wrap(`Aurora Watch, report of ${dateOf(at)}`, width)],
  ];
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Word of a report as a message of Block Kit. */
export function slackReport(notice: ReportNotice): SlackMessage {
  const { account, region, at, weekly, summary, objects } = notice;
  const title = `${weekly ? 'Weekly report' : 'Report'}: ${headline(notice)}`;
  const [first] = objects;
  const links = objects.map(({ format, url, until, console }) =>
    [
      `*${fitted(visible(format), 40)}*`,
      ...(console !== null && isAddress(console) ? [linked(console, 'in the console')] : []),
      ...(isAddress(url) ? [linked(url, `without signing in, until ${dateOf(until)} at the latest`)] : []),
    ].join(' · '),
  );
  return messageOf(title, [
    { type: 'header', text: { type: 'plain_text', text: fitted(title, longestHeader), emoji: false } },
    ...links.filter((line) => line.length <= longestText).map(section),
    section(fitted(numbers(summary), longestText)),
    ...(notice.unread.length > 0 ? [paragraph('', fitted(unreadText(notice), longestText))] : []),
    ...(first ? [context([`A fresh address: \`${fitted(presign(first, region).replaceAll('`', "'"), 1000)}\``])] : []),
    context([fitted(`${visible(region)}, account ${visible(account)} · ${dateOf(at)}`, 500)]),
  ]);
}

/** Word of a report as a message of SNS: a part per protocol, attributes for filter policies. */
export function reportMessage(notice: ReportNotice): {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
} {
  const { account, region, summary } = notice;
  const text = renderReportText(notice);
  return {
    subject: reportSubject(notice),
    message: JSON.stringify({ default: text, email: text, sqs: JSON.stringify(notice) }),
    attributes: {
      transition: 'report',
      severity: severities.find((severity) => summary.findings[severity] > 0) ?? 'info',
      account,
      region,
    },
  };
}

function headline({ summary }: ReportNotice): string {
  const open = severities.flatMap((severity) => (summary.findings[severity] > 0 ? [`${summary.findings[severity]} ${severity}`] : []));
  if (open.length > 0) return `${open.join(', ')} open`;
  return summary.unknown > 0 ? 'nothing found, not all is known' : 'nothing open';
}

function numbers({ pass, fail, unknown }: ReportNotice['summary']): string {
  return `${pass} passed, ${fail} failed, ${unknown} not known`;
}

function unreadText({ unread }: ReportNotice): string {
  return `Not all that was logged could be read, so what depends on it is not known: ${unread.map((one) => said(one, 300)).join('; ')}.`;
}

/** Addresses stand alone in their lines, so that a mail reader takes all of them. */
function objectLines({ format, url, until, console }: ReportObject): readonly string[] {
  return [
    `${said(format, 40)}:`,
    ...(console !== null && isAddress(console) ? ['  in the console, for who is signed in and may read it:', `  ${console}`] : []),
    ...(isAddress(url) ? [`  without signing in, until ${dateOf(until)} at the latest:`, `  ${url}`] : []),
  ];
}

/** The command that makes an address anew, with the credentials of who calls it. */
function presign({ bucket, key }: ReportObject, region: string): string {
  return visible(shellCommand('aws', 's3', 'presign', `s3://${bucket}/${key}`, '--expires-in', '3600', '--region', region));
}
