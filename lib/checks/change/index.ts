import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { tlsWeakened } from './tls-weakened.ts';

/** Sorted by id. */
export const changeChecks: readonly ChangeCheck[] = [tlsWeakened];
