import type { AccessCheck } from '../../evidence/check-kinds.ts';
import { grantByRole } from './grant-by-role.ts';
import { grantConditionEffective } from './grant-condition-effective.ts';
import { grantHomeAccount } from './grant-home-account.ts';
import { grantNarrow } from './grant-narrow.ts';
import { grantPointsSomewhere } from './grant-points-somewhere.ts';
import { grantUsed } from './grant-used.ts';

/** Sorted by id. */
export const accessChecks: readonly AccessCheck[] = [
  grantByRole,
  grantConditionEffective,
  grantHomeAccount,
  grantNarrow,
  grantPointsSomewhere,
  grantUsed,
];
