import type { Check } from '../evidence/check-kinds.ts';
import { accessChecks } from './access/index.ts';
import { activityChecks } from './activity/index.ts';
import { changeChecks } from './change/index.ts';
import { postureChecks } from './posture/index.ts';

/** Every check, sorted by id. */
export const checks: readonly Check[] = [...postureChecks, ...accessChecks, ...changeChecks, ...activityChecks].sort((a, b) =>
  a.id < b.id ? -1 : 1,
);
