import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { clusterNeeds } from '../needs.ts';

/** GuardDuty watches the logins of the region's clusters. */
export const guarddutyRdsProtection = {
  kind: 'posture',
  on: 'region',
  id: 'guardduty-rds-protection',
  title: 'Region with a cluster has GuardDuty on, with RDS Protection',
  severity: 'high',
  rationale:
    'GuardDuty learns how each database is logged in to and tells of guessing and of logins from strange places. It sees logins that no exported log shows; without it nobody does.',
  judged:
    "Reads the region's detector: it must be enabled, and its feature RDS_LOGIN_EVENTS too. A region without clusters in scope does not count.",
  fix: 'Make a detector with RDS_LOGIN_EVENTS, or turn the feature on; in an organization, its administrator does it for all accounts.',
  references: ['https://docs.aws.amazon.com/guardduty/latest/ug/rds-protection.html'],
  controls: ['AWS FSBP GuardDuty.1', 'AWS FSBP GuardDuty.9', 'NIST 800-53 SI-4', 'PCI DSS 4.0 11.5.1'],
  falsePositives: ['Another product watches the logins.'],
  needs: [...clusterNeeds, 'guardduty:ListDetectors', 'guardduty:GetDetector'],
  evaluate({ resource: { name }, clusters, detectors }) {
    if (!clusters.known) return cannotTell(clusters.cause);
    if (clusters.value === 0) return notApplicable(`${name} has no cluster.`);
    if (!detectors.known) return cannotTell(detectors.cause);
    const [detector] = detectors.value;
    if (!detector) return fail(`GuardDuty is off in ${name}.`, { detector: null });
    const { id, enabled, rdsLogins } = detector;
    if (!enabled.known) return cannotTell(enabled.cause);
    if (!enabled.value) return fail(`GuardDuty is suspended in ${name}.`, { detector: id, enabled: false });
    if (!rdsLogins.known) return cannotTell(rdsLogins.cause);
    if (rdsLogins.value) return pass(`GuardDuty watches RDS logins in ${name}.`);
    return fail(`GuardDuty is on in ${name}, but RDS Protection is off.`, { detector: id, enabled: true, rdsLogins: false });
  },
  remediation({ resource: { name }, detectors }) {
    if (!detectors.known) return null;
    const [detector] = detectors.value;
    const which = detector ? ['update-detector', '--detector-id', detector.id] : ['create-detector'];
    const features = JSON.stringify([{ Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' }]);
    return { command: shellCommand('aws', 'guardduty', ...which, '--region', name, '--enable', '--features', features), effect: 'at once' };
  },
} satisfies PostureCheck;
