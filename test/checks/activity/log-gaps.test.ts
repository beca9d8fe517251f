import { logGaps } from '../../../lib/checks/activity/log-gaps.ts';
import { denied, instance } from '../../evidence/answers.ts';
import { hours } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const keys = ['cluster', 'instance', 'missing', 'gaps', 'first', 'last'];
const today = (hour: string): string => `2026-05-03T${hour}:00.000Z`;
const reader = { instance: 'orders-2' };

/** Both members of orders wrote in these hours of the last day. */
const both = (from: string, to: string): ReturnType<typeof hours> => [
  ...hours(today(from), today(to)),
  ...hours(today(from), today(to), reader),
];

/** A call that CloudTrail recorded. */
const call = (eventTime: string, awsRegion = 'eu-central-1'): object => ({
  eventID: `id ${eventTime} ${awsRegion}`,
  eventTime,
  eventSource: 'rds.amazonaws.com',
  eventName: 'DescribeDBClusters',
  awsRegion,
  recipientAccountId: '111122223333',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/jane', accountId: '111122223333' },
});

testActivity(logGaps, keys, [
  { name: 'nothing was logged', finds: [] },
  { name: 'both members wrote in every hour', hours: both('08:00', '12:00'), finds: [] },
  {
    name: 'a member missed one hour',
    hours: [
      ...hours(today('08:00'), today('12:00')),
      ...hours(today('08:00'), today('09:00'), reader),
      ...hours(today('10:00'), today('12:00'), reader),
    ],
    finds: [
      {
        severity: 'medium',
        of: 'orders',
        reason: 'The log of orders-2 lacks 1 hour, between 2026-05-03T09:00Z and 2026-05-03T10:00Z.',
        evidence: {
          cluster: 'orders',
          instance: 'orders-2',
          missing: 1,
          gaps: [{ from: today('09:00'), to: today('10:00') }],
          first: today('09:00'),
          last: today('10:00'),
        },
        count: 1,
        firstSeen: today('09:00'),
        lastSeen: today('10:00'),
      },
    ],
  },
  {
    name: 'gaps of one instance are one finding',
    hours: [
      ...hours(today('02:00'), today('12:00')),
      ...hours(today('02:00'), today('03:00'), reader),
      ...hours(today('04:00'), today('05:00'), reader),
      ...hours(today('07:00'), today('12:00'), reader),
    ],
    finds: [
      {
        count: 3,
        reason: /lacks 3 hours in 2 gaps between/,
        evidence: {
          missing: 3,
          gaps: [
            { from: today('03:00'), to: today('04:00') },
            { from: today('05:00'), to: today('07:00') },
          ],
        },
      },
    ],
  },
  {
    name: 'every instance misses the same hour',
    hours: [...both('08:00', '09:00'), ...both('10:00', '12:00')],
    finds: [{ evidence: { instance: 'orders-1', missing: 1 } }, { evidence: { instance: 'orders-2', missing: 1 } }],
  },
  {
    name: 'a member fell silent while the other wrote',
    hours: [...hours(today('08:00'), today('12:00')), ...hours(today('08:00'), today('10:00'), reader)],
    finds: [{ count: 2, evidence: { instance: 'orders-2', gaps: [{ from: today('10:00'), to: today('12:00') }] } }],
  },
  {
    name: 'a reader that the inventory does not list any more wrote up to its end, without a gap',
    hours: [...both('02:00', '12:00'), ...hours(today('04:00'), today('08:00'), { instance: 'orders-autoscaled' })],
    finds: [],
  },
  {
    name: 'a reader that the inventory does not list any more was silent meanwhile',
    hours: [
      ...both('02:00', '12:00'),
      ...hours(today('04:00'), today('06:00'), { instance: 'orders-autoscaled' }),
      ...hours(today('07:00'), today('08:00'), { instance: 'orders-autoscaled' }),
    ],
    finds: [{ count: 1, evidence: { instance: 'orders-autoscaled', gaps: [{ from: today('06:00'), to: today('07:00') }] } }],
  },
  {
    name: 'a cluster that the inventory does not list any more',
    hours: [...both('02:00', '12:00'), ...hours(today('02:00'), today('08:00'), { cluster: 'gone', instance: 'gone-1' })],
    finds: [],
  },
  {
    name: 'a cluster that may be there: not all could be listed',
    answers: { 'rds describe-db-clusters': denied },
    hours: [...both('02:00', '12:00'), ...hours(today('02:00'), today('08:00'), { cluster: 'gone', instance: 'gone-1' })],
    finds: [{ count: 4, evidence: { instance: 'gone-1' } }],
  },
  {
    name: 'a cluster fell silent while another wrote',
    hours: [...both('08:00', '10:00'), ...hours(today('08:00'), today('12:00'), { cluster: 'billing', instance: 'billing' })],
    finds: [
      { count: 2, evidence: { instance: 'orders-1' } },
      { count: 2, evidence: { instance: 'orders-2' } },
    ],
  },
  {
    name: 'all logs fell silent while CloudTrail went on',
    hours: both('08:00', '10:00'),
    calls: [call('2026-05-03T11:30:00Z')],
    finds: [
      { count: 2, evidence: { instance: 'orders-1' } },
      { count: 2, evidence: { instance: 'orders-2' } },
    ],
  },
  { name: 'all ended together and nothing went on', hours: both('02:00', '06:00'), finds: [] },
  {
    name: 'the hour in which the window ends is not over',
    to: today('11:30'),
    hours: [...hours(today('08:00'), today('12:00')), ...hours(today('08:00'), today('11:00'), reader)],
    finds: [],
  },
  {
    name: 'a window that ends with the hour holds it whole',
    to: today('12:00'),
    hours: [...hours(today('08:00'), today('12:00')), ...hours(today('08:00'), today('11:00'), reader)],
    finds: [{ count: 1, firstSeen: today('11:00') }],
  },
  {
    name: 'what lies before the window is not judged, the hour of its begin neither',
    from: today('08:30'),
    hours: [...both('02:00', '03:00'), ...hours(today('08:00'), today('12:00')), ...hours(today('10:00'), today('12:00'), reader)],
    finds: [],
  },
  {
    name: 'an hour of which nothing could be read is missing',
    hours: [
      ...hours(today('08:00'), today('12:00')),
      ...hours(today('08:00'), today('12:00'), reader).map((one) =>
        one.hour === Date.parse(today('09:00')) ? { ...one, records: 0, rejected: 7 } : one,
      ),
    ],
    finds: [{ count: 1, firstSeen: today('09:00') }],
  },
  { name: 'an hour that two files share is one', hours: [...both('08:00', '12:00'), ...both('09:00', '11:00')], finds: [] },
  {
    name: 'a member without a log is silent from the first hour of the others on',
    hours: hours(today('08:00'), today('12:00')),
    finds: [{ of: 'orders', count: 4, evidence: { instance: 'orders-2', gaps: [{ from: today('08:00'), to: today('12:00') }] } }],
  },
  {
    name: 'a member without a log, from the first whole hour of the window on',
    from: today('08:30'),
    hours: hours(today('08:00'), today('12:00')),
    finds: [{ count: 3, firstSeen: today('09:00'), evidence: { instance: 'orders-2' } }],
  },
  {
    name: 'a member that was created later is expected from then on',
    answers: {
      'rds describe-db-instances': { DBInstances: [instance('orders-1'), instance('orders-2', { InstanceCreateTime: today('09:20') })] },
    },
    hours: hours(today('08:00'), today('12:00')),
    finds: [{ count: 2, firstSeen: today('10:00') }],
  },
  {
    name: 'nobody may list the members: only those that wrote are expected',
    answers: { 'rds describe-db-clusters': denied },
    hours: hours(today('08:00'), today('12:00')),
    finds: [],
  },
  {
    name: 'a cluster that the inventory does not know, with a hostile name',
    answers: null,
    hours: [
      ...hours(today('08:00'), today('09:00'), { cluster: '__proto__', instance: "x'; DROP TABLE login; --" }),
      ...hours(today('10:00'), today('12:00'), { cluster: '__proto__', instance: "x'; DROP TABLE login; --" }),
    ],
    finds: [{ of: '__proto__', count: 1, evidence: { instance: "x'; DROP TABLE login; --" } }],
  },
  {
    name: 'CloudTrail has calls on every day, in one region or another',
    calls: [call('2026-04-30T08:00:00Z'), call('2026-05-01T23:59:59Z', 'us-east-1'), call('2026-05-02T00:00:00Z')],
    finds: [],
  },
  {
    name: 'CloudTrail misses a day',
    calls: [call('2026-04-28T08:00:00Z'), call('2026-04-30T08:00:00Z'), call('2026-05-01T08:00:00Z')],
    finds: [
      {
        severity: 'medium',
        arn: 'arn:aws:iam::111122223333:root',
        reason: 'CloudTrail lacks 1 day, between 2026-04-29T00:00Z and 2026-04-30T00:00Z.',
        evidence: { cluster: null, instance: 'CloudTrail', missing: 1 },
        count: 1,
      },
    ],
  },
  {
    name: 'CloudTrail fell silent while the logs went on; the last day is not over',
    calls: [call('2026-04-29T08:00:00Z')],
    hours: [...hours('2026-04-29T00:00:00Z', today('10:00')), ...hours('2026-04-29T00:00:00Z', today('10:00'), reader)],
    finds: [
      { arn: 'arn:aws:iam::111122223333:root', count: 3, firstSeen: '2026-04-30T00:00:00.000Z', lastSeen: '2026-05-03T00:00:00.000Z' },
    ],
  },
  { name: 'nobody collected CloudTrail', hours: [...both('02:00', '12:00')], calls: [], finds: [] },
]);
