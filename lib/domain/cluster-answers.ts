/*
 * What AWS says of clusters and what stands around them, in its own words, as the AWS CLI prints it. Every field may be missing;
 * numbers, booleans and times that came as something else have been read, or left out where they could not be.
 */

/** `aws rds describe-db-clusters`; every engine of the family of RDS, also those that nobody here judges. */
export interface DbClusters {
  readonly DBClusters: readonly DbCluster[];
}

/** One cluster of any engine. */
export interface DbCluster {
  readonly DBClusterIdentifier: string;
  readonly Engine: string;
  readonly DBClusterArn?: string | undefined;
  readonly DbClusterResourceId?: string | undefined;
  readonly EngineVersion?: string | undefined;
  readonly EngineMode?: string | undefined;
  readonly Status?: string | undefined;
  readonly ClusterCreateTime?: string | undefined;
  readonly Port?: number | undefined;
  readonly MasterUsername?: string | undefined;
  readonly DBClusterParameterGroup?: string | undefined;
  readonly DBSubnetGroup?: string | undefined;
  readonly DBClusterMembers?: readonly DbClusterMember[] | undefined;
  readonly VpcSecurityGroups?: readonly VpcSecurityGroup[] | undefined;
  readonly StorageEncrypted?: boolean | undefined;
  readonly StorageEncryptionType?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly IAMDatabaseAuthenticationEnabled?: boolean | undefined;
  readonly EnabledCloudwatchLogsExports?: readonly string[] | undefined;
  readonly PendingModifiedValues?: PendingValues | undefined;
  readonly PubliclyAccessible?: boolean | undefined;
  readonly AutoMinorVersionUpgrade?: boolean | undefined;
  readonly DeletionProtection?: boolean | undefined;
  readonly BackupRetentionPeriod?: number | undefined;
  readonly HttpEndpointEnabled?: boolean | undefined;
  readonly ActivityStreamStatus?: string | undefined;
  readonly DomainMemberships?: readonly DomainMembership[] | undefined;
  readonly TagList?: readonly Tag[] | undefined;
  readonly GlobalClusterIdentifier?: string | undefined;
  readonly MasterUserSecret?: MasterUserSecret | undefined;
  readonly ClusterScalabilityType?: string | undefined;
  readonly CertificateDetails?: CertificateDetails | undefined;
  readonly EngineLifecycleSupport?: string | undefined;
  readonly VPCNetworkingEnabled?: boolean | undefined;
  readonly InternetAccessGatewayEnabled?: boolean | undefined;
}

/** A member of a cluster, with the apply status of the cluster's group on it; AWS lists no closed set of words for that. */
export interface DbClusterMember {
  readonly DBInstanceIdentifier?: string | undefined;
  readonly IsClusterWriter?: boolean | undefined;
  readonly DBClusterParameterGroupStatus?: string | undefined;
}

/** `aws rds describe-db-instances`. */
export interface DbInstances {
  readonly DBInstances: readonly DbInstance[];
}

/** One instance of any engine: a member where it has a `DBClusterIdentifier`, else one of its own. */
export interface DbInstance {
  readonly DBInstanceIdentifier: string;
  readonly Engine: string;
  readonly DBInstanceArn?: string | undefined;
  readonly DbiResourceId?: string | undefined;
  readonly DBClusterIdentifier?: string | undefined;
  readonly EngineVersion?: string | undefined;
  readonly DBInstanceStatus?: string | undefined;
  readonly InstanceCreateTime?: string | undefined;
  readonly Endpoint?: { readonly Port?: number | undefined } | undefined;
  readonly DbInstancePort?: number | undefined;
  readonly MasterUsername?: string | undefined;
  readonly DBParameterGroups?: readonly DbParameterGroupStatus[] | undefined;
  readonly DBSubnetGroup?: DbSubnetGroup | undefined;
  readonly VpcSecurityGroups?: readonly VpcSecurityGroup[] | undefined;
  readonly StorageEncrypted?: boolean | undefined;
  readonly StorageEncryptionType?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly IAMDatabaseAuthenticationEnabled?: boolean | undefined;
  readonly EnabledCloudwatchLogsExports?: readonly string[] | undefined;
  readonly PendingModifiedValues?: PendingValues | undefined;
  readonly PubliclyAccessible?: boolean | undefined;
  readonly AutoMinorVersionUpgrade?: boolean | undefined;
  readonly DeletionProtection?: boolean | undefined;
  readonly BackupRetentionPeriod?: number | undefined;
  readonly ActivityStreamStatus?: string | undefined;
  readonly DomainMemberships?: readonly DomainMembership[] | undefined;
  readonly TagList?: readonly Tag[] | undefined;
  readonly MasterUserSecret?: MasterUserSecret | undefined;
  readonly CACertificateIdentifier?: string | undefined;
  readonly CertificateDetails?: CertificateDetails | undefined;
  readonly EngineLifecycleSupport?: string | undefined;
}

