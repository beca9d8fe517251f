import { passwordRestrictionRemoved } from '../../../lib/checks/change/password-restriction-removed.ts';
import { cluster, fine, parameters, region, single, strict } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const set = (value: string): Call => ({
  name: 'ModifyDBClusterParameterGroup',
  request: {
    dBClusterParameterGroupName: 'orders-pg16',
    parameters: [{ parameterName: 'rds.restrict_password_commands', parameterValue: value, applyMethod: 'pending-reboot' }],
  },
});
const reset: Call = {
  name: 'ResetDBClusterParameterGroup',
  request: {
    dBClusterParameterGroupName: 'orders-pg16',
    parameters: [{ parameterName: 'rds.restrict_password_commands', applyMethod: 'pending-reboot' }],
  },
};
const without = {
  ...fine,
  'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, 'rds.restrict_password_commands': '0' }),
};
const associated: Call = { name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders', dBClusterParameterGroupName: 'weak' } };
const weak = { 'rds describe-db-cluster-parameters weak': parameters({ 'rds.restrict_password_commands': null }) };

testChange(passwordRestrictionRemoved, [
  {
    name: 'set to 0',
    call: set('0'),
    answers: fine,
    alert: {
      severity: 'medium',
      reason:
        'rds.restrict_password_commands was set to 0 (1 before) in group orders-pg16. orders may let users set passwords without being in rds_password. It takes effect at the next reboot.',
      before: { 'rds.restrict_password_commands': '1' },
      after: { 'rds.restrict_password_commands': '0' },
      inEffect: false,
      command: [
        `aws rds modify-db-cluster-parameter-group --region ${region} --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=rds.restrict_password_commands,ParameterValue=1,ApplyMethod=pending-reboot`,
        `aws rds reboot-db-instance --region ${region} --db-instance-identifier orders-1`,
        `aws rds reboot-db-instance --region ${region} --db-instance-identifier orders-2`,
      ].join('\n'),
      effect: 'after a reboot',
    },
  },
  {
    name: 'it is static, whatever the caller asked for',
    call: {
      ...set('0'),
      request: {
        dBClusterParameterGroupName: 'orders-pg16',
        parameters: [{ parameterName: 'rds.restrict_password_commands', parameterValue: 'off', applyMethod: 'immediate' }],
      },
    },
    answers: fine,
    alert: { inEffect: false },
  },
  { name: 'set to 1', call: set('1'), answers: without, alert: null },
  { name: 'it was 0 before', call: set('0'), answers: without, before: true, alert: null },
  { name: 'reset: the default is 0', call: reset, alert: { severity: 'medium', after: { 'rds.restrict_password_commands': '0' } } },
  {
    name: 'all parameters reset',
    call: { name: 'ResetDBClusterParameterGroup', request: { dBClusterParameterGroupName: 'orders-pg16', resetAllParameters: true } },
    answers: fine,
    alert: { before: { 'rds.restrict_password_commands': '1' } },
  },
  {
    name: 'another parameter reset',
    call: {
      name: 'ResetDBClusterParameterGroup',
      request: { dBClusterParameterGroupName: 'orders-pg16', parameters: [{ parameterName: 'work_mem' }] },
    },
    answers: fine,
    alert: null,
  },
  {
    name: 'the group of a single instance: set to 0',
    call: {
      name: 'ModifyDBParameterGroup',
      request: {
        dBParameterGroupName: 'billing-pg16',
        parameters: [{ parameterName: 'rds.restrict_password_commands', parameterValue: '0', applyMethod: 'pending-reboot' }],
      },
    },
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: { severity: 'medium', resources: ['billing'], inEffect: false, reason: /^rds\.restrict_password_commands was set to 0/ },
  },
  {
    name: 'the group of a single instance: reset',
    call: { name: 'ResetDBParameterGroup', request: { dBParameterGroupName: 'billing-pg16', resetAllParameters: true } },
    answers: {
      ...fine,
      'rds describe-db-instances': { DBInstances: [single()] },
      'rds describe-db-parameters billing-pg16': parameters({ 'rds.restrict_password_commands': '1' }),
    },
    alert: {
      severity: 'medium',
      resources: ['billing'],
      before: { 'rds.restrict_password_commands': '1' },
      after: { 'rds.restrict_password_commands': '0' },
    },
  },
  {
    name: 'a single instance is given a group without it',
    call: { name: 'ModifyDBInstance', request: { dBInstanceIdentifier: 'billing', dBParameterGroupName: 'weak' } },
    answers: {
      ...fine,
      'rds describe-db-instances': { DBInstances: [single()] },
      'rds describe-db-parameters billing-pg16': parameters({ 'rds.restrict_password_commands': '1' }),
      'rds describe-db-parameters weak': parameters({ 'rds.restrict_password_commands': null }),
    },
    alert: {
      severity: 'medium',
      resources: ['billing'],
      inEffect: false,
      before: { DBParameterGroup: 'billing-pg16', 'rds.restrict_password_commands': '1' },
    },
  },
  { name: 'a failed call', call: { ...set('0'), record: { errorCode: 'InvalidDBParameterGroupState' } }, answers: fine, alert: null },
  {
    name: 'a group of MySQL',
    call: set('0'),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  {
    name: 'another group without it, where the one before had it',
    call: associated,
    answers: { ...fine, ...weak },
    alert: {
      severity: 'medium',
      inEffect: false,
      before: { DBClusterParameterGroup: 'orders-pg16', 'rds.restrict_password_commands': '1' },
    },
  },
  {
    name: 'another group without it, where the one before is not known',
    call: associated,
    answers: { ...fine, ...weak, 'rds describe-db-cluster-parameters orders-pg16': undefined },
    alert: null,
  },
  {
    name: 'another group without it, where the one before had none either',
    call: associated,
    answers: { ...without, ...weak },
    alert: null,
  },
]);
