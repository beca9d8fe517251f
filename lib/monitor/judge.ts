import type { Configuration, Suppression } from '../domain/configuration.ts';
import type { Finding, SuppressionNote } from '../domain/finding.ts';
import type { ReportedVerdict } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import { accountResource } from '../domain/resource.ts';
import type { Severity } from '../domain/severity.ts';
import type { Fail, Verdict } from '../domain/verdict.ts';
import { cannotTell } from '../domain/verdict.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import type { AccessCheck, PostureCheck, SubjectCheck } from '../evidence/check-kinds.ts';
import type { Evidence, JudgeContext, Listing } from '../evidence/evidence.ts';
import type { SubjectKind, Subjects } from '../evidence/subjects.ts';
import { listSubjects } from '../evidence/subjects.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What the checks said, and the findings of what failed. */
export interface Judgement {
  readonly verdicts: readonly JudgedVerdict[];
  readonly findings: readonly Finding[];
}

/** A verdict as the report has it, and the severity that an unknown one would have had as a finding. */
export interface JudgedVerdict extends ReportedVerdict {
  readonly severity: Severity;
}

/** Judges every subject of the evidence by every posture and access check. `at` null: nothing tells the moment. */
export function judge(
  checks: readonly (PostureCheck | AccessCheck)[],
  evidence: Evidence,
  { configuration, at }: { readonly configuration: Configuration; readonly at: number | null },
): Judgement {
  const listings = listSubjects(evidence);
  const judgements = checks.map((check) => judgeBy(check, listings, evidence, configuration, at));
  return { verdicts: judgements.flatMap((one) => one.verdicts), findings: judgements.flatMap((one) => one.findings) };
}

function judgeBy(
  check: PostureCheck | AccessCheck,
  listings: ReturnType<typeof listSubjects>,
  evidence: Evidence,
  configuration: Configuration,
  at: number | null,
): Judgement {
  switch (check.on) {
    case 'cluster':
      return judgeListing(check, listings.cluster, evidence, configuration, at);
    case 'snapshot':
      return judgeListing(check, listings.snapshot, evidence, configuration, at);
    case 'proxy':
      return judgeListing(check, listings.proxy, evidence, configuration, at);
    case 'region':
      return judgeListing(check, listings.region, evidence, configuration, at);
    case 'account':
      return judgeListing(check, listings.account, evidence, configuration, at);
    case 'user':
      return judgeListing(check, listings.user, evidence, configuration, at);
    case 'principal':
      return judgeListing(check, listings.principal, evidence, configuration, at);
    case 'database':
      return judgeListing(check, listings.database, evidence, configuration, at);
  }
}

/** Kinds of subject that live in regions: without any region nobody can say what there is. */
const regional: ReadonlySet<SubjectKind> = new Set(['cluster', 'snapshot', 'proxy', 'region', 'database']);

function judgeListing<Kind extends SubjectKind>(
  check: SubjectCheck<'posture' | 'access', Kind>,
  listing: Listing<Subjects[Kind]>,
  evidence: Evidence,
  configuration: Configuration,
  at: number | null,
): Judgement {
  const verdicts: JudgedVerdict[] = [];
  const findings: Finding[] = [];
  const usual = configuration.severities[check.id] ?? check.severity;
  const report = (resource: Resource, verdict: Verdict): void => {
    const inEffect = 'inEffect' in verdict && verdict.inEffect !== undefined ? { inEffect: verdict.inEffect } : {};
    const severity = severityOf(verdict, check.id, usual, configuration);
    const fingerprint = verdict.verdict === 'unknown' ? { fingerprint: fingerprintOf(check.id, resource) } : {};
    verdicts.push({ check: check.id, resource, verdict: verdict.verdict, reason: verdict.reason, ...inEffect, ...fingerprint, severity });
  };

  for (const subject of listing.subjects) {
    const { verdict, context } = evaluateAt(check, subject, configuration, at);
    report(subject.resource, verdict);
    if (verdict.verdict === 'fail') findings.push(findingOf(check, subject, verdict, context, configuration, at));
  }
  for (const { resource, cause } of listing.unlisted) report(resource, cannotTell(cause));
  if (regional.has(check.on) && evidence.inventory.regions.length === 0) {
    report(accountResource(evidence.account, evidence.partition), cannotTell('not collected: no region has an inventory'));
  }
  return { verdicts, findings };
}

function severityOf(verdict: Verdict, check: string, usual: Severity, configuration: Configuration): Severity {
  const own = 'severity' in verdict ? verdict.severity : undefined;
  return configuration.severities[check] ?? own ?? usual;
}

/** Without a moment, a verdict that looked at the time is unknown. */
function evaluateAt<Kind extends SubjectKind>(
  check: SubjectCheck<'posture' | 'access', Kind>,
  subject: Subjects[Kind],
  configuration: Configuration,
  at: number | null,
): { verdict: Verdict; context: JudgeContext } {
  if (at !== null) {
    const context = { configuration, at };
    return { verdict: check.evaluate(subject, context), context };
  }
  let looked = false;
  const context = {
    configuration,
    get at(): number {
      looked = true;
      return Number.NaN;
    },
  };
  const verdict = check.evaluate(subject, context);
  return {
    verdict: looked ? cannotTell('nothing in the evidence says from when it is; give it an evidence.json with "at"') : verdict,
    context,
  };
}

function findingOf<Kind extends SubjectKind>(
  check: SubjectCheck<'posture' | 'access', Kind>,
  subject: Subjects[Kind],
  verdict: Fail,
  context: JudgeContext,
  configuration: Configuration,
  at: number | null,
): Finding {
  const seen = at === null ? null : new Date(at).toISOString();
  return withSuppression(
    {
      fingerprint: fingerprintOf(check.id, subject.resource),
      check: check.id,
      severity: severityOf(verdict, check.id, check.severity, configuration),
      title: check.title,
      resource: subject.resource,
      reason: verdict.reason,
      ...(verdict.inEffect === undefined ? {} : { inEffect: verdict.inEffect }),
      firstSeen: seen,
      lastSeen: seen,
      count: 1,
      evidence: verdict.evidence,
      remediation: verdict.remediation ?? check.remediation(subject, context),
      state: 'open',
    },
    configuration.suppressions,
    at,
  );
}

/** The finding, suppressed where a suppression of the configuration holds at `at`. */
export function withSuppression(finding: Finding, suppressions: readonly Suppression[], at: number | null): Finding {
  const suppression = suppressions.find((one) => covers(one, finding) && !hasEnded(one, at));
  if (!suppression) return finding;
  const note: SuppressionNote = { by: suppression.by, reason: suppression.reason, until: suppression.until };
  return { ...finding, state: 'suppressed', suppression: note };
}

/** True when the suppression speaks of this finding, whether or not it still holds. */
export function covers(suppression: Suppression, finding: Finding): boolean {
  return matchesWildcard(suppression.check, finding.check) && matchesWildcard(suppression.resource, finding.resource.arn);
}

/** True when the last day of the suppression is over at `at`; the day itself still counts. */
export function hasEnded(suppression: Pick<Suppression, 'until'>, at: number | null): boolean {
  return suppression.until !== null && at !== null && Date.parse(`${suppression.until}T00:00:00Z`) + 86_400_000 <= at;
}
