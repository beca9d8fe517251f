import { type ComponentChild, h } from 'preact';
import type { Severity } from '../../domain/severity.ts';
import { day, minute, textOf } from '../picture.ts';
import { clip, visible, visibleLines } from '../visible.ts';

/** Outside text, made visible and cut at `limit` characters. */
export function say(text: string, limit = 4000): string {
  return clip(visible(text), limit);
}

/** The beginning of outside text, made visible, where the whole of it stands elsewhere. */
export function brief(text: string, limit: number): string {
  const characters = Array.from(visible(text.slice(0, 4 * limit)));
  return characters.length > limit
    ? `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
    : characters.join('');
}

/** A command in a block that one click selects. */
export function command(text: string): ComponentChild {
  return h('pre', { class: 'command', tabIndex: 0 }, clip(visibleLines(text).join('\n'), 12_000));
}

/** A severity as a word on its colour. */
export function severityBadge(severity: Severity): ComponentChild {
  return h('span', { class: `badge ${severity}` }, severity);
}

/** A moment: date and minute, UTC, for reading; the exact time for a machine only where it is one. */
export function moment(time: string | null, precise = true): string {
  if (time === null) return 'time not known';
  return precise ? `${say(minute(time), 40)} UTC` : say(day(time), 40);
}

/** `name: value`, one a line. */
export function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${say(name, 200)} = ${say(textOf(value), 500)}`)
    .join(', ');
}

/** The first `most` of a list, and the rest where they can be opened. */
export function rest<T>(
  items: readonly T[],
  most: number,
  show: (items: readonly T[]) => ComponentChild,
  label: (count: number) => string,
): ComponentChild[] {
  const later = items.slice(most);
  return [
    show(items.slice(0, most)),
    later.length === 0 ? null : h('details', { class: 'more' }, h('summary', null, label(later.length)), show(later)),
  ];
}
