// What the packaged roles grant: every call of a function is held against its role, and what no call ever needed is listed.
import { matchesWildcard } from '../../lib/domain/wildcard.ts';
import { icebergTable } from '../trino/glue.ts';
import type { Call } from './front.ts';
import { type FunctionName, functionNames, resourceNameOf } from './functions.ts';
import { trailKey } from './packaged.ts';
import type { Template } from './template.ts';

/** The roles of the template, and what they were used for so far. */
export interface Grants {
  /** Why the role of the function refuses the call; null: it grants it. */
  refusalOf(call: Call): string | null;
  /** What is granted and was never used: `<role or policy> <action>`, and `<role or policy> on <resource>`; sorted. */
  unused(): readonly string[];
}

interface Statement {
  /** The role, or the managed policy that several roles share. */
  readonly from: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Condition key → the only value that it may have. */
  readonly where: Readonly<Record<string, string>>;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string>> };
  }[];
}

/** One permission that a call needs. */
interface Needed {
  readonly action: string;
  readonly resource: string;
  /** What AWS knows of the call, by condition key. */
  readonly context?: Readonly<Record<string, string>>;
}

/** What a sweep and a report are granted to read what queries found: activity.test.ts needs it, for there Athena answers. */
export const ofQueryRows = /^(?:Sweep|Report)Role (?:athena:\S+|s3:GetObject|on arn:aws:athena:\S+|on \S+-queries-\S+\/results\/\*)$/;

/** The roles of the template. Throws where a statement is of a kind that is not known here: it would be judged wrongly. */
export function createGrants(template: Template, account: string): Grants {
  const byFunction = new Map<string | null, readonly Statement[]>(functionNames.map((name) => [name, statementsOf(template, name)]));
  const used = new Set<string>();

  const refusalOf: Grants['refusalOf'] = (call) => {
    const statements = byFunction.get(call.by) ?? [];
    for (const { action, resource, context = {} } of neededBy(call, template, account)) {
      const granting = statements.find(
        ({ actions, resources, where }) =>
          isNamed(action, actions) &&
          resources.some((one) => covers(one, resource)) &&
          Object.entries(where).every(([key, value]) => context[key] === value),
      );
      if (!granting) return `no statement of its role grants ${action} on ${resource}`;
      used.add(`${granting.from} ${action}`);
      for (const one of granting.resources.filter((pattern) => covers(pattern, resource))) used.add(`${granting.from} on ${one}`);
    }
    return null;
  };

  return {
    refusalOf,
    unused() {
      const granted = [...byFunction.values()]
        .flat()
        .flatMap(({ from, actions, resources }) => [
          ...actions.map((action) => `${from} ${action}`),
          ...resources.map((resource) => `${from} on ${resource}`),
        ]);
      return [...new Set(granted)].filter((one) => !used.has(one)).sort();
    },
  };
}

function isNamed(action: string, actions: readonly string[]): boolean {
  return actions.some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase()));
}

function covers(pattern: string, resource: string): boolean {
  return pattern === '*' || matchesWildcard(pattern, resource);
}

function statementsOf(template: Template, name: FunctionName): readonly Statement[] {
  const { properties: lambda } = template.resource(resourceNameOf(name));
  const role = template.resources.find(({ type, arn }) => type === 'AWS::IAM::Role' && arn === lambda.Role);
  if (!role) throw new Error(`The function ${name} has no role of the template: ${String(lambda.Role)}`);
  const { Policies = [], ManagedPolicyArns = [] } = role.properties as {
    Policies?: readonly { PolicyDocument: PolicyDocument }[];
    ManagedPolicyArns?: readonly string[];
  };
  const managed = ManagedPolicyArns.flatMap((arn) => {
    const policy = template.resources.find((one) => one.type === 'AWS::IAM::ManagedPolicy' && one.arn === arn);
    if (!policy) throw new Error(`${role.name} has a policy that is not of the template: ${arn}`);
    return read(policy.name, policy.properties.PolicyDocument as PolicyDocument);
  });
  const added = template.resources
    .filter(({ type, properties }) => type === 'AWS::IAM::RolePolicy' && properties.RoleName === role.properties.RoleName)
    .flatMap((policy) => read(policy.name, policy.properties.PolicyDocument as PolicyDocument));
  return [...Policies.flatMap((policy) => read(role.name, policy.PolicyDocument)), ...managed, ...added];
}

