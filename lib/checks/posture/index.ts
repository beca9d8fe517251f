import type { PostureCheck } from '../../evidence/check-kinds.ts';

/** Sorted by id. */
export const postureChecks: readonly PostureCheck[] = [];
