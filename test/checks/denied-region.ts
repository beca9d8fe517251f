import type { Answers } from '../evidence/answers.ts';
import { cluster, fine, instance, member, parameters, securityGroup, single } from '../evidence/answers.ts';
import { connect, dbuser, details, group, inline, policy, role, user } from '../evidence/identities.ts';
import { clusterSnapshot, instanceSnapshot, proxy, snapshots } from './posture/given.ts';

const arnOf = (name: string) => `arn:aws:rds:eu-central-1:111122223333:cluster:${name}`;
const named = (name: string) => ({ DBClusterIdentifier: name, DBClusterArn: arnOf(name) });
const noSharing = [{ AttributeName: 'restore', AttributeValues: [] }];

/** A region in which the answer to nearly every question decides something. */
export const region: Answers = {
  ...fine,
  'rds describe-db-clusters': {
    DBClusters: [
      cluster(),
      cluster({ ...named('shards'), EngineVersion: '16.6-limitless', ClusterScalabilityType: 'limitless', DBClusterMembers: [] }),
      cluster({
        ...named('worldwide'),
        MasterUserSecret: undefined,
        DBClusterMembers: [member('worldwide-1')],
        EnabledCloudwatchLogsExports: [],
      }),
    ],
  },
  'rds describe-db-instances': {
    DBInstances: [
      instance('orders-1'),
      instance('orders-2', {
        CertificateDetails: undefined,
        DBParameterGroups: [{ DBParameterGroupName: 'readers', ParameterApplyStatus: 'in-sync' }],
      }),
      instance('worldwide-1', { DBClusterIdentifier: 'worldwide' }),
      single(),
    ],
  },
  'rds describe-db-parameters readers': parameters({ log_connections: '1' }),
  'rds describe-global-clusters': {
    GlobalClusters: [{ GlobalClusterIdentifier: 'planet', GlobalClusterMembers: [{ DBClusterArn: arnOf('worldwide') }] }],
  },
  'rds describe-db-shard-groups': {
    DBShardGroups: [{ DBShardGroupIdentifier: 'group', DBClusterIdentifier: 'shards', PubliclyAccessible: false }],
  },
  'ec2 describe-security-groups': {
    SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: 'pl-1' }] }])],
  },
  'ec2 get-managed-prefix-list-entries pl-1': { Entries: [{ Cidr: '198.51.100.0/24' }] },
  'logs describe-subscription-filters /aws/rds/cluster/shards/postgresql': { subscriptionFilters: [] },
  ...snapshots([clusterSnapshot()], [instanceSnapshot()]),
  'rds describe-db-cluster-snapshot-attributes before-migration': {
    DBClusterSnapshotAttributesResult: { DBClusterSnapshotAttributes: noSharing },
  },
  'rds describe-db-snapshot-attributes billing-monthly': { DBSnapshotAttributesResult: { DBSnapshotAttributes: noSharing } },
  ...proxy(),
  ...details({
    UserDetailList: [user({ UserPolicyList: [inline(policy(connect(dbuser('orders_app'))))] })],
    GroupDetailList: [group()],
    RoleDetailList: [role(policy(connect(dbuser('orders_app'))))],
  }),
  'iam get-service-last-accessed-details arn:aws:iam::111122223333:user/jane': {
    JobStatus: 'COMPLETED',
    JobCreationDate: '2026-05-03T11:00:00Z',
    JobCompletionDate: '2026-05-03T11:00:00Z',
    ServicesLastAccessed: [],
  },
};
