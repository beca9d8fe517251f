import { describe, expect, it } from '@jest/globals';
import { listClusters } from '../../lib/evidence/clusters.ts';
import { listProxies } from '../../lib/evidence/proxies.ts';
import { listSnapshots } from '../../lib/evidence/snapshots.ts';
import { clusterSnapshot, instanceSnapshot, proxy, snapshots } from '../checks/posture/given.ts';
import type { Answers } from './answers.ts';
import { cluster, denied, evidenceOf, fine, instance, single } from './answers.ts';

const named = (name: string, Engine: string) => cluster({ DBClusterIdentifier: name, DBClusterArn: undefined, Engine });
const namesIn = (answers: Answers) =>
  listClusters(evidenceOf({ ...fine, ...answers })).subjects.map(({ resource }) => `${resource.type} ${resource.name}`);

describe('listClusters', () => {
  it('leaves out what comes back from the same calls and is no PostgreSQL', () => {
    const names = namesIn({
      'rds describe-db-clusters': {
        DBClusters: [
          named('graph', 'neptune'),
          named('documents', 'docdb'),
          named('shop', 'aurora-mysql'),
          named('orders', 'aurora-postgresql'),
          named('ledger', 'postgres'),
        ],
      },
      'rds describe-db-instances': {
        DBInstances: [
          instance('orders-1'),
          instance('graph-1', { DBClusterIdentifier: 'graph', Engine: 'neptune' }),
          single(),
          single({ DBInstanceIdentifier: 'crm', DBInstanceArn: undefined, Engine: 'sqlserver-se' }),
          single({ DBInstanceIdentifier: 'wiki', DBInstanceArn: undefined, Engine: 'mysql' }),
        ],
      },
    });

    expect(names).toEqual(['cluster ledger', 'cluster orders', 'instance billing']);
  });

  it('knows a Multi-AZ DB cluster by its engine, and no member of it as an instance of its own', () => {
    const answers = {
      'rds describe-db-clusters': { DBClusters: [named('orders', 'postgres')] },
      'rds describe-db-instances': { DBInstances: [instance('orders-1', { Engine: 'postgres' })] },
    };

    const { subjects } = listClusters(evidenceOf({ ...fine, ...answers }));

    expect(subjects.map(({ kind, resource }) => [kind, resource.name])).toEqual([['multi-az', 'orders']]);
  });

  it('knows Serverless v2 as provisioned and v1 by its mode', () => {
    const modeOf = (override: Readonly<Record<string, unknown>>) =>
      listClusters(evidenceOf({ ...fine, 'rds describe-db-clusters': { DBClusters: [cluster(override)] } })).subjects[0]?.serverlessV1;

    expect(modeOf({ ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 2 } })).toBe(false);
    expect(modeOf({ EngineMode: 'serverless' })).toBe(true);
  });

  it('judges a cluster that is listed twice once', () => {
    expect(namesIn({ 'rds describe-db-clusters': { DBClusters: [cluster(), cluster()] } })).toEqual(['cluster orders']);
  });

  it.each([
    ['the clusters denied', { 'rds describe-db-clusters': denied }, 'denied'],
    ['the clusters not collected', { 'rds describe-db-clusters': undefined }, 'not-collected'],
    ['the instances denied: one of its own may be there', { 'rds describe-db-instances': denied }, 'denied'],
    ['both denied', { 'rds describe-db-clusters': denied, 'rds describe-db-instances': denied }, 'denied'],
    ['a cluster that cannot be read', { 'rds describe-db-clusters': { DBClusters: [cluster(), { Engine: 'postgres' }] } }, 'unreadable'],
    ['a page that is missing', { 'rds describe-db-clusters': { DBClusters: [cluster()], Marker: 'page-2' } }, 'unreadable'],
  ])('says once for the region what it could not list: %s', (_, answers, kind) => {
    const { unlisted } = listClusters(evidenceOf({ ...fine, ...answers }));

    expect(unlisted.map(({ resource, cause }) => [resource.type, resource.name, cause.kind])).toEqual([['region', 'eu-central-1', kind]]);
  });

  it.each([
    ['on a laptop, where nobody says', {}, true],
    ['in a monitor that delivers them', { deliversLogs: true }, true],
    ['in a monitor that was told not to', { deliversLogs: false }, false],
  ])('knows whether logs are to be delivered: %s', (_, more, managed) => {
    const { subjects } = listClusters({ ...evidenceOf(fine), ...more });

    expect(subjects.map(({ logDelivery }) => logDelivery.managed)).toEqual([managed]);
  });

  it('has nothing to say of a region in which all is listed', () => {
    expect(listClusters(evidenceOf(fine)).unlisted).toEqual([]);
  });

  it('keeps a cluster apart whose name is a word of the language', () => {
    expect(namesIn({ 'rds describe-db-clusters': { DBClusters: [named('__proto__', 'aurora-postgresql')] } })).toEqual([
      'cluster __proto__',
    ]);
  });
});

describe('listSnapshots', () => {
  it('lists manual snapshots of clusters and instances in scope', () => {
    const answers = snapshots(
      [
        clusterSnapshot(),
        clusterSnapshot({ DBClusterSnapshotIdentifier: 'rds:orders-2026-05-03', SnapshotType: 'automated' }),
        clusterSnapshot({ DBClusterSnapshotIdentifier: 'rds:orders-2026-05-02', SnapshotType: undefined }),
        clusterSnapshot({ DBClusterSnapshotIdentifier: 'graph', Engine: 'neptune' }),
      ],
      [instanceSnapshot(), instanceSnapshot({ DBSnapshotIdentifier: 'wiki', Engine: 'mysql' })],
    );

    const { subjects, unlisted } = listSnapshots(evidenceOf({ ...fine, ...answers }));

    expect(subjects.map(({ of, resource }) => `${of} ${resource.name}`)).toEqual(['cluster before-migration', 'instance billing-monthly']);
    expect(unlisted).toEqual([]);
  });

  it('lists those of instances where those of clusters are denied, and says so', () => {
    const answers = { ...snapshots([], [instanceSnapshot()]), 'rds describe-db-cluster-snapshots': denied };

    const { subjects, unlisted } = listSnapshots(evidenceOf({ ...fine, ...answers }));

    expect(subjects.map(({ resource }) => resource.name)).toEqual(['billing-monthly']);
    expect(unlisted.map(({ cause }) => cause.question)).toEqual(['rds describe-db-cluster-snapshots (eu-central-1)']);
  });
});

describe('listProxies', () => {
  it.each([
    ['POSTGRESQL', 1],
    ['MYSQL', 0],
    ['SQLSERVER', 0],
  ])('lists proxies of the family %s: %i', (EngineFamily, count) => {
    expect(listProxies(evidenceOf({ ...fine, ...proxy({ EngineFamily }) })).subjects).toHaveLength(count);
  });
});
