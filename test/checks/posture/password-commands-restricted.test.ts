import { passwordCommandsRestricted } from '../../../lib/checks/posture/password-commands-restricted.ts';
import { denied, Refused, strict } from '../../evidence/answers.ts';
import { clusters, group, limitless, multiAz, onlySingle, readerWaits } from './given.ts';
import { testPosture } from './table.ts';

const reboots =
  'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-1\n' +
  'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2';

testPosture(passwordCommandsRestricted, {
  passes: [
    {
      name: 'on and in sync',
      says: 'rds.restrict_password_commands is 1 in group orders-pg16, in effect on all 2 members.',
      inEffect: true,
      command: null,
    },
    { name: 'version 10.6 is the first', answers: clusters({ EngineVersion: '10.6' }) },
    { name: 'version 10 with a minor of two digits', answers: clusters({ EngineVersion: '10.11' }) },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz(strict) },
  ],
  fails: [
    {
      name: 'no value: its default is off',
      answers: group({ ...strict, 'rds.restrict_password_commands': null }),
      says: 'rds.restrict_password_commands is 0 by default in group orders-pg16, so orders may let users set passwords without being in rds_password.',
      command: `aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=rds.restrict_password_commands,ParameterValue=1,ApplyMethod=pending-reboot\n${reboots}`,
      effect: 'after a reboot',
    },
    { name: '0', answers: group({ ...strict, 'rds.restrict_password_commands': '0' }) },
    {
      name: 'a reader was not rebooted since: the parameter is static',
      answers: readerWaits,
      says: /reader orders-2 is pending-reboot/,
      inEffect: false,
    },
  ],
  notApplicable: [
    {
      name: 'before 10.6',
      answers: clusters({ EngineVersion: '10.5' }),
      says: 'orders runs 10.5: rds.restrict_password_commands came with 10.6.',
    },
    { name: '9.6', answers: clusters({ EngineVersion: '9.6.24' }) },
  ],
  unknown: [
    { name: 'denied', answers: { 'rds describe-db-cluster-parameters orders-pg16': denied }, says: /^access denied/ },
    {
      name: 'throttled',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': new Refused('throttled', 'Rate exceeded') },
      says: /^throttled/,
    },
    {
      name: 'nothing tells the version',
      answers: { ...clusters({ EngineVersion: undefined }), 'rds describe-db-cluster-parameter-groups': denied },
      says: 'The version of orders is not known.',
    },
    {
      name: 'only the major version 10 is known',
      answers: clusters({ EngineVersion: '10' }),
      says: 'The minor version of orders is not known.',
    },
    { name: 'Limitless', answers: limitless(), says: /Limitless/ },
  ],
});
