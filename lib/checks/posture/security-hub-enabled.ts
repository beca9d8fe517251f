import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { clusterNeeds } from '../needs.ts';

/** Security Hub gathers the region's findings. */
export const securityHubEnabled = {
  kind: 'posture',
  on: 'region',
  id: 'security-hub-enabled',
  title: 'Region with a cluster has Security Hub on',
  severity: 'low',
  rationale:
    'Findings that nobody gathers are findings that nobody reads: GuardDuty, Config and this monitor each tell their own, and a pattern over several stays unseen.',
  judged:
    'Asks for the hub of the region. A region without clusters in scope does not count; an account that is not subscribed fails, a denied call is unknown.',
  fix: 'Turn on Security Hub in the region; in an organization, its administrator does it for all accounts.',
  references: ['https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-settingup.html'],
  controls: ['CIS AWS 3.0 4.16', 'NIST 800-53 CA-7', 'NIST 800-53 SI-4'],
  falsePositives: ['Findings are gathered by another product.'],
  needs: [...clusterNeeds, 'securityhub:DescribeHub'],
  evaluate({ resource: { name }, clusters, securityHub }) {
    if (!clusters.known) return cannotTell(clusters.cause);
    if (clusters.value === 0) return notApplicable(`${name} has no cluster.`);
    if (!securityHub.known) return cannotTell(securityHub.cause);
    return securityHub.value ? pass(`Security Hub is on in ${name}.`) : fail(`Security Hub is off in ${name}.`, { region: name });
  },
  remediation({ resource: { name } }) {
    return { command: shellCommand('aws', 'securityhub', 'enable-security-hub', '--region', name), effect: 'at once' };
  },
} satisfies PostureCheck;
