import { z } from 'zod/mini';
import type * as aws from '../../domain/cluster-answers.ts';
import { flag, identity, inner, isObject, lenient, list, named, number, readElements, text, texts, time } from './fields.ts';
import type { ReadAnswer } from './index.ts';

const tags = inner<aws.Tag>(z.object({ Key: text, Value: text }));
const securityGroups = inner<aws.VpcSecurityGroup>(z.object({ VpcSecurityGroupId: text, Status: text }));
const domains = inner<aws.DomainMembership>(z.object({ Domain: text, FQDN: text, IAMRoleName: text, Status: text }));
const masterUserSecret = lenient<aws.MasterUserSecret>(z.object({ SecretArn: text, SecretStatus: text }));
const certificateDetails = lenient<aws.CertificateDetails>(z.object({ CAIdentifier: text, ValidTill: time }));
const pending = lenient<aws.PendingValues>(
  z.object({
    Port: number,
    IAMDatabaseAuthenticationEnabled: flag,
    BackupRetentionPeriod: number,
    MasterUserPassword: text,
    EngineVersion: text,
    CACertificateIdentifier: text,
    PendingCloudwatchLogsExports: lenient(z.object({ LogTypesToEnable: texts, LogTypesToDisable: texts })),
  }),
);

const cluster: z.ZodMiniType<aws.DbCluster> = z.object({
  DBClusterIdentifier: identity,
  Engine: identity,
  DBClusterArn: text,
  DbClusterResourceId: text,
  EngineVersion: text,
  EngineMode: text,
  Status: text,
  ClusterCreateTime: time,
  Port: number,
  MasterUsername: text,
  DBClusterParameterGroup: text,
  DBSubnetGroup: text,
  DBClusterMembers: inner<aws.DbClusterMember>(
    z.object({ DBInstanceIdentifier: text, IsClusterWriter: flag, DBClusterParameterGroupStatus: text }),
  ),
  VpcSecurityGroups: securityGroups,
  StorageEncrypted: flag,
  StorageEncryptionType: text,
  KmsKeyId: text,
  IAMDatabaseAuthenticationEnabled: flag,
  EnabledCloudwatchLogsExports: texts,
  PendingModifiedValues: pending,
  PubliclyAccessible: flag,
  AutoMinorVersionUpgrade: flag,
  DeletionProtection: flag,
  BackupRetentionPeriod: number,
  HttpEndpointEnabled: flag,
  ActivityStreamStatus: text,
  DomainMemberships: domains,
  TagList: tags,
  GlobalClusterIdentifier: text,
  MasterUserSecret: masterUserSecret,
  ClusterScalabilityType: text,
  CertificateDetails: certificateDetails,
  EngineLifecycleSupport: text,
  VPCNetworkingEnabled: flag,
  InternetAccessGatewayEnabled: flag,
});

const subnetGroup: z.ZodMiniType<aws.DbSubnetGroup> = z.object({
  DBSubnetGroupName: text,
  DBSubnetGroupArn: text,
  VpcId: text,
  Subnets: inner(z.object({ SubnetIdentifier: text })),
});

const instance: z.ZodMiniType<aws.DbInstance> = z.object({
  DBInstanceIdentifier: identity,
  Engine: identity,
  DBInstanceArn: text,
  DbiResourceId: text,
  DBClusterIdentifier: text,
  EngineVersion: text,
  DBInstanceStatus: text,
  InstanceCreateTime: time,
  Endpoint: lenient(z.object({ Port: number })),
  DbInstancePort: number,
  MasterUsername: text,
  DBParameterGroups: inner<aws.DbParameterGroupStatus>(z.object({ DBParameterGroupName: text, ParameterApplyStatus: text })),
  DBSubnetGroup: lenient<aws.DbSubnetGroup>(subnetGroup),
  VpcSecurityGroups: securityGroups,
  StorageEncrypted: flag,
  StorageEncryptionType: text,
  KmsKeyId: text,
  IAMDatabaseAuthenticationEnabled: flag,
  EnabledCloudwatchLogsExports: texts,
  PendingModifiedValues: pending,
  PubliclyAccessible: flag,
  AutoMinorVersionUpgrade: flag,
  DeletionProtection: flag,
  BackupRetentionPeriod: number,
  ActivityStreamStatus: text,
  DomainMemberships: domains,
  TagList: tags,
  MasterUserSecret: masterUserSecret,
  CACertificateIdentifier: text,
  CertificateDetails: certificateDetails,
  EngineLifecycleSupport: text,
});

