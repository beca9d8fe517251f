/** Days of arrival (`YYYY/MM/DD`, UTC, both meant) whose objects are parsed again, and the key to go on after. */
export interface Reparse {
  readonly from: string;
  readonly to: string;
  readonly after?: string | undefined;
}

/** One object of the stream of logs. */
export interface LogObject {
  readonly key: string;
  /** What the objects of its rows are called, whatever their table and day; no other object of the stream has it. */
  readonly name: string;
  /** Day of its arrival, `YYYY/MM/DD`, UTC. */
  readonly day: string;
}

/** The object that a key names; null: the stream writes no such key. */
export function logObjectOf(key: string): LogObject | null {
  const [, day, hour, file] = /^cloudwatch\/(\d{4}\/\d\d\/\d\d)\/(\d\d)\/([^/]+\.gz)$/.exec(key) ?? [];
  return day && hour && file ? { key, day, name: `${day.replaceAll('/', '-')}-${hour}-${file}` } : null;
}

/** What the stream writes where it cannot read what was sent to it; null: another key. */
export function failedObjectOf(key: string): LogObject | null {
  const [, day, hour, file] = /^errors\/[^/]+\/(\d{4}\/\d\d\/\d\d)\/(\d\d)\/([^/]+)$/.exec(key) ?? [];
  return day && hour && file ? { key, day, name: `errors-${day.replaceAll('/', '-')}-${hour}-${file.replace(/\.gz$/, '')}.gz` } : null;
}
