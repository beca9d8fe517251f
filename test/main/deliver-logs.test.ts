import { describe, expect, it } from '@jest/globals';
import { databasesIn } from '../../lib/main/deliver-logs.ts';

function message(eventName: string, requestParameters: object | null): string {
  return JSON.stringify({
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventID: 'event-1',
      eventTime: '2026-05-03T12:00:00Z',
      eventSource: 'rds.amazonaws.com',
      eventName,
      awsRegion: 'eu-central-1',
      requestParameters,
    },
  });
}

describe('a message of the queue of log groups asks for', () => {
  it.each<[what: string, body: string, databases: readonly string[] | null]>([
    ['the group that was made', message('CreateLogGroup', { logGroupName: '/aws/rds/cluster/orders/postgresql' }), ['cluster/orders']],
    ['nothing, where the group is no database', message('CreateLogGroup', { logGroupName: '/aws/lambda/orders' }), []],
    ['the cluster that was modified', message('ModifyDBCluster', { dBClusterIdentifier: 'Orders' }), ['cluster/orders']],
    ['the instance that was modified', message('ModifyDBInstance', { dBInstanceIdentifier: 'ledger' }), ['instance/ledger']],
    ['nothing, where nothing is named', message('ModifyDBCluster', null), []],
    ['nothing, where a name is no text', message('ModifyDBCluster', { dBClusterIdentifier: { a: 1 } }), []],
    ['all, by schedule', JSON.stringify({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }), null],
  ])('%s', (_, body, databases) => {
    expect(databasesIn(body)).toEqual(databases);
  });

  it.each(['this is no JSON', 'null', '[]', '{"no": "event"}'])('nothing that anybody could make sense of: %s', (body) => {
    expect(() => databasesIn(body)).toThrow(/^The message is /);
  });
});
