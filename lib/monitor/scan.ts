import type { Alert } from '../domain/alert.ts';
import type { Answer } from '../domain/answer.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Finding } from '../domain/finding.ts';
import type { Coverage, Report, Summary } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import { atLeast, type Severity, severities } from '../domain/severity.ts';
import type { ActivityCheck, ActivityContext, Check } from '../evidence/check-kinds.ts';
import { clusterLogs } from '../evidence/clusters.ts';
import type { DatabaseRole, Evidence, JudgeContext } from '../evidence/evidence.ts';
import { accessesOf } from '../evidence/grants.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { isoTime, type Window } from '../evidence/window.ts';
import type { Activity } from '../ports/activity.ts';
import { readActivityFacts } from './activity-facts.ts';
import { activityFinding } from './activity-finding.ts';
import { clusterResources } from './cluster-resources.ts';
import { inventoryCoverage } from './inventory-coverage.ts';
import { type JudgedVerdict, judge } from './judge.ts';
import { evidenceOf } from './observe.ts';
import { withOpened } from './opened-findings.ts';

/** Everything that a scan looks at, collected. */
export interface ScanInput {
  readonly checks: readonly Check[];
  readonly configuration: Configuration;
  readonly account: string | null;
  readonly partition: string;
  /** The evidence's moment, milliseconds since 1970; null where nothing tells it. */
  readonly at: number | null;
  /** Window of the activity checks, milliseconds; `to` is not in it. Null: no moment, no window. */
  readonly window: Window | null;
  readonly inventory: Inventory;
  /** Files below the inventory that are no answer of a known command. */
  readonly foreign: readonly string[];
  readonly databaseRoles: ReadonlyMap<string, Answer<readonly DatabaseRole[]>>;
  readonly activity: Activity;
  /** Clusters and instances of regions that nobody asked for: what logs and events say of those regions is left out. */
  readonly elsewhere?: readonly Resource[];
  /** Of a deployed monitor: whether it delivers the databases' logs to itself. */
  readonly deliversLogs?: boolean;
  readonly moreCoverage: readonly Coverage[];
  /** Judges one event; passed in because its checks are. */
  readonly judgeChange: (event: CloudTrailEvent, evidence: Evidence, context: JudgeContext) => readonly Alert[];
  readonly version: string;
  readonly signal?: AbortSignal;
}

/**
 * The report, and what is no part of it: the checks that were judged, and the severities of what is unknown (verdicts, and activity checks whose query failed),
 * which decide the exit status.
 */
export interface ScanResult {
  readonly report: Report;
  readonly judged: ReadonlySet<string>;
  readonly unknownSeverities: ReadonlySet<Severity>;
}

/** Judges the evidence by all checks and puts the report together; the same evidence gives the same report. */
export async function scan(input: ScanInput): Promise<ScanResult> {
  const { checks, configuration, inventory, activity, window, at } = input;
  const facts = await readActivityFacts(activity, window, inventory, input.signal);
  const { account, partition, deliversLogs } = input;
  const known = evidenceOf(
    { account: account ?? '', partition, ...(deliversLogs === undefined ? {} : { deliversLogs }) },
    inventory,
    facts,
  );
  const evidence: Evidence = { ...known, databaseRoles: input.databaseRoles };

  const judgement = judge(
    checks.filter((check) => check.kind === 'posture' || check.kind === 'access'),
    evidence,
    { configuration, at },
  );
  const activityResult = await findActivity(
    checks.filter((check) => check.kind === 'activity'),
    evidence,
    input,
  );
  const context = { configuration, at: at ?? Number.NaN };
  const told = activity.events
    .filter((event) => isWithin(event, window))
    .flatMap((event) => input.judgeChange(event, evidence, context))
    .filter(({ resources }) => resources.length === 0 || resources.some(isAskedFor(input)));
  const changes = withOpened(told, judgement.findings, at ?? Number.NaN);
  const findings = [...judgement.findings, ...activityResult.findings].sort(bySeverityThenCheck);
  const verdicts = [...judgement.verdicts].sort(byCheckThenResource);

  return {
    report: {
      schemaVersion: '1',
      generator: { name: 'aurora-watch', version: input.version },
      account: input.account,
      regions: inventory.regions,
      at: at === null ? null : new Date(at).toISOString(),
      window: window && { from: isoTime(window.from), to: isoTime(lastMoment(window, at)) },
      summary: summarize(verdicts, findings),
      verdicts: verdicts.map(({ severity: _severity, ...verdict }) => verdict),
      findings,
      coverage: [
        ...inventoryCoverage(inventory, input.foreign),
        ...activity.coverage,
        ...activityResult.coverage,
        ...input.moreCoverage,
      ].sort((a, b) => compare(a.source, b.source) || compare(a.detail, b.detail)),
      changes: [...changes].sort(
        (a, b) => compare(a.eventTime ?? '', b.eventTime ?? '') || compare(a.eventId ?? '', b.eventId ?? '') || compare(a.check, b.check),
      ),
      accesses: accessesOf(evidence, context),
      logs: clusterLogs(evidence),
    },
    judged: new Set(checks.map(({ id }) => id)),
    unknownSeverities: new Set([
      ...verdicts.filter(({ verdict }) => verdict === 'unknown').map(({ severity }) => severity),
      ...activityResult.unknown,
    ]),
  };
}

