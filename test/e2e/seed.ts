// An account worth watching, in the emulator: two clusters with all that stands around them, as they should be.
import { CloudTrailClient, CreateTrailCommand, PutEventSelectorsCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import { CreateRoleCommand, CreateUserCommand, IAMClient, PutRolePolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateDBClusterCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBProxyCommand,
  CreateDBSnapshotCommand,
  CreateDBSubnetGroupCommand,
  ModifyDBClusterParameterGroupCommand,
  ModifyDBParameterGroupCommand,
  RDSClient,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';

/** The names of the clusters. */
export const clusters = ['billing', 'orders'] as const;

/** How a client of the SDK reaches the emulator. */
export interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const strict = {
  'rds.force_ssl': '1',
  'rds.restrict_password_commands': '1',
  'rds.accepted_password_auth_method': 'scram',
  log_connections: '1',
  log_disconnections: '1',
};

/** Makes the account. */
export async function seed(settings: Settings, account: string): Promise<void> {
  const network = await seedClusters(settings, clusters);
  const rds = new RDSClient(settings);
  await rds.send(new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: 'orders', DBClusterSnapshotIdentifier: 'orders-may' }));
  await makeSingleInstance(rds, network.securityGroup);
  await makeProxy(settings, account, network.subnets);
  await makeWatchers(settings);
  await makeReaders(new IAMClient(settings), account);
}

