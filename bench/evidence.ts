const ofPiece = 5000;

/** `count` lines of a PostgreSQL log from a number on, as a busy instance writes it: most of it statements, one login in fifty records, a few failures. */
export function* logLines(from: number, count: number): Generator<string> {
  for (let done = 0; done < count; ) {
    const lines: string[] = [];
    for (let index = from + done; lines.length < Math.min(ofPiece, count - done); index++) {
      const time = new Date(Date.UTC(2026, 4, 3, 0, 0, 0) + index * 20).toISOString().slice(0, 19).replace('T', ' ');
      const [process, port] = [1000 + (index % 9000), 20_000 + (index % 40_000)];
      const head = `${time} UTC:192.0.2.${index % 250}(${port})`;
      if (index % 50 === 0) lines.push(...login(head, process, port, index));
      else {
        lines.push(
          `${head}:app@orders:[${process}]:LOG:  duration: ${index % 97}.123 ms  execute <unnamed>: SELECT id, state, total FROM orders WHERE customer = $1 AND created > $2 ORDER BY created DESC LIMIT 50`,
        );
      }
    }
    done += lines.length;
    yield `${lines.join('\n')}\n`;
  }
}

function login(head: string, process: number, port: number, index: number): string[] {
  const received = `${head}:[unknown]@[unknown]:[${process}]:LOG:  connection received: host=192.0.2.${index % 250} port=${port}`;
  if (index % 2000 === 0) {
    return [
      received,
      `${head}:app@orders:[${process}]:LOG:  pam_authenticate failed: Permission denied`,
      `${head}:app@orders:[${process}]:FATAL:  PAM authentication failed for user "app"`,
    ];
  }
  return [
    received,
    `${head}:app@orders:[${process}]:LOG:  connection authenticated: identity="app" method=pam (/rdsdbdata/config/pg_hba.conf:13)`,
    `${head}:app@orders:[${process}]:LOG:  connection authorized: user=app database=orders application_name=shop SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`,
    `${head}:app@orders:[${process}]:LOG:  disconnection: session time: 0:00:00.120 user=app database=orders host=192.0.2.${index % 250} port=${port}`,
  ];
}

/** A CloudTrail file with `count` events, one in fifty of which a check reads. */
export function cloudTrailFile(file: number, count: number): string {
  const records = Array.from({ length: count }, (_, index) => {
    const number = file * count + index;
    const watched = number % 50 === 0;
    return {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::111122223333:assumed-role/service-${number % 40}/session`,
        accountId: '111122223333',
        sessionContext: {
          sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role/service-${number % 40}`, accountId: '111122223333' },
        },
      },
      eventTime: new Date(Date.UTC(2026, 4, 3) + number * 500).toISOString().replace('.000', '').replace(/\.500/, ''),
      eventSource: watched ? 'sts.amazonaws.com' : 's3.amazonaws.com',
      eventName: watched ? 'AssumeRole' : 'ListBuckets',
      awsRegion: 'eu-central-1',
      sourceIPAddress: `198.51.100.${number % 250}`,
      userAgent: 'aws-cli/2.27.22',
      requestParameters: watched
        ? { roleArn: `arn:aws:iam::111122223333:role/target-${number % 9}`, roleSessionName: 's' }
        : { Host: 's3.amazonaws.com' },
      responseElements: null,
      eventID: `22222222-2222-4222-8222-${String(number).padStart(12, '0')}`,
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111122223333',
    };
  });
  return JSON.stringify({ Records: records });
}

/** Answers of an account with `count` clusters, 1.5 instances each, 400 parameters a group; path below `inventory/` → text. */
export function* clusterAnswers(count: number): Generator<readonly [string, string]> {
  const region = 'eu-central-1';
  const arn = (kind: string, name: string): string => `arn:aws:rds:${region}:111122223333:${kind}:${name}`;
  const names = Array.from({ length: count }, (_, index) => `cluster-${String(index).padStart(4, '0')}`);
  const members = (index: number): string[] => [`${names[index]}-1`, ...(index % 2 === 0 ? [`${names[index]}-2`] : [])];
  const clusters = names.map((name, index) => ({
    DBClusterIdentifier: name,
    DBClusterArn: arn('cluster', name),
    DbClusterResourceId: `cluster-${String(index).padStart(26, 'A')}`,
    Engine: 'aurora-postgresql',
    EngineVersion: '16.6',
    EngineMode: 'provisioned',
    Status: 'available',
    Port: 5432,
    MasterUsername: 'owner',
    DBClusterParameterGroup: `${name}-pg16`,
    DBSubnetGroup: 'private',
    DBClusterMembers: members(index).map((member, at) => ({
      DBInstanceIdentifier: member,
      IsClusterWriter: at === 0,
      DBClusterParameterGroupStatus: 'in-sync',
    })),
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
    StorageEncrypted: true,
    IAMDatabaseAuthenticationEnabled: index % 3 !== 0,
    EnabledCloudwatchLogsExports: ['postgresql'],
    DeletionProtection: true,
    BackupRetentionPeriod: 7,
    TagList: [],
  }));
  const instances = names.flatMap((name, index) =>
    members(index).map((member) => ({
      DBInstanceIdentifier: member,
      DBInstanceArn: arn('db', member),
      DBClusterIdentifier: name,
      DbiResourceId: `db-${member}`,
      Engine: 'aurora-postgresql',
      EngineVersion: '16.6',
      DBInstanceStatus: 'available',
      DBParameterGroups: [{ DBParameterGroupName: 'default.aurora-postgresql16', ParameterApplyStatus: 'in-sync' }],
      PubliclyAccessible: false,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    })),
  );
  const groups = names.map((name) => ({ DBClusterParameterGroupName: `${name}-pg16`, DBParameterGroupFamily: 'aurora-postgresql16' }));
  yield [`${region}/rds/describe-db-clusters.json`, JSON.stringify({ DBClusters: clusters })];
  yield [`${region}/rds/describe-db-instances.json`, JSON.stringify({ DBInstances: instances })];
  yield [`${region}/rds/describe-db-cluster-parameter-groups.json`, JSON.stringify({ DBClusterParameterGroups: groups })];
  for (const [index, name] of names.entries()) {
    yield [`${region}/rds/describe-db-cluster-parameters/${name}-pg16.json`, JSON.stringify({ Parameters: parameters(index) })];
  }
}

function parameters(index: number): unknown[] {
  const watched = [
    { ParameterName: 'rds.force_ssl', ParameterValue: index % 4 === 0 ? '0' : '1', Source: 'user', ApplyType: 'dynamic' },
    { ParameterName: 'log_connections', ParameterValue: '1', Source: 'user', ApplyType: 'dynamic' },
  ];
  const rest = Array.from({ length: 398 }, (_, at) => ({
    ParameterName: `parameter_${at}`,
    Description: 'What the parameter does, in a sentence of usual length.',
    Source: 'engine-default',
    ApplyType: 'static',
    DataType: 'string',
    IsModifiable: true,
    ApplyMethod: 'pending-reboot',
  }));
  return [...watched, ...rest];
}
