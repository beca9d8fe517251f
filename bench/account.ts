// An account of any size that answers over HTTP as AWS does, fast enough that what is measured is who asks.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** One call as it came, so that it can be sent again. */
export interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An account that answers until `stop`. */
export interface Account {
  readonly endpoint: string;
  readonly calls: Sent[];
  stop(): Promise<void>;
}

const account = '111122223333';
const region = 'eu-central-1';
const engine = '<Engine>aurora-postgresql</Engine><EngineVersion>16.6</EngineVersion>';
const grantees = 20;

/** `clusters` clusters, 1.5 instances each, a parameter group of 400 parameters for each, every second one exporting its log. `delay` in milliseconds a call. */
export async function startAccount(clusters: number, delay: number): Promise<Account> {
  const names = Array.from({ length: clusters }, (_, index) => `cluster-${String(index).padStart(4, '0')}`);
  const answers = answersOf(names);
  const calls: Sent[] = [];

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = (await buffer(incoming)).toString();
    const { url: path = '/', method = 'GET', headers } = incoming;
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => /^(content-type|x-amz-target|authorization)$/.test(name)));
    calls.push({ path, method, headers: kept as Record<string, string>, body });
    if (delay > 0) await sleep(delay);
    const target = headers['x-amz-target'];
    const form = new URLSearchParams(body);
    const name = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : (form.get('Action') ?? path);
    const found = answers[name];
    if (!found) {
      outgoing.writeHead(400, { 'content-type': 'text/xml' });
      outgoing.end(`<ErrorResponse><Error><Code>InvalidAction</Code><Message>${name}</Message></Error></ErrorResponse>`);
      return;
    }
    const isXml = typeof target !== 'string' && path === '/';
    const text = found(isXml ? form : new URLSearchParams());
    outgoing.writeHead(200, { 'content-type': isXml ? 'text/xml' : 'application/x-amz-json-1.1' });
    const isEc2 = form.get('Version') === '2016-11-15';
    outgoing.end(
      !isXml
        ? text
        : isEc2
          ? `<${name}Response>${text}</${name}Response>`
          : `<${name}Response><${name}Result>${text}</${name}Result></${name}Response>`,
    );
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Answering = (form: URLSearchParams) => string;

