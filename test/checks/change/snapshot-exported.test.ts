import { snapshotExported } from '../../../lib/checks/change/snapshot-exported.ts';
import { cluster, fine, region } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const arn = (rest: string): string => `arn:aws:rds:${region}:111122223333:${rest}`;
const start = (sourceArn: string, more: object = {}): Call => ({
  name: 'StartExportTask',
  request: {
    exportTaskIdentifier: 'task-1',
    sourceArn,
    s3BucketName: 'elsewhere',
    iamRoleArn: 'arn:aws:iam::111122223333:role/export',
    kmsKeyId: 'key-1',
    ...more,
  },
});

testChange(snapshotExported, [
  {
    name: 'a snapshot of a cluster',
    call: start(arn('cluster-snapshot:orders-1')),
    answers: {
      ...fine,
      'rds describe-db-cluster-snapshots': {
        DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'orders-1', Engine: 'aurora-postgresql' }],
      },
    },
    alert: {
      severity: 'medium',
      reason: 'All of orders-1 is being exported to the bucket elsewhere.',
      resources: ['orders-1'],
      after: { S3Bucket: 'elsewhere', KmsKeyId: 'key-1' },
      inEffect: true,
      command: `aws rds cancel-export-task --region ${region} --export-task-identifier task-1`,
    },
  },
  { name: 'a cluster', call: start(arn('cluster:orders')), answers: fine, alert: { resources: ['orders'] } },
  {
    name: 'part of it',
    call: start(arn('cluster:orders'), { exportOnly: ['shop.public.customers'] }),
    answers: fine,
    alert: { reason: /^Part of orders \(1 of its databases, schemas or tables\)/ },
  },
  {
    name: 'a snapshot of which nothing tells the engine',
    call: start(arn('snapshot:old')),
    alert: { resources: ['old'], reason: /Nothing tells its engine/ },
  },
  {
    name: 'a MySQL cluster',
    call: start(arn('cluster:orders')),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  {
    name: 'a denied call, as captured',
    call: {
      name: 'StartExportTask',
      request: null,
      record: { errorCode: 'AccessDenied', errorMessage: 'Cross-account pass role is not allowed.' },
    },
    alert: null,
  },
  {
    name: 'requestParameters null',
    call: { name: 'StartExportTask', request: null },
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);
