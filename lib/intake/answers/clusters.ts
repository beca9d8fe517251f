import type { ReadAnswer } from './index.ts';

/** By `<service> <command>`. */
export const clusterAnswers: Readonly<Record<string, ReadAnswer>> = {};