/** By name of the action, or path of a REST call. */
function answersOf(names: readonly string[]): Readonly<Record<string, Answering>> {
  const pages = (list: string, elements: readonly string[]): Answering => {
    return (form) => {
      const [start, size] = [Number(form.get('Marker') ?? 0), Number(form.get('MaxRecords') ?? 100)];
      const more = start + size < elements.length ? `<Marker>${start + size}</Marker>` : '';
      return `<${list}>${elements.slice(start, start + size).join('')}</${list}>${more}`;
    };
  };
  const always = (text: string): Answering => {
    return () => text;
  };
  const groups = names.map(
    (name) =>
      `<DBClusterParameterGroup><DBClusterParameterGroupName>${name}-pg16</DBClusterParameterGroupName><DBParameterGroupFamily>aurora-postgresql16</DBParameterGroupFamily></DBClusterParameterGroup>`,
  );
  return {
    GetCallerIdentity: always(`<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/bench</Arn><UserId>AIDABENCH</UserId>`),
    DescribeDBClusters: pages('DBClusters', names.map(cluster)),
    DescribeDBInstances: pages(
      'DBInstances',
      names.flatMap((name, index) => members(name, index).map((member) => instance(member, name))),
    ),
    DescribeDBClusterParameterGroups: pages('DBClusterParameterGroups', groups),
    DescribeDBParameterGroups: pages('DBParameterGroups', []),
    DescribeDBClusterParameters: parameters(),
    DescribeDBClusterSnapshots: pages('DBClusterSnapshots', []),
    DescribeDBSnapshots: pages('DBSnapshots', []),
    DescribeDBSubnetGroups: pages('DBSubnetGroups', [
      '<DBSubnetGroup><DBSubnetGroupName>private</DBSubnetGroupName><VpcId>vpc-1</VpcId><Subnets><Subnet><SubnetIdentifier>subnet-a</SubnetIdentifier></Subnet></Subnets></DBSubnetGroup>',
    ]),
    DescribeDBProxies: pages('DBProxies', []),
    DescribeGlobalClusters: pages('GlobalClusters', []),
    DescribeDBShardGroups: pages('DBShardGroups', []),
    DescribeDBEngineVersions: pages('DBEngineVersions', [
      `<DBEngineVersion>${engine}<MajorEngineVersion>16</MajorEngineVersion><Status>available</Status></DBEngineVersion>`,
    ]),
    DescribeDBMajorEngineVersions: pages('DBMajorEngineVersions', [
      '<DBMajorEngineVersion><Engine>aurora-postgresql</Engine><MajorEngineVersion>16</MajorEngineVersion><SupportedEngineLifecycles><SupportedEngineLifecycle><LifecycleSupportName>open-source-rds-standard-support</LifecycleSupportName><LifecycleSupportStartDate>2024-01-31T00:00:00Z</LifecycleSupportStartDate><LifecycleSupportEndDate>2029-02-28T23:59:59Z</LifecycleSupportEndDate></SupportedEngineLifecycle></SupportedEngineLifecycles></DBMajorEngineVersion>',
    ]),
    DescribeCertificates: pages('Certificates', [
      '<Certificate><CertificateIdentifier>rds-ca-rsa2048-g1</CertificateIdentifier><ValidTill>2061-05-25T23:59:59Z</ValidTill></Certificate>',
    ]),
    DescribeSecurityGroups: always(
      '<securityGroupInfo><item><groupId>sg-1</groupId><groupName>databases</groupName><vpcId>vpc-1</vpcId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>5432</fromPort><toPort>5432</toPort><ipRanges><item><cidrIp>192.0.2.0/24</cidrIp></item></ipRanges></item></ipPermissions></item></securityGroupInfo>',
    ),
    DescribeRouteTables: always(
      '<routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><associationSet><item><main>true</main></item></associationSet><routeSet><item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state></item></routeSet></item></routeTableSet>',
    ),
    DescribeManagedPrefixLists: always('<prefixListSet/>'),
    GetAccountAuthorizationDetails: always(authorizationDetails()),
    GetAccountSummary: always(
      '<SummaryMap><entry><key>AccountAccessKeysPresent</key><value>0</value></entry><entry><key>AccountMFAEnabled</key><value>1</value></entry></SummaryMap>',
    ),
    GenerateCredentialReport: always('<State>COMPLETE</State>'),
    GetCredentialReport: always(
      `<Content>${Buffer.from(`user,arn,user_creation_time\n<root_account>,arn:aws:iam::${account}:root,2020-01-01T00:00:00+00:00\n`).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-05-03T11:00:00Z</GeneratedTime>`,
    ),
    GenerateServiceLastAccessedDetails: (form) => `<JobId>${form.get('Arn')}</JobId>`,
    GetServiceLastAccessedDetails: always(
      '<JobStatus>COMPLETED</JobStatus><JobCreationDate>2026-05-03T12:00:00Z</JobCreationDate><JobCompletionDate>2026-05-03T12:00:01Z</JobCompletionDate><ServicesLastAccessed/><IsTruncated>false</IsTruncated>',
    ),
    DescribeTrails: always('{"trailList":[]}'),
    DescribeSubscriptionFilters: always('{"subscriptionFilters":[]}'),
    '/detector?maxResults=50': always('{"detectorIds":[]}'),
    '/accounts': always(`{"HubArn":"arn:aws:securityhub:${region}:${account}:hub/default","SubscribedAt":"2025-01-10T08:00:00Z"}`),
  };
}

function members(name: string, index: number): readonly string[] {
  return index % 2 === 0 ? [`${name}-1`, `${name}-2`] : [`${name}-1`];
}

function cluster(name: string, index: number): string {
  const ofGroup = members(name, index).map(
    (member, at) =>
      `<DBClusterMember><DBInstanceIdentifier>${member}</DBInstanceIdentifier><IsClusterWriter>${at === 0}</IsClusterWriter><DBClusterParameterGroupStatus>in-sync</DBClusterParameterGroupStatus></DBClusterMember>`,
  );
  const exports = index % 2 === 0 ? '<EnabledCloudwatchLogsExports><member>postgresql</member></EnabledCloudwatchLogsExports>' : '';
  return (
    `<DBCluster><DBClusterIdentifier>${name}</DBClusterIdentifier><DBClusterArn>arn:aws:rds:${region}:${account}:cluster:${name}</DBClusterArn>` +
    `<DbClusterResourceId>cluster-${String(index).padStart(26, 'A')}</DbClusterResourceId>${engine}<EngineMode>provisioned</EngineMode><Status>available</Status><Port>5432</Port>` +
    `<MasterUsername>owner</MasterUsername><DBClusterParameterGroup>${name}-pg16</DBClusterParameterGroup><DBSubnetGroup>private</DBSubnetGroup>` +
    `<DBClusterMembers>${ofGroup.join('')}</DBClusterMembers><VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId><Status>active</Status></VpcSecurityGroupMembership></VpcSecurityGroups>` +
    `<StorageEncrypted>true</StorageEncrypted><KmsKeyId>arn:aws:kms:${region}:${account}:key/1</KmsKeyId><IAMDatabaseAuthenticationEnabled>${index % 3 !== 0}</IAMDatabaseAuthenticationEnabled>${exports}` +
    `<DeletionProtection>true</DeletionProtection><BackupRetentionPeriod>7</BackupRetentionPeriod><HttpEndpointEnabled>false</HttpEndpointEnabled></DBCluster>`
  );
}

