import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { modify } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { counted } from '../sentences.ts';

/** Backups reach back far enough. */
export const backupRetention = {
  kind: 'posture',
  on: 'cluster',
  id: 'backup-retention',
  title: 'Cluster keeps its automated backups long enough',
  severity: 'medium',
  rationale:
    'Damage is often found days later. When the backups reach back less far than that, there is no good state left to restore, after a mistake as after an extortion.',
  judged:
    'Reads BackupRetentionPeriod, which must be at least thresholds.backupDays (default 7), and PendingModifiedValues for a change that waits for the maintenance window.',
  fix: 'Raise the retention of automated backups.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html'],
  controls: ['AWS FSBP RDS.11', 'PCI DSS 4.0 10.5.1', 'NIST 800-53 CP-9', 'NIST 800-53 CP-10'],
  falsePositives: ['A read replica, which is backed up by its source.', 'A cluster that AWS Backup keeps copies of for longer.'],
  needs: clusterNeeds,
  evaluate({ resource: { name }, backupDays }, { configuration }) {
    if (!backupDays.known) return cannotTell(backupDays.cause);
    const { value: days, pending } = backupDays.value;
    const least = configuration.thresholds.backupDays;
    const evidence = { days, pending, least };
    if (days >= least && pending !== null && pending < least) {
      return fail(
        `${name} keeps backups for ${counted(days, 'day')}, but a change to ${counted(pending, 'day')} waits for the maintenance window.`,
        evidence,
        { inEffect: false },
      );
    }
    if (days >= least) return pass(`${name} keeps backups for ${counted(days, 'day')}.`, true);
    const reason = `${name} ${days === 0 ? 'keeps no backups' : `keeps backups for ${counted(days, 'day')}, not the ${least} that are wanted`}`;
    if (pending !== null && pending >= least) {
      return fail(`${reason}; the change to ${counted(pending, 'day')} waits for the maintenance window.`, evidence, { inEffect: false });
    }
    return fail(`${reason}.`, evidence);
  },
  remediation(subject, { configuration }) {
    return modify(subject, ['--backup-retention-period', String(configuration.thresholds.backupDays)]);
  },
} satisfies PostureCheck;
