import { backupRetention } from '../../../lib/checks/posture/backup-retention.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { clusters, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

const least = (backupDays: number) => ({ thresholds: { ...defaultConfiguration.thresholds, backupDays } });
const kept = (BackupRetentionPeriod: unknown, pending?: number) =>
  clusters({ BackupRetentionPeriod, PendingModifiedValues: pending === undefined ? {} : { BackupRetentionPeriod: pending } });

testPosture(backupRetention, {
  passes: [
    { name: 'exactly the days wanted', says: 'orders keeps backups for 7 days.', inEffect: true },
    { name: 'more', answers: kept(35) },
    { name: 'a number that came as text', answers: kept('14') },
    {
      name: 'fewer, but the configuration wants fewer',
      answers: kept(1),
      configuration: least(1),
      says: 'orders keeps backups for 1 day.',
    },
    { name: 'a shorter one waits that is still long enough', answers: kept(35, 7) },
    { name: 'Limitless', answers: limitless() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  fails: [
    {
      name: 'fewer',
      answers: kept(6),
      says: 'orders keeps backups for 6 days, not the 7 that are wanted.',
      inEffect: undefined,
      evidence: { days: 6, pending: null, least: 7 },
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --backup-retention-period 7 --apply-immediately',
    },
    {
      name: 'none at all on a single instance',
      answers: onlySingle({ BackupRetentionPeriod: 0 }),
      says: 'billing keeps no backups.',
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --backup-retention-period 7 --apply-immediately',
    },
    {
      name: 'the configuration wants more',
      answers: kept(7),
      configuration: least(30),
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --backup-retention-period 30 --apply-immediately',
    },
    {
      name: 'enough, but a change below it waits',
      answers: kept(7, 1),
      says: 'orders keeps backups for 7 days, but a change to 1 day waits for the maintenance window.',
      inEffect: false,
    },
    {
      name: 'too few; the change that mends it waits',
      answers: kept(1, 7),
      says: 'orders keeps backups for 1 day, not the 7 that are wanted; the change to 7 days waits for the maintenance window.',
      inEffect: false,
    },
    { name: 'too few, and the change that waits is too few as well', answers: kept(1, 3), inEffect: undefined },
  ],
  unknown: [{ name: 'it is not told', answers: kept(undefined), says: /lacks BackupRetentionPeriod/ }],
});
