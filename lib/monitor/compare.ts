import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';

/**
 * The report with what is new, gone and unchanged since an earlier one. What the earlier report knew already keeps the time when it was first seen.
 */
export function compareReports(report: Report, earlier: Report): Report {
  const before = new Map(earlier.findings.map((finding) => [finding.fingerprint, finding]));
  const now = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const isKnown = ({ fingerprint }: Finding): boolean => before.has(fingerprint);
  return {
    ...report,
    findings: report.findings.map((finding) => firstSeenBy(finding, before.get(finding.fingerprint))),
    comparison: {
      since: earlier.at,
      new: report.findings.filter((finding) => !isKnown(finding)).map(({ fingerprint }) => fingerprint),
      gone: earlier.findings.filter(({ fingerprint }) => !now.has(fingerprint)),
      unchanged: report.findings.filter(isKnown).map(({ fingerprint }) => fingerprint),
    },
  };
}

function firstSeenBy(finding: Finding, earlier: Finding | undefined): Finding {
  const first = earlier?.firstSeen;
  return first && (finding.firstSeen === null || first < finding.firstSeen) ? { ...finding, firstSeen: first } : finding;
}
