import type { Report } from '../domain/report.ts';

/** The report as interface.md describes it, indented; text in it is as it was, escaped only as JSON escapes. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
