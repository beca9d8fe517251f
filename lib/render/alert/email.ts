import type { Alert } from '../../domain/alert.ts';
import { isTime } from '../picture.ts';
import { visibleLines, wrap } from '../visible.ts';
import { changesOf, headline, howOf, isReport, linksOf, namesOf, said, spanOf, whoOf } from './words.ts';

/** Columns of a line of an e-mail. */
export const width = 78;

/** Alerts as e-mail in plain text: subject and body, the way a colleague would write it; several ones are divided by a line. */
export function renderAlertEmail(alerts: readonly Alert[]): string {
  return alerts.map((alert) => `Subject: ${emailSubject(alert)}\n\n${emailBody(alert)}`).join(`\n${'='.repeat(width)}\n\n`);
}

/** The subject: ASCII, and at most 99 characters, which is what SNS takes. */
export function emailSubject(alert: Alert): string {
  const subject = `[${alert.severity}] ${headline(alert)}`.replaceAll(/[^\x20-\x7e]/g, '?');
  return subject.length > 99 ? `${subject.slice(0, 96)}...` : subject;
}

/** The body. */
export function emailBody(alert: Alert): string {
  return `${paragraphsOf(alert)
    .filter((paragraph) => paragraph.some((line) => line !== ''))
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n')}\n`;
}

function paragraphsOf(alert: Alert): readonly (readonly string[])[] {
  const { remediation, fix, resources, region } = alert;
  const changes = changesOf(alert);
  const links = linksOf(alert);
  const affected = namesOf(resources, 50);
  const isGlobal = region === '' || resources.every((one) => one.region === 'global');
  return [
    ['Hello,'],
    wrap(opening(alert), width),
    wrap(said(alert.reason, 3000), width),
    changes.length === 0 ? [] : [isReport(alert) ? 'What it says:' : 'Before and after:', ...changes.map((line) => `  ${line}`)],
    wrap(
      [affected === '' ? '' : `Affected${isGlobal ? '' : ` in ${said(region, 40)}`}: ${affected}.`, effectOf(alert)]
        .filter((part) => part !== '')
        .join(' '),
      width,
    ),
    wrap(findingsOf(alert), width),
    remediation === null ? [] : [alert.transition === 'happened' ? 'To undo it:' : 'To put it right:'],
    remediation === null ? [] : visibleLines(remediation.command).map((line) => `    ${line}`),
    remediation === null
      ? []
      : wrap(`That is effective ${said(remediation.effect)}.${remediation.note ? ` ${said(remediation.note)}` : ''}`, width),
    remediation === null && fix !== undefined ? wrap(`What to do: ${said(fix, 1000)}`, width) : [],
    links.length === 0 ? [] : ['To look at it in the console:', ...links.map(([name, url]) => `  ${name}: ${url}`)],
    ['--', ...wrap(signature(alert), width)],
  ];
}

/** Who did it, when, from where and with what; of what nobody called for, since when it is so. */
function opening(alert: Alert): string {
  const { eventTime, transition, account } = alert;
  const when = eventTime === null ? '' : ` on ${dateOf(eventTime)}`;
  const who = whoOf(alert);
  const where = account === null ? '' : ` in account ${said(account, 20)}`;
  if (transition === 'resolved') return `this has been put right${where}: ${said(alert.check, 100)} on ${namesOf(alert.resources, 3)}.`;
  if (transition === 'blind')
    return `I have not been able to look at something${where} for a while: ${said(alert.check, 100)} on ${namesOf(alert.resources, 3)}.`;
  if (transition !== 'happened' || who === '') return `this needs a look${where}: ${headline(alert)}${when && `, seen${when}`}.`;
  return `${headline(alert)}. ${[`It was ${who}`, howOf(alert)].filter((part) => part !== '').join(' ')},${when}${where}.`;
}

function effectOf({ inEffect, transition }: Alert): string {
  if (inEffect === null || transition === 'resolved') return '';
  return inEffect ? 'It is in effect now.' : 'It is not in effect yet.';
}

function findingsOf({ findings, transition }: Alert): string {
  if (findings.length === 0) return '';
  const ids = findings.map((one) => said(one, 40)).join(', ');
  const what = findings.length === 1 ? 'finding' : 'findings';
  return transition === 'happened' ? `It opened the ${what} ${ids}.` : `This is about the ${what} ${ids}.`;
}

function signature({ id, check, eventId, delaySeconds }: Alert): string {
  const told = delaySeconds ? `, told ${spanOf(delaySeconds)} after the call` : '';
  return `Aurora Watch, check ${said(check, 100)}, alert ${said(id, 64)}${eventId === null ? '' : `, event ${said(eventId, 100)}`}${told}`;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `3 May 2026 at 11:58 UTC`; anything that is no time as it is. */
export function dateOf(time: string): string {
  if (!isTime(time)) return said(time, 40);
  return `${Number(time.slice(8, 10))} ${months[Number(time.slice(5, 7)) - 1] ?? ''} ${time.slice(0, 4)} at ${time.slice(11, 16)} UTC`;
}