/** Makes only clusters, in a network of their own: another region of the account. */
export async function seedClusters(settings: Settings, names: readonly string[]): Promise<{ subnets: string[]; securityGroup: string }> {
  const network = await makeNetwork(new EC2Client(settings));
  const subnetGroup = { DBSubnetGroupName: 'private', DBSubnetGroupDescription: 'Private', SubnetIds: network.subnets };
  await new RDSClient(settings).send(new CreateDBSubnetGroupCommand(subnetGroup));
  const logs = new CloudWatchLogsClient(settings);
  for (const name of names) {
    await makeCluster(settings, name, network.securityGroup);
    await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/rds/cluster/${name}/postgresql` }));
  }
  return network;
}

/** Makes snapshots of a cluster, as many as `names`. */
export async function seedSnapshots(settings: Settings, cluster: string, names: readonly string[]): Promise<void> {
  const rds = new RDSClient(settings);
  for (const name of names)
    await rds.send(new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier: name }));
}

/** Sets parameters in the group of a cluster. */
export async function setParameters(settings: Settings, cluster: string, values: Readonly<Record<string, string>>): Promise<void> {
  const Parameters = Object.entries(values).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
    ApplyMethod: 'immediate' as const,
  }));
  await new RDSClient(settings).send(
    new ModifyDBClusterParameterGroupCommand({ DBClusterParameterGroupName: `${cluster}-pg16`, Parameters }),
  );
}

async function makeNetwork(ec2: EC2Client): Promise<{ subnets: string[]; securityGroup: string }> {
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
  const vpc = { VpcId: Vpcs?.[0]?.VpcId };
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const { PrefixList } = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'office',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '203.0.113.0/24' }],
    }),
  );
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ ...vpc, GroupName: 'databases', Description: 'Databases' }));
  const office = [{ PrefixListId: PrefixList?.PrefixListId ?? '' }];
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, PrefixListIds: office }],
    }),
  );
  return { subnets: (Subnets ?? []).flatMap(({ SubnetId }) => SubnetId ?? []), securityGroup: GroupId };
}

async function makeCluster(settings: Settings, name: string, securityGroup: string): Promise<void> {
  const rds = new RDSClient(settings);
  const group = { DBClusterParameterGroupName: `${name}-pg16` };
  await rds.send(new CreateDBClusterParameterGroupCommand({ ...group, DBParameterGroupFamily: 'aurora-postgresql16', Description: name }));
  await setParameters(settings, name, strict);
  await rds.send(
    new CreateDBClusterCommand({
      ...group,
      DBClusterIdentifier: name,
      Engine: 'aurora-postgresql',
      EngineVersion: '16.6',
      MasterUsername: 'owner',
      ManageMasterUserPassword: true,
      DBSubnetGroupName: 'private',
      VpcSecurityGroupIds: [securityGroup],
      StorageEncrypted: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ['postgresql', 'iam-db-auth-error'],
    }),
  );
  await rds.send(
    new CreateDBInstanceCommand({
      ...instance,
      DBInstanceIdentifier: `${name}-1`,
      DBClusterIdentifier: name,
      Engine: 'aurora-postgresql',
    }),
  );
}

const instance = {
  DBInstanceClass: 'db.r6g.large',
  PubliclyAccessible: false,
  CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  AutoMinorVersionUpgrade: true,
} as const;

/** An RDS for PostgreSQL instance of its own, with a group and a snapshot. */
async function makeSingleInstance(rds: RDSClient, securityGroup: string): Promise<void> {
  const group = { DBParameterGroupName: 'ledger-pg16' };
  await rds.send(new CreateDBParameterGroupCommand({ ...group, DBParameterGroupFamily: 'postgres16', Description: 'ledger' }));
  const Parameters = Object.entries(strict).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
    ApplyMethod: 'immediate' as const,
  }));
  await rds.send(new ModifyDBParameterGroupCommand({ ...group, Parameters }));
  await rds.send(
    new CreateDBInstanceCommand({
      ...instance,
      ...group,
      DBInstanceIdentifier: 'ledger',
      Engine: 'postgres',
      EngineVersion: '16.6',
      AllocatedStorage: 20,
      MasterUsername: 'owner',
      ManageMasterUserPassword: true,
      DBSubnetGroupName: 'private',
      VpcSecurityGroupIds: [securityGroup],
      StorageEncrypted: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ['postgresql', 'iam-db-auth-error'],
    }),
  );
  await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'ledger', DBSnapshotIdentifier: 'ledger-may' }));
}

async function makeProxy(settings: Settings, account: string, subnets: string[]): Promise<void> {
  const rds = new RDSClient(settings);
  const { ARN } = await new SecretsManagerClient(settings).send(new CreateSecretCommand({ Name: 'orders-proxy', SecretString: '{}' }));
  await rds.send(
    new CreateDBProxyCommand({
      DBProxyName: 'orders-proxy',
      EngineFamily: 'POSTGRESQL',
      RequireTLS: true,
      Auth: [{ AuthScheme: 'SECRETS', IAMAuth: 'REQUIRED', ...(ARN === undefined ? {} : { SecretArn: ARN }) }],
      RoleArn: `arn:aws:iam::${account}:role/orders-proxy`,
      VpcSubnetIds: subnets,
    }),
  );
  await rds.send(new RegisterDBProxyTargetsCommand({ DBProxyName: 'orders-proxy', DBClusterIdentifiers: ['orders'] }));
}

/** Trail, GuardDuty and Security Hub. */
async function makeWatchers(settings: Settings): Promise<void> {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'trail-files' }));
  const cloudtrail = new CloudTrailClient(settings);
  await cloudtrail.send(
    new CreateTrailCommand({ Name: 'all', S3BucketName: 'trail-files', IsMultiRegionTrail: true, EnableLogFileValidation: true }),
  );
  const EventSelectors = [{ ReadWriteType: 'All' as const, IncludeManagementEvents: true, DataResources: [] }];
  await cloudtrail.send(new PutEventSelectorsCommand({ TrailName: 'all', EventSelectors }));
  await cloudtrail.send(new StartLoggingCommand({ Name: 'all' }));
  await new GuardDutyClient(settings).send(
    new CreateDetectorCommand({ Enable: true, Features: [{ Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' }] }),
  );
  await new SecurityHubClient(settings).send(new EnableSecurityHubCommand({}));
}

/** A role and a user that may log in to the database. */
async function makeReaders(iam: IAMClient, account: string): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const Resource = `arn:aws:rds-db:eu-central-1:${account}:dbuser:cluster-ORDERS/reader`;
  const connect = { Effect: 'Allow', Action: 'rds-db:connect', Resource };
  const policy = { PolicyName: 'connect', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [connect] }) };
  await iam.send(new CreateRoleCommand({ RoleName: 'orders-reader', AssumeRolePolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'orders-reader', ...policy }));
  await iam.send(new CreateUserCommand({ UserName: 'orders-reporting' }));
  await iam.send(new PutUserPolicyCommand({ UserName: 'orders-reporting', ...policy }));
}
