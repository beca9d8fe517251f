import type { ReadAnswer } from './index.ts';

/** By `<service> <command>`. */
export const accountAnswers: Readonly<Record<string, ReadAnswer>> = {};
