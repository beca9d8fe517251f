import { snapshotsEncrypted } from '../../../lib/checks/posture/snapshots-encrypted.ts';
import { clusterSnapshot, instanceSnapshot, snapshots } from './given.ts';
import { testPosture } from './table.ts';

testPosture(snapshotsEncrypted, {
  passes: [
    {
      name: 'of a cluster',
      answers: snapshots([clusterSnapshot()]),
      says: 'Snapshot before-migration is encrypted with key alias/orders.',
    },
    {
      name: 'of an instance',
      answers: snapshots([], [instanceSnapshot()]),
      says: 'Snapshot billing-monthly is encrypted with key alias/billing.',
    },
    {
      name: 'with a key of AWS, where the flag reads false',
      answers: snapshots([clusterSnapshot({ StorageEncrypted: false, StorageEncryptionType: 'sse-rds', KmsKeyId: undefined })]),
      says: /with a key that AWS owns/,
    },
  ],
  fails: [
    {
      name: 'of a cluster: a copy would not be encrypted',
      answers: snapshots([clusterSnapshot({ StorageEncrypted: false, KmsKeyId: undefined })]),
      says: 'Snapshot before-migration is not encrypted.',
      evidence: { encrypted: false, snapshotOf: 'orders' },
      command:
        'aws rds restore-db-cluster-from-snapshot --region eu-central-1 --db-cluster-identifier before-migration-encrypted --snapshot-identifier before-migration --engine aurora-postgresql --kms-key-id alias/aws/rds\n' +
        'aws rds wait db-cluster-available --region eu-central-1 --db-cluster-identifier before-migration-encrypted\n' +
        'aws rds create-db-cluster-snapshot --region eu-central-1 --db-cluster-identifier before-migration-encrypted --db-cluster-snapshot-identifier before-migration-encrypted\n' +
        'aws rds wait db-cluster-snapshot-available --region eu-central-1 --db-cluster-snapshot-identifier before-migration-encrypted\n' +
        'aws rds delete-db-cluster --region eu-central-1 --db-cluster-identifier before-migration-encrypted --skip-final-snapshot\n' +
        'aws rds delete-db-cluster-snapshot --region eu-central-1 --db-cluster-snapshot-identifier before-migration',
    },
    {
      name: 'of an instance',
      answers: snapshots([], [instanceSnapshot({ Encrypted: false })]),
      command:
        'aws rds copy-db-snapshot --region eu-central-1 --source-db-snapshot-identifier billing-monthly --target-db-snapshot-identifier billing-monthly-encrypted --kms-key-id alias/aws/rds\n' +
        'aws rds wait db-snapshot-available --region eu-central-1 --db-snapshot-identifier billing-monthly-encrypted\n' +
        'aws rds delete-db-snapshot --region eu-central-1 --db-snapshot-identifier billing-monthly',
    },
  ],
  unknown: [
    { name: 'it is not told', answers: snapshots([clusterSnapshot({ StorageEncrypted: undefined })]), says: /lacks StorageEncrypted/ },
  ],
});
