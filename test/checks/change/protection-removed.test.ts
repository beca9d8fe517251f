import { protectionRemoved } from '../../../lib/checks/change/protection-removed.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { cluster, fine, region, single } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { makingCalls, testChange } from './table.ts';

const change = (more: object, record: Call['record'] = {}): Call => ({
  name: 'ModifyDBCluster',
  request: { dBClusterIdentifier: 'orders', ...more },
  record,
});
const orders = (override: object) => ({ ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ ...override })] } });
const modify = `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders`;

testChange(protectionRemoved, [
  {
    name: 'deletion protection off',
    call: change({ deletionProtection: false }),
    answers: fine,
    alert: {
      severity: 'medium',
      reason: 'Deletion protection of orders was turned off: one call can delete it now.',
      before: { DeletionProtection: true },
      after: { DeletionProtection: false },
      inEffect: true,
      command: `${modify} --deletion-protection --apply-immediately`,
    },
  },
  { name: 'deletion protection on', call: change({ deletionProtection: true }), answers: fine, alert: null },
  {
    name: 'it was off before',
    call: change({ deletionProtection: false }),
    answers: orders({ DeletionProtection: false }),
    before: true,
    alert: null,
  },
  {
    name: 'backups of one day, at once',
    call: change({ backupRetentionPeriod: 1, applyImmediately: true }),
    answers: orders({ BackupRetentionPeriod: 14 }),
    alert: {
      severity: 'medium',
      reason: 'orders keeps backups of 1 day from now on, less than 7.',
      before: { BackupRetentionPeriod: 14 },
      after: { BackupRetentionPeriod: 1 },
      inEffect: true,
      command: `${modify} --backup-retention-period 14 --apply-immediately`,
    },
  },
  {
    name: 'backups of one day, later',
    call: change({ backupRetentionPeriod: 1 }),
    answers: fine,
    alert: { inEffect: false, reason: /next maintenance window/ },
  },
  {
    name: 'backups of one day, and the answer shows them already',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'billing', backupRetentionPeriod: 1, applyImmediately: false },
      response: { dBInstanceIdentifier: 'billing', engine: 'postgres', backupRetentionPeriod: 1, pendingModifiedValues: {} },
    },
    alert: {
      inEffect: true,
      resources: ['billing'],
      reason: 'billing keeps backups of 1 day from now on, less than 7.',
      command: `aws rds modify-db-instance --region ${region} --db-instance-identifier billing --backup-retention-period 7 --apply-immediately`,
    },
  },
  {
    name: 'backups of one day, pending in the answer',
    call: {
      name: 'ModifyDBCluster',
      request: { dBClusterIdentifier: 'orders', backupRetentionPeriod: 1 },
      response: { dBClusterIdentifier: 'orders', backupRetentionPeriod: 14, pendingModifiedValues: { backupRetentionPeriod: 1 } },
    },
    answers: fine,
    alert: { inEffect: false, reason: /The retention changes in the next maintenance window\./ },
  },
  {
    name: 'deletion protection of a single instance off',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'billing', deletionProtection: false },
      response: { engine: 'postgres' },
    },
    alert: { severity: 'medium', resources: ['billing'], inEffect: true, after: { DeletionProtection: false } },
  },
  {
    name: 'no backups',
    call: change({ backupRetentionPeriod: 0, applyImmediately: true }),
    answers: fine,
    alert: { reason: /no backups at all/ },
  },
  {
    name: 'a number that is text',
    call: change({ backupRetentionPeriod: '3', applyImmediately: true }),
    answers: fine,
    alert: { after: { BackupRetentionPeriod: 3 } },
  },
  {
    name: 'as many days as wanted',
    call: change({ backupRetentionPeriod: 7 }),
    answers: orders({ BackupRetentionPeriod: 14 }),
    alert: null,
  },
  {
    name: 'more days than before, if still few',
    call: change({ backupRetentionPeriod: 5 }),
    answers: orders({ BackupRetentionPeriod: 3 }),
    alert: null,
  },
  {
    name: 'another limit',
    call: change({ backupRetentionPeriod: 7 }),
    answers: orders({ BackupRetentionPeriod: 35 }),
    configuration: { thresholds: { ...defaultConfiguration.thresholds, backupDays: 30 } },
    alert: { after: { BackupRetentionPeriod: 7 } },
  },
  {
    name: 'both at once: one alert',
    call: change({ deletionProtection: false, backupRetentionPeriod: 1, applyImmediately: true }),
    answers: fine,
    alert: {
      after: { DeletionProtection: false, BackupRetentionPeriod: 1 },
      command: `${modify} --deletion-protection --backup-retention-period 7 --apply-immediately`,
    },
  },
  {
    name: 'made with few backups',
    call: { name: 'CreateDBCluster', request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql', backupRetentionPeriod: 1 } },
    alert: { reason: 'copy was made with backups of 1 day, less than 7.' },
  },
  {
    name: 'made without deletion protection',
    call: { name: 'CreateDBCluster', request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql', deletionProtection: false } },
    alert: null,
  },
  { name: 'a MySQL cluster', call: change({ deletionProtection: false }), answers: orders({ Engine: 'aurora-mysql' }), alert: null },
  { name: 'a failed call', call: change({ deletionProtection: false }, { errorCode: 'AccessDenied' }), answers: fine, alert: null },
  {
    name: 'requestParameters null',
    call: { name: 'ModifyDBCluster', request: null },
    answers: fine,
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);

testChange(protectionRemoved, [
  {
    name: 'a cluster is deleted, with a last snapshot',
    call: {
      name: 'DeleteDBCluster',
      request: { dBClusterIdentifier: 'orders', skipFinalSnapshot: false, finalDBSnapshotIdentifier: 'orders-last' },
    },
    answers: fine,
    alert: {
      severity: 'high',
      reason: 'orders was deleted, with orders-last as its last snapshot.',
      resources: ['orders'],
      inEffect: true,
      command: `aws rds restore-db-cluster-from-snapshot --region ${region} --db-cluster-identifier orders --snapshot-identifier orders-last --engine aurora-postgresql`,
    },
  },
  {
    name: 'a cluster is deleted for good',
    call: {
      name: 'DeleteDBCluster',
      request: { dBClusterIdentifier: 'orders', skipFinalSnapshot: true },
      response: { engine: 'aurora-postgresql' },
    },
    alert: { severity: 'high', reason: /without a last snapshot/, command: null },
  },
  {
    name: 'an instance is deleted with its backups',
    call: { name: 'DeleteDBInstance', request: { dBInstanceIdentifier: 'billing', skipFinalSnapshot: true, deleteAutomatedBackups: true } },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: { severity: 'high', reason: /automated backups were deleted too/ },
  },
  {
    name: 'a member is deleted',
    call: { name: 'DeleteDBInstance', request: { dBInstanceIdentifier: 'orders-2', skipFinalSnapshot: true } },
    answers: fine,
    alert: { severity: 'high', resources: ['orders'], reason: 'Member orders-2 of orders was deleted.' },
  },
  {
    name: 'automatic scaling takes a reader away',
    call: {
      name: 'DeleteDBInstance',
      request: { dBInstanceIdentifier: 'orders-2', skipFinalSnapshot: true },
      record: {
        userIdentity: {
          type: 'AssumedRole',
          arn: 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForApplicationAutoScaling_RDSCluster/x',
          invokedBy: 'rds.application-autoscaling.amazonaws.com',
        },
      },
    },
    answers: fine,
    alert: { severity: 'info' },
  },
  {
    name: 'a MySQL cluster is deleted',
    call: {
      name: 'DeleteDBCluster',
      request: { dBClusterIdentifier: 'shop', skipFinalSnapshot: true },
      response: { engine: 'aurora-mysql' },
    },
    alert: null,
  },
  {
    name: 'a denied deletion, as captured',
    call: { name: 'DeleteDBCluster', request: null, record: { errorCode: 'AccessDenied' } },
    alert: null,
  },
  {
    name: 'automated backups of an instance are deleted',
    call: {
      name: 'DeleteDBInstanceAutomatedBackup',
      request: { dbiResourceId: 'db-ABC' },
      response: { dBInstanceIdentifier: 'billing', engine: 'postgres', dbiResourceId: 'db-ABC' },
    },
    alert: { severity: 'high', resources: ['billing'] },
  },
  {
    name: 'automated backups of a cluster are deleted',
    call: { name: 'DeleteDBClusterAutomatedBackup', request: { dbClusterResourceId: 'cluster-ABC' } },
    alert: { severity: 'high', resources: ['cluster-ABC'] },
  },
  {
    name: 'automated backups of MySQL are deleted',
    call: { name: 'DeleteDBInstanceAutomatedBackup', request: { dbiResourceId: 'db-ABC' }, response: { engine: 'mysql' } },
    alert: null,
  },
]);

testChange(
  protectionRemoved,
  makingCalls({ backupRetentionPeriod: 1 }, {}).map((call) => ({
    name: `made by ${call.name}`,
    call,
    alert: { severity: 'medium', resources: ['copy'], inEffect: true, reason: 'copy was made with backups of 1 day, less than 7.' },
  })),
);