function read(from: string, { Statement }: PolicyDocument): readonly Statement[] {
  return Statement.map(({ Effect, Action, Resource, Condition }) => {
    const { StringEquals: where = {}, ...others } = Condition ?? {};
    if (Effect !== 'Allow' || Object.keys(others).length > 0) throw new Error(`${from} has a statement that is not understood here.`);
    return { from, actions: listOf(Action), resources: listOf(Resource), where };
  });
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** What AWS asks the role for when the call comes, by the service authorization reference. */
function neededBy(call: Call, template: Template, account: string): readonly Needed[] {
  const { service, action, region, path, parameters } = call;
  const needed = `${service}:${action}`;
  const text = (name: string): string => String(parameters[name] ?? '*');
  const arn = (resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;
  switch (service) {
    case 'rds':
      return rdsResources(action, text).map((resource) => {
        if (resource === '*') return { action: needed, resource };
        return { action: needed, resource: resource.startsWith('global-cluster:') ? `arn:aws:rds::${account}:${resource}` : arn(resource) };
      });
    case 'dynamodb': {
      const tables = parameters.RequestItems ? Object.keys(parameters.RequestItems) : [text('TableName')];
      const index = parameters.IndexName === undefined ? '' : `/index/${text('IndexName')}`;
      return tables.map((table) => ({ action: needed, resource: arn(`table/${table}${index}`) }));
    }
    case 'sns':
      return [{ action: needed, resource: text('TopicArn') }, ...keyOfTopic(text('TopicArn'), template)];
    case 'sqs':
      return [{ action: needed.replace(/Batch$/, ''), resource: arn(new URL(text('QueueUrl')).pathname.split('/').at(-1) ?? '') }];
    case 's3': {
      const [bucket = '', ...key] = decodeURIComponent(path.split('?')[0]?.slice(1) ?? '').split('/');
      const list = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
      if (action === 'ListBucket') return [list];
      const own = { action: needed, resource: `arn:aws:s3:::${[bucket, ...key].join('/')}` };
      // An object that may not be there: who may not list the bucket is told that it may not read it.
      return key[0] === 'log_object' && action === 'GetObject' ? [own, list] : [own];
    }
    case 'ssm':
      return [{ action: needed, resource: arn(`parameter${text('Name')}`) }];
    case 'secretsmanager':
      return [{ action: needed, resource: text('SecretId') }];
    case 'logs': {
      if (action === 'DescribeLogGroups') return [{ action: needed, resource: '*' }];
      const forms = ['', ':*'].map((end) => ({ action: needed, resource: arn(`log-group:${text('logGroupName')}${end}`) }));
      if (action !== 'PutSubscriptionFilter') return forms;
      const context = { 'iam:PassedToService': 'logs.amazonaws.com' };
      return [...forms, { action: 'iam:PassRole', resource: text('roleArn'), context }];
    }
    case 'guardduty':
      return [{ action: needed, resource: action === 'GetDetector' ? arn(path.slice(1)) : '*' }];
    case 'securityhub':
      return [{ action: needed, resource: arn(action === 'BatchImportFindings' ? `product/${account}/default` : 'hub/default') }];
    case 'cloudtrail': {
      const trail = parameters.Name ?? parameters.TrailName;
      if (trail === undefined) return [{ action: needed, resource: '*' }];
      return [{ action: needed, resource: String(trail).startsWith('arn:') ? String(trail) : arn(`trail/${trail}`) }];
    }
    case 'ec2':
      return [{ action: needed, resource: action === 'GetManagedPrefixListEntries' ? arn(`prefix-list/${text('PrefixListId')}`) : '*' }];
    case 'athena':
      return neededByQuery(call, template, arn);
    case 'iam':
      return [{ action: needed, resource: action === 'GenerateServiceLastAccessedDetails' ? text('Arn') : '*' }];
    default:
      throw new Error(`Nothing is known of what ${needed} needs.`);
  }
}

/** What each kind of statement asks for beside what it reads, by the object's key below the bucket of queries. */
const writes: Readonly<Record<string, readonly string[]>> = {
  MERGE: ['PutObject', 'ListMultipartUploadParts', 'AbortMultipartUpload'],
  DELETE: ['PutObject', 'DeleteObject'],
  OPTIMIZE: ['PutObject', 'DeleteObject'],
  VACUUM: ['PutObject', 'DeleteObject'],
};

/** Athena does with the caller's rights what the statement does: it looks tables up, reads their files, writes results and the files of Iceberg. */
function neededByQuery({ action, parameters }: Call, template: Template, arn: (resource: string) => string): readonly Needed[] {
  const { Name: workgroup } = template.resources.find(({ type }) => type === 'AWS::Athena::WorkGroup')?.properties ?? {};
  const bucket = template.resource('Queries').arn ?? '';
  const own = { action: `athena:${action}`, resource: arn(`workgroup/${parameters.WorkGroup ?? workgroup}`) };
  const result = ['GetObject', 'PutObject', 'ListMultipartUploadParts', 'AbortMultipartUpload'].map((one) => ({
    action: `s3:${one}`,
    resource: `${bucket}/results/one.csv`,
  }));
  if (action === 'GetQueryResults') return [own, ...result.slice(0, 1)];
  if (action !== 'StartQueryExecution') return [own];
  const { Database } = parameters.QueryExecutionContext as { Database: string };
  const sql = String(parameters.QueryString).replace(/--[^\n]*|'(?:[^']|'')*'/g, '');
  const tables = [...new Set(sql.match(/\b(?:login_record_log|log_hour_log|log_object_log|cloudtrail_log|api_call)\b/g) ?? [])];
  const glue = (of: string, table: string) =>
    ['catalog', `database/${Database}`, `table/${Database}/${table}`].map((resource) => ({
      action: `glue:${of}`,
      resource: arn(resource).replace(':athena:', ':glue:'),
    }));
  const places = tables.map((table) => placeOf(table, template));
  const ofKey = tables.includes('cloudtrail_log') ? [{ action: 'kms:Decrypt', resource: trailKey }] : [];
  const [kind = ''] = sql.trim().split(/\s/);
  return [
    own,
    ...result,
    { action: 's3:ListBucketMultipartUploads', resource: bucket },
    { action: 'glue:GetDatabase', resource: arn('database/default').replace(':athena:', ':glue:') },
    ...tables.flatMap((table) => [...glue('GetDatabase', table).slice(0, 2), ...glue('GetTable', table), ...glue('GetPartitions', table)]),
    ...[`${bucket}/results/`, ...places].flatMap((place) => [
      { action: 's3:GetBucketLocation', resource: place.replace(/\/.*/, '') },
      { action: 's3:ListBucket', resource: place.replace(/\/.*/, '') },
      { action: 's3:GetObject', resource: `${place}one` },
    ]),
    ...ofKey,
    ...(kind in writes ? glue('UpdateTable', 'api_call') : []),
    ...(writes[kind] ?? []).map((one) => ({ action: `s3:${one}`, resource: `${bucket}/api_call/one` })),
  ];
}

/** Where the files of a table are: `arn:aws:s3:::bucket/folder/`. */
function placeOf(table: string, template: Template): string {
  for (const { type, properties } of template.resources) {
    if (type !== 'AWS::Glue::Table') continue;
    if (properties.Name === table) return icebergTable(template, table).Location.replace('s3://', 'arn:aws:s3:::');
    const { Name, StorageDescriptor } = (properties.TableInput ?? {}) as { Name?: string; StorageDescriptor?: { Location: string } };
    if (Name === table && StorageDescriptor) return StorageDescriptor.Location.replace('s3://', 'arn:aws:s3:::');
  }
  throw new Error(`The template has no table ${table}.`);
}

/** An encrypted topic asks for its key, too. */
function keyOfTopic(topicArn: string, template: Template): readonly Needed[] {
  const topic = template.resources.find(({ type, arn }) => type === 'AWS::SNS::Topic' && arn === topicArn);
  if (!topic?.properties.KmsMasterKeyId) return [];
  const key = template.resources.find(({ type }) => type === 'AWS::KMS::Key')?.arn ?? '';
  return ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, resource: key }));
}

