import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageService } from '../e2e/packaged.ts';
import { problemsIn, type RawTemplate } from './specification.ts';

const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'changes' } };

/** A template with one resource, or two: what is meant, beside a queue that is as it should be. */
function withThing(Type: string, Properties: Readonly<Record<string, unknown>>): RawTemplate {
  return { Resources: { Changes: queue, Thing: { Type, Properties } } };
}

describe('the packaged template', () => {
  let template: RawTemplate;
  beforeAll(async () => {
    template = (await packageService()).raw;
  }, 300_000);

  it('has only types and properties that CloudFormation knows, with values of their type, and refers to what is there', async () => {
    const problems = await problemsIn(template);

    expect(problems).toEqual([]);
  });
});

describe('the specification finds', () => {
  it.each([
    { name: 'a type that there is not', template: withThing('AWS::SQS::Queues', {}), problem: 'Thing: there is no type AWS::SQS::Queues.' },
    { name: 'a property that there is not', template: withThing('AWS::SQS::Queue', { Name: 'x' }), problem: 'Thing: there is no Name.' },
    {
      name: 'a property that is missing',
      template: withThing('AWS::SQS::QueuePolicy', { Queues: ['x'] }),
      problem: 'Thing: PolicyDocument is missing.',
    },
    {
      name: 'a property within a property that there is not',
      template: withThing('AWS::Events::Rule', { Targets: [{ Id: 'x', Arn: 'x', DeadLetter: {} }] }),
      problem: 'Thing.Targets[0]: there is no DeadLetter.',
    },
    {
      name: 'a value of another type',
      template: withThing('AWS::SQS::Queue', { VisibilityTimeout: 'long' }),
      problem: 'Thing.VisibilityTimeout: "long" is no whole number.',
    },
    {
      name: 'one value where a list belongs',
      template: withThing('AWS::CloudWatch::Alarm', { ComparisonOperator: 'x', EvaluationPeriods: 1, AlarmActions: 'x' }),
      problem: 'Thing.AlarmActions: "x" is no list.',
    },
    {
      name: 'a reference to nothing',
      template: withThing('AWS::SQS::QueuePolicy', { Queues: [{ Ref: 'Change' }], PolicyDocument: {} }),
      problem: 'Thing: there is no Change to refer to.',
    },
    {
      name: 'an attribute that there is not',
      template: withThing('AWS::SQS::QueuePolicy', { Queues: [{ 'Fn::GetAtt': ['Changes', 'Url'] }], PolicyDocument: {} }),
      problem: 'Thing: Changes has no attribute Url.',
    },
    {
      name: 'a reference to nothing within a text',
      template: withThing('AWS::SQS::Queue', { QueueName: { 'Fn::Sub': `\${AWS::Region}-\${Change.QueueName}` } }),
      problem: 'Thing: there is no Change to refer to.',
    },
  ])('$name', async ({ template, problem }) => {
    const problems = await problemsIn(template);

    expect(problems).toEqual([problem]);
  });
});
