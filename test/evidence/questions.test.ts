import { describe, expect, it } from '@jest/globals';
import { questionText } from '../../lib/domain/question.ts';
import { Inventory } from '../../lib/evidence/inventory.ts';
import { nextQuestions } from '../../lib/evidence/questions.ts';
import { clusterSnapshot, proxy, snapshots } from '../checks/posture/given.ts';
import type { Answers } from './answers.ts';
import { cluster, denied, fine, instance, inventoryOf, securityGroup, single } from './answers.ts';

const asked = (answers: Answers, ...actions: readonly string[]) => nextQuestions(inventoryOf(answers), new Set(actions)).map(questionText);

describe('nextQuestions', () => {
  it('asks first what takes no name, in every region, and nothing that was not wanted', () => {
    const inventory = new Inventory(['eu-west-1', 'eu-central-1']);

    const questions = nextQuestions(inventory, new Set(['rds:DescribeDBClusters', 'rds:DescribeDBClusterParameters']));

    expect(questions.map(questionText)).toEqual(['rds describe-db-clusters (eu-central-1)', 'rds describe-db-clusters (eu-west-1)']);
  });

  it('asks about a group once, however many clusters use it', () => {
    const answers = {
      'rds describe-db-clusters': {
        DBClusters: [
          cluster(),
          cluster({ DBClusterIdentifier: 'returns' }),
          cluster({ DBClusterIdentifier: 'graph', Engine: 'neptune', DBClusterParameterGroup: 'neptune1' }),
        ],
      },
    };

    expect(asked(answers, 'rds:DescribeDBClusterParameters')).toEqual(['rds describe-db-cluster-parameters orders-pg16 (eu-central-1)']);
  });

  it('asks about the groups of single instances, and of members those that somebody may have changed', () => {
    const answers = {
      'rds describe-db-clusters': { DBClusters: [cluster()] },
      'rds describe-db-instances': {
        DBInstances: [
          instance('orders-1'),
          instance('orders-2', { DBParameterGroups: [{ DBParameterGroupName: 'readers' }] }),
          single({ DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16' }] }),
        ],
      },
    };

    expect(asked(answers, 'rds:DescribeDBParameters')).toEqual([
      'rds describe-db-parameters default.postgres16 (eu-central-1)',
      'rds describe-db-parameters readers (eu-central-1)',
    ]);
  });

  it('asks nothing twice, denied or not', () => {
    const answers = { ...fine, 'rds describe-db-cluster-parameters orders-pg16': denied };

    expect(asked(answers, 'rds:DescribeDBClusters', 'rds:DescribeDBClusterParameters')).toEqual([]);
  });

  it('knows no names where the list that gives them is denied', () => {
    expect(asked({ 'rds describe-db-clusters': denied }, 'rds:DescribeDBClusterParameters')).toEqual([]);
  });

  it('asks about prefix lists that a group of a cluster names, not about those of other groups', () => {
    const fromList = (id: string) => ({ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: id }] });
    const groups = [securityGroup([fromList('pl-1')]), securityGroup([fromList('pl-2')], { GroupId: 'sg-other' })];

    expect(asked({ ...fine, 'ec2 describe-security-groups': { SecurityGroups: groups } }, 'ec2:GetManagedPrefixListEntries')).toEqual([
      'ec2 get-managed-prefix-list-entries pl-1 (eu-central-1)',
    ]);
  });

  it.each([
    [
      'snapshots',
      'rds:DescribeDBClusterSnapshotAttributes',
      snapshots([clusterSnapshot()]),
      'rds describe-db-cluster-snapshot-attributes before-migration',
    ],
    [
      'engines in scope',
      'rds:DescribeDBEngineVersions',
      { 'rds describe-db-clusters': fine['rds describe-db-clusters'] },
      'rds describe-db-engine-versions aurora-postgresql',
    ],
    [
      'proxies',
      'rds:DescribeDBProxyTargets',
      { 'rds describe-db-proxies': proxy()['rds describe-db-proxies'] },
      'rds describe-db-proxy-targets front',
    ],
    [
      'log groups that are exported',
      'logs:DescribeSubscriptionFilters',
      { 'rds describe-db-clusters': fine['rds describe-db-clusters'] },
      'logs describe-subscription-filters /aws/rds/cluster/orders/postgresql',
    ],
  ])('asks about %s', (_, action, answers, question) => {
    expect(asked(answers, action)).toEqual([`${question} (eu-central-1)`]);
  });
});
