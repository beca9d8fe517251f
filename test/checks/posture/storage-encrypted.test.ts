import { storageEncrypted } from '../../../lib/checks/posture/storage-encrypted.ts';
import { clusters, express, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

const key = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

testPosture(storageEncrypted, {
  passes: [
    { name: 'with a key that is named', says: `The storage of orders is encrypted with key ${key}.` },
    { name: 'by kind and flag', answers: clusters({ StorageEncryptionType: 'sse-kms' }) },
    {
      name: 'with a key of AWS, where the flag reads false',
      answers: clusters({ StorageEncrypted: false, StorageEncryptionType: 'sse-rds', KmsKeyId: undefined }),
      says: 'The storage of orders is encrypted with a key that AWS owns.',
    },
    {
      name: 'the answer names no key',
      answers: clusters({ KmsKeyId: undefined }),
      says: 'The storage of orders is encrypted with a key that is not named.',
    },
    { name: 'Limitless', answers: limitless() },
    { name: 'express', answers: express() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  fails: [
    {
      name: 'off',
      answers: clusters({ StorageEncrypted: false, KmsKeyId: undefined }),
      says: 'The storage of orders is not encrypted.',
      evidence: { encrypted: false },
      command:
        'aws rds create-db-cluster-snapshot --region eu-central-1 --db-cluster-identifier orders --db-cluster-snapshot-identifier orders-unencrypted\n' +
        'aws rds wait db-cluster-snapshot-available --region eu-central-1 --db-cluster-snapshot-identifier orders-unencrypted\n' +
        'aws rds restore-db-cluster-from-snapshot --region eu-central-1 --db-cluster-identifier orders-encrypted --snapshot-identifier orders-unencrypted --engine aurora-postgresql --kms-key-id alias/aws/rds',
      effect: 'after the clients moved to the new one',
    },
    { name: 'said to be none', answers: clusters({ StorageEncrypted: false, StorageEncryptionType: 'none' }) },
    {
      name: 'of a single instance: the copy of its snapshot is encrypted',
      answers: onlySingle({ StorageEncrypted: false }),
      command:
        'aws rds create-db-snapshot --region eu-central-1 --db-instance-identifier billing --db-snapshot-identifier billing-unencrypted\n' +
        'aws rds wait db-snapshot-available --region eu-central-1 --db-snapshot-identifier billing-unencrypted\n' +
        'aws rds copy-db-snapshot --region eu-central-1 --source-db-snapshot-identifier billing-unencrypted --target-db-snapshot-identifier billing-encrypted --kms-key-id alias/aws/rds\n' +
        'aws rds wait db-snapshot-available --region eu-central-1 --db-snapshot-identifier billing-encrypted\n' +
        'aws rds restore-db-instance-from-db-snapshot --region eu-central-1 --db-instance-identifier billing-encrypted --db-snapshot-identifier billing-encrypted',
    },
  ],
  unknown: [{ name: 'it is not told', answers: clusters({ StorageEncrypted: undefined }), says: /lacks StorageEncrypted/ }],
});
