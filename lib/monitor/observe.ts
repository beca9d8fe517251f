import { unknown } from '../domain/answer.ts';
import { type ActivityFacts, withUnloggedLogins } from '../evidence/activity-facts.ts';
import type { AccessCheck, Check, PostureCheck } from '../evidence/check-kinds.ts';
import { listClusters } from '../evidence/clusters.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { readActivityFacts } from './activity-facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type JudgedVerdict, judge } from './judge.ts';
import { openKeptActivity } from './kept-activity.ts';
import type { Monitor } from './monitor.ts';
import type { Observation } from './transition.ts';

/** Posture and access checks among others. */
export function statefulChecks(checks: readonly Check[]): readonly (PostureCheck | AccessCheck)[] {
  return checks.filter((check) => check.kind === 'posture' || check.kind === 'access');
}

/** What the monitor knows of the account from one look; what only logs tell is not collected, unless `facts` tell it. */
export function evidenceOf(
  { account, partition, deliversLogs }: Pick<Monitor, 'account' | 'partition' | 'deliversLogs'>,
  inventory: Inventory,
  facts: ActivityFacts = noFacts('not-collected', 'this look reads no logs'),
): Evidence {
  const asLogged: Evidence = {
    account,
    partition,
    inventory,
    activity: facts,
    databaseRoles: new Map(),
    ...(deliversLogs === undefined ? {} : { deliversLogs }),
  };
  return { ...asLogged, activity: withUnloggedLogins(facts, () => listClusters(asLogged).subjects) };
}

/** What the last runs of the queries over what was logged say; where they cannot be had, why. `at`: milliseconds. */
export async function keptFacts(
  { kept }: Pick<Monitor, 'kept'>,
  inventory: Inventory,
  at: number,
  signal?: AbortSignal,
): Promise<ActivityFacts> {
  if (!kept) return noFacts('not-collected', 'no logs are delivered');
  try {
    return await readActivityFacts(await openKeptActivity(kept, at, signal), null, inventory, signal);
  } catch (error) {
    signal?.throwIfAborted();
    return noFacts('failed', error instanceof Error ? error.message : String(error));
  }
}

function noFacts(kind: 'not-collected' | 'failed', detail: string): ActivityFacts {
  const notHere = unknown({ kind, question: 'the connection log', detail });
  return { databaseUse: notHere, roleUse: notHere, logs: new Map() };
}

/** Judges the evidence: what each check saw of each resource at `at` (milliseconds). */
export function observe(
  checks: readonly (PostureCheck | AccessCheck)[],
  evidence: Evidence,
  { configuration, at, sweep }: Pick<Monitor, 'configuration'> & { readonly at: number; readonly sweep: string | null },
): Observation[] {
  const { verdicts, findings } = judge(checks, evidence, { configuration, at });
  const failed = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const words = new Map(checks.map(({ id, title, fix }) => [id, { title, fix }]));
  return verdicts.map((verdict) => {
    const fingerprint = fingerprintOf(verdict.check, verdict.resource);
    const finding = failed.get(fingerprint) ?? null;
    return {
      fingerprint,
      check: verdict.check,
      ...(words.get(verdict.check) ?? { title: verdict.check }),
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
