import { snapshotCopiedAway } from '../../../lib/checks/change/snapshot-copied-away.ts';
import { fine, region } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const own = `arn:aws:kms:${region}:111122223333:key/11111111-2222-3333-4444-555555555555`;
const other = `arn:aws:kms:${region}:111122223333:key/99999999-2222-3333-4444-555555555555`;
const copy = (source: string, more: object = {}): Call => ({
  name: 'CopyDBClusterSnapshot',
  request: { sourceDBClusterSnapshotIdentifier: source, targetDBClusterSnapshotIdentifier: 'copy-1', ...more },
});
const known = (Engine = 'aurora-postgresql') => ({
  ...fine,
  'rds describe-db-cluster-snapshots': { DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'orders-1', Engine, KmsKeyId: own }] },
});

testChange(snapshotCopiedAway, [
  {
    name: 'from another region',
    call: copy('arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:orders-1'),
    alert: {
      severity: 'medium',
      reason: `Snapshot orders-1 was copied from eu-west-1 to ${region}, as copy-1. Nothing tells its engine: it is judged as PostgreSQL.`,
      resources: ['copy-1', 'orders-1'],
      before: { region: 'eu-west-1' },
      after: { region },
      inEffect: true,
      command: `aws rds delete-db-cluster-snapshot --region ${region} --db-cluster-snapshot-identifier copy-1`,
    },
  },
  {
    name: 'under another key',
    call: copy('orders-1', { kmsKeyId: 'alias/mine' }),
    answers: known(),
    alert: {
      before: { region, KmsKeyId: own },
      after: { region, KmsKeyId: 'alias/mine' },
      reason: /copied under the key alias\/mine, as copy-1\.$/,
    },
  },
  {
    name: 'under a key, and the key of the source is not known',
    call: copy('orders-1', { kmsKeyId: 'key-9' }),
    alert: { reason: /Whether the source has the same key is not known/ },
  },
  { name: 'under the same key, by its ARN', call: copy('orders-1', { kmsKeyId: own }), answers: known(), alert: null },
  {
    name: 'under the same key, by its id',
    call: copy('orders-1', { kmsKeyId: '11111111-2222-3333-4444-555555555555' }),
    answers: known(),
    alert: null,
  },
  {
    name: 'under the same key, by an alias that the answer resolves',
    call: { ...copy('orders-1', { kmsKeyId: 'alias/orders' }), response: { engine: 'aurora-postgresql', kmsKeyId: own } },
    answers: known(),
    alert: null,
  },
  {
    name: 'under another key, by an alias that the answer resolves',
    call: { ...copy('orders-1', { kmsKeyId: 'alias/mine' }), response: { engine: 'aurora-postgresql', kmsKeyId: other } },
    answers: known(),
    alert: { after: { region, KmsKeyId: other }, before: { region, KmsKeyId: own } },
  },
  {
    name: 'a source that is not encrypted',
    call: copy('orders-1', { kmsKeyId: own }),
    answers: {
      ...fine,
      'rds describe-db-cluster-snapshots': {
        DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'orders-1', Engine: 'aurora-postgresql', StorageEncrypted: false }],
      },
    },
    alert: { severity: 'medium', reason: `Snapshot orders-1 was copied under the key ${own}, as copy-1. The source is not encrypted.` },
  },
  { name: 'here, with the same key', call: copy('orders-1'), answers: known(), alert: null },
  { name: 'here, by ARN', call: copy(`arn:aws:rds:${region}:111122223333:cluster-snapshot:orders-1`), answers: known(), alert: null },
  {
    name: 'a snapshot of an instance',
    call: {
      name: 'CopyDBSnapshot',
      request: { sourceDBSnapshotIdentifier: 'arn:aws:rds:eu-west-1:111122223333:snapshot:billing-1', targetDBSnapshotIdentifier: 'b' },
      response: { engine: 'postgres' },
    },
    alert: {
      resources: ['b', 'billing-1'],
      reason: /to eu-central-1, as b\.$/,
      command: `aws rds delete-db-snapshot --region ${region} --db-snapshot-identifier b`,
    },
  },
  {
    name: 'by AWS Backup',
    call: {
      ...copy('arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:orders-1'),
      record: { userAgent: 'backup.amazonaws.com', sourceIPAddress: 'backup.amazonaws.com' },
    },
    alert: { severity: 'medium' },
  },
  { name: 'a snapshot of MySQL', call: copy('orders-1', { kmsKeyId: 'key-9' }), answers: known('aurora-mysql'), alert: null },
  {
    name: 'a snapshot of MySQL, in the words of the answer',
    call: { ...copy('arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:x'), response: { engine: 'aurora-mysql' } },
    alert: null,
  },
  {
    name: 'a failed call',
    call: { ...copy('arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:x'), record: { errorCode: 'KMSKeyNotAccessibleFault' } },
    alert: null,
  },
  {
    name: 'requestParameters null',
    call: { name: 'CopyDBClusterSnapshot', request: null },
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);
