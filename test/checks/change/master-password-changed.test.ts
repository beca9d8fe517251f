import { masterPasswordChanged } from '../../../lib/checks/change/master-password-changed.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { cluster, fine, region, single } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { root, testChange } from './table.ts';

const change = (more: object, record: Call['record'] = {}): Call => ({
  name: 'ModifyDBCluster',
  request: { dBClusterIdentifier: 'orders', ...more },
  record,
});
const allow = (...masterPasswordChanges: string[]) => ({ allowed: { ...defaultConfiguration.allowed, masterPasswordChanges } });

testChange(masterPasswordChanged, [
  {
    name: 'a password, which CloudTrail hides',
    call: change({ masterUserPassword: '****', applyImmediately: true }),
    answers: fine,
    alert: {
      severity: 'medium',
      reason: 'A new password was set for the master user of orders. Sessions that are open go on.',
      resources: ['orders'],
      before: undefined,
      after: undefined,
      inEffect: true,
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --manage-master-user-password --apply-immediately`,
    },
  },
  {
    name: 'hidden in other words',
    call: change({ masterUserPassword: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
    answers: fine,
    alert: { severity: 'medium' },
  },
  {
    name: 'by an allowed role',
    call: change({ masterUserPassword: '****' }),
    answers: fine,
    configuration: allow('arn:aws:iam::*:role/dba-*'),
    alert: { severity: 'info' },
  },
  {
    name: 'by a session that is allowed itself',
    call: change({ masterUserPassword: '****' }),
    answers: fine,
    configuration: allow('arn:aws:sts::111122223333:assumed-role/dba-oncall/alice'),
    alert: { severity: 'info' },
  },
  {
    name: 'by another role',
    call: change({ masterUserPassword: '****' }),
    answers: fine,
    configuration: allow('arn:aws:iam::*:role/admin-*'),
    alert: { severity: 'medium' },
  },
  {
    name: 'by root, though everybody is allowed',
    call: change({ masterUserPassword: '****' }, { userIdentity: root }),
    answers: fine,
    configuration: allow('*'),
    alert: { severity: 'high' },
  },
  {
    name: 'by nobody that the record names',
    call: change({ masterUserPassword: '****' }, { userIdentity: {} }),
    answers: fine,
    alert: { severity: 'medium' },
  },
  {
    name: 'a managed password that is rotated',
    call: change({ rotateMasterUserPassword: true }),
    answers: fine,
    alert: { severity: 'medium', reason: /rotated/, command: null },
  },
  {
    name: 'handed over to Secrets Manager',
    call: change({ manageMasterUserPassword: true }),
    answers: fine,
    alert: { reason: /Secrets Manager was given/, command: null },
  },
  {
    name: 'an instance of its own',
    call: { name: 'ModifyDBInstance', request: { dBInstanceIdentifier: 'billing', masterUserPassword: '****' } },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: { resources: ['billing'] },
  },
  {
    name: 'from the event alone',
    call: change({ masterUserPassword: '****' }),
    alert: { severity: 'medium', reason: /Nothing tells the engine of orders/ },
  },
  { name: 'another modification', call: change({ backupRetentionPeriod: 3 }), answers: fine, alert: null },
  {
    name: 'a modification whose answer speaks of a pending password',
    call: { ...change({ deletionProtection: true }), response: { pendingModifiedValues: { masterUserPassword: '****' } } },
    answers: fine,
    alert: null,
  },
  {
    name: 'a failed call',
    call: change({ masterUserPassword: '****' }, { errorCode: 'InvalidParameterCombination' }),
    answers: fine,
    alert: null,
  },
  {
    name: 'requestParameters null',
    call: { name: 'ModifyDBCluster', request: null },
    answers: fine,
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
  {
    name: 'a MySQL cluster',
    call: change({ masterUserPassword: '****' }),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
]);
