import { runReport } from '../lib/main/report.ts';
import { onStack } from './stack.ts';

/** The report on demand: a summary, and where the files are. */
export const handler = onStack((payload: unknown, signal) => runReport(payload, signal));