/** The instance's parameter group and its apply status. */
export interface DbParameterGroupStatus {
  readonly DBParameterGroupName?: string | undefined;
  readonly ParameterApplyStatus?: string | undefined;
}

/** What waits for the maintenance window. */
export interface PendingValues {
  readonly Port?: number | undefined;
  readonly IAMDatabaseAuthenticationEnabled?: boolean | undefined;
  readonly BackupRetentionPeriod?: number | undefined;
  readonly MasterUserPassword?: string | undefined;
  readonly EngineVersion?: string | undefined;
  readonly CACertificateIdentifier?: string | undefined;
  readonly PendingCloudwatchLogsExports?:
    | { readonly LogTypesToEnable?: readonly string[] | undefined; readonly LogTypesToDisable?: readonly string[] | undefined }
    | undefined;
}

/** A security group of a cluster or instance. */
export interface VpcSecurityGroup {
  readonly VpcSecurityGroupId?: string | undefined;
  readonly Status?: string | undefined;
}

/** A directory that a cluster or instance is joined to. */
export interface DomainMembership {
  readonly Domain?: string | undefined;
  readonly FQDN?: string | undefined;
  readonly IAMRoleName?: string | undefined;
  readonly Status?: string | undefined;
}

/** One tag. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** The secret that RDS keeps the master user's password in. */
export interface MasterUserSecret {
  readonly SecretArn?: string | undefined;
  readonly SecretStatus?: string | undefined;
}

/** The certificate that a server shows, and its authority. */
export interface CertificateDetails {
  readonly CAIdentifier?: string | undefined;
  readonly ValidTill?: string | undefined;
}

/** `aws rds describe-db-cluster-parameters` and `describe-db-parameters`. */
export interface Parameters {
  readonly Parameters: readonly Parameter[];
}

/** One parameter of a group; a missing value means the engine's default. */
export interface Parameter {
  readonly ParameterName: string;
  readonly ParameterValue?: string | undefined;
  /** `engine-default`, `system` or `user`. */
  readonly Source?: string | undefined;
  /** `static` or `dynamic`. */
  readonly ApplyType?: string | undefined;
}

/** `aws rds describe-db-cluster-parameter-groups`. */
export interface DbClusterParameterGroups {
  readonly DBClusterParameterGroups: readonly DbClusterParameterGroup[];
}

/** A cluster's parameter group. */
export interface DbClusterParameterGroup {
  readonly DBClusterParameterGroupName: string;
  readonly DBParameterGroupFamily?: string | undefined;
  readonly DBClusterParameterGroupArn?: string | undefined;
}

/** `aws rds describe-db-parameter-groups`. */
export interface DbParameterGroups {
  readonly DBParameterGroups: readonly DbParameterGroup[];
}

/** An instance's parameter group. */
export interface DbParameterGroup {
  readonly DBParameterGroupName: string;
  readonly DBParameterGroupFamily?: string | undefined;
  readonly DBParameterGroupArn?: string | undefined;
}

/** `aws rds describe-db-subnet-groups`. */
export interface DbSubnetGroups {
  readonly DBSubnetGroups: readonly DbSubnetGroup[];
}

/** The subnets that a cluster lives in. */
export interface DbSubnetGroup {
  readonly DBSubnetGroupName?: string | undefined;
  readonly DBSubnetGroupArn?: string | undefined;
  readonly VpcId?: string | undefined;
  readonly Subnets?: readonly { readonly SubnetIdentifier?: string | undefined }[] | undefined;
}

