import { unknown } from '../domain/answer.ts';
import type { AccessCheck, Check, PostureCheck } from '../evidence/check-kinds.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type JudgedVerdict, judge } from './judge.ts';
import type { Monitor } from './monitor.ts';
import type { Observation } from './transition.ts';

/** Posture and access checks among others. */
export function statefulChecks(checks: readonly Check[]): readonly (PostureCheck | AccessCheck)[] {
  return checks.filter((check) => check.kind === 'posture' || check.kind === 'access');
}

/** What the monitor knows of the account from one look; what only logs tell is not collected here. */
export function evidenceOf(
  { account, partition, deliversLogs }: Pick<Monitor, 'account' | 'partition' | 'deliversLogs'>,
  inventory: Inventory,
): Evidence {
  const notHere = unknown({ kind: 'not-collected', question: 'the connection log', detail: 'this look reads no logs' });
  return {
    account,
    partition,
    inventory,
    activity: { databaseUse: notHere, roleUse: notHere, logs: new Map() },
    databaseRoles: new Map(),
    ...(deliversLogs === undefined ? {} : { deliversLogs }),
  };
}

/** Judges the evidence: what each check saw of each resource at `at` (milliseconds). */
export function observe(
  checks: readonly (PostureCheck | AccessCheck)[],
  evidence: Evidence,
  { configuration, at, sweep }: Pick<Monitor, 'configuration'> & { readonly at: number; readonly sweep: string | null },
): Observation[] {
  const { verdicts, findings } = judge(checks, evidence, { configuration, at });
  const failed = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const titles = new Map(checks.map(({ id, title }) => [id, title]));
  return verdicts.map((verdict) => {
    const fingerprint = fingerprintOf(verdict.check, verdict.resource);
    const finding = failed.get(fingerprint) ?? null;
    return {
      fingerprint,
      check: verdict.check,
      title: titles.get(verdict.check) ?? verdict.check,
      resource: verdict.resource,
      severity: finding?.severity ?? verdict.severity,
      at,
      seen: seenAs(verdict.verdict),
      reason: verdict.reason,
      finding,
      sweep,
    };
  });
}

/** What no longer applies is over, like what is gone. */
function seenAs(verdict: JudgedVerdict['verdict']): Observation['seen'] {
  return verdict === 'not-applicable' ? 'gone' : verdict;
}
