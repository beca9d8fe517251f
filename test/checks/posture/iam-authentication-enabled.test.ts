import { iamAuthenticationEnabled } from '../../../lib/checks/posture/iam-authentication-enabled.ts';
import { denied } from '../../evidence/answers.ts';
import { clusters, express, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

testPosture(iamAuthenticationEnabled, {
  passes: [
    { name: 'on', says: 'orders has IAM database authentication on.', inEffect: true },
    { name: 'on, with another change pending', answers: clusters({ PendingModifiedValues: { BackupRetentionPeriod: 14 } }) },
    { name: 'a flag that came as text', answers: clusters({ IAMDatabaseAuthenticationEnabled: 'true' }) },
    { name: 'Limitless', answers: limitless() },
    { name: 'express', answers: express() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
    { name: 'the instances denied', answers: { 'rds describe-db-instances': denied } },
  ],
  fails: [
    {
      name: 'off',
      answers: clusters({ IAMDatabaseAuthenticationEnabled: false }),
      says: 'orders has IAM database authentication off.',
      inEffect: undefined,
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --enable-iam-database-authentication --apply-immediately',
      effect: 'at once',
    },
    {
      name: 'on, but a change that turns it off waits',
      answers: clusters({ PendingModifiedValues: { IAMDatabaseAuthenticationEnabled: false } }),
      says: /a change that turns it off waits for the maintenance window/,
      inEffect: false,
    },
    {
      name: 'off; turning it on waits',
      answers: clusters({ IAMDatabaseAuthenticationEnabled: false, PendingModifiedValues: { IAMDatabaseAuthenticationEnabled: true } }),
      says: /turning it on waits for the maintenance window/,
      inEffect: false,
    },
    {
      name: 'a single instance with it off',
      answers: onlySingle({ IAMDatabaseAuthenticationEnabled: false }),
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --enable-iam-database-authentication --apply-immediately',
    },
  ],
  unknown: [
    {
      name: 'an answer of older days does not say it',
      answers: clusters({ IAMDatabaseAuthenticationEnabled: undefined }),
      says: 'not collected: rds describe-db-clusters (eu-central-1): the answer for orders lacks IAMDatabaseAuthenticationEnabled',
    },
    { name: 'a word that is neither', answers: clusters({ IAMDatabaseAuthenticationEnabled: 'maybe' }) },
  ],
});
