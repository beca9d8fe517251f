import { scaleUtc } from 'd3-scale';
import { type ComponentChild, h } from 'preact';
import type { Finding } from '../../domain/finding.ts';
import type { Report } from '../../domain/report.ts';
import { counted, isTime, textOf } from '../picture.ts';
import { moment, rest, say } from './words.ts';

/** The checks whose findings are logins, and what became of those logins. */
const outcomes: Readonly<Record<string, string>> = {
  'failed-iam-logins': '✖ IAM failed',
  'failed-password-logins': '✖ password failed',
  'plaintext-refused': '✖ refused, no TLS',
  'plaintext-sessions': '▲ let in, no TLS',
  'weak-tls-sessions': '▲ let in, weak TLS',
  'login-after-failures': '▲ let in after failures',
  'login-without-grant': '▲ let in, no grant',
  'new-source': '● new source',
  'master-user-logins': '● master user',
};
const barWidth = 220;

/** Logins that stand out, by source and outcome, with when they were. */
export function loginsSection(report: Report): ComponentChild {
  const logins = report.findings
    .filter(({ check }) => check in outcomes)
    .sort((a, b) => compare(b.lastSeen ?? '', a.lastSeen ?? '') || compare(a.fingerprint, b.fingerprint));
  if (logins.length === 0) return null;
  const times = logins
    .flatMap(({ firstSeen, lastSeen }) => [firstSeen, lastSeen])
    .flatMap((time) => (time !== null && isTime(time) ? [Date.parse(time)] : []));
  const bounds =
    report.window && isTime(report.window.from) && isTime(report.window.to)
      ? [Date.parse(report.window.from), Date.parse(report.window.to)]
      : [];
  const from = [...times, ...bounds].reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = [...times, ...bounds].reduce((greatest, time) => Math.max(greatest, time), Number.NEGATIVE_INFINITY);
  const x = to > from ? scaleUtc([from, to], [2, barWidth - 2]) : null;
  const show = (some: readonly Finding[]): ComponentChild =>
    h(
      'div',
      { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': 'Table of logins' },
      h(
        'table',
        { class: 'wide' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ...['Source', 'Outcome', 'As', 'On', 'Count', 'When'].map((name) =>
              h('th', { scope: 'col', class: name === 'Count' ? 'number' : undefined }, name),
            ),
          ),
        ),
        h('tbody', null, ...some.map((finding) => loginRow(finding, x))),
      ),
    );
  return h(
    'section',
    { id: 'logins' },
    h('h2', null, 'Logins that stand out'),
    h(
      'p',
      { class: 'lead' },
      `${counted(logins.length, 'source and outcome', 'pairs of source and outcome')}, the newest first. A bar reaches from the first to the last time in the window.`,
    ),
    h('div', { class: 'panel' }, ...rest(logins, 40, show, (count) => counted(count, 'more line'))),
  );
}

function loginRow(finding: Finding, x: ((time: number) => number) | null): ComponentChild {
  const { check, severity, evidence, count, firstSeen, lastSeen, resource } = finding;
  const source = textOf(evidence.source);
  const database = textOf(evidence.database);
  return h(
    'tr',
    null,
    h('td', { class: 'mono' }, say(source, 120) || 'not known'),
    h('td', null, h('span', { class: `badge ${severity}` }, outcomes[check] ?? '')),
    h('td', null, say(textOf(evidence.user), 120) || 'not known'),
    h('td', null, `${say(resource.name, 120)}${database === '' || database === resource.name ? '' : ` / ${say(database, 80)}`}`),
    h('td', { class: 'number' }, new Intl.NumberFormat('en').format(count)),
    h('td', null, x ? bar(firstSeen, lastSeen, x, severity) : null, h('span', { class: 'small muted' }, span(firstSeen, lastSeen))),
  );
}

function bar(first: string | null, last: string | null, x: (time: number) => number, severity: string): ComponentChild {
  if (first === null || last === null || !isTime(first) || !isTime(last)) return null;
  const start = x(Date.parse(first));
  return h(
    'svg',
    { class: severity, width: barWidth, height: 12, viewBox: `0 0 ${barWidth} 12`, 'aria-hidden': true },
    h('rect', { class: 'track', x: 0.5, y: 4.5, width: barWidth - 1, height: 3, rx: 1.5 }),
    h('rect', { class: 'bar', x: start - 2, y: 2, width: Math.max(4, x(Date.parse(last)) - start + 4), height: 8, rx: 3 }),
  );
}

function span(first: string | null, last: string | null): string {
  if (first === null) return 'time not known';
  return last === null || last === first ? moment(first) : `${moment(first)} to ${moment(last)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
