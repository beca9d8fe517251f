import type { Configuration } from '../domain/configuration.ts';
import type { Finding } from '../domain/finding.ts';
import type { ActivityCheck, ActivityFinding } from '../evidence/check-kinds.ts';
import { fingerprintOf } from './fingerprint.ts';
import { withSuppression } from './judge.ts';

/** What an activity check found, as a finding: with its fingerprint, the severity that the configuration wants, and suppressed where it says so at `at`. */
export function activityFinding(check: ActivityCheck, found: ActivityFinding, configuration: Configuration, at: number): Finding {
  const { distinguishedBy, severity, ...rest } = found;
  return withSuppression(
    {
      fingerprint: fingerprintOf(check.id, found.resource, distinguishedBy),
      check: check.id,
      severity: configuration.severities[check.id] ?? severity,
      title: check.title,
      ...rest,
      state: 'open',
    },
    configuration.suppressions,
    at,
  );
}
