import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadQuery } from '../../lib/adapters/local/query-files.ts';
import { tables } from '../../lib/adapters/local/tables.ts';
import { type Packaged, packageService } from '../e2e/packaged.ts';
import { type GlueTable, glueTables, icebergTable } from '../trino/glue.ts';

describe('the tables of the template', () => {
  let packaged: Packaged;
  let glue: ReadonlyMap<string, GlueTable>;
  beforeAll(async () => {
    packaged = await packageService();
    glue = glueTables(packaged.resolved({ account: '111122223333' }));
  }, 300_000);

  const columnsOf = (name: string): Readonly<Record<string, string>> => {
    const { PartitionKeys = [], StorageDescriptor } = glue.get(name) as GlueTable;
    return Object.fromEntries([...StorageDescriptor.Columns, ...PartitionKeys].map(({ Name, Type }) => [Name, Type]));
  };
  /** A type of DuckDB's as Glue has it. */
  const glueType = (type: string): string =>
    type
      .replaceAll('"', '')
      .replaceAll('VARCHAR', 'string')
      .replaceAll('BIGINT', 'bigint')
      .replaceAll('STRUCT(', 'struct<')
      .replaceAll(')', '>')
      .replaceAll(', ', ',')
      .replaceAll(/(\w) (struct|string|bigint)/g, '$1:$2');

  it.each(['login_record', 'log_hour', 'cloudtrail'] as const)('%s_log has the columns of the same table on a laptop', (table) => {
    const { region, ...columns } = columnsOf(`${table}_log`);

    expect(columns).toEqual(Object.fromEntries(Object.entries(tables[table]).map(([name, type]) => [name, glueType(type)])));
    // Files of CloudTrail are by region.
    expect(region).toBe(table === 'cloudtrail' ? 'string' : undefined);
  });

  it('api_call has the columns that its extract returns, and is partitioned by day', async () => {
    const { returns } = await loadQuery('extract', 'api_call');

    const { Schema, PartitionSpec } = icebergTable(packaged.resolved({ account: '111122223333' }), 'api_call');

    expect(Schema.Fields.map(({ Id, Name, Type }) => [Id, Name, Type])).toEqual(
      returns.map((name, index) => [index + 1, name, name === 'ts_ms' ? 'long' : 'string']),
    );
    // The source is a column by its number.
    expect(PartitionSpec).toEqual({ Fields: [{ SourceId: returns.indexOf('day') + 1, Name: 'day', Transform: 'identity' }] });
  });

  it("read CloudTrail's files where an account's trail writes them, of this region and of us-east-1", () => {
    expect(glue.get('cloudtrail_log')?.Parameters).toMatchObject({
      'storage.location.template': `s3://trail-files/AWSLogs/111122223333/CloudTrail/\${region}/\${day}/`,
      'projection.region.values': 'eu-central-1,us-east-1',
      'projection.day.format': 'yyyy/MM/dd',
    });
  });

  it("read this account's files of an organization's trail, wherever they are in its bucket, of the regions that are named, and may read no other", async () => {
    const template = (await packageService('organization')).resolved({ account: '111122223333' });
    const prefix = 'organization-trail/audit/AWSLogs/o-exampleorgid/111122223333/';
    const access = template.resource('ActivityTrailAccess').properties.PolicyDocument as {
      Statement: readonly { Action: unknown; Resource: unknown }[];
    };

    expect(glueTables(template).get('cloudtrail_log')?.Parameters).toMatchObject({
      'storage.location.template': `s3://${prefix}CloudTrail/\${region}/\${day}/`,
      'projection.region.values': 'eu-central-1,eu-west-1',
    });
    expect(access.Statement.find(({ Action }) => Action === 's3:GetObject')?.Resource).toBe(`arn:aws:s3:::${prefix}*`);
  }, 300_000);

  it('name no region twice, which would read its events twice', () => {
    const there = glueTables(packaged.resolved({ account: '111122223333', region: 'us-east-1' }));

    expect(there.get('cloudtrail_log')?.Parameters?.['projection.region.values']).toBe('us-east-1');
  });
});
