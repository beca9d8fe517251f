import { roleAttachedToCluster } from '../../../lib/checks/change/role-attached-to-cluster.ts';
import { cluster, fine, region } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const role = 'arn:aws:iam::111122223333:role/exporter';
const attach = (more: object = {}): Call => ({
  name: 'AddRoleToDBCluster',
  request: { dBClusterIdentifier: 'orders', roleArn: role, featureName: 's3Export', ...more },
});

testChange(roleAttachedToCluster, [
  {
    name: 'a role for exports',
    call: attach(),
    answers: fine,
    alert: {
      severity: 'medium',
      reason: `orders may now act as ${role} for s3Export.`,
      resources: ['orders'],
      after: { role, feature: 's3Export' },
      inEffect: true,
      command: `aws rds remove-role-from-db-cluster --region ${region} --db-cluster-identifier orders --role-arn ${role} --feature-name s3Export`,
    },
  },
  {
    name: 'without a feature',
    call: { name: 'AddRoleToDBCluster', request: { dBClusterIdentifier: 'orders', roleArn: role } },
    answers: fine,
    alert: { after: { role } },
  },
  {
    name: 'an instance',
    call: { name: 'AddRoleToDBInstance', request: { dBInstanceIdentifier: 'billing', roleArn: role, featureName: 'Lambda' } },
    alert: {
      resources: ['billing'],
      command: `aws rds remove-role-from-db-instance --region ${region} --db-instance-identifier billing --role-arn ${role} --feature-name Lambda`,
    },
  },
  {
    name: 'a MySQL cluster',
    call: attach(),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  {
    name: 'a Neptune cluster',
    call: attach(),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'neptune' })] } },
    alert: null,
  },
  { name: 'a failed call', call: { ...attach(), record: { errorCode: 'AccessDenied' } }, answers: fine, alert: null },
  {
    name: 'requestParameters null',
    call: { name: 'AddRoleToDBCluster', request: null },
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);
