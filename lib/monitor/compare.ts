import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';

/**
 * The report with what is new, gone and unchanged since an earlier one. What the earlier report knew already keeps the time when it was first seen.
 * `judged`: ids of the checks of this report; what nobody looked at, or could not see, is not gone.
 */
export function compareReports(report: Report, earlier: Report, judged: ReadonlySet<string>): Report {
  const before = new Map(earlier.findings.map((finding) => [finding.fingerprint, finding]));
  const now = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const isKnown = ({ fingerprint }: Finding): boolean => before.has(fingerprint);
  return {
    ...report,
    findings: report.findings.map((finding) => firstSeenBy(finding, before.get(finding.fingerprint))),
    comparison: {
      since: earlier.at,
      new: report.findings.filter((finding) => !isKnown(finding)).map(({ fingerprint }) => fingerprint),
      gone: earlier.findings.filter(
        (finding) => !now.has(finding.fingerprint) && judged.has(finding.check) && wasSeen(finding, report, earlier),
      ),
      unchanged: report.findings.filter(isKnown).map(({ fingerprint }) => fingerprint),
    },
  };
}

/** False where the finding's resource is unknown to its check now, or was in a part of the account that could not be listed, or was left out. */
function wasSeen({ check, resource }: Finding, { verdicts, regions }: Report, earlier: Report): boolean {
  if (earlier.regions.includes(resource.region) && !regions.includes(resource.region)) return false;
  const about = verdicts.filter((one) => one.check === check);
  const own = about.find((one) => one.resource.arn === resource.arn && one.resource.region === resource.region);
  if (own) return own.verdict !== 'unknown';
  return !about.some(
    ({ verdict, resource: { type, region } }) =>
      verdict === 'unknown' && (type === 'account' || (type === 'region' && region === resource.region)),
  );
}

function firstSeenBy(finding: Finding, earlier: Finding | undefined): Finding {
  const first = earlier?.firstSeen;
  return first && (finding.firstSeen === null || first < finding.firstSeen) ? { ...finding, firstSeen: first } : finding;
}