/** `aws rds describe-db-cluster-snapshots`. */
export interface DbClusterSnapshots {
  readonly DBClusterSnapshots: readonly DbClusterSnapshot[];
}

/** A snapshot of a cluster. */
export interface DbClusterSnapshot {
  readonly DBClusterSnapshotIdentifier: string;
  readonly Engine: string;
  readonly DBClusterSnapshotArn?: string | undefined;
  readonly DBClusterIdentifier?: string | undefined;
  readonly SnapshotType?: string | undefined;
  readonly StorageEncrypted?: boolean | undefined;
  readonly StorageEncryptionType?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly TagList?: readonly Tag[] | undefined;
}

/** `aws rds describe-db-snapshots`. */
export interface DbSnapshots {
  readonly DBSnapshots: readonly DbSnapshot[];
}

/** A snapshot of an instance. */
export interface DbSnapshot {
  readonly DBSnapshotIdentifier: string;
  readonly Engine: string;
  readonly DBSnapshotArn?: string | undefined;
  readonly DBInstanceIdentifier?: string | undefined;
  readonly SnapshotType?: string | undefined;
  readonly Encrypted?: boolean | undefined;
  readonly StorageEncryptionType?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly TagList?: readonly Tag[] | undefined;
}

/** `aws rds describe-db-cluster-snapshot-attributes`. */
export interface DbClusterSnapshotAttributes {
  readonly DBClusterSnapshotAttributesResult: { readonly DBClusterSnapshotAttributes: readonly SnapshotAttribute[] };
}

/** `aws rds describe-db-snapshot-attributes`. */
export interface DbSnapshotAttributes {
  readonly DBSnapshotAttributesResult: { readonly DBSnapshotAttributes: readonly SnapshotAttribute[] };
}

/** `restore`: the accounts that may copy or restore it, or `all`. */
export interface SnapshotAttribute {
  readonly AttributeName: string;
  readonly AttributeValues: readonly string[];
}

/** `aws rds describe-db-proxies`. */
export interface DbProxies {
  readonly DBProxies: readonly DbProxy[];
}

/** One RDS Proxy. */
export interface DbProxy {
  readonly DBProxyName: string;
  readonly DBProxyArn?: string | undefined;
  readonly EngineFamily?: string | undefined;
  readonly DefaultAuthScheme?: string | undefined;
  readonly Auth?: readonly ProxyAuth[] | undefined;
  readonly RequireTLS?: boolean | undefined;
}

/** How clients of a proxy authenticate, per secret. */
export interface ProxyAuth {
  readonly SecretArn?: string | undefined;
  readonly IAMAuth?: string | undefined;
  readonly UserName?: string | undefined;
}

/** `aws rds describe-db-proxy-targets`. */
export interface DbProxyTargets {
  readonly Targets: readonly DbProxyTarget[];
}

/** A cluster or instance behind a proxy. */
export interface DbProxyTarget {
  readonly RdsResourceId?: string | undefined;
  readonly TrackedClusterId?: string | undefined;
  readonly Type?: string | undefined;
}

/** `aws rds describe-db-engine-versions --engine …`. */
export interface DbEngineVersions {
  readonly DBEngineVersions: readonly DbEngineVersion[];
}

/** A version that is offered. */
export interface DbEngineVersion {
  readonly EngineVersion: string;
  readonly Engine?: string | undefined;
  /** `available` or `deprecated`. */
  readonly Status?: string | undefined;
  readonly ValidUpgradeTarget?: readonly { readonly EngineVersion?: string | undefined }[] | undefined;
}

/** `aws rds describe-db-major-engine-versions --engine …`. */
export interface DbMajorEngineVersions {
  readonly DBMajorEngineVersions: readonly DbMajorEngineVersion[];
}

/** A major version and how long it is supported. */
export interface DbMajorEngineVersion {
  readonly MajorEngineVersion: string;
  readonly Engine?: string | undefined;
  readonly SupportedEngineLifecycles?: readonly EngineLifecycle[] | undefined;
}

/** One kind of support, from when to when. */
export interface EngineLifecycle {
  /** `open-source-rds-standard-support`, `open-source-rds-extended-support`. */
  readonly LifecycleSupportName?: string | undefined;
  readonly LifecycleSupportStartDate?: string | undefined;
  readonly LifecycleSupportEndDate?: string | undefined;
}

