import type { Alert } from '../domain/alert.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Check } from '../evidence/check-kinds.ts';
import type { Evidence, JudgeContext } from '../evidence/evidence.ts';

/** Stub until the change checks are there. */
export function judgeChangeBy(
  _checks: readonly Check[],
  _role: string,
): (event: CloudTrailEvent, evidence: Evidence, context: JudgeContext) => readonly Alert[] {
  return () => [];
}
