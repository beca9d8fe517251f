import type { Coverage } from '../domain/report.ts';
import { isoTime, type Window, windowParameters } from '../evidence/window.ts';
import type { Activity } from '../ports/activity.ts';

const lastSecond = Date.UTC(9999, 11, 31, 23, 59, 59);
const kinds = ['log', 'cloudwatch'];

/**
 * The coverage with a word on what the logs hold of logins behind the end of the window, how much, and what to do about it: no check judges it. So it is where
 * CloudTrail's files, which date the evidence, end earlier than the logs. Where that cannot be asked, the word is without a number.
 */
export async function withLaterLogins(activity: Activity, window: Window | null, signal?: AbortSignal): Promise<readonly Coverage[]> {
  const { coverage, newestLogRecord } = activity;
  if (window === null || newestLogRecord === null || newestLogRecord < window.to) return coverage;
  const word = await laterLogins(activity, { from: window.to, to: newestLogRecord + 1 }, signal);
  const source = kinds.find((kind) => coverage.some((line) => line.source === kind && Date.parse(line.to ?? '') >= window.to));
  if (word === null) return coverage;
  return coverage.map((line) => {
    if (line.source !== source) return line;
    return { ...line, status: line.status === 'complete' ? 'partial' : line.status, detail: `${line.detail}; ${word}` };
  });
}

/** One clause; null: there is none. */
async function laterLogins(activity: Activity, later: Window, signal: AbortSignal | undefined): Promise<string | null> {
  // The end of a window is not in it, and people write whole seconds.
  const to = isoTime(Math.min(Math.ceil(later.to / 1000) * 1000, lastSecond)).replace('.000Z', 'Z');
  const advice = (what: string): string => `and no check judges ${what}: scan with --to ${to}, or set "at" in evidence.json`;
  try {
    const [row] = await activity.run('later-logins', windowParameters(later), signal);
    const [logins, others] = [Number(row?.logins), Number(row?.others)];
    if (!(logins + others > 0)) return null;
    const reach = `from ${isoTime(Number(row?.first_ms))} to ${isoTime(Number(row?.last_ms))}`;
    const what = [
      ...(logins === 0 ? [] : [logins === 1 ? '1 login' : `${logins} logins`]),
      ...(others === 0 ? [] : [`${others} other ${others === 1 ? 'record' : 'records'} that a check reads`]),
    ];
    return `${what.join(' and ')} ${reach} came after the window ends, ${advice(logins + others === 1 ? 'it' : 'them')}`;
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return `it goes on to ${isoTime(later.to - 1)}, after the window ends (how many logins that is cannot be told: ${why}), ${advice('them')}`;
  }
}
