import { madePublic } from '../../../lib/checks/change/made-public.ts';
import { cluster, fine, instance, region, single } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { makingCalls, testChange } from './table.ts';

const open = (more: object = {}, response: unknown = null): Call => ({
  name: 'ModifyDBInstance',
  request: { dBInstanceIdentifier: 'orders-1', publiclyAccessible: true, ...more },
  response,
});
const already = { ...fine, 'rds describe-db-instances': { DBInstances: [instance('orders-1', { PubliclyAccessible: true })] } };

testChange(madePublic, [
  {
    name: 'a member of a cluster',
    call: open(),
    answers: fine,
    alert: {
      severity: 'critical',
      reason:
        'orders-1 was made publicly accessible; it belongs to orders. Its name now stands for an address that the internet can reach, as far as its security groups let it.',
      resources: ['orders'],
      before: { PubliclyAccessible: false },
      after: { PubliclyAccessible: true },
      inEffect: true,
      command: `aws rds modify-db-instance --region ${region} --db-instance-identifier orders-1 --no-publicly-accessible --apply-immediately`,
    },
  },
  { name: 'a flag that is text', call: open({ publiclyAccessible: 'true' }), answers: fine, alert: { severity: 'critical' } },
  {
    name: 'a single instance',
    call: open({ dBInstanceIdentifier: 'billing' }),
    answers: { ...fine, 'rds describe-db-instances': { DBInstances: [single()] } },
    alert: { resources: ['billing'] },
  },
  { name: 'private', call: open({ publiclyAccessible: false }), answers: already, alert: null },
  {
    name: 'a modification of something else repeats the state',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'orders-1', promotionTier: 1 },
      response: { publiclyAccessible: true, engine: 'aurora-postgresql' },
    },
    answers: already,
    alert: null,
  },
  { name: 'it was public before', call: open(), answers: already, before: true, alert: null },
  { name: 'the evidence shows it afterwards', call: open(), answers: already, alert: { before: undefined } },
  {
    name: 'a Multi-AZ DB cluster',
    call: { name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders', publiclyAccessible: true } },
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'postgres', PubliclyAccessible: false })] } },
    alert: {
      before: { PubliclyAccessible: false },
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --no-publicly-accessible --apply-immediately`,
    },
  },
  {
    name: 'made so',
    call: {
      name: 'CreateDBInstance',
      request: { dBInstanceIdentifier: 'orders-3', dBClusterIdentifier: 'orders', engine: 'aurora-postgresql', publiclyAccessible: true },
    },
    answers: fine,
    alert: { reason: /^orders-3 was made public; it belongs to orders\./ },
  },
  {
    name: 'made without a word, and the answer says it',
    call: {
      name: 'CreateDBInstance',
      request: { dBInstanceIdentifier: 'copy', engine: 'postgres' },
      response: { dBInstanceIdentifier: 'copy', engine: 'postgres', publiclyAccessible: true },
    },
    alert: { severity: 'critical', resources: ['copy'] },
  },
  {
    name: 'made private',
    call: {
      name: 'CreateDBInstance',
      request: { dBInstanceIdentifier: 'copy', engine: 'postgres' },
      response: { publiclyAccessible: false },
    },
    alert: null,
  },
  {
    name: 'restored, and the answer says it',
    call: {
      name: 'RestoreDBInstanceFromDBSnapshot',
      request: { dBInstanceIdentifier: 'copy', dBSnapshotIdentifier: 's' },
      response: { dBInstanceIdentifier: 'copy', engine: 'postgres', publiclyAccessible: true },
    },
    alert: { severity: 'critical' },
  },
  {
    name: 'an express cluster with its gateway',
    call: {
      name: 'CreateDBCluster',
      request: { dBClusterIdentifier: 'quick', engine: 'aurora-postgresql' },
      response: { internetAccessGatewayEnabled: true },
    },
    alert: { after: { InternetAccessGatewayEnabled: true } },
  },
  {
    name: 'a public shard group',
    call: {
      name: 'CreateDBShardGroup',
      request: { dBShardGroupIdentifier: 'shards', dBClusterIdentifier: 'orders', publiclyAccessible: true },
    },
    answers: fine,
    alert: { resources: ['orders'], reason: /^shards was made public; it belongs to orders\./ },
  },
  { name: 'a failed call', call: { ...open(), record: { errorCode: 'AccessDenied' } }, answers: fine, alert: null },
  {
    name: 'requestParameters null',
    call: { name: 'ModifyDBInstance', request: null },
    answers: fine,
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
  { name: 'a MySQL instance', call: open({ dBInstanceIdentifier: 'shop' }, { engine: 'mysql' }), alert: null },
  {
    name: 'an instance of which nothing tells the engine',
    call: open({ dBInstanceIdentifier: 'shop' }),
    alert: { reason: /Nothing tells the engine of shop/ },
  },
]);

testChange(
  madePublic,
  makingCalls({}, { publiclyAccessible: true }).map((call) => ({
    name: `made by ${call.name}`,
    call,
    alert: { severity: 'critical', resources: ['copy'], inEffect: true, after: { PubliclyAccessible: true } },
  })),
);
