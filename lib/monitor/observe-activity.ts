import { questionText } from '../domain/question.ts';
import { regionResource } from '../domain/resource.ts';
import type { EvidenceData } from '../domain/verdict.ts';
import type { ActivityCheck } from '../evidence/check-kinds.ts';
import { isoTime } from '../evidence/window.ts';
import type { KnownFinding } from '../ports/finding-store.ts';
import type { QueryRow } from '../ports/query.ts';
import { activityFinding } from './activity-finding.ts';
import { clusterResources } from './cluster-resources.ts';
import { collectInventory } from './collect-inventory.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Monitor } from './monitor.ts';
import { evidenceOf } from './observe.ts';
import type { RunWindow } from './query-window.ts';
import type { Observation } from './transition.ts';

/** What the rows of a check's query are judged by. */
export type ActivityJudge = Pick<Monitor, 'account' | 'partition' | 'region' | 'home' | 'configuration' | 'ask'>;

/** The rows of a query; `all` false: there were more than could be read. */
export interface Rows {
  readonly rows: readonly QueryRow[];
  readonly all: boolean;
}

/**
 * What the rows say: each finding that is news fails, and of what is `open` what is not among them is over, silently. Where more rows were than could be
 * read, or what the check needs to know cannot be asked, nothing is over, and the check is blind.
 */
export async function observeRows(
  judge: ActivityJudge,
  check: ActivityCheck,
  { rows, all }: Rows,
  window: RunWindow,
  open: readonly KnownFinding[],
  signal?: AbortSignal,
): Promise<readonly Observation[]> {
  const { region, configuration } = judge;
  // Where there are no rows, there is nothing to ask about them.
  const needs = rows.length === 0 ? [] : check.needs;
  const inventory = await collectInventory(judge.ask, [region], new Set(needs), signal ? { signal } : {});
  const evidence = evidenceOf(judge, inventory);
  const context = { configuration, at: window.to, from: window.from, to: window.to, evidence, clusterResource: clusterResources(evidence) };
  const found = check
    .findings(rows, context)
    .filter(({ resource, lastSeen }) => isJudgedHere(resource.region, judge) && Date.parse(lastSeen) >= window.since)
    .map((one) => activityFinding(check, { ...one, evidence: shortened(one.evidence) }, configuration, window.to));
  const failing = new Map(found.map((finding) => [finding.fingerprint, finding]));
  const common = { check: check.id, title: check.title, at: window.to, sweep: isoTime(window.to) };
  const failed = [...failing.values()].map(
    (finding): Observation => ({
      ...common,
      fix: check.fix,
      fingerprint: finding.fingerprint,
      resource: finding.resource,
      severity: finding.severity,
      seen: 'fail',
      reason: finding.reason,
      finding,
    }),
  );

  const unasked = inventory.entries().find(({ answer }) => !answer.known);
  if (!all)
    return [...failed, blindOf(judge, check, window, `there were more than ${rows.length} rows, and the others were not looked at`)];
  if (unasked) return [...failed, blindOf(judge, check, window, `${questionText(unasked.question)} was not answered`)];
  const quiet = open
    .filter((known) => known.check === check.id && known.finding !== null && !failing.has(known.fingerprint))
    .map(
      ({ fingerprint, resource, severity }): Observation => ({
        ...common,
        fingerprint,
        resource,
        severity,
        seen: 'pass',
        reason: 'It was not seen for a day.',
        finding: null,
        silent: true,
      }),
    );
  return [...failed, ...quiet, { ...blindOf(judge, check, window, 'The query ran.'), seen: 'pass', silent: true }];
}

const mostElements = 50;
const mostCharacters = 500;

/** An item of the store holds 400 KB, and names that others choose may be many: of long lists and texts the first part is kept. */
function shortened(evidence: EvidenceData): EvidenceData {
  const cut = (value: unknown): unknown => {
    if (typeof value === 'string') return value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value;
    if (Array.isArray(value)) return value.slice(0, mostElements).map(cut);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cut(one)]));
  };
  return cut(evidence) as EvidenceData;
}

/** That a check could not see what was logged up to the end of the window. */
export function blindOf(
  { account, region, partition, configuration }: ActivityJudge,
  check: ActivityCheck,
  { to }: Pick<RunWindow, 'to'>,
  reason: string,
): Observation {
  const resource = regionResource(account, region, partition);
  return {
    fingerprint: fingerprintOf(check.id, resource),
    check: check.id,
    title: check.title,
    resource,
    severity: configuration.severities[check.id] ?? check.severity,
    at: to,
    seen: 'unknown',
    reason,
    finding: null,
    sweep: isoTime(to),
  };
}

/** Another region has a stack of its own; what belongs to the account as a whole is judged by the one at home. */
function isJudgedHere(of: string, { region, home }: ActivityJudge): boolean {
  return of === region || (of === 'global' && home);
}
