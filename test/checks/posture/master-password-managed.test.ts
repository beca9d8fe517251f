import { masterPasswordManaged } from '../../../lib/checks/posture/master-password-managed.ts';
import { denied, Refused, secretArn } from '../../evidence/answers.ts';
import { clusters, express, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

type Json = Readonly<Record<string, unknown>>;
const question = `secretsmanager describe-secret ${secretArn}`;
const secret = (override: Json) => ({
  [question]: {
    ARN: secretArn,
    RotationEnabled: true,
    RotationRules: { AutomaticallyAfterDays: 7 },
    LastRotatedDate: '2026-04-30T03:00:00Z',
    NextRotationDate: '2026-05-07T03:00:00Z',
    CreatedDate: '2025-01-10T08:00:00Z',
    ...override,
  },
});
const unmanaged = clusters({ MasterUserSecret: undefined });
const inState = (SecretStatus: string | undefined) => clusters({ MasterUserSecret: { SecretArn: secretArn, SecretStatus } });
const globalDatabase = (...members: readonly Json[]) => ({
  'rds describe-global-clusters': { GlobalClusters: [{ GlobalClusterIdentifier: 'worldwide', GlobalClusterMembers: members }] },
});
const orders = 'arn:aws:rds:eu-central-1:111122223333:cluster:orders';

testPosture(masterPasswordManaged, {
  passes: [
    { name: 'active, rotated last week', says: 'RDS manages the master password of orders and rotates it on schedule.' },
    { name: 'just being rotated', answers: inState('rotating') },
    { name: 'without a next date, but rotated within its period', answers: secret({ NextRotationDate: undefined }) },
    {
      name: 'never rotated yet, made within its period',
      answers: secret({ NextRotationDate: undefined, LastRotatedDate: undefined, CreatedDate: '2026-05-01T00:00:00Z' }),
    },
    { name: 'due today: Secrets Manager rotates within a window', answers: secret({ NextRotationDate: '2026-05-03T03:00:00Z' }) },
    {
      name: 'the global databases denied: a managed password tells that it is in none',
      answers: { 'rds describe-global-clusters': denied },
    },
    { name: 'Limitless', answers: limitless() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  fails: [
    {
      name: 'no secret',
      answers: unmanaged,
      says: 'The master password of orders is not managed by RDS.',
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --manage-master-user-password --apply-immediately',
    },
    {
      name: 'a single instance without a secret',
      answers: onlySingle({ MasterUserSecret: undefined }),
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --manage-master-user-password --apply-immediately',
    },
    {
      name: 'impaired: RDS cannot get at the secret or its key',
      answers: inState('impaired'),
      says: 'The secret of the master user of orders is impaired, not active.',
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --rotate-master-user-password --apply-immediately',
    },
    { name: 'still being made', answers: inState('creating'), says: /is creating, not active/ },
    {
      name: 'rotation off',
      answers: secret({ RotationEnabled: false, NextRotationDate: undefined }),
      says: 'The secret of the master user of orders is not rotated.',
      command: `aws secretsmanager rotate-secret --region eu-central-1 --secret-id '${secretArn}' --rotation-rules AutomaticallyAfterDays=7`,
    },
    {
      name: 'overdue by days',
      answers: secret({ NextRotationDate: '2026-05-01T03:00:00Z' }),
      says: /was due for rotation on 2026-05-01\.$/,
    },
    {
      name: 'no next date, and the last rotation is longer ago than its period',
      answers: secret({ NextRotationDate: undefined, LastRotatedDate: '2026-03-01T03:00:00Z' }),
      says: /was due for rotation on 2026-03-08\.$/,
    },
    {
      name: 'the secret is scheduled for deletion',
      answers: secret({ DeletedDate: '2026-05-02T00:00:00Z' }),
      says: /is scheduled for deletion/,
    },
    {
      name: 'no secret, and another cluster is in the global database',
      answers: { ...unmanaged, ...globalDatabase({ DBClusterArn: `${orders}-2` }) },
    },
  ],
  notApplicable: [
    {
      name: "a global database by the cluster's own word",
      answers: clusters({ MasterUserSecret: undefined, GlobalClusterIdentifier: 'worldwide' }),
      says: 'orders belongs to global database worldwide, in which RDS cannot manage the master password.',
    },
    { name: 'a member of a global database', answers: { ...unmanaged, ...globalDatabase({ DBClusterArn: orders }) } },
    {
      name: 'the secondary of a global database',
      answers: {
        ...unmanaged,
        ...globalDatabase({ DBClusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:orders', Readers: [orders] }),
      },
    },
    {
      name: 'express: its master user logs in through IAM',
      answers: express(),
      says: 'The master user of orders logs in through IAM only.',
    },
  ],
  unknown: [
    { name: 'the secret denied', answers: { [question]: denied }, says: /^access denied to secretsmanager describe-secret/ },
    { name: 'the secret not collected', answers: { [question]: undefined }, says: /^not collected/ },
    { name: 'the secret throttled', answers: { [question]: new Refused('throttled', 'Rate exceeded') }, says: /^throttled/ },
    {
      name: 'no secret, and the global databases denied',
      answers: { ...unmanaged, 'rds describe-global-clusters': denied },
      says: /^access denied to rds describe-global-clusters/,
    },
    {
      name: 'no secret, and a global database that cannot be read',
      answers: { ...unmanaged, 'rds describe-global-clusters': { GlobalClusters: ['worldwide'] } },
      says: /^unreadable/,
    },
    { name: 'a secret without a state', answers: inState(undefined), says: /Nothing tells the state/ },
    {
      name: 'rotated, but nothing tells when',
      answers: secret({ NextRotationDate: undefined, RotationRules: undefined }),
      says: 'Nothing tells when the master user secret of orders is due for rotation.',
    },
  ],
});
