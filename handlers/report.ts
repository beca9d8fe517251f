import { isScheduled, runReport, runWeeklyReport } from '../lib/main/report.ts';
import { onStack } from './stack.ts';

/** The report, on demand or by schedule: a summary, and where the files are. */
export const handler = onStack((payload: unknown, signal) =>
  isScheduled(payload) ? runWeeklyReport(payload, signal) : runReport(payload, signal),
);
