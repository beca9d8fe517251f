import { AthenaClient, GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createExecutions } from '../../../lib/adapters/aws/athena.ts';

const athena = mockClient(AthenaClient);
const credentials = async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' });
const executions = createExecutions(
  { credentials, endpoint: undefined, region: 'eu-central-1' },
  { region: 'eu-central-1', workgroup: 'aurora-watch-prod', database: 'aurora_watch_prod' },
);

beforeEach(() => {
  athena.reset();
});

describe('start', () => {
  it('names the workgroup, the database and the token', async () => {
    athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: 'one' });

    expect(await executions.start('SELECT 1', 'token')).toBe('one');
    expect(athena.call(0).args[0].input).toEqual({
      QueryString: 'SELECT 1',
      ClientRequestToken: 'token',
      WorkGroup: 'aurora-watch-prod',
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'aurora_watch_prod' },
    });
  });
});

describe('state', () => {
  it.each([
    ['QUEUED', 'running'],
    ['RUNNING', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'cancelled'],
  ] as const)('is of %s %s', async (State, state) => {
    athena.on(GetQueryExecutionCommand).resolves({ QueryExecution: { Status: { State, StateChangeReason: 'because' } } });

    expect(await executions.state('one')).toEqual({ state, reason: 'because' });
  });
});

describe('rows', () => {
  const columns = [
    { Name: 'cluster', Type: 'varchar' },
    { Name: 'attempts', Type: 'bigint' },
    { Name: 'reached', Type: 'integer' },
  ];
  const row = (...texts: (string | undefined)[]) => ({ Data: texts.map((text) => (text === undefined ? {} : { VarCharValue: text })) });
  const ResultSetMetadata = { ColumnInfo: columns };

  it('are of all pages, numbers and NULL as such, without the names that come first', async () => {
    athena
      .on(GetQueryResultsCommand, { QueryExecutionId: 'one' })
      .resolves({
        ResultSet: { ResultSetMetadata, Rows: [row('cluster', 'attempts', 'reached'), row('orders', '7', '1')] },
        NextToken: 'more',
      })
      .on(GetQueryResultsCommand, { QueryExecutionId: 'one', NextToken: 'more' })
      // A user may be called as a column is: only the first row of the first page is the names.
      .resolves({ ResultSet: { ResultSetMetadata, Rows: [row('cluster', '1', '0'), row('', undefined, '0'), row(undefined, '12', '1')] } });

    expect(await executions.rows('one', 100)).toEqual({
      rows: [
        { cluster: 'orders', attempts: 7, reached: 1 },
        { cluster: 'cluster', attempts: 1, reached: 0 },
        { cluster: '', attempts: null, reached: 0 },
        { cluster: null, attempts: 12, reached: 1 },
      ],
      all: true,
    });
  });

  it.each([
    [2, true],
    [1, false],
  ])('are at most %d, and it is said whether these are all (%s)', async (most, all) => {
    athena.on(GetQueryResultsCommand).resolves({
      ResultSet: { ResultSetMetadata, Rows: [row('cluster', 'attempts', 'reached'), row('a', '1', '0'), row('b', '2', '0')] },
    });

    const result = await executions.rows('one', most);

    expect([result.rows.length, result.all]).toEqual([most, all]);
  });

  it('are none where the query gave none', async () => {
    athena.on(GetQueryResultsCommand).resolves({ ResultSet: { ResultSetMetadata, Rows: [row('cluster', 'attempts', 'reached')] } });

    expect(await executions.rows('one', 10)).toEqual({ rows: [], all: true });
  });
});
