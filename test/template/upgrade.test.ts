import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageService } from '../e2e/packaged.ts';
import { type LastingResources, lastingIn, lossesBetween } from './lasting.ts';
import type { RawResource, RawTemplate } from './specification.ts';

/** Of the release before: "npm run released" writes it with each release. */
const released: LastingResources = JSON.parse(readFileSync(join(import.meta.dirname, 'released.json'), 'utf8'));

describe('an upgrade from the release before', () => {
  let template: RawTemplate;
  beforeAll(async () => {
    template = (await packageService()).raw;
  }, 300_000);

  const now = (changed: Readonly<Record<string, RawResource | undefined>> = {}): Promise<LastingResources> => {
    const resources = Object.entries({ ...template.Resources, ...changed }).filter((entry): entry is [string, RawResource] => !!entry[1]);
    return lastingIn({ ...template, Resources: Object.fromEntries(resources) });
  };
  const altered = (id: string, properties: Readonly<Record<string, unknown>>): Record<string, RawResource> => {
    const before = template.Resources[id];
    if (!before) throw new Error(`The template has no ${id}.`);
    return { [id]: { ...before, Properties: { ...before.Properties, ...properties } } };
  };

  it('keeps the table, topics, queues, buckets, key, stream and what Athena reads', async () => {
    expect(Object.keys(released)).toEqual(
      expect.arrayContaining(['Table', 'Alerts', 'Operations', 'Changes', 'DeadLetters', 'Reports', 'Key']),
    );
    expect(lossesBetween(released, await now())).toEqual([]);
  });

  it('would be noticed where it loses or replaces one of them', async () => {
    const { Table, Reports } = template.Resources;
    const { DeletionPolicy: _, ...dropped } = Reports ?? { Type: '' };
    const losses: readonly [string, Record<string, RawResource | undefined>][] = [
      ['Table: is gone, or has another logical id.', { Table: undefined, Findings: Table }],
      ['Table: another TableName replaces it.', altered('Table', { TableName: 'aurora-watch-prod-found' })],
      ['Table: another KeySchema replaces it.', altered('Table', { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] })],
      ['Reports: another BucketName replaces it.', altered('Reports', { BucketName: 'reports' })],
      ['Reports: is no longer kept when the stack goes.', { Reports: dropped }],
      ['Alerts: another FifoTopic replaces it.', altered('Alerts', { FifoTopic: true })],
      ['Changes: another QueueName replaces it.', altered('Changes', { QueueName: 'other' })],
    ];
    const base = await now();
    const found = await Promise.all(losses.map(async ([, changed]) => lossesBetween(base, await now(changed))));

    expect(found).toEqual(losses.map(([sentence]) => [sentence]));
  });

  it('may change what CloudFormation changes in place', async () => {
    const base = await now();
    const changed = await now({
      ...altered('Table', { TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } }),
      ...altered('Changes', { MessageRetentionPeriod: 60 }),
    });

    expect(lossesBetween(base, changed)).toEqual([]);
  });
});
