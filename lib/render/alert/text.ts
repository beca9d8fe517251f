import type { Alert } from '../../domain/alert.ts';
import { minute } from '../picture.ts';
import { visibleLines, wrap } from '../visible.ts';
import { changesOf, headline, howOf, linksOf, namesOf, said, spanOf, whoOf } from './words.ts';

const width = 100;
const indent = 10;

/** Alerts for a terminal, one below the other; everything from outside is made visible. Empty for none. */
export function renderAlertText(alerts: readonly Alert[]): string {
  return alerts.map((alert) => `${linesOf(alert).join('\n')}\n`).join('\n');
}

function linesOf(alert: Alert): readonly string[] {
  const { severity, check, region, account, eventId, eventTime, delaySeconds, inEffect, remediation, fix } = alert;
  const rows: (readonly [name: string, lines: readonly string[]])[] = [
    ['what', [said(alert.reason, 2000)]],
    ['who', [[whoOf(alert), howOf(alert)].filter((part) => part !== '').join(' ')]],
    ['when', [eventTime === null ? '' : `${said(minute(eventTime), 40)} UTC${delaySeconds ? `, told after ${spanOf(delaySeconds)}` : ''}`]],
    ['where', [[`${said(region, 40)}`, account === null ? '' : `account ${said(account, 20)}`].filter((part) => part !== '').join(', ')]],
    ['on', [namesOf(alert.resources, 20)]],
    ['changed', changesOf(alert)],
    ['effect', [inEffect === null ? '' : inEffect ? 'in effect' : 'not in effect yet']],
    [alert.transition === 'happened' ? 'opened' : 'finding', [alert.findings.map((one) => said(one, 40)).join(', ')]],
    ['undo', remediation === null ? [] : visibleLines(remediation.command)],
    ['', remediation === null ? [] : [`effective ${said(remediation.effect)}${remediation.note ? `. ${said(remediation.note)}` : ''}`]],
    ['fix', [remediation === null && fix !== undefined ? said(fix, 1000) : '']],
    ['event', [eventId === null ? '' : said(eventId, 100)]],
    ['see', linksOf(alert).map(([name, url]) => `${name}: ${url}`)],
  ];
  return [
    `${severity.toUpperCase()}  ${headline(alert)} (${said(check, 100)})`,
    ...rows.flatMap(([name, lines]) =>
      lines.filter((line) => line !== '').flatMap((line, index) => rowOf(index === 0 ? name : '', line, name === 'see' || name === 'undo')),
    ),
  ];
}

/** A row's name and text; commands and addresses stay in one piece, so that they can be copied. */
function rowOf(name: string, line: string, isWhole: boolean): readonly string[] {
  const lines = isWhole ? [line] : wrap(line, width - indent);
  return lines.map((one, index) => `  ${(index === 0 ? name : '').padEnd(indent - 2)}${one}`.trimEnd());
}
