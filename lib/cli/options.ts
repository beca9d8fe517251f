import { InvalidArgumentError, Option } from 'commander';
import { momentOf } from '../domain/moment.ts';
import { type Severity, severities } from '../domain/severity.ts';

/** Several values: `a b`, `a,b` and the option given twice are the same. */
export function listOf(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...value.split(',').filter((part) => part !== '')];
}

/** A moment such as `2026-05-03` (its beginning, UTC) or `2026-05-03T12:00:00Z`, in milliseconds since 1970. */
export function momentOption(value: string): number {
  const time = momentOf(value);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It takes a time such as 2026-05-03 or 2026-05-03T12:00:00Z.');
  return time;
}

/** A number of days from 1 to 90. */
export function daysOf(value: string): number {
  const days = Number(value);
  if (!Number.isInteger(days) || days < 1 || days > 90) throw new InvalidArgumentError('It takes a number of days from 1 to 90.');
  return days;
}

/** `--fail-on LEVEL|never` with the given default. */
export function failOnOption(usual: Severity | 'never'): Option {
  return new Option('--fail-on <level>', 'exit 1 when something of this severity or above is open')
    .choices([...severities, 'never'])
    .default(usual);
}

/** True when colour is wanted on this stream: a terminal, no NO_COLOR, no --no-color. */
export function wantsColour(stream: NodeJS.WriteStream, color: boolean): boolean {
  return color && stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
