/** A window in milliseconds since 1970; `to` is not in it. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The window as the queries take it: partitions by day, and exact times. */
export function windowParameters({ from, to }: Window): {
  readonly from_day: string;
  readonly to_day: string;
  readonly from_ms: number;
  readonly to_ms: number;
} {
  return { from_day: dayOf(from), to_day: dayOf(to), from_ms: from, to_ms: to };
}

/** `YYYY/MM/DD`, UTC: a partition. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '/');
}

/** ISO 8601, UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
