import { minorUpgradesAutomatic } from '../../../lib/checks/posture/minor-upgrades-automatic.ts';
import { denied, member } from '../../evidence/answers.ts';
import { clusters, limitless, members, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

testPosture(minorUpgradesAutomatic, {
  passes: [
    { name: 'on for every member', says: 'orders upgrades to minor versions automatically.', command: null },
    { name: 'the members of Aurora decide, not the flag of the cluster', answers: clusters({ AutoMinorVersionUpgrade: false }) },
    { name: 'Limitless has no members: its own flag', answers: limitless({ AutoMinorVersionUpgrade: true }) },
    {
      name: 'a Multi-AZ DB cluster has a flag of its own',
      answers: { ...multiAz({}, { AutoMinorVersionUpgrade: true }), 'rds describe-db-instances': denied },
    },
    { name: 'a single instance', answers: onlySingle({}) },
  ],
  fails: [
    {
      name: 'off for a reader',
      answers: members({}, { AutoMinorVersionUpgrade: false }),
      says: 'Minor versions are not installed automatically on orders-2.',
      evidence: { off: ['orders-2'] },
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier orders-2 --auto-minor-version-upgrade --apply-immediately',
    },
    {
      name: 'off for one, the other does not say it',
      answers: members({ AutoMinorVersionUpgrade: undefined }, { AutoMinorVersionUpgrade: false }),
    },
    {
      name: 'off for a Multi-AZ DB cluster',
      answers: multiAz({}, { AutoMinorVersionUpgrade: false }),
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --auto-minor-version-upgrade --apply-immediately',
    },
    { name: 'off for Limitless', answers: limitless({ AutoMinorVersionUpgrade: false }) },
    {
      name: 'off for a single instance',
      answers: onlySingle({ AutoMinorVersionUpgrade: false }),
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --auto-minor-version-upgrade --apply-immediately',
    },
  ],
  unknown: [
    { name: 'the instances denied', answers: { 'rds describe-db-instances': denied }, says: /^access denied/ },
    { name: 'a member that is not among the instances', answers: clusters({ DBClusterMembers: [member('orders-1'), member('orders-9')] }) },
    {
      name: 'a member that does not say it',
      answers: members({ AutoMinorVersionUpgrade: undefined }),
      says: /lacks AutoMinorVersionUpgrade/,
    },
    { name: 'neither members nor a flag of its own', answers: limitless({ AutoMinorVersionUpgrade: undefined }), says: /Limitless/ },
  ],
});
