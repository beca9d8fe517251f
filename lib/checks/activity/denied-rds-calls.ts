import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { isOfAccount, listOf, numberOf, textOf, timeOf } from '../rows.ts';
import { listed } from '../sentences.ts';

/** Bursts of calls that AWS denied. */
export const deniedRdsCalls = {
  kind: 'activity',
  id: 'denied-rds-calls',
  title: 'A principal ran into many denied RDS calls',
  severity: 'medium',
  rationale:
    'Somebody who holds credentials and does not know what they are good for tries one call after the other. That is what a stolen key looks like before it finds its way.',
  judged:
    'Counts RDS and Data API calls in CloudTrail whose error says access denied, by principal (a role session counts for its role). Calls in other accounts, which of which the trail of an organization tells too, are left out. It reports who reached deniedCalls of them within deniedCallWindow, and how many there were in the whole window.',
  fix: 'Ask the owner of the principal. Where nobody knows of it, revoke its sessions and rotate its keys.',
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html'],
  controls: ['NIST 800-53 AC-6(9)', 'NIST 800-53 SI-4', 'PCI DSS 4.0 10.2.1.4'],
  falsePositives: ['An inventory tool whose role lacks a permission and that tries it for every resource.'],
  needs: [],
  parameters: (context) => ({
    ...windowParameters(context),
    before_threshold: context.configuration.thresholds.deniedCalls - 1,
    window_ms: context.configuration.thresholds.deniedCallWindow,
  }),
  findings(rows, context) {
    return rows
      .filter((row) => isOfAccount(row, context))
      .map((row) => {
        const principal = textOf(row, 'principal') ?? '';
        const calls = numberOf(row, 'calls');
        const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
        const names = listOf(row, 'names');
        return {
          resource: { arn: principal, type: 'principal' as const, name: principal.slice(principal.lastIndexOf('/') + 1), region: 'global' },
          severity: 'medium' as const,
          reason: `${principal} was denied ${calls} RDS calls, ${listed(names, 3)}, from ${listed(listOf(row, 'sources'), 3)}.`,
          evidence: { principal, calls, names, sources: listOf(row, 'sources'), regions: listOf(row, 'regions'), first, last },
          distinguishedBy: [],
          firstSeen: first,
          lastSeen: last,
          count: calls,
          remediation: null,
        };
      });
  },
} satisfies ActivityCheck;