const parameter: z.ZodMiniType<aws.Parameter> = z.object({
  ParameterName: identity,
  ParameterValue: text,
  Source: text,
  ApplyType: text,
});

const clusterSnapshot: z.ZodMiniType<aws.DbClusterSnapshot> = z.object({
  DBClusterSnapshotIdentifier: identity,
  Engine: identity,
  DBClusterSnapshotArn: text,
  DBClusterIdentifier: text,
  SnapshotType: text,
  StorageEncrypted: flag,
  StorageEncryptionType: text,
  KmsKeyId: text,
  TagList: tags,
});

const snapshot: z.ZodMiniType<aws.DbSnapshot> = z.object({
  DBSnapshotIdentifier: identity,
  Engine: identity,
  DBSnapshotArn: text,
  DBInstanceIdentifier: text,
  SnapshotType: text,
  Encrypted: flag,
  StorageEncryptionType: text,
  KmsKeyId: text,
  TagList: tags,
});

const snapshotAttribute: z.ZodMiniType<aws.SnapshotAttribute> = z.object({ AttributeName: identity, AttributeValues: z.array(named) });

const proxy: z.ZodMiniType<aws.DbProxy> = z.object({
  DBProxyName: identity,
  DBProxyArn: text,
  EngineFamily: text,
  DefaultAuthScheme: text,
  Auth: inner<aws.ProxyAuth>(z.object({ SecretArn: text, IAMAuth: text, UserName: text })),
  RequireTLS: flag,
});

const engineVersion: z.ZodMiniType<aws.DbEngineVersion> = z.object({
  EngineVersion: identity,
  Engine: text,
  Status: text,
  ValidUpgradeTarget: inner(z.object({ EngineVersion: text })),
});

const majorVersion: z.ZodMiniType<aws.DbMajorEngineVersion> = z.object({
  MajorEngineVersion: identity,
  Engine: text,
  SupportedEngineLifecycles: inner<aws.EngineLifecycle>(
    z.object({ LifecycleSupportName: text, LifecycleSupportStartDate: time, LifecycleSupportEndDate: time }),
  ),
});

const globalCluster: z.ZodMiniType<aws.GlobalCluster> = z.object({
  GlobalClusterIdentifier: identity,
  GlobalClusterMembers: inner(z.object({ DBClusterArn: text, Readers: texts })),
});

const shardGroup: z.ZodMiniType<aws.DbShardGroup> = z.object({
  DBShardGroupIdentifier: identity,
  DBClusterIdentifier: text,
  PubliclyAccessible: flag,
  Status: text,
});

const securityGroup: z.ZodMiniType<aws.SecurityGroup> = z.object({
  GroupId: identity,
  GroupName: text,
  IpPermissions: inner<aws.IpPermission>(
    z.object({
      IpProtocol: text,
      FromPort: number,
      ToPort: number,
      IpRanges: inner(z.object({ CidrIp: text })),
      Ipv6Ranges: inner(z.object({ CidrIpv6: text })),
      PrefixListIds: inner(z.object({ PrefixListId: text })),
      UserIdGroupPairs: inner(z.object({ GroupId: text })),
    }),
  ),
});

