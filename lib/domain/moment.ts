/** A date (midnight, UTC) or a time that says where it counts from: without that, each machine would read another moment. */
export const momentPattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds since 1970 of a date or time as somebody writes it; NaN: it is none, or of a day that no calendar has. */
export function momentOf(text: string): number {
  if (!momentPattern.test(text)) return Number.NaN;
  const day = text.slice(0, 10);
  // Date.parse takes 30 February for 2 March.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return isDay ? Date.parse(text) : Number.NaN;
}
