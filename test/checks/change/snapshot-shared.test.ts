import { snapshotShared } from '../../../lib/checks/change/snapshot-shared.ts';
import { fine, region } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const share = (values: unknown, more: object = {}): Call => ({
  name: 'ModifyDBClusterSnapshotAttribute',
  request: { dBClusterSnapshotIdentifier: 'orders-1', attributeName: 'restore', valuesToAdd: values, ...more },
});
const snapshot = (Engine: string) => ({
  ...fine,
  'rds describe-db-cluster-snapshots': {
    DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'orders-1', Engine, SnapshotType: 'manual' }],
  },
});
const attributes = (...AttributeValues: string[]) => ({
  ...snapshot('aurora-postgresql'),
  'rds describe-db-cluster-snapshot-attributes orders-1': {
    DBClusterSnapshotAttributesResult: {
      DBClusterSnapshotIdentifier: 'orders-1',
      DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues }],
    },
  },
});

testChange(snapshotShared, [
  {
    name: 'with another account',
    call: share(['444455556666']),
    answers: snapshot('aurora-postgresql'),
    alert: {
      severity: 'high',
      reason: 'Snapshot orders-1 was shared with account 444455556666.',
      resources: ['orders-1'],
      after: { restore: ['444455556666'] },
      inEffect: true,
      command: `aws rds modify-db-cluster-snapshot-attribute --region ${region} --db-cluster-snapshot-identifier orders-1 --attribute-name restore --values-to-remove 444455556666`,
    },
  },
  {
    name: 'with everybody',
    call: share(['all']),
    answers: snapshot('aurora-postgresql'),
    alert: { severity: 'critical', reason: /shared with everybody: any AWS account may restore it/ },
  },
  {
    name: 'with a trusted account',
    call: share(['444455556666']),
    answers: snapshot('aurora-postgresql'),
    configuration: { trustedAccounts: ['444455556666'] },
    alert: { severity: 'info' },
  },
  { name: 'with the own account', call: share(['111122223333']), answers: snapshot('aurora-postgresql'), alert: { severity: 'info' } },
  {
    name: 'with a trusted account and another',
    call: share(['444455556666', '123456789012']),
    configuration: { trustedAccounts: ['444455556666'] },
    alert: { severity: 'high', after: { restore: ['123456789012', '444455556666'] } },
  },
  {
    name: 'what it was shared with before',
    call: share(['444455556666']),
    answers: attributes('123456789012'),
    before: true,
    alert: { before: { restore: ['123456789012'] }, after: { restore: ['123456789012', '444455556666'] } },
  },
  {
    name: 'with everybody that had it, and one more: only that one counts, and is taken away again',
    call: share(['all', '444455556666']),
    answers: attributes('all'),
    before: true,
    configuration: { trustedAccounts: ['444455556666'] },
    alert: {
      severity: 'info',
      reason: /with account 444455556666\./,
      command: `aws rds modify-db-cluster-snapshot-attribute --region ${region} --db-cluster-snapshot-identifier orders-1 --attribute-name restore --values-to-remove 444455556666`,
    },
  },
  { name: 'a repeat', call: share(['444455556666']), answers: attributes('444455556666'), before: true, alert: null },
  { name: 'one value that is no list', call: share('444455556666'), alert: { severity: 'high' } },
  {
    name: 'a snapshot of an instance, as captured',
    call: {
      name: 'ModifyDBSnapshotAttribute',
      request: { attributeName: 'restore', dBSnapshotIdentifier: 'billing-1', valuesToAdd: ['444455556666'] },
      response: {
        dBSnapshotAttributes: [{ attributeName: 'restore', attributeValues: ['444455556666'] }],
        dBSnapshotIdentifier: 'billing-1',
      },
    },
    alert: {
      severity: 'high',
      resources: ['billing-1'],
      reason: /Nothing tells its engine/,
      command: `aws rds modify-db-snapshot-attribute --region ${region} --db-snapshot-identifier billing-1 --attribute-name restore --values-to-remove 444455556666`,
    },
  },
  {
    name: 'taken back',
    call: {
      name: 'ModifyDBClusterSnapshotAttribute',
      request: { dBClusterSnapshotIdentifier: 'orders-1', attributeName: 'restore', valuesToRemove: ['444455556666'] },
    },
    alert: null,
  },
  { name: 'another attribute', call: share(['x'], { attributeName: 'copy' }), alert: null },
  { name: 'a snapshot of MySQL', call: share(['all']), answers: snapshot('aurora-mysql'), alert: null },
  { name: 'a failed call', call: { ...share(['all']), record: { errorCode: 'AccessDenied' } }, alert: null },
  {
    name: 'requestParameters null',
    call: { name: 'ModifyDBClusterSnapshotAttribute', request: null },
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);
