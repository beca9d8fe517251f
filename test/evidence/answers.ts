import type { CauseKind } from '../../lib/domain/answer.ts';
import { known, unknown } from '../../lib/domain/answer.ts';
import type { Question } from '../../lib/domain/question.ts';
import { questionText } from '../../lib/domain/question.ts';
import type { ActivityFacts } from '../../lib/evidence/activity-facts.ts';
import type { Evidence } from '../../lib/evidence/evidence.ts';
import { Inventory } from '../../lib/evidence/inventory.ts';
import { readAnswer } from '../../lib/intake/answers/index.ts';
import { connect, credentialReport, dbuser, details, group, janeRow, policy, role, rootRow, user } from './identities.ts';

export const account = '111122223333';
export const region = 'eu-central-1';
/** The moment of all evidence here: 2026-05-03T12:00:00Z. */
export const at = Date.parse('2026-05-03T12:00:00Z');

/** What a call gave instead of an answer. */
export class Refused {
  readonly kind: CauseKind;
  readonly detail: string;

  constructor(kind: CauseKind, detail: string) {
    this.kind = kind;
    this.detail = detail;
  }
}

export const denied = new Refused('denied', 'AccessDenied: not authorized to perform this');

/** `<service> <command>[ <key>]` → the JSON that the AWS CLI prints, a refusal, or undefined: not collected. */
export type Answers = Readonly<Record<string, unknown>>;

/** A question as the names of {@link Answers} write it. */
export function questionOf(name: string): Question {
  const [service = '', command = '', ...key] = name.split(' ');
  return { region: service === 'iam' ? 'global' : region, service, command, key: key.length === 0 ? null : key.join(' ') };
}

/** Reads raw answers the way a scan does. */
export function inventoryOf(answers: Answers): Inventory {
  const inventory = new Inventory([region]);
  for (const [name, json] of Object.entries(answers)) {
    const question = questionOf(name);
    if (json === undefined) continue;
    if (json instanceof Refused)
      inventory.add(question, unknown({ kind: json.kind, question: questionText(question), detail: json.detail }));
    else inventory.add(question, readAnswer(question, json));
  }
  return inventory;
}

const noActivity: ActivityFacts = { databaseUse: known([]), roleUse: known([]), logs: new Map() };

/** Evidence of one account and region. */
export function evidenceOf(
  answers: Answers,
  activity: ActivityFacts = noActivity,
  databaseRoles: Evidence['databaseRoles'] = new Map(),
): Evidence {
  return { account, partition: 'aws', inventory: inventoryOf(answers), activity, databaseRoles };
}

type Json = Readonly<Record<string, unknown>>;

/** An Aurora cluster with writer orders-1 and reader orders-2, fine in every respect. */
export function cluster(override: Json = {}): Json {
  return {
    DBClusterIdentifier: 'orders',
    DBClusterArn: `arn:aws:rds:${region}:${account}:cluster:orders`,
    DbClusterResourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    EngineMode: 'provisioned',
    Status: 'available',
    ClusterCreateTime: '2025-01-10T08:00:00Z',
    Port: 5433,
    MasterUsername: 'orders_owner',
    DBClusterParameterGroup: 'orders-pg16',
    DBSubnetGroup: 'private',
    DBClusterMembers: [member('orders-1', { IsClusterWriter: true }), member('orders-2')],
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-orders', Status: 'active' }],
    StorageEncrypted: true,
    KmsKeyId: `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`,
    IAMDatabaseAuthenticationEnabled: true,
    EnabledCloudwatchLogsExports: ['postgresql', 'iam-db-auth-error'],
    DeletionProtection: true,
    BackupRetentionPeriod: 7,
    HttpEndpointEnabled: false,
    ActivityStreamStatus: 'stopped',
    AutoMinorVersionUpgrade: true,
    MasterUserSecret: { SecretArn: secretArn, SecretStatus: 'active' },
    EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
    TagList: [],
    ...override,
  };
}

