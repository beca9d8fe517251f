import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { costsOf, idle, totalOf } from '../../scripts/cost.ts';
import { packageService } from '../e2e/packaged.ts';
import type { RawTemplate } from './specification.ts';

const of = (...types: readonly string[]): RawTemplate => ({
  Resources: Object.fromEntries(types.map((Type, index) => [`One${index}`, { Type }])),
});

describe('the cost of the packaged template', () => {
  let template: RawTemplate;
  beforeAll(async () => {
    template = (await packageService()).raw;
  }, 300_000);

  it('is that of each resource in it', () => {
    const costs = costsOf(template, { clusters: 10, logGb: 5, trailGb: 1, events: 200 });

    expect(costs.map(({ resource }) => resource).sort()).toEqual(Object.keys(template.Resources).sort());
    expect(costs.filter(({ usd }) => !(usd >= 0))).toEqual([]);
  });

  it('is, where nothing happens, what README.md says', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
    const said = Number(/idle stack costs less than (\d+) USD a month/.exec(readme)?.[1]);
    const total = totalOf(costsOf(template, idle));

    expect(total).toBeLessThanOrEqual(said);
    expect(total).toBeGreaterThan(said - 2);
  });
});

describe('the cost', () => {
  it('of a key and two alarms is 1.20 USD a month, whatever happens', () => {
    const template = of('AWS::KMS::Key', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm');

    expect(totalOf(costsOf(template, idle))).toBeCloseTo(1.2);
    expect(totalOf(costsOf(template, { ...idle, logGb: 100, events: 1000 }))).toBeCloseTo(1.2);
  });

  it.each([
    // 10 GB × 30.4 days × (0.033 + 0.0037)
    ['AWS::KinesisFirehose::DeliveryStream', { ...idle, logGb: 10 }, 11.1568],
    ['AWS::KinesisFirehose::DeliveryStream', idle, 0],
    // 5 pollers × 3 a minute × 60 × 730 hours × 0.40 a million
    ['AWS::Lambda::EventSourceMapping', idle, 0.2628],
    // 2 GB × 30.4 days × 20.5 readings + 5 queries × 730 hours × 0.01 GB + 730 / 22 runs × 5 queries × 0.01 GB, at 5 a TB
    ['AWS::Athena::WorkGroup', { ...idle, trailGb: 2 }, 6.4228],
    // 730 hours × (5 queries × 0.01 GB + 11 queries × 5 GB × 4 % × 2.75 days) + 730 / 22 runs × (3 queries × 0.01 GB + 5 GB × 4 % × (91 + 38) days), at 5 a TB
    ['AWS::Athena::WorkGroup', { ...idle, logGb: 5 }, 26.5504],
    ['AWS::Athena::WorkGroup', idle, 0],
    // 730 hours × (10 + 2 × 2) writes × 0.7625 and (50 + 2 × 20) reads × 0.1525 a million; 0.1 GB × (0.306 + 0.2448)
    ['AWS::DynamoDB::Table', idle, 0.0729],
    // 100 events a day × 30.4 days × 3 requests × 0.40 a million
    ['AWS::SQS::Queue', { ...idle, events: 100 }, 0.0036],
    // 0.02 GB × (0.63 + 3 months × 0.0324)
    ['AWS::Logs::LogGroup', idle, 0.0145],
  ])('of %s follows from its volume', (type, volume, usd) => {
    expect(totalOf(costsOf(of(type), volume))).toBeCloseTo(usd, 4);
  });

  it.each([
    // 5 GB × 400 days × 4 % × 0.0245; 730 × (11 × 2.75 + 8.5) + 730 ÷ 22 × (91 + 38 + 122 + 91) days of 288 objects are
    // read; 4 × 288 × 30.4 objects written and each of those days listed × 0.0054, each object read × 0.00043, a thousand
    ['Queries', 'AWS::S3::Bucket', {}, 7.2716],
    // 5 GB × 400 days ÷ 12 × 0.0245; 288 × 30.4 objects written × 0.0054 and read × 0.00043, a thousand
    ['Logs', 'AWS::S3::Bucket', {}, 4.1344],
    // 730 runs × (10 + 2 ÷ 2) s × 1 GB × 0.0000133334; 730 × 0.20 a million
    ['SweepLambdaFunction', 'AWS::Lambda::Function', { MemorySize: 1024 }, 0.1072],
  ])('of %s follows from what it does', (id, Type, Properties, usd) => {
    expect(totalOf(costsOf({ Resources: { [id]: { Type, Properties } } }, { ...idle, logGb: 5 }))).toBeCloseTo(usd, 4);
  });

  it.each([
    ['AWS::EC2::NatGateway', /What does a AWS::EC2::NatGateway cost/],
    ['AWS::Lambda::Function', /How often does the function One0 run/],
  ])('of %s, of which nothing is known, is no zero', (type, message) => {
    expect(() => costsOf(of(type), idle)).toThrow(message);
  });
});
