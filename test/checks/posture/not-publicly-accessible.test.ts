import { notPubliclyAccessible } from '../../../lib/checks/posture/not-publicly-accessible.ts';
import { denied, member, Refused } from '../../evidence/answers.ts';
import { clusters, express, limitless, members, multiAz, onlySingle, serverlessV1 } from './given.ts';
import { testPosture } from './table.ts';

const shardGroups = (...groups: readonly Readonly<Record<string, unknown>>[]) => ({
  'rds describe-db-shard-groups': { DBShardGroups: groups },
});
const shards = { DBShardGroupIdentifier: 'orders-shards', DBClusterIdentifier: 'orders', PubliclyAccessible: false };

testPosture(notPubliclyAccessible, {
  passes: [
    { name: 'no member is public', says: 'orders has no public address.', command: null },
    {
      name: "the cluster's own flag says nothing of Aurora",
      answers: clusters({ PubliclyAccessible: true }),
    },
    { name: 'a flag that came as text', answers: members({ PubliclyAccessible: 'false' }, { PubliclyAccessible: 'false' }) },
    { name: 'Serverless v2 has members', answers: clusters({ ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 } }) },
    { name: 'Limitless whose shard group is not public', answers: { ...limitless(), ...shardGroups(shards) } },
    {
      name: 'the shard group of another cluster does not matter',
      answers: {
        ...limitless(),
        ...shardGroups(shards, { ...shards, DBShardGroupIdentifier: 'b', DBClusterIdentifier: 'other', PubliclyAccessible: true }),
      },
    },
    {
      name: 'express with its gateway off',
      answers: express({ InternetAccessGatewayEnabled: false }),
      says: 'orders has no VPC, and its internet access gateway is off.',
    },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}, { PubliclyAccessible: false }) },
    {
      name: 'a Multi-AZ DB cluster speaks for itself where the instances are denied',
      answers: { ...multiAz({}, { PubliclyAccessible: false }), 'rds describe-db-instances': denied },
    },
  ],
  fails: [
    {
      name: 'a reader is public',
      answers: members({}, { PubliclyAccessible: true }),
      says: 'orders-2 of orders is publicly accessible.',
      evidence: { public: ['orders-2'] },
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier orders-2 --no-publicly-accessible --apply-immediately',
      effect: 'at once',
    },
    {
      name: 'both members are',
      answers: members({ PubliclyAccessible: true }, { PubliclyAccessible: true }),
      says: 'orders-1 and orders-2 of orders are publicly accessible.',
    },
    {
      name: 'one is public, of the other nothing is known',
      answers: members({ PubliclyAccessible: true }, { PubliclyAccessible: undefined }),
    },
    {
      name: 'express with its gateway on',
      answers: express(),
      says: 'orders has its internet access gateway on, so the whole internet reaches it.',
      command: null,
    },
    {
      name: 'a public shard group of Limitless',
      answers: { ...limitless(), ...shardGroups({ ...shards, PubliclyAccessible: true }) },
      says: 'orders-shards of orders is publicly accessible.',
      command: null,
    },
    {
      name: 'a public single instance',
      answers: onlySingle({ PubliclyAccessible: true }),
      says: 'billing is publicly accessible.',
    },
    {
      name: 'a Multi-AZ DB cluster that says so itself',
      answers: multiAz({}, { PubliclyAccessible: true }),
      command: null,
    },
  ],
  unknown: [
    { name: 'the instances denied', answers: { 'rds describe-db-instances': denied }, says: /^access denied to rds describe-db-instances/ },
    {
      name: 'the instances throttled',
      answers: { 'rds describe-db-instances': new Refused('throttled', 'Rate exceeded') },
      says: /^throttled/,
    },
    {
      name: 'a member that is not among the instances',
      answers: clusters({ DBClusterMembers: [member('orders-1'), member('orders-3')] }),
      says: /member orders-3 is not in the answer/,
    },
    { name: 'a member of which it is not said', answers: members({ PubliclyAccessible: undefined }), says: /lacks PubliclyAccessible/ },
    { name: 'Serverless v1', answers: serverlessV1(), says: 'orders is Serverless v1, of which AWS shows no members.' },
    {
      name: 'no members yet',
      answers: clusters({ Status: 'creating', DBClusterMembers: [] }),
      says: 'orders has no members (creating).',
    },
    { name: 'Limitless without a shard group', answers: limitless(), says: 'orders is a Limitless database without a shard group.' },
    { name: 'Limitless, shard groups denied', answers: { ...limitless(), 'rds describe-db-shard-groups': denied }, says: /^access denied/ },
    {
      name: 'Limitless, a shard group that does not say it',
      answers: { ...limitless(), ...shardGroups({ ...shards, PubliclyAccessible: undefined }) },
      says: /lacks PubliclyAccessible/,
    },
    {
      name: 'Limitless, a shard group that cannot be read',
      answers: { ...limitless(), 'rds describe-db-shard-groups': { DBShardGroups: [shards, 'orders-2'] } },
      says: /^unreadable/,
    },
    {
      name: 'express whose gateway is not told',
      answers: express({ InternetAccessGatewayEnabled: undefined }),
      says: /lacks InternetAccessGatewayEnabled/,
    },
    {
      name: 'a Multi-AZ DB cluster that does not say it, instances denied',
      answers: { ...multiAz({}), 'rds describe-db-instances': denied },
    },
  ],
});
