// What holds of every resource of a type in the packaged template: encryption, recovery, retention, dead letters, who may reach a bucket.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageService } from '../e2e/packaged.ts';
import type { Template, TemplateResource } from '../e2e/template.ts';
import type { RawTemplate } from './specification.ts';

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Target {
  readonly Arn: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
}

/** Buckets without versions, and why: scan.test.ts. */
const withoutVersions = ['Logs', 'Queries', 'ServerlessDeploymentBucket'];

describe('in the packaged template', () => {
  let raw: RawTemplate;
  let template: Template;
  let deadLetters: string;
  beforeAll(async () => {
    const packaged = await packageService();
    raw = packaged.raw;
    template = packaged.resolved();
    deadLetters = String(template.resource('DeadLetters').arn);
  }, 300_000);

  /** Every resource of a type; fails where there is none, which would prove nothing. */
  const every = (type: string): readonly TemplateResource[] => {
    const found = template.resources.filter((one) => one.type === type);
    expect(found).not.toEqual([]);
    return found;
  };
  const namesWhere = (resources: readonly TemplateResource[], isWrong: (one: TemplateResource) => boolean): readonly string[] =>
    resources.filter(isWrong).map(({ name }) => name);
  const statementsOf = ({ properties }: TemplateResource): readonly Statement[] =>
    (properties.PolicyDocument as { Statement: readonly Statement[] }).Statement;

  it('every table is encrypted by a key that CloudTrail tells of, can be recovered to any second, and stays when the stack goes', () => {
    for (const { name, properties } of every('AWS::DynamoDB::Table')) {
      expect(properties).toMatchObject({
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
      });
      expect(raw.Resources[name]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it('every bucket is encrypted and closed to the public, and refuses what comes without TLS', () => {
    const closed = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
    const policies = every('AWS::S3::BucketPolicy');
    for (const bucket of every('AWS::S3::Bucket')) {
      expect(bucket.properties).toMatchObject({ PublicAccessBlockConfiguration: closed });
      expect(bucket.properties.BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      });
      const own = policies.filter(
        ({ name }) => JSON.stringify(raw.Resources[name]?.Properties?.Bucket) === JSON.stringify({ Ref: bucket.name }),
      );
      const tlsOnly = own.flatMap(statementsOf).filter(({ Effect, Principal, Action, Resource, Condition }) => {
        const all = Effect === 'Deny' && Principal === '*' && Action === 's3:*';
        const both = [bucket.arn, `${bucket.arn}/*`].every((one) => [Resource].flat().includes(String(one)));
        return all && both && String(Condition?.Bool?.['aws:SecureTransport']) === 'false';
      });
      expect([bucket.name, tlsOnly.length]).toEqual([bucket.name, 1]);
      // Nothing is opened to anybody.
      expect(own.flatMap(statementsOf).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
    }
  });

  it('every bucket keeps versions but those of which it is said why not, and lets objects end', () => {
    const buckets = every('AWS::S3::Bucket');
    const versions = namesWhere(
      buckets,
      ({ properties }) => (properties.VersioningConfiguration as { Status?: string } | undefined)?.Status !== 'Enabled',
    );
    const endless = namesWhere(buckets, ({ properties }) => {
      const { Rules = [] } = (properties.LifecycleConfiguration ?? {}) as { Rules?: readonly { ExpirationInDays?: number }[] };
      return !Rules.some(({ ExpirationInDays = 0 }) => ExpirationInDays > 0);
    });

    expect([...versions].sort()).toEqual(withoutVersions);
    // The framework keeps the last five deployments.
    expect(endless).toEqual(['ServerlessDeploymentBucket']);
  });

  it('every queue is encrypted, and hands what fails for good to the queue of dead letters, which keeps it as long as SQS can', () => {
    for (const { name, properties, arn } of every('AWS::SQS::Queue')) {
      expect([name, properties.SqsManagedSseEnabled]).toEqual([name, true]);
      if (arn === deadLetters) expect(properties).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
      else expect(properties.RedrivePolicy).toEqual({ deadLetterTargetArn: deadLetters, maxReceiveCount: 5 });
    }
  });

  it('every topic is encrypted by the key, which rotates', () => {
    const key = String(template.resolve({ Ref: 'Key' }));

    expect(namesWhere(every('AWS::SNS::Topic'), ({ properties }) => properties.KmsMasterKeyId !== key)).toEqual([]);
    expect(namesWhere(every('AWS::KMS::Key'), ({ properties }) => properties.EnableKeyRotation !== true)).toEqual([]);
  });

  it('every stream is encrypted, and every result of a query', () => {
    for (const { properties } of every('AWS::KinesisFirehose::DeliveryStream'))
      expect(properties.DeliveryStreamEncryptionConfigurationInput).toEqual({ KeyType: 'AWS_OWNED_CMK' });
    for (const { properties } of every('AWS::Athena::WorkGroup'))
      expect(properties.WorkGroupConfiguration).toMatchObject({
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
      });
  });

  it('every function has its log group, and every log group ends its entries after 90 days', () => {
    const groups = every('AWS::Logs::LogGroup');
    const named = groups.map(({ properties }) => properties.LogGroupName);

    expect(namesWhere(groups, ({ properties }) => properties.RetentionInDays !== 90)).toEqual([]);
    expect(
      namesWhere(every('AWS::Lambda::Function'), ({ properties }) => !named.includes(`/aws/lambda/${properties.FunctionName}`)),
    ).toEqual([]);
  });

  it('no function reserves concurrency, which a new account refuses (docs/decisions/0008-once.md)', () => {
    expect(namesWhere(every('AWS::Lambda::Function'), ({ properties }) => properties.ReservedConcurrentExecutions !== undefined)).toEqual(
      [],
    );
  });

  it('every target of a rule has the dead letters for what cannot reach it, and the rule may send there', () => {
    for (const { name, properties, arn } of every('AWS::Events::Rule')) {
      const targets = properties.Targets as readonly Target[];
      expect([name, targets.length]).toEqual([name, 1]);
      expect([name, ...targets.map(({ DeadLetterConfig }) => DeadLetterConfig?.Arn)]).toEqual([name, deadLetters]);
      expect([name, maySend('events.amazonaws.com', String(arn), deadLetters)]).toEqual([name, true]);
      for (const { Arn } of targets.filter((target) => target.Arn.includes(':sqs:')))
        expect([name, maySend('events.amazonaws.com', String(arn), Arn)]).toEqual([name, true]);
    }
  });

  it('every function that a rule starts may be started by it, and has the dead letters for a run that fails for good', () => {
    const started = every('AWS::Events::Rule').flatMap(({ arn, properties }) =>
      (properties.Targets as readonly Target[]).filter(({ Arn }) => Arn.includes(':lambda:')).map(({ Arn }) => ({ rule: arn, Arn })),
    );
    const permissions = every('AWS::Lambda::Permission').map(({ properties }) => properties);
    const configured = every('AWS::Lambda::EventInvokeConfig');

    expect(started.map(({ Arn }) => Arn.split('-').at(-1)).sort()).toEqual(['digest', 'report', 'sweep']);
    for (const { rule, Arn } of started) {
      expect(permissions).toContainEqual({
        FunctionName: Arn,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: rule,
      });
      const own = configured.filter(({ properties }) => Arn.endsWith(`:${properties.FunctionName}`));
      expect(own.map(({ properties }) => properties.DestinationConfig)).toEqual([{ OnFailure: { Destination: deadLetters } }]);
    }
  });

  it('every subscription has the dead letters for what cannot be delivered, and its topic may send there', () => {
    for (const { name, properties } of every('AWS::SNS::Subscription')) {
      expect([name, properties.RedrivePolicy]).toEqual([name, { deadLetterTargetArn: deadLetters }]);
      expect([name, maySend('sns.amazonaws.com', String(properties.TopicArn), deadLetters)]).toEqual([name, true]);
      if (properties.Protocol === 'sqs')
        expect([name, maySend('sns.amazonaws.com', String(properties.TopicArn), String(properties.Endpoint))]).toEqual([name, true]);
    }
  });

  it('every queue hides a message for six times as long as its function may take, and takes back those alone that failed', () => {
    for (const { name, properties } of every('AWS::Lambda::EventSourceMapping')) {
      const queue = template.resources.find(({ arn }) => arn === properties.EventSourceArn);
      const lambda = template.resources.find(
        ({ arn, properties: { FunctionName } }) =>
          [arn, FunctionName].includes(String(properties.FunctionName)) && String(arn).includes(':lambda:'),
      );
      const least = 6 * Number(lambda?.properties.Timeout) + Number(properties.MaximumBatchingWindowInSeconds ?? 0);
      expect([name, Number(queue?.properties.VisibilityTimeout) >= least]).toEqual([name, true]);
      expect([name, properties.FunctionResponseTypes]).toEqual([name, ['ReportBatchItemFailures']]);
    }
  });

  it('every queue takes messages from who is named by its ARN, and from nobody else', () => {
    for (const policy of every('AWS::SQS::QueuePolicy')) {
      for (const { Effect, Principal, Action, Condition } of statementsOf(policy)) {
        expect([Effect, Action]).toEqual(['Allow', 'sqs:SendMessage']);
        expect(Object.keys(Principal as object)).toEqual(['Service']);
        expect(Object.values(Condition ?? {}).flatMap(Object.keys)).toContain('aws:SourceArn');
      }
    }
  });

  /** True where the policy of the queue lets this source send. */
  function maySend(service: string, source: string, queue: string): boolean {
    const statements = template.resources.filter(({ type }) => type === 'AWS::SQS::QueuePolicy').flatMap(statementsOf);
    return statements.some(({ Principal, Resource, Condition }) => {
      const sources = Object.values(Condition ?? {}).flatMap((one) => [one['aws:SourceArn'] ?? []].flat().map(String));
      const covers = sources.some((pattern) => (pattern.endsWith('*') ? source.startsWith(pattern.slice(0, -1)) : source === pattern));
      return (Principal as { Service?: string }).Service === service && [Resource].flat().includes(queue) && covers;
    });
  }
});