function instance(name: string, cluster: string): string {
  return (
    `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:${region}:${account}:db:${name}</DBInstanceArn><DBClusterIdentifier>${cluster}</DBClusterIdentifier>` +
    `<DbiResourceId>db-${name}</DbiResourceId>${engine}<DBInstanceStatus>available</DBInstanceStatus><Endpoint><Address>${name}.example.com</Address><Port>5432</Port></Endpoint>` +
    '<DBParameterGroups><DBParameterGroup><DBParameterGroupName>default.aurora-postgresql16</DBParameterGroupName><ParameterApplyStatus>in-sync</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>' +
    '<PubliclyAccessible>false</PubliclyAccessible><AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade><CACertificateIdentifier>rds-ca-rsa2048-g1</CACertificateIdentifier>' +
    '<CertificateDetails><CAIdentifier>rds-ca-rsa2048-g1</CAIdentifier><ValidTill>2027-11-10T08:10:00Z</ValidTill></CertificateDetails></DBInstance>'
  );
}

/** 400 parameters: those that checks read, and others that nobody asked for unless he asks for all; filtered by name as RDS does. */
function parameters(): Answering {
  const watched: Readonly<Record<string, string>> = {
    'rds.force_ssl': '1',
    ssl: '1',
    ssl_min_protocol_version: 'TLSv1.2',
    log_connections: '1',
    log_disconnections: '1',
    shared_preload_libraries: 'pg_stat_statements',
  };
  const all = [...Object.keys(watched), ...Array.from({ length: 394 }, (_, index) => `parameter_${index}`)].map((name) => {
    const value = Object.hasOwn(watched, name)
      ? `<ParameterValue>${watched[name]}</ParameterValue><Source>user</Source>`
      : '<Source>engine-default</Source>';
    return [
      name,
      `<Parameter><ParameterName>${name}</ParameterName>${value}<Description>What the parameter does, in a sentence of usual length.</Description><ApplyType>dynamic</ApplyType><DataType>string</DataType><IsModifiable>true</IsModifiable><ApplyMethod>pending-reboot</ApplyMethod></Parameter>`,
    ] as const;
  });
  return (form) => {
    const wanted = new Set([...form].filter(([name]) => name.startsWith('Filters.Filter.1.Values')).map(([, value]) => value));
    const listed = all.filter(([name]) => wanted.size === 0 || wanted.has(name));
    const [start, size] = [Number(form.get('Marker') ?? 0), Number(form.get('MaxRecords') ?? 100)];
    const more = start + size < listed.length ? `<Marker>${start + size}</Marker>` : '';
    return `<Parameters>${listed
      .slice(start, start + size)
      .map(([, text]) => text)
      .join('')}</Parameters>${more}`;
  };
}

/** Roles that may log in, and as many that may not. */
function authorizationDetails(): string {
  const trust = encodeURIComponent(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  );
  const roles = Array.from({ length: grantees * 2 }, (_, index) => {
    const Action = index < grantees ? 'rds-db:connect' : 's3:GetObject';
    const Resource = index < grantees ? `arn:aws:rds-db:${region}:${account}:dbuser:cluster-${String(index).padStart(26, 'A')}/app` : '*';
    const document = encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] }));
    return `<member><Path>/</Path><RoleName>role-${index}</RoleName><RoleId>AROA${index}</RoleId><Arn>arn:aws:iam::${account}:role/role-${index}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${trust}</AssumeRolePolicyDocument><RolePolicyList><member><PolicyName>own</PolicyName><PolicyDocument>${document}</PolicyDocument></member></RolePolicyList><AttachedManagedPolicies/><InstanceProfileList/></member>`;
  });
  return `<UserDetailList/><GroupDetailList/><RoleDetailList>${roles.join('')}</RoleDetailList><Policies/><IsTruncated>false</IsTruncated>`;
}
