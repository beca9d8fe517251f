import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { tlsRequired } from './tls-required.ts';

/** Sorted by id. */
export const postureChecks: readonly PostureCheck[] = [tlsRequired];
