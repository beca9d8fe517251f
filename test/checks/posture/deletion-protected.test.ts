import { deletionProtected } from '../../../lib/checks/posture/deletion-protected.ts';
import { clusters, express, limitless, members, multiAz, onlySingle, serverlessV1 } from './given.ts';
import { testPosture } from './table.ts';

testPosture(deletionProtected, {
  passes: [
    { name: 'on', says: 'orders is protected against deletion.' },
    { name: 'members of Aurora have no say', answers: members({ DeletionProtection: false }, { DeletionProtection: false }) },
    { name: 'Limitless', answers: limitless() },
    { name: 'Serverless v1', answers: serverlessV1() },
    { name: 'express', answers: express() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  fails: [
    {
      name: 'off',
      answers: clusters({ DeletionProtection: false }),
      says: 'orders is not protected against deletion.',
      command: 'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --deletion-protection --apply-immediately',
      effect: 'at once',
    },
    {
      name: 'off for a single instance that Terraform manages',
      answers: onlySingle({ DeletionProtection: false, TagList: [{ Key: 'ManagedBy', Value: 'terraform' }] }),
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --deletion-protection --apply-immediately',
      note: 'Terraform manages billing: change it there, or its next run undoes this.',
    },
  ],
  unknown: [{ name: 'an answer of older days', answers: clusters({ DeletionProtection: undefined }), says: /lacks DeletionProtection/ }],
});