/** `aws rds describe-certificates`. */
export interface Certificates {
  readonly Certificates: readonly Certificate[];
}

/** A certificate authority of RDS. */
export interface Certificate {
  readonly CertificateIdentifier: string;
  readonly ValidTill?: string | undefined;
}

/** `aws rds describe-global-clusters`. */
export interface GlobalClusters {
  readonly GlobalClusters: readonly GlobalCluster[];
}

/** A global database. */
export interface GlobalCluster {
  readonly GlobalClusterIdentifier: string;
  readonly GlobalClusterMembers?:
    | readonly { readonly DBClusterArn?: string | undefined; readonly Readers?: readonly string[] | undefined }[]
    | undefined;
}

/** `aws rds describe-db-shard-groups`. */
export interface DbShardGroups {
  readonly DBShardGroups: readonly DbShardGroup[];
}

/** The shards of a Limitless cluster. */
export interface DbShardGroup {
  readonly DBShardGroupIdentifier: string;
  readonly DBClusterIdentifier?: string | undefined;
  readonly PubliclyAccessible?: boolean | undefined;
  readonly Status?: string | undefined;
}

/** `aws ec2 describe-security-groups`. */
export interface SecurityGroups {
  readonly SecurityGroups: readonly SecurityGroup[];
}

/** A security group and what it lets in. */
export interface SecurityGroup {
  readonly GroupId: string;
  readonly GroupName?: string | undefined;
  readonly IpPermissions?: readonly IpPermission[] | undefined;
}

/** A rule of a security group. */
export interface IpPermission {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all. */
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly IpRanges?: readonly { readonly CidrIp?: string | undefined }[] | undefined;
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6?: string | undefined }[] | undefined;
  readonly PrefixListIds?: readonly { readonly PrefixListId?: string | undefined }[] | undefined;
  readonly UserIdGroupPairs?: readonly { readonly GroupId?: string | undefined }[] | undefined;
}

/** `aws ec2 describe-route-tables`. */
export interface RouteTables {
  readonly RouteTables: readonly RouteTable[];
}

/** Where a subnet's packets go. */
export interface RouteTable {
  readonly RouteTableId: string;
  readonly VpcId?: string | undefined;
  readonly Routes?: readonly Route[] | undefined;
  readonly Associations?:
    | readonly {
        readonly RouteTableAssociationId?: string | undefined;
        readonly Main?: boolean | undefined;
        readonly SubnetId?: string | undefined;
        readonly State?: string | undefined;
      }[]
    | undefined;
}

/** One route. */
export interface Route {
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
  readonly DestinationPrefixListId?: string | undefined;
  readonly GatewayId?: string | undefined;
  readonly State?: string | undefined;
}

/** `aws ec2 describe-managed-prefix-lists`. */
export interface ManagedPrefixLists {
  readonly PrefixLists: readonly ManagedPrefixList[];
}

/** A prefix list's name. */
export interface ManagedPrefixList {
  readonly PrefixListId: string;
  readonly PrefixListName?: string | undefined;
}

/** `aws ec2 get-managed-prefix-list-entries --prefix-list-id …`. */
export interface ManagedPrefixListEntries {
  readonly Entries: readonly { readonly Cidr?: string | undefined }[];
}

/** `aws secretsmanager describe-secret --secret-id …`. */
export interface Secret {
  readonly ARN?: string | undefined;
  readonly RotationEnabled?: boolean | undefined;
  readonly RotationRules?: { readonly AutomaticallyAfterDays?: number | undefined } | undefined;
  readonly LastRotatedDate?: string | undefined;
  readonly NextRotationDate?: string | undefined;
  readonly CreatedDate?: string | undefined;
  readonly DeletedDate?: string | undefined;
}

/** `aws logs describe-subscription-filters --log-group-name …`. */
export interface SubscriptionFilters {
  readonly subscriptionFilters: readonly {
    readonly filterName?: string | undefined;
    readonly filterPattern?: string | undefined;
    readonly destinationArn?: string | undefined;
    /** What CloudWatch Logs delivers as; Lambda needs none. */
    readonly roleArn?: string | undefined;
  }[];
}
