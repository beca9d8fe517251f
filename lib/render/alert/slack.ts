import type { Alert } from '../../domain/alert.ts';
import { visible } from '../visible.ts';
import { changesOf, headline, howOf, linksOf, namesOf, spanOf, whoOf } from './words.ts';

/** Slack's own limits: characters of a header, of a text, of a field. */
export const longestHeader = 150;
export const longestText = 3000;
const longestField = 2000;

/** A message for Slack's incoming webhook; `text` is what a notification shows. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly object[];
  /** Addresses in names are nobody's invitation to fetch them. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** Markdown in which only what is written as a link or mention is one: by default Slack makes links and mentions of what looks like them. */
function markdown(text: string): object {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** What Slack makes something else of in its markdown: bold, italic, struck, code, a quotation, an emoji. There is no way to write these characters as they are. */
const markup = /[*~`]|(?:^|[^\p{L}\p{N}])_|_(?:[^\p{L}\p{N}]|$)|^&gt;|:[\w+'-]+:/u;

/** Text that names from outside stand in, escaped, below a label or none: where Slack would read markup in it, it is no markdown at all. */
function outside(label: string, text: string): object {
  if (!markup.test(text)) return markdown(label === '' ? text : `*${label}*\n${text}`);
  return { type: 'plain_text', text: label === '' ? text : `${label}\n${text}`, emoji: false };
}

/** The message with these blocks. */
export function messageOf(title: string, blocks: readonly object[]): SlackMessage {
  return { text: fitted(title, longestText), blocks, unfurl_links: false, unfurl_media: false };
}

/** Alerts as messages of Block Kit, the JSON of one a line. */
export function renderAlertSlack(alerts: readonly Alert[]): string {
  return alerts.map((alert) => `${JSON.stringify(slackMessage(alert))}\n`).join('');
}

/** One alert as a message: few words first, for a phone; what it takes to act below. */
export function slackMessage(alert: Alert): SlackMessage {
  const { severity, remediation, fix } = alert;
  const title = `${severity.toUpperCase()} ${headline(alert)}`;
  return messageOf(title, [
    { type: 'header', text: { type: 'plain_text', text: fitted(title, longestHeader), emoji: false } },
    paragraph('', fitted(visible(alert.reason) || headline(alert), longestText)),
    ...fieldsOf(alert),
    ...changesBlock(alert),
    ...(remediation === null
      ? fix === undefined
        ? []
        : [paragraph('What to do', fitted(visible(fix), 1000))]
      : [
          section(
            `*${alert.transition === 'happened' ? 'Undo' : 'Fix'}* (effective ${fitted(visible(remediation.effect), 200)})\n${code(remediation.command, longestText - 400)}`,
          ),
        ]),
    ...(remediation?.note ? [{ type: 'context', elements: [outside('', fitted(visible(remediation.note), longestField))] }] : []),
    context(footOf(alert)),
  ]);
}

function fieldsOf(alert: Alert): readonly object[] {
  const { eventTime, inEffect, resources, region, account } = alert;
  const rows: readonly (readonly [name: string, text: string])[] = [
    ['Who', whoOf(alert)],
    ['How', howOf(alert)],
    ['When', eventTime === null ? '' : eventTime],
    ['Where', [region, account === null ? '' : `account ${account}`].filter((part) => part !== '').join(', ')],
    ['Affected', namesOf(resources, 20)],
    ['Effect', inEffect === null ? '' : inEffect ? 'in effect' : 'not in effect yet'],
  ];
  const fields = rows
    .filter(([, text]) => text !== '')
    .map(([name, text]) =>
      name === 'When' ? markdown(`*${name}*\n${timeOf(text)}`) : outside(name, fitted(visible(text), longestField - 100)),
    );
  return fields.length === 0 ? [] : [{ type: 'section', fields }];
}

function changesBlock(alert: Alert): readonly object[] {
  const lines = changesOf(alert);
  return lines.length === 0 ? [] : [section(code(lines.join('\n'), longestText - 100))];
}

function footOf(alert: Alert): readonly string[] {
  const links = linksOf(alert).map(([name, url]) => linked(url, name));
  const told = alert.delaySeconds ? `told ${spanOf(alert.delaySeconds)} after the call` : '';
  const foot = [`${fitted(visible(alert.check), 100)} ${fitted(visible(alert.id).slice(0, 12), 12)}`, told]
    .filter((part) => part !== '')
    .join(' · ');
  return [...links, foot];
}

/** A block of text, already escaped. */
export function section(text: string): object {
  return { type: 'section', text: markdown(text) };
}

/** A block of text that names from outside stand in, escaped, below a label or none. */
export function paragraph(label: string, text: string): object {
  return { type: 'section', text: outside(label, text) };
}

/** A block of small print, already escaped. */
export function context(texts: readonly string[]): object {
  return { type: 'context', elements: texts.map(markdown) };
}

/** In the reader's own time zone. */
function timeOf(time: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  const plain = fitted(visible(time), 40);
  return Number.isNaN(seconds) ? plain : `<!date^${seconds}^{date_short_pretty} {time_secs}|${plain}>`;
}

/** Lines in a block of code; a run of backticks, which would end it, is taken apart. */
function code(text: string, limit: number): string {
  const lines = text.split('\n').map((line) => visible(line).replaceAll('```', '`\u200b`\u200b`'));
  return `\`\`\`${fitted(lines.join('\n'), limit)}\`\`\``;
}

/** A link; the address must be one. */
export function linked(url: string, name: string): string {
  return `<${escaped(url)}|${escaped(name)}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The text with Slack's three characters escaped, in at most `limit` characters; an escape is never cut in two. */
export function fitted(text: string, limit: number): string {
  const whole = escaped(text.slice(0, limit + 1));
  if (whole.length <= limit) return whole;
  let kept = '';
  for (const character of text) {
    const next = escaped(character);
    if (kept.length + next.length > limit - 1) break;
    kept += next;
  }
  return `${kept}…`;
}
