import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { packageService } from '../e2e/packaged.ts';
import { install, whyNo } from '../e2e/python.ts';
import { describeWhere } from '../needs.ts';

/** Policies of topics, queues, buckets and keys, privilege escalation, trust in others: what cfn-lint has no rules for. */
const cfripper = { name: 'cfripper', version: '1.22.1' };

interface Failure {
  readonly rule: string;
  readonly reason: string;
  readonly resource_ids: readonly string[];
}

/** What cfripper may say, and why it is left. */
const exceptions: readonly { readonly rule: string; readonly resources: readonly string[]; readonly why: string }[] = [
  {
    rule: 'GenericResourceWildcardPolicyRule',
    resources: ['Key'],
    why: "the account holds kms:* on its own key: without it nobody could change the key's policy again",
  },
  {
    rule: 'IAMRolesOverprivilegedRule',
    resources: ['ReportRole', 'SweepRole'],
    why: 'cloudtrail:LookupEvents is how a sweep and a report find what the bus did not deliver; it reads management events alone',
  },
  {
    rule: 'S3LifecycleConfigurationRule',
    resources: ['ServerlessDeploymentBucket'],
    why: 'the framework makes this bucket, keeps the last deployments in it, and offers no such setting',
  },
  {
    rule: 'S3ObjectVersioningRule',
    resources: ['Logs', 'Queries', 'ServerlessDeploymentBucket'],
    why: 'log objects and parsed rows are written once, and can be made again from the log groups while those last: versions would double the cost; the framework keeps deployments under names of their own',
  },
  {
    rule: 'WildcardResourceRule',
    resources: ['LogsRole', 'Read', 'ReportRole', 'SweepRole'],
    why: "these actions know no resource; lint.test.ts holds each against AWS's service authorization reference",
  },
];

describeWhere(whyNo(cfripper), 'the templates, to a scanner for security', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-scan-'));
  let tool = '';
  let template = '';
  beforeAll(async () => {
    [tool, { file: template }] = await Promise.all([install(cfripper), packageService()]);
  }, 300_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** `<rule> on <resource>`, each once, sorted. */
  const found = (file: string): readonly string[] => {
    const args = [file, '--format', 'json', '--resolve', '--aws-account-id', '123456789012', '--logging', 'ERROR'];
    const { status, stdout, stderr } = spawnSync(join(tool, 'bin', 'cfripper'), args, { encoding: 'utf8' });
    if (status !== 0 && status !== 2) throw new Error(`cfripper did not scan ${file}: ${stderr}`);
    const { failures }: { failures: readonly Failure[] } = JSON.parse(stdout);
    return [...new Set(failures.flatMap(({ rule, resource_ids }) => resource_ids.map((id) => `${rule} on ${id}`)))].sort();
  };

  it('have nothing that it objects to but what is explained here, and nothing is explained in vain', () => {
    const explained = exceptions.flatMap(({ rule, resources }) => resources.map((id) => `${rule} on ${id}`));

    expect(found(template)).toEqual(explained.sort());
    expect(found(join(import.meta.dirname, '..', '..', 'forwarder.yml'))).toEqual([]);
  });

  it('would be found, where everybody might publish or read', () => {
    const everybody = (Action: string) => ({ Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }] });
    const file = join(folder, 'open.json');
    const Resources = {
      OpenTopic: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: ['x'], PolicyDocument: everybody('sns:Publish') } },
      OpenBucket: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'x', PolicyDocument: everybody('s3:GetObject') } },
    };
    writeFileSync(file, JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources }));

    const open = found(file);

    expect(open.filter((one) => one.endsWith(' on OpenTopic'))).not.toEqual([]);
    expect(open.filter((one) => one.endsWith(' on OpenBucket'))).not.toEqual([]);
  });
});
