import { scramPasswordsOnly } from '../../../lib/checks/posture/scram-passwords-only.ts';
import { denied, strict } from '../../evidence/answers.ts';
import { clusters, group, limitless, multiAz, onlySingle, readerWaits, serverlessV1 } from './given.ts';
import { testPosture } from './table.ts';

const ofVersion14 = clusters({ EngineVersion: '14.9' });

testPosture(scramPasswordsOnly, {
  passes: [
    { name: 'both strict and in sync', says: /^password_encryption is scram-sha-256 by default/, inEffect: true, command: null },
    { name: 'password_encryption without a value on 14', answers: { ...ofVersion14, ...group({ ...strict, password_encryption: null }) } },
    { name: '14.3 is the first', answers: clusters({ EngineVersion: '14.3' }) },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz(strict) },
  ],
  fails: [
    {
      name: 'MD5 is accepted by default',
      answers: group({ ...strict, 'rds.accepted_password_auth_method': null }),
      says: 'rds.accepted_password_auth_method is md5+scram by default in group orders-pg16, so orders may accept passwords that are stored as MD5.',
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=rds.accepted_password_auth_method,ParameterValue=scram,ApplyMethod=immediate',
    },
    {
      name: 'passwords are stored as MD5',
      answers: group({ ...strict, password_encryption: 'md5' }),
      says: 'password_encryption is md5 in group orders-pg16, so orders may store new passwords as MD5.',
      evidence: { password_encryption: 'md5' },
    },
    {
      name: 'both: both are said',
      answers: group({ ...strict, password_encryption: 'md5', 'rds.accepted_password_auth_method': 'md5+scram' }),
      says: /store new passwords as MD5\. .*accept passwords that are stored as MD5\.$/,
      evidence: { password_encryption: 'md5', 'rds.accepted_password_auth_method': 'md5+scram' },
    },
    { name: 'a reader waits', answers: readerWaits, inEffect: false },
  ],
  notApplicable: [
    { name: 'before 14.3', answers: clusters({ EngineVersion: '14.2' }), says: /came with 14\.3/ },
    { name: '13', answers: clusters({ EngineVersion: '13.9' }) },
    { name: 'Serverless v1', answers: serverlessV1(), says: /Serverless v1/ },
  ],
  unknown: [
    { name: 'denied', answers: { 'rds describe-db-cluster-parameters orders-pg16': denied }, says: /^access denied/ },
    { name: 'only the major version 14 is known', answers: clusters({ EngineVersion: '14' }) },
    { name: 'Limitless', answers: limitless(), says: /Limitless/ },
  ],
});
