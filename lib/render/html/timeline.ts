import { scaleUtc } from 'd3-scale';
import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle, symbolWye } from 'd3-shape';
import { type ComponentChild, h } from 'preact';
import type { Report } from '../../domain/report.ts';
import { type Severity, severities } from '../../domain/severity.ts';
import { type ChangePicture, counted, isTime } from '../picture.ts';
import { command, moment, pairs, rest, say, severityBadge } from './words.ts';

const shapes = { critical: symbolDiamond, high: symbolTriangle, medium: symbolSquare, low: symbolCircle, info: symbolWye };
const width = 960;
const margin = 24;

/** Who changed what and when: a picture, and the list that it numbers. */
export function changesSection(report: Report, changes: readonly ChangePicture[]): ComponentChild {
  const numbered = changes.map((change, index) => ({ change, number: index + 1 }));
  return h(
    'section',
    { id: 'changes' },
    h('h2', null, 'What changed, and who did it'),
    h(
      'p',
      { class: 'lead' },
      changes.length === 0
        ? 'No change that weakens or opens something was seen.'
        : `${counted(changes.length, 'change')}, the newest first.`,
    ),
    changes.length === 0
      ? null
      : h(
          'div',
          { class: 'panel' },
          timeline(numbered, report.window),
          ...rest(
            [...numbered].reverse(),
            30,
            (some) => h('ol', { class: 'changes' }, ...some.map(changeItem)),
            (count) => counted(count, 'earlier change'),
          ),
        ),
  );
}

interface Numbered {
  readonly change: ChangePicture;
  readonly number: number;
}

function timeline(numbered: readonly Numbered[], window: Report['window']): ComponentChild {
  const timed = numbered.flatMap(({ change, number }) =>
    change.at !== null && isTime(change.at) ? [{ change, number, time: Date.parse(change.at) }] : [],
  );
  if (timed.length === 0) return null;
  const shown = timed.slice(-200);
  const times = shown.map(({ time }) => time);
  const bounds = window && isTime(window.from) && isTime(window.to) ? [Date.parse(window.from), Date.parse(window.to)] : [];
  const from = Math.min(...times, ...bounds);
  const to = Math.max(...times, ...bounds);
  const x = scaleUtc([from, to === from ? from + 1 : to], [margin, width - margin]);

  const lanes: number[] = [];
  const placed = shown.map((one) => {
    const at = x(one.time);
    const free = lanes.findIndex((last) => at - last > 30);
    const lane = free === -1 ? lanes.length : free;
    lanes[lane] = at;
    return { ...one, at, lane };
  });
  const floor = 16 + lanes.length * 28;
  const ticks = x.ticks(6);
  return h(
    'figure',
    null,
    h(
      'div',
      { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': 'Timeline of changes' },
      h(
        'svg',
        {
          width,
          height: floor + 30,
          viewBox: `0 0 ${width} ${floor + 30}`,
          role: 'img',
          'aria-label': `${counted(shown.length, 'change')} over time; the list below says the same in words`,
        },
        ...ticks.map((tick) =>
          h(
            'g',
            null,
            h('line', { class: 'rule', x1: x(tick), x2: x(tick), y1: 4, y2: floor }),
            h('text', { class: 'soft', x: x(tick), y: floor + 18, 'text-anchor': 'middle' }, tickLabel(tick, to - from)),
          ),
        ),
        h('line', { class: 'rule', x1: margin, x2: width - margin, y1: floor, y2: floor }),
        ...placed.map(({ change, number, at, lane }) => {
          const y = floor - 16 - lane * 28;
          return h(
            'g',
            { class: change.severity },
            h('title', null, `${moment(change.at)} ${say(change.who, 100)}: ${say(change.reason, 200)}`),
            h('path', { class: 'mark', d: symbol(shapes[change.severity], 150)() ?? '', transform: `translate(${at},${y})` }),
            h('text', { x: at + 10, y: y + 4 }, String(number)),
          );
        }),
      ),
    ),
    h('figcaption', { class: 'legend' }, ...legend(shown)),
  );
}

function legend(shown: readonly { change: ChangePicture }[]): ComponentChild[] {
  const present = severities.filter((severity) => shown.some(({ change }) => change.severity === severity));
  return present.map((severity) =>
    h(
      'span',
      null,
      h(
        'svg',
        { class: severity, width: 16, height: 16, viewBox: '-8 -8 16 16', 'aria-hidden': true },
        h('path', { class: 'mark', d: markOf(severity) }),
      ),
      severity,
    ),
  );
}

function markOf(severity: Severity): string {
  return symbol(shapes[severity], 90)() ?? '';
}

function tickLabel(tick: Date, span: number): string {
  const iso = tick.toISOString();
  return span < 3 * 86_400_000 ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(0, 10);
}

function changeItem({ change, number }: Numbered): ComponentChild {
  const { at, severity, title, reason, who, how, resources, before, after, eventId } = change;
  const names = resources.slice(0, 8).map(({ name }) => say(name, 80));
  return h(
    'li',
    null,
    h('span', { class: 'number-mark' }, String(number)),
    h('span', { class: 'small muted' }, moment(at)),
    h(
      'div',
      null,
      h('p', null, severityBadge(severity), ' ', h('b', null, say(who, 200)), ` ${say(how, 200)}`),
      h('p', null, say(reason, 400)),
      Object.keys(before).length + Object.keys(after).length > 0
        ? h('p', { class: 'small mono' }, `${pairs(before) || 'not known'} → ${pairs(after) || 'not known'}`)
        : null,
      h(
        'p',
        { class: 'small muted' },
        [
          say(title, 200),
          names.length > 0 ? `on ${names.join(', ')}${resources.length > 8 ? ` and ${resources.length - 8} more` : ''}` : '',
          eventId === null ? '' : `event ${say(eventId, 80)}`,
        ]
          .filter((part) => part !== '')
          .join(' · '),
      ),
      change.command === null ? null : h('details', { class: 'small' }, h('summary', null, 'Undo'), command(change.command)),
    ),
  );
}