/** All that is listed without a name is asked for with `*` in its place. */
function rdsResources(action: string, text: (name: string) => string): readonly string[] {
  switch (action) {
    case 'DescribeDBClusters':
      return ['cluster:*'];
    case 'DescribeDBInstances':
      return ['db:*'];
    case 'DescribeDBClusterParameterGroups':
      return ['cluster-pg:*'];
    case 'DescribeDBClusterParameters':
      return [`cluster-pg:${text('DBClusterParameterGroupName')}`];
    case 'DescribeDBParameterGroups':
      return ['pg:*'];
    case 'DescribeDBParameters':
      return [`pg:${text('DBParameterGroupName')}`];
    case 'DescribeDBClusterSnapshots':
      return ['cluster:*', 'cluster-snapshot:*'];
    case 'DescribeDBSnapshots':
      return ['db:*', 'snapshot:*'];
    case 'DescribeDBClusterSnapshotAttributes':
      return [`cluster-snapshot:${text('DBClusterSnapshotIdentifier')}`];
    case 'DescribeDBSnapshotAttributes':
      return [`snapshot:${text('DBSnapshotIdentifier')}`];
    case 'DescribeDBSubnetGroups':
      return ['subgrp:*'];
    case 'DescribeDBProxies':
      return ['db-proxy:*'];
    case 'DescribeDBProxyTargets':
      return ['db-proxy:*', 'target-group:*'];
    case 'DescribeDBShardGroups':
      return ['shard-group:*'];
    case 'DescribeGlobalClusters':
      return ['global-cluster:*'];
    case 'DescribeCertificates':
    case 'DescribeDBEngineVersions':
    case 'DescribeDBMajorEngineVersions':
      return ['*'];
    default:
      throw new Error(`Nothing is known of what rds:${action} needs.`);
  }
}
