import { snapshotsPrivate } from '../../../lib/checks/posture/snapshots-private.ts';
import { denied } from '../../evidence/answers.ts';
import { clusterSnapshot, instanceSnapshot, snapshots } from './given.ts';
import { testPosture } from './table.ts';

const question = 'rds describe-db-cluster-snapshot-attributes before-migration';
const shared = (...AttributeValues: readonly string[]) => ({
  ...snapshots([clusterSnapshot()]),
  [question]: {
    DBClusterSnapshotAttributesResult: {
      DBClusterSnapshotIdentifier: 'before-migration',
      DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues }],
    },
  },
});
const ofInstance = (...AttributeValues: readonly string[]) => ({
  ...snapshots([], [instanceSnapshot()]),
  'rds describe-db-snapshot-attributes billing-monthly': {
    DBSnapshotAttributesResult: {
      DBSnapshotIdentifier: 'billing-monthly',
      DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues }],
    },
  },
});

testPosture(snapshotsPrivate, {
  passes: [
    { name: 'shared with nobody', answers: shared(), says: 'Snapshot before-migration is shared with nobody.', command: null },
    { name: 'shared with its own account', answers: shared('111122223333') },
    {
      name: 'shared with a trusted account',
      answers: shared('444455556666'),
      configuration: { trustedAccounts: ['444455556666'] },
      says: 'Snapshot before-migration is shared with trusted accounts only: 444455556666.',
    },
    { name: 'of an instance', answers: ofInstance() },
    {
      name: 'automated snapshots, other engines and what AWS Backup keeps are left out',
      answers: {
        ...shared(),
        ...snapshots([
          clusterSnapshot({ DBClusterSnapshotIdentifier: 'rds:orders-2026-05-03', SnapshotType: 'automated' }),
          clusterSnapshot({ DBClusterSnapshotIdentifier: 'graph', Engine: 'neptune' }),
          clusterSnapshot({ DBClusterSnapshotIdentifier: 'awsbackup:job-1', SnapshotType: 'awsbackup' }),
          clusterSnapshot(),
        ]),
      },
      says: 'Snapshot before-migration is shared with nobody.',
    },
    {
      name: 'other attributes are no sharing',
      answers: {
        ...shared(),
        [question]: {
          DBClusterSnapshotAttributesResult: { DBClusterSnapshotAttributes: [{ AttributeName: 'copy', AttributeValues: ['all'] }] },
        },
      },
    },
  ],
  fails: [
    {
      name: 'public',
      answers: shared('all'),
      configuration: { trustedAccounts: ['444455556666'] },
      says: 'Snapshot before-migration is public: every AWS account can restore it.',
      evidence: { sharedWith: ['all'], snapshotOf: 'orders' },
      command:
        'aws rds modify-db-cluster-snapshot-attribute --region eu-central-1 --db-cluster-snapshot-identifier before-migration --attribute-name restore --values-to-remove all',
      effect: 'at once',
    },
    {
      name: 'shared with a trusted account and another: only the other is taken out',
      answers: shared('444455556666', '123456789012'),
      configuration: { trustedAccounts: ['444455556666'] },
      says: 'Snapshot before-migration is shared outside the trusted accounts, with 123456789012.',
      command:
        'aws rds modify-db-cluster-snapshot-attribute --region eu-central-1 --db-cluster-snapshot-identifier before-migration --attribute-name restore --values-to-remove 123456789012',
    },
    { name: 'nobody is trusted by default', answers: shared('444455556666') },
    {
      name: 'of an instance, public',
      answers: ofInstance('all'),
      command:
        'aws rds modify-db-snapshot-attribute --region eu-central-1 --db-snapshot-identifier billing-monthly --attribute-name restore --values-to-remove all',
    },
  ],
  unknown: [
    {
      name: 'the attributes denied',
      answers: { ...snapshots([clusterSnapshot()]), [question]: denied },
      says: /^access denied to rds describe-db-cluster-snapshot-attributes before-migration/,
    },
    { name: 'the attributes not collected', answers: snapshots([clusterSnapshot()]), says: /^not collected/ },
    {
      name: 'attributes of another shape',
      answers: { ...snapshots([clusterSnapshot()]), [question]: { DBClusterSnapshotAttributesResult: {} } },
      says: /^unreadable/,
    },
    {
      name: 'an attribute that cannot be read',
      answers: {
        ...snapshots([clusterSnapshot()]),
        [question]: {
          DBClusterSnapshotAttributesResult: { DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: 'all' }] },
        },
      },
      says: /^unreadable/,
    },
  ],
});
