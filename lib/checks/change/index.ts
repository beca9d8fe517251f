import type { ChangeCheck } from '../../evidence/check-kinds.ts';

/** Sorted by id. */
export const changeChecks: readonly ChangeCheck[] = [];
