import type { ActivityCheck } from '../../evidence/check-kinds.ts';

/** Sorted by id. */
export const activityChecks: readonly ActivityCheck[] = [];