/** Exit status of a scan: 0 nothing at `level` or above, 1 an open finding, 3 no such finding but something unknown of that severity. */
export function exitStatus({ report, unknownSeverities }: ScanResult, level: Severity | 'never'): 0 | 1 | 3 {
  if (level === 'never') return 0;
  if (report.findings.some((finding) => finding.state === 'open' && atLeast(finding.severity, level))) return 1;
  return [...unknownSeverities].some((severity) => atLeast(severity, level)) ? 3 : 0;
}

async function findActivity(
  checks: readonly ActivityCheck[],
  evidence: Evidence,
  input: ScanInput,
): Promise<{ findings: Finding[]; coverage: Coverage[]; unknown: Severity[] }> {
  const { window, at, configuration, activity } = input;
  if (window === null || at === null) return { findings: [], coverage: [], unknown: [] };
  const resourceOf = clusterResources(evidence, input.elsewhere);
  const unread = unreadIn(activity);
  const context: ActivityContext = { configuration, at, from: window.from, to: window.to, evidence, unread, clusterResource: resourceOf };
  const results = await Promise.all(
    checks.map(async (check) => {
      try {
        const rows = await activity.run(check.id, check.parameters(context), input.signal);
        // Rows that are there already are judged as what they are of, and the report says so.
        const own = activity.windows?.get(check.id);
        const found = check.findings(rows, own ? { ...context, ...own } : context).filter(({ resource }) => isAskedFor(input)(resource));
        return {
          findings: found.map((one) => activityFinding(check, one, configuration, at)),
          coverage: own ? [lookedAt(check.id, own, rows.length)] : [],
          unknown: [],
        };
      } catch (error) {
        input.signal?.throwIfAborted();
        const detail = error instanceof Error ? error.message : String(error);
        const line: Coverage = { source: `query:${check.id}`, status: 'missing', detail, from: null, to: null, records: 0, rejected: 0 };
        return { findings: [], coverage: [line], unknown: [configuration.severities[check.id] ?? check.severity] };
      }
    }),
  );
  return {
    findings: results.flatMap((one) => one.findings),
    coverage: results.flatMap((one) => one.coverage),
    unknown: results.flatMap((one) => one.unknown),
  };
}

function isAskedFor({ elsewhere = [] }: ScanInput): (resource: Resource) => boolean {
  const regions = new Set(elsewhere.map(({ region }) => region));
  return ({ region }) => !regions.has(region);
}

function unreadIn({ torn, coverage }: Activity): ReadonlySet<string | null> {
  const isTrailWhole = coverage.every(({ source, rejected }) => source !== 'cloudtrail' || rejected === 0);
  return new Set<string | null>([...torn, ...(isTrailWhole ? [] : [null])]);
}

function lookedAt(check: string, { from, to }: Window, rows: number): Coverage {
  const detail = 'what its last run looked at; what was logged before was told then';
  return { source: `query:${check}`, status: 'complete', detail, from: isoTime(from), to: isoTime(to), records: rows, rejected: 0 };
}

/** A window that holds the moment of the evidence ends a millisecond after it: what a report names is the moment. */
function lastMoment({ to }: Window, at: number | null): number {
  return at !== null && to === at + 1 ? at : to;
}

function isWithin(event: CloudTrailEvent, window: ScanInput['window']): boolean {
  const time = Date.parse(event.eventTime);
  return window !== null && time >= window.from && time < window.to;
}

function summarize(verdicts: readonly JudgedVerdict[], findings: readonly Finding[]): Summary {
  const count = (verdict: JudgedVerdict['verdict']): number => verdicts.filter((one) => one.verdict === verdict).length;
  const open = findings.filter((finding) => finding.state === 'open');
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, open.filter((one) => one.severity === severity).length]));
  return {
    resources: new Set([...verdicts, ...findings].map(({ resource }) => `${resource.arn} ${resource.type} ${resource.region}`)).size,
    pass: count('pass'),
    fail: count('fail'),
    notApplicable: count('not-applicable'),
    unknown: count('unknown'),
    findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0, ...bySeverity },
  };
}

function bySeverityThenCheck(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) || byCheckThenResource(a, b) || compare(a.fingerprint, b.fingerprint)
  );
}

function byCheckThenResource(a: { check: string; resource: Resource }, b: { check: string; resource: Resource }): number {
  return compare(a.check, b.check) || compare(a.resource.arn, b.resource.arn) || compare(a.resource.region, b.resource.region);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
