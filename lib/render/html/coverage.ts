import { type ComponentChild, h } from 'preact';
import type { Coverage, Report } from '../../domain/report.ts';
import { counted, isSum } from '../picture.ts';
import { moment, rest, say } from './words.ts';

const statuses = {
  complete: ['fine', '✔ complete'],
  partial: ['medium', '▲ partial'],
  missing: ['unknown', '? missing'],
  denied: ['high', '✖ denied'],
} as const;

/** A page with more lines opens slowly. */
const mostLines = 1000;

/** What was looked at, and what could not be seen and why. */
export function coverageSection(report: Report): ComponentChild {
  const sums = report.coverage.filter(isSum);
  const files = report.coverage.filter((line) => !isSum(line));
  const order = ['denied', 'missing', 'partial', 'complete'];
  const troubled = files.filter(({ status }) => status !== 'complete').sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const well = files.filter(({ status }) => status === 'complete');
  return h(
    'section',
    { id: 'coverage' },
    h('h2', null, 'What was looked at'),
    h('p', { class: 'lead' }, 'The evidence behind this report: what was read, what is missing, and why.'),
    h(
      'div',
      { class: 'panel' },
      sums.length > 0 ? table(sums) : null,
      troubled.length > 0
        ? h('div', null, h('h3', null, 'Not complete'), ...rest(troubled, 30, tableOfMany, (count) => counted(count, 'more line')))
        : null,
      well.length > 0
        ? h('details', { class: 'more' }, h('summary', null, counted(well.length, 'complete source')), tableOfMany(well))
        : null,
    ),
  );
}

function tableOfMany(lines: readonly Coverage[]): ComponentChild {
  const more = lines.length - mostLines;
  if (more <= 0) return table(lines);
  return h(
    'div',
    null,
    table(lines.slice(0, mostLines)),
    h('p', null, `And ${counted(more, 'more line')}: the JSON report lists them all.`),
  );
}

function table(lines: readonly Coverage[]): ComponentChild {
  return h(
    'div',
    { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': 'Table of coverage' },
    h(
      'table',
      { class: 'wide' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          ...['Source', 'Status', 'Detail', 'From – to', 'Records', 'Rejected'].map((name) =>
            h('th', { scope: 'col', class: name.startsWith('Re') ? 'number' : undefined }, name),
          ),
        ),
      ),
      h(
        'tbody',
        null,
        ...lines.map(({ source, status, detail, from, to, records, rejected }) => {
          const [style, words] = statuses[status] ?? statuses.missing;
          return h(
            'tr',
            null,
            h('td', { class: 'mono' }, say(source, 300)),
            h('td', null, h('span', { class: `badge ${style}` }, words)),
            h('td', { class: 'text' }, say(detail, 600)),
            h('td', { class: 'when' }, from === null && to === null ? '' : `${moment(from, false)} – ${moment(to, false)}`),
            h('td', { class: 'number' }, new Intl.NumberFormat('en').format(records)),
            h('td', { class: 'number' }, new Intl.NumberFormat('en').format(rejected)),
          );
        }),
      ),
    ),
  );
}
