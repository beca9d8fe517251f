import { beforeAll, describe, expect, it } from '@jest/globals';
import { deployedParts } from '../../lib/main/parts.ts';
import { packageService } from '../e2e/packaged.ts';
import type { Template } from '../e2e/template.ts';

describe('the parts that the doctor looks for', () => {
  const templates = new Map<string, Template>();
  beforeAll(async () => {
    for (const given of ['everything', 'least'] as const) templates.set(given, (await packageService(given)).resolved());
  }, 300_000);

  it.each([
    // The weekly report may be switched off, so that its rule need not be there.
    ['everything', { delivers: true, trail: true }, ['weekly-report']],
    ['least', { delivers: false, trail: false }, []],
  ] as const)('are those of the template, with %s', (given, choices, besides) => {
    const template = templates.get(given) as Template;
    const parts = deployedParts(choices);
    const ofType = (type: string) => template.resources.filter((one) => one.type === type);
    const ends = (type: string, property: string) =>
      ofType(type)
        .map(({ properties }) => String(properties[property] ?? '').replace('aurora-watch-prod-', ''))
        .filter((end) => end !== '')
        .sort();
    const queueOf = (name: string) =>
      ofType('AWS::Lambda::EventSourceMapping')
        .filter(({ properties }) => String(properties.FunctionName).endsWith(`-${name}`))
        .map(({ properties }) => String(properties.EventSourceArn).split('aurora-watch-prod-')[1]);
    const ruleOf = (name: string) =>
      ofType('AWS::Events::Rule')
        .filter(({ properties }) =>
          (properties.Targets as readonly { Arn: string }[]).some(({ Arn }) => Arn.endsWith(`function:aurora-watch-prod-${name}`)),
        )
        .map(({ properties }) => String(properties.Name).replace('aurora-watch-prod-', ''));

    expect([...parts.rules, ...besides].sort()).toEqual(ends('AWS::Events::Rule', 'Name'));
    expect(parts.functions.map(({ name }) => name).sort()).toEqual(ends('AWS::Lambda::Function', 'FunctionName'));
    expect(Object.keys(parts.queues).sort()).toEqual(ends('AWS::SQS::Queue', 'QueueName'));
    expect([...parts.buckets].map((end) => `${end}-123456789012-eu-central-1`).sort()).toEqual(ends('AWS::S3::Bucket', 'BucketName'));
    expect([...parts.tables].sort()).toEqual(
      ofType('AWS::Glue::Table')
        // A table of Iceberg's has its name one level higher.
        .map(({ properties }) => String(properties.Name ?? (properties.TableInput as { Name: string }).Name))
        .sort(),
    );
    for (const { name, queue, rule } of parts.functions) {
      expect([name, ...queueOf(name)]).toEqual(queue === undefined ? [name] : [name, queue]);
      if (rule !== 'weekly-report' || besides.length > 0)
        expect([name, ...ruleOf(name)]).toEqual(rule === undefined ? [name] : [name, rule]);
    }
  });
});
