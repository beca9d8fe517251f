import { parameterHistory } from '../../../lib/checks/activity/parameter-history.ts';
import { watchedParameters } from '../../../lib/evidence/parameters.ts';
import { call } from '../../queries/calls.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00Z';
const keys = ['group', 'principal', 'session', 'source', 'userAgent', 'eventId', 'eventName', 'changes', 'at'];
const set = (...parameters: readonly unknown[]) => ({ dBClusterParameterGroupName: 'orders-pg16', parameters });
const forceSsl = { parameterName: 'rds.force_ssl', parameterValue: '0', applyMethod: 'immediate' };
const modify = (request: unknown, record = {}) => call(ten, 'ModifyDBClusterParameterGroup', request, record);

testActivity(parameterHistory, keys, [
  {
    name: 'a watched parameter of a cluster group',
    calls: [modify(set(forceSsl))],
    finds: [
      {
        severity: 'info',
        arn: 'arn:aws:rds:eu-central-1:111122223333:cluster-pg:orders-pg16',
        reason: 'alice set rds.force_ssl to 0 in group orders-pg16.',
        evidence: {
          group: 'orders-pg16',
          principal: 'arn:aws:iam::111122223333:role/dba-oncall',
          session: 'alice',
          source: '203.0.113.40',
          eventName: 'ModifyDBClusterParameterGroup',
          changes: [{ parameter: 'rds.force_ssl', value: '0' }],
          at: '2026-05-01T10:00:00.000Z',
        },
        count: 1,
        firstSeen: '2026-05-01T10:00:00.000Z',
        lastSeen: '2026-05-01T10:00:00.000Z',
      },
    ],
  },
  { name: 'a parameter that no check reads', calls: [modify(set({ parameterName: 'work_mem', parameterValue: '64' }))], finds: [] },
  {
    name: 'of several, those that are watched',
    calls: [
      modify(set({ parameterName: 'work_mem', parameterValue: '64' }, forceSsl, { parameterName: 'log_statement', parameterValue: 'all' })),
    ],
    finds: [
      {
        count: 2,
        reason: 'alice set rds.force_ssl to 0 and log_statement to all in group orders-pg16.',
        evidence: {
          changes: [
            { parameter: 'rds.force_ssl', value: '0' },
            { parameter: 'log_statement', value: 'all' },
          ],
        },
      },
    ],
  },
  {
    name: 'of a group of instances, in the form of captured records',
    calls: [
      call(ten, 'ModifyDBParameterGroup', {
        dBParameterGroupName: 'readers',
        parameters: [{ parameterName: 'log_connections', parameterValue: 1, applyMethod: 'pending-reboot', isModifiable: false }],
      }),
    ],
    finds: [
      { arn: 'arn:aws:rds:eu-central-1:111122223333:pg:readers', evidence: { changes: [{ parameter: 'log_connections', value: '1' }] } },
    ],
  },
  {
    name: 'reset to the default',
    calls: [call(ten, 'ResetDBClusterParameterGroup', { ...set(forceSsl), resetAllParameters: false })],
    finds: [
      {
        reason: 'alice set rds.force_ssl to its default in group orders-pg16.',
        evidence: { changes: [{ parameter: 'rds.force_ssl', value: null }] },
      },
    ],
  },
  ...[{ resetAllParameters: true }, { resetAllParameters: 'true' }, {}].map((request) => ({
    name: `all reset: ${JSON.stringify(request)}`,
    calls: [call(ten, 'ResetDBParameterGroup', { dBParameterGroupName: 'readers', ...request })],
    finds: [{ count: watchedParameters.length, reason: /and 9 more in group readers\.$/ }],
  })),
  { name: 'a call that failed', calls: [modify(set(forceSsl), { errorCode: 'InvalidDBParameterGroupState' })], finds: [] },
  {
    name: "of another account, in an organization's trail",
    calls: [modify(set(forceSsl), { recipientAccountId: '444455556666' })],
    finds: [],
  },
  { name: 'another call', calls: [call(ten, 'DescribeDBClusterParameters', set(forceSsl))], finds: [] },
  { name: 'the same event twice', calls: [modify(set(forceSsl)), modify(set(forceSsl))], finds: [{ count: 1 }] },
  {
    name: 'two events of one moment are two findings',
    calls: [modify(set(forceSsl)), modify(set({ ...forceSsl, parameterValue: '1' }))],
    finds: [{ reason: /to 0 in/ }, { reason: /to 1 in/ }],
  },
  {
    name: 'by root, by nobody that is named, from another region',
    calls: [
      modify(set(forceSsl), {
        userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
        eventID: '1',
      }),
      modify(set(forceSsl), { userIdentity: null, sourceIPAddress: null, userAgent: null, awsRegion: 'eu-west-1', eventID: '2' }),
    ],
    finds: [
      { evidence: { principal: 'arn:aws:iam::111122223333:root', session: null } },
      {
        arn: 'arn:aws:rds:eu-west-1:111122223333:cluster-pg:orders-pg16',
        reason: /^Somebody set/,
        evidence: { principal: null, session: null, source: null, userAgent: null },
      },
    ],
  },
  {
    name: 'requests that are not what RDS takes',
    calls: [
      modify(null, { eventID: '1' }),
      modify({ parameters: 'rds.force_ssl' }, { eventID: '2' }),
      modify(set('rds.force_ssl'), { eventID: '3' }),
      modify({ parameters: [null, 7, { parameterName: 7 }] }, { eventID: '4' }),
    ],
    finds: [],
  },
]);
