import { iamAuthenticationDisabled } from '../../../lib/checks/change/iam-authentication-disabled.ts';
import { cluster, fine, region, single } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { makingCalls, testChange } from './table.ts';

const turnOff = (more: object = {}, response: unknown = null): Call => ({
  name: 'ModifyDBCluster',
  request: { dBClusterIdentifier: 'orders', enableIAMDatabaseAuthentication: false, applyImmediately: true, ...more },
  response,
});
const withOff = { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ IAMDatabaseAuthenticationEnabled: false })] } };

testChange(iamAuthenticationDisabled, [
  {
    name: 'off at once',
    call: turnOff(),
    answers: fine,
    alert: {
      severity: 'high',
      reason: 'IAM database authentication of orders was turned off.',
      resources: ['orders'],
      before: { IAMDatabaseAuthenticationEnabled: true },
      after: { IAMDatabaseAuthenticationEnabled: false },
      inEffect: true,
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --enable-iam-database-authentication --apply-immediately`,
      effect: 'at once',
    },
  },
  {
    name: 'in the next maintenance window',
    call: turnOff({ applyImmediately: false }),
    answers: fine,
    alert: { inEffect: false, reason: /next maintenance window/ },
  },
  {
    name: 'the caller said nothing about when',
    call: { name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders', enableIAMDatabaseAuthentication: false } },
    answers: fine,
    alert: { inEffect: false },
  },
  {
    name: 'the answer says that it is pending',
    call: turnOff(
      { applyImmediately: false },
      { iAMDatabaseAuthenticationEnabled: true, pendingModifiedValues: { iAMDatabaseAuthenticationEnabled: false } },
    ),
    answers: fine,
    alert: { inEffect: false },
  },
  {
    name: 'at once, and the answer lists it as pending until it is done',
    call: turnOff({}, { iAMDatabaseAuthenticationEnabled: true, pendingModifiedValues: { iAMDatabaseAuthenticationEnabled: false } }),
    answers: fine,
    alert: { inEffect: true, reason: 'IAM database authentication of orders was turned off.' },
  },
  {
    name: 'not asked for at once, and the answer shows it done',
    call: turnOff({ applyImmediately: false }, { iAMDatabaseAuthenticationEnabled: false, pendingModifiedValues: {} }),
    answers: fine,
    alert: { inEffect: true },
  },
  {
    name: 'a flag that is text',
    call: turnOff({ enableIAMDatabaseAuthentication: 'false', applyImmediately: 'true' }),
    answers: fine,
    alert: { inEffect: true },
  },
  {
    name: 'from the event alone',
    call: turnOff(),
    alert: { before: undefined, reason: /Nothing tells the engine of orders: it is judged as PostgreSQL\.$/ },
  },
  { name: 'on', call: turnOff({ enableIAMDatabaseAuthentication: true }), answers: withOff, alert: null },
  {
    name: 'not spoken of',
    call: { name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders' }, response: { iAMDatabaseAuthenticationEnabled: false } },
    answers: withOff,
    alert: null,
  },
  { name: 'it was off before', call: turnOff(), answers: withOff, before: true, alert: null },
  { name: 'the evidence shows it off afterwards', call: turnOff(), answers: withOff, alert: { before: undefined } },
  { name: 'a failed call', call: { ...turnOff(), record: { errorCode: 'DBClusterNotFoundFault' } }, answers: fine, alert: null },
  {
    name: 'requestParameters null',
    call: { name: 'ModifyDBCluster', request: null },
    answers: fine,
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
  {
    name: 'a MySQL cluster that the evidence knows',
    call: turnOff(),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  {
    name: 'a MySQL cluster that the answer names',
    call: turnOff({}, { dBClusterIdentifier: 'orders', engine: 'aurora-mysql' }),
    alert: null,
  },
  { name: 'a DocumentDB cluster', call: turnOff({}, { engine: 'docdb' }), alert: null },
  {
    name: 'a single instance',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'billing', enableIAMDatabaseAuthentication: false, applyImmediately: true },
    },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: {
      resources: ['billing'],
      before: { IAMDatabaseAuthenticationEnabled: true },
      command: `aws rds modify-db-instance --region ${region} --db-instance-identifier billing --enable-iam-database-authentication --apply-immediately`,
    },
  },
  {
    name: 'made without it',
    call: { name: 'CreateDBCluster', request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql' } },
    alert: { reason: 'copy was made without IAM database authentication.', inEffect: true },
  },
  {
    name: 'made with it',
    call: {
      name: 'CreateDBCluster',
      request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql', enableIAMDatabaseAuthentication: true },
    },
    alert: null,
  },
  {
    name: 'restored, and the answer says it is on',
    call: {
      name: 'RestoreDBClusterFromSnapshot',
      request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql' },
      response: { iAMDatabaseAuthenticationEnabled: true },
    },
    alert: null,
  },
  {
    name: 'restored, and the answer says it is off',
    call: {
      name: 'RestoreDBClusterFromSnapshot',
      request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql' },
      response: { iAMDatabaseAuthenticationEnabled: false },
    },
    alert: { resources: ['copy'] },
  },
  {
    name: 'Serverless v1 has none',
    call: { name: 'CreateDBCluster', request: { dBClusterIdentifier: 'copy', engine: 'aurora-postgresql', engineMode: 'serverless' } },
    alert: null,
  },
  {
    name: 'a new member of a cluster',
    call: {
      name: 'CreateDBInstance',
      request: { dBInstanceIdentifier: 'orders-3', dBClusterIdentifier: 'orders', engine: 'aurora-postgresql' },
    },
    answers: fine,
    alert: null,
  },
  {
    name: 'a new MySQL instance',
    call: { name: 'CreateDBInstance', request: { dBInstanceIdentifier: 'copy', engine: 'mysql' } },
    alert: null,
  },
]);

testChange(
  iamAuthenticationDisabled,
  makingCalls({}, { iAMDatabaseAuthenticationEnabled: false }).map((call) => ({
    name: `made by ${call.name}`,
    call,
    alert: { severity: 'high', resources: ['copy'], inEffect: true, reason: 'copy was made without IAM database authentication.' },
  })),
);
