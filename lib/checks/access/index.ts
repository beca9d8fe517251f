import type { AccessCheck } from '../../evidence/check-kinds.ts';

/** Sorted by id. */
export const accessChecks: readonly AccessCheck[] = [];
