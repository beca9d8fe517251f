import { rootUsed } from '../../../lib/checks/change/root-used.ts';
import { cluster, fine } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { root, testChange } from './table.ts';

const byRoot = (name: string, source: string, request: unknown = {}, record: object = {}): Call => ({
  source,
  name,
  request,
  record: { userIdentity: root, ...record },
});

testChange(rootUsed, [
  {
    name: 'a change of RDS',
    call: byRoot('ModifyDBCluster', 'rds.amazonaws.com', { dBClusterIdentifier: 'orders' }),
    answers: fine,
    alert: {
      severity: 'high',
      resources: ['111122223333', 'orders'],
      reason: 'The root user called rds:ModifyDBCluster on orders.',
      inEffect: null,
      command: null,
    },
  },
  {
    name: 'a change of IAM',
    call: byRoot('CreateUser', 'iam.amazonaws.com', { userName: 'x' }),
    alert: { severity: 'high', resources: ['111122223333'], reason: 'The root user called iam:CreateUser.' },
  },
  {
    name: 'a change of EC2 that no other check names',
    call: byRoot('CreateVpcPeeringConnection', 'ec2.amazonaws.com'),
    alert: { severity: 'high' },
  },
  { name: 'requestParameters null', call: byRoot('DeleteAccountPasswordPolicy', 'iam.amazonaws.com', null), alert: { severity: 'high' } },
  { name: 'a look', call: byRoot('DescribeDBClusters', 'rds.amazonaws.com', {}, { readOnly: true }), alert: null },
  {
    name: 'a look that the record does not call one',
    call: byRoot('DescribeDBClusters', 'rds.amazonaws.com', {}, { readOnly: null }),
    alert: null,
  },
  { name: 'a failed call', call: byRoot('CreateUser', 'iam.amazonaws.com', {}, { errorCode: 'EntityAlreadyExists' }), alert: null },
  {
    name: 'a service on behalf of root',
    call: byRoot('CreateNetworkInterface', 'ec2.amazonaws.com', {}, { userIdentity: { ...root, invokedBy: 'rds.amazonaws.com' } }),
    alert: null,
  },
  { name: 'another service', call: byRoot('PutObject', 's3.amazonaws.com'), alert: null },
  { name: 'somebody else', call: { source: 'iam.amazonaws.com', name: 'CreateUser', request: {} }, alert: null },
  {
    name: 'a MySQL cluster',
    call: byRoot('ModifyDBCluster', 'rds.amazonaws.com', { dBClusterIdentifier: 'orders' }),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
]);
