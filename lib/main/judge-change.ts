import type { Alert } from '../domain/alert.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Check } from '../evidence/check-kinds.ts';
import type { Evidence, JudgeContext } from '../evidence/evidence.ts';
import { judgeChange } from '../monitor/judge-change.ts';

/** Judges an event by the change checks among `checks`. `role`: ARN pattern of the role that deploys the monitor, `key`: ARN of its key; empty: not known. */
export function judgeChangeBy(
  checks: readonly Check[],
  role: string,
  key = '',
): (event: CloudTrailEvent, evidence: Evidence, context: JudgeContext) => readonly Alert[] {
  const changes = checks.filter((check) => check.kind === 'change');
  const own = { deploymentRole: role || null, key: key || null };
  return (event, evidence, context) => judgeChange(event, evidence, changes, context, own);
}