export const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:rds!cluster-orders-AbCdEf`;

/** A member in sync with the cluster's group. */
export function member(name: string, override: Json = {}): Json {
  return { DBInstanceIdentifier: name, IsClusterWriter: false, DBClusterParameterGroupStatus: 'in-sync', PromotionTier: 1, ...override };
}

/** An instance of cluster orders. */
export function instance(name: string, override: Json = {}): Json {
  return {
    DBInstanceIdentifier: name,
    DBInstanceArn: `arn:aws:rds:${region}:${account}:db:${name}`,
    DbiResourceId: `db-${name.toUpperCase()}`,
    DBClusterIdentifier: 'orders',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    DBInstanceStatus: 'available',
    InstanceCreateTime: '2025-01-10T08:10:00Z',
    Endpoint: { Address: `${name}.example.eu-central-1.rds.amazonaws.com`, Port: 5433 },
    DbInstancePort: 0,
    DBParameterGroups: [{ DBParameterGroupName: 'default.aurora-postgresql16', ParameterApplyStatus: 'in-sync' }],
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: true,
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    CertificateDetails: { CAIdentifier: 'rds-ca-rsa2048-g1', ValidTill: '2027-01-10T08:10:00Z' },
    ...override,
  };
}

/** A single instance of RDS for PostgreSQL, fine in every respect. */
export function single(override: Json = {}): Json {
  const { DBClusterIdentifier: _, ...rest } = instance('billing');
  return {
    ...rest,
    Engine: 'postgres',
    EngineVersion: '16.4',
    MasterUsername: 'billing_owner',
    DBParameterGroups: [{ DBParameterGroupName: 'billing-pg16', ParameterApplyStatus: 'in-sync' }],
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-orders', Status: 'active' }],
    DBSubnetGroup: {
      DBSubnetGroupName: 'private',
      VpcId: 'vpc-1',
      Subnets: [{ SubnetIdentifier: 'subnet-a' }, { SubnetIdentifier: 'subnet-b' }],
    },
    StorageEncrypted: true,
    KmsKeyId: `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`,
    IAMDatabaseAuthenticationEnabled: true,
    EnabledCloudwatchLogsExports: ['postgresql', 'iam-db-auth-error'],
    DeletionProtection: true,
    BackupRetentionPeriod: 7,
    MasterUserSecret: { SecretArn: secretArn, SecretStatus: 'active' },
    ...override,
  };
}

/** The parameters of a group: a text is a value that somebody set, null one that is missing; `[value, source]` says more. */
export function parameters(values: Readonly<Record<string, string | null | readonly [string, string]>>): Json {
  return {
    Parameters: Object.entries(values).map(([ParameterName, value]) => ({
      ParameterName,
      ...(value === null
        ? { Source: 'engine-default' }
        : typeof value === 'string'
          ? { ParameterValue: value, Source: 'user' }
          : { ParameterValue: value[0], Source: value[1] }),
      ApplyType: 'dynamic',
      ApplyMethod: 'pending-reboot',
      IsModifiable: true,
    })),
  };
}

/** What a strict group holds. */
export const strict = {
  'rds.force_ssl': '1',
  ssl: ['1', 'engine-default'],
  ssl_min_protocol_version: ['TLSv1.2', 'engine-default'],
  ssl_ciphers: null,
  'rds.restrict_password_commands': '1',
  password_encryption: ['scram-sha-256', 'system'],
  'rds.accepted_password_auth_method': 'scram',
  log_connections: '1',
  log_disconnections: '1',
  log_statement: ['none', 'engine-default'],
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  'pgaudit.log': 'ddl,role',
} as const;

/** A whole region with cluster orders, in which nothing is wrong. */
export const fine: Answers = {
  'rds describe-db-clusters': { DBClusters: [cluster()] },
  'rds describe-db-instances': { DBInstances: [instance('orders-1'), instance('orders-2')] },
  'rds describe-db-cluster-parameters orders-pg16': parameters(strict),
  'rds describe-db-parameters billing-pg16': parameters(strict),
  'rds describe-db-cluster-parameter-groups': {
    DBClusterParameterGroups: [{ DBClusterParameterGroupName: 'orders-pg16', DBParameterGroupFamily: 'aurora-postgresql16' }],
  },
  'rds describe-db-parameter-groups': {
    DBParameterGroups: [{ DBParameterGroupName: 'billing-pg16', DBParameterGroupFamily: 'postgres16' }],
  },
  'rds describe-db-cluster-snapshots': { DBClusterSnapshots: [] },
  'rds describe-db-snapshots': { DBSnapshots: [] },
  'rds describe-db-subnet-groups': {
    DBSubnetGroups: [
      { DBSubnetGroupName: 'private', VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-a' }, { SubnetIdentifier: 'subnet-b' }] },
    ],
  },
  'rds describe-db-proxies': { DBProxies: [] },
  'rds describe-db-engine-versions aurora-postgresql': {
    DBEngineVersions: [{ Engine: 'aurora-postgresql', EngineVersion: '16.4', Status: 'available' }],
  },
  'rds describe-db-engine-versions postgres': { DBEngineVersions: [{ Engine: 'postgres', EngineVersion: '16.4', Status: 'available' }] },
  'rds describe-db-major-engine-versions aurora-postgresql': {
    DBMajorEngineVersions: [majorVersion('aurora-postgresql', '16', '2029-02-28')],
  },
  'rds describe-db-major-engine-versions postgres': { DBMajorEngineVersions: [majorVersion('postgres', '16', '2029-02-28')] },
  'rds describe-certificates': { Certificates: [{ CertificateIdentifier: 'rds-ca-rsa2048-g1', ValidTill: '2061-05-21T00:00:00Z' }] },
  'rds describe-global-clusters': { GlobalClusters: [] },
  'rds describe-db-shard-groups': { DBShardGroups: [] },
  'ec2 describe-security-groups': {
    SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, IpRanges: [{ CidrIp: '10.0.0.0/24' }] }])],
  },
  'ec2 describe-route-tables': {
    RouteTables: [
      {
        RouteTableId: 'rtb-main',
        VpcId: 'vpc-1',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }],
      },
    ],
  },
  'ec2 describe-managed-prefix-lists': { PrefixLists: [] },
  [`secretsmanager describe-secret ${secretArn}`]: {
    ARN: secretArn,
    RotationEnabled: true,
    RotationRules: { AutomaticallyAfterDays: 7 },
    LastRotatedDate: '2026-04-30T03:00:00Z',
    NextRotationDate: '2026-05-07T03:00:00Z',
    CreatedDate: '2025-01-10T08:00:00Z',
  },
  'logs describe-subscription-filters /aws/rds/cluster/orders/postgresql': { subscriptionFilters: [] },
  'logs describe-subscription-filters /aws/rds/instance/billing/postgresql': { subscriptionFilters: [] },
  ...details({
    UserDetailList: [user()],
    GroupDetailList: [group()],
    RoleDetailList: [role(policy(connect(dbuser('orders_app'))))],
  }),
  'iam get-credential-report': credentialReport(rootRow, janeRow),
  'iam get-account-summary': { SummaryMap: { AccountAccessKeysPresent: 0, AccountMFAEnabled: 1, AccountPasswordPresent: 1 } },
  'iam get-service-last-accessed-details arn:aws:iam::111122223333:role/orders-app': {
    JobStatus: 'COMPLETED',
    JobCreationDate: '2026-05-03T11:00:00Z',
    JobCompletionDate: '2026-05-03T11:00:00Z',
    ServicesLastAccessed: [{ ServiceName: 'Amazon RDS IAM Authentication', ServiceNamespace: 'rds-db', TotalAuthenticatedEntities: 0 }],
  },
  'cloudtrail describe-trails': { trailList: [trail()] },
  'cloudtrail get-trail-status main': { IsLogging: true, LatestDeliveryTime: '2026-05-03T11:50:00Z' },
  'cloudtrail get-event-selectors main': {
    TrailARN: trail().TrailARN,
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }],
  },
  'guardduty list-detectors': { DetectorIds: ['12abc34d567e8fa901bc2d34e56789f0'] },
  'guardduty get-detector 12abc34d567e8fa901bc2d34e56789f0': {
    ServiceRole: `arn:aws:iam::${account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
    Status: 'ENABLED',
    Features: [{ Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' }],
  },
  'securityhub describe-hub': {
    HubArn: `arn:aws:securityhub:${region}:${account}:hub/default`,
    SubscribedAt: '2025-01-10T08:00:00Z',
  },
};

/** Trail main of all regions, at home in this one. */
export function trail(override: Json = {}): Json {
  return {
    Name: 'main',
    TrailARN: `arn:aws:cloudtrail:${region}:${account}:trail/main`,
    S3BucketName: 'trail-bucket',
    HomeRegion: region,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    IsOrganizationTrail: false,
    LogFileValidationEnabled: true,
    HasCustomEventSelectors: false,
    ...override,
  };
}

/** A major version and the end of its standard support; extended support goes on for three years. */
export function majorVersion(engine: string, version: string, standardEnd: string): Json {
  return {
    Engine: engine,
    MajorEngineVersion: version,
    SupportedEngineLifecycles: [
      {
        LifecycleSupportName: 'open-source-rds-standard-support',
        LifecycleSupportStartDate: '2020-01-01T00:00:00Z',
        LifecycleSupportEndDate: `${standardEnd}T23:59:59Z`,
      },
      {
        LifecycleSupportName: 'open-source-rds-extended-support',
        LifecycleSupportStartDate: `${standardEnd}T23:59:59Z`,
        LifecycleSupportEndDate: '2032-02-28T23:59:59Z',
      },
    ],
  };
}

/** The cluster's security group with these rules. */
export function securityGroup(IpPermissions: readonly Json[], override: Json = {}): Json {
  return { GroupId: 'sg-orders', GroupName: 'orders', VpcId: 'vpc-1', IpPermissions, ...override };
}