const routeTable: z.ZodMiniType<aws.RouteTable> = z.object({
  RouteTableId: identity,
  VpcId: text,
  Routes: inner<aws.Route>(
    z.object({
      DestinationCidrBlock: text,
      DestinationIpv6CidrBlock: text,
      DestinationPrefixListId: text,
      GatewayId: text,
      State: text,
    }),
  ),
  Associations: inner(
    z.pipe(
      z.transform((value): unknown =>
        isObject(value) && isObject(value.AssociationState) ? { ...value, State: value.AssociationState.State } : value,
      ),
      z.object({ RouteTableAssociationId: text, Main: flag, SubnetId: text, State: text }),
    ),
  ),
});

const secret: z.ZodMiniType<aws.Secret> = z.object({
  ARN: text,
  RotationEnabled: flag,
  RotationRules: lenient(z.object({ AutomaticallyAfterDays: number })),
  LastRotatedDate: time,
  NextRotationDate: time,
  CreatedDate: time,
  DeletedDate: time,
});

/** Reads `{ <outer>: { <name>: [ … ] } }`. */
function attributes(outer: string, name: string): ReadAnswer {
  return (json) => {
    const result = isObject(json) ? json[outer] : undefined;
    const elements = isObject(result) ? result[name] : undefined;
    if (!Array.isArray(elements)) return null;
    const { read, rejected } = readElements(elements, snapshotAttribute);
    return { value: { [outer]: { [name]: read } }, rejected };
  };
}

/** By `<service> <command>`. */
export const clusterAnswers: Readonly<Record<string, ReadAnswer>> = {
  'rds describe-db-clusters': list('DBClusters', cluster),
  'rds describe-db-instances': list('DBInstances', instance),
  'rds describe-db-cluster-parameters': list('Parameters', parameter),
  'rds describe-db-parameters': list('Parameters', parameter),
  'rds describe-db-cluster-parameter-groups': list(
    'DBClusterParameterGroups',
    z.object({ DBClusterParameterGroupName: identity, DBParameterGroupFamily: text, DBClusterParameterGroupArn: text }),
  ),
  'rds describe-db-parameter-groups': list(
    'DBParameterGroups',
    z.object({ DBParameterGroupName: identity, DBParameterGroupFamily: text, DBParameterGroupArn: text }),
  ),
  'rds describe-db-cluster-snapshots': list('DBClusterSnapshots', clusterSnapshot),
  'rds describe-db-cluster-snapshot-attributes': attributes('DBClusterSnapshotAttributesResult', 'DBClusterSnapshotAttributes'),
  'rds describe-db-snapshots': list('DBSnapshots', snapshot),
  'rds describe-db-snapshot-attributes': attributes('DBSnapshotAttributesResult', 'DBSnapshotAttributes'),
  'rds describe-db-subnet-groups': list('DBSubnetGroups', subnetGroup),
  'rds describe-db-proxies': list('DBProxies', proxy),
  'rds describe-db-proxy-targets': list('Targets', z.object({ RdsResourceId: text, TrackedClusterId: text, Type: text })),
  'rds describe-db-engine-versions': list('DBEngineVersions', engineVersion),
  'rds describe-db-major-engine-versions': list('DBMajorEngineVersions', majorVersion),
  'rds describe-certificates': list('Certificates', z.object({ CertificateIdentifier: identity, ValidTill: time })),
  'rds describe-global-clusters': list('GlobalClusters', globalCluster),
  'rds describe-db-shard-groups': list('DBShardGroups', shardGroup),
  'ec2 describe-security-groups': list('SecurityGroups', securityGroup),
  'ec2 describe-route-tables': list('RouteTables', routeTable),
  'ec2 describe-managed-prefix-lists': list('PrefixLists', z.object({ PrefixListId: identity, PrefixListName: text })),
  'ec2 get-managed-prefix-list-entries': list('Entries', z.object({ Cidr: text })),
  'secretsmanager describe-secret': (json) => (isObject(json) ? { value: z.parse(secret, json), rejected: 0 } : null),
  'logs describe-subscription-filters': list(
    'subscriptionFilters',
    z.object({ filterName: text, filterPattern: text, destinationArn: text, roleArn: text }),
  ),
};
