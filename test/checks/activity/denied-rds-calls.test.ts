import { deniedRdsCalls } from '../../../lib/checks/activity/denied-rds-calls.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { call, denied } from '../../queries/calls.ts';
import { every, later } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00Z';
const keys = ['principal', 'calls', 'first', 'last'];
const dba = 'arn:aws:iam::111122223333:role/dba-oncall';
const jane = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE',
  arn: 'arn:aws:iam::111122223333:user/jane',
  accountId: '111122223333',
  userName: 'jane',
};

testActivity(deniedRdsCalls, keys, [
  { name: 'nine within five minutes', calls: every(30, ten, 9, (time) => [denied(time)]), finds: [] },
  {
    name: 'ten within five minutes',
    calls: every(30, ten, 10, (time, index) => [denied(time, index % 2 ? 'DescribeDBClusters' : 'ModifyDBCluster')]),
    finds: [
      {
        severity: 'medium',
        arn: dba,
        of: 'dba-oncall',
        reason: `${dba} was denied 10 RDS calls, DescribeDBClusters and ModifyDBCluster, from 203.0.113.40.`,
        evidence: {
          principal: dba,
          calls: 10,
          names: ['DescribeDBClusters', 'ModifyDBCluster'],
          sources: ['203.0.113.40'],
          regions: ['eu-central-1'],
          first: '2026-05-01T10:00:00.000Z',
          last: '2026-05-01T10:04:30.000Z',
        },
        count: 10,
      },
    ],
  },
  { name: 'ten within five minutes and a bit', calls: every(34, ten, 10, (time) => [denied(time)]), finds: [] },
  {
    name: 'the window is five minutes to the second',
    calls: [...every(1, ten, 9, (time) => [denied(time)]), denied(later(ten, 300))],
    finds: [{ count: 10 }],
  },
  {
    name: 'the burst names all denials of the window',
    calls: [...every(1, ten, 10, (time) => [denied(time)]), denied(later(ten, 7200))],
    finds: [{ count: 11 }],
  },
  {
    name: 'the sessions of a role count together, the principals do not',
    calls: every(1, ten, 12, (time, index) => [
      denied(
        time,
        'DescribeDBClusters',
        index % 2
          ? { userIdentity: jane }
          : {
              userIdentity: {
                type: 'AssumedRole',
                principalId: `AROAEXAMPLE:s${index}`,
                arn: `arn:aws:sts::111122223333:assumed-role/batch/s${index}`,
                accountId: '111122223333',
              },
            },
      ),
    ]),
    configuration: { thresholds: { ...defaultConfiguration.thresholds, deniedCalls: 6 } },
    finds: [
      { arn: 'arn:aws:iam::111122223333:role/batch', count: 6 },
      { arn: jane.arn, of: 'jane', count: 6 },
    ],
  },
  {
    name: 'in the words of every service',
    calls: ['AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation', 'UnauthorizedOperation', 'NotAuthorized'].map(
      (errorCode, index) => denied(later(ten, index), 'ExecuteStatement', { errorCode, eventSource: 'rds-data.amazonaws.com' }),
    ),
    configuration: { thresholds: { ...defaultConfiguration.thresholds, deniedCalls: 5 } },
    finds: [{ count: 5 }],
  },
  {
    name: 'other errors are no denials',
    calls: every(1, ten, 20, (time) => [denied(time, 'DescribeDBClusters', { errorCode: 'DBClusterNotFoundFault' })]),
    finds: [],
  },
  {
    name: "in another account, in an organization's trail",
    calls: every(1, ten, 12, (time, index) => [
      denied(time, 'DescribeDBClusters', index < 10 ? { recipientAccountId: '444455556666' } : {}),
    ]),
    finds: [],
  },
  {
    name: 'what other accounts denied makes no burst of nine in this one',
    calls: every(1, ten, 12, (time, index) => [
      denied(time, 'DescribeDBClusters', index < 3 ? { recipientAccountId: '444455556666' } : {}),
    ]),
    finds: [],
  },
  { name: 'calls that were allowed', calls: every(1, ten, 20, (time) => [call(time, 'DescribeDBClusters', null)]), finds: [] },
  {
    name: 'denials of other services',
    calls: every(1, ten, 20, (time) => [denied(time, 'AssumeRole', { eventSource: 'sts.amazonaws.com' })]),
    finds: [],
  },
  { name: 'an event that came twice counts once', calls: every(1, ten, 9, (time) => [denied(time), denied(time)]), finds: [] },
  {
    name: 'the configuration sets both',
    calls: every(60, ten, 3, (time) => [denied(time)]),
    configuration: { thresholds: { ...defaultConfiguration.thresholds, deniedCalls: 3, deniedCallWindow: 120_000 } },
    finds: [{ count: 3 }],
  },
  { name: 'nobody is named', calls: every(1, ten, 20, (time) => [denied(time, 'DescribeDBClusters', { userIdentity: {} })]), finds: [] },
]);
