import type { AccessCheck } from '../../evidence/check-kinds.ts';
import { grantUsed } from './grant-used.ts';

/** Sorted by id. */
export const accessChecks: readonly AccessCheck[] = [grantUsed];
