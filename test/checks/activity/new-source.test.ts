import { newSource } from '../../../lib/checks/activity/new-source.ts';
import { activityOf, completeLog } from '../../evidence/activity.ts';
import { every, failure, later, record, session } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const keys = ['user', 'source', 'cluster', 'first', 'last', 'count'];
/** User app from 192.0.2.7, daily from 2026-03-01 to 2026-05-02. */
const daily = every(86_400, '2026-03-01T08:00:00Z', 63, (time) => session(time));
const may = '2026-05-01T10:00:00.000Z';
const elsewhere = { host: '198.51.100.20' };

testActivity(newSource, keys, [
  { name: 'always from the same address', records: daily, finds: [] },
  {
    name: 'from a network where it was never seen',
    records: [...daily, ...session(may, elsewhere)],
    finds: [
      {
        severity: 'low',
        of: 'orders',
        reason: 'app logged in to orders from 198.51.100.20 on 2026-05-01, where it was not seen in the 30 days before (1 session since).',
        evidence: { user: 'app', source: '198.51.100.20', cluster: 'orders', first: may, last: may, count: 1 },
        count: 1,
        firstSeen: may,
      },
    ],
  },
  { name: 'from another address of the same /24', records: [...daily, ...session(may, { host: '192.0.2.250' })], finds: [] },
  { name: 'from the address beside the /24', records: [...daily, ...session(may, { host: '192.0.3.7' })], finds: [{ count: 1 }] },
  {
    name: 'addresses of one /48 are one network, however they are written',
    records: [
      ...daily,
      ...session('2026-03-05T10:00:00Z', { host: '2001:db8:1::7' }),
      ...session('2026-04-01T10:00:00Z', { host: '2001:db8:1:ff::8' }),
    ],
    finds: [],
  },
  {
    name: 'another /48',
    records: [...daily, ...session('2026-04-28T10:00:00Z', { host: '2001:db8:1::7' }), ...session(may, { host: '2001:db8:2::7' })],
    finds: [{ evidence: { source: '2001:db8:1::7' } }, { evidence: { source: '2001:db8:2::7' } }],
  },
  {
    name: 'an IPv4 address written as IPv6 is the IPv4 address',
    records: [...daily, ...session(may, { host: '::ffff:192.0.2.9' })],
    finds: [],
  },
  {
    name: 'seen there 29 days before',
    records: [...daily, ...session('2026-03-02T10:00:00Z', elsewhere), ...session('2026-03-31T10:00:00Z', elsewhere)],
    finds: [],
  },
  {
    name: 'seen there 30 days before and since then not',
    records: [...daily, ...session('2026-03-02T10:00:00Z', elsewhere), ...session('2026-04-01T10:00:00Z', elsewhere)],
    finds: [{ count: 1, firstSeen: '2026-04-01T10:00:00.000Z' }],
  },
  {
    name: 'a session ended of which nobody saw the begin: it came before',
    records: [...daily, record('disconnected', may, { ...elsewhere, port: 40_001 })],
    finds: [],
  },
  {
    name: 'a session of which nobody saw the begin ended there 29 days before',
    records: [...daily, record('disconnected', later(may, -29 * 86_400), { ...elsewhere, port: 40_001 }), ...session(may, elsewhere)],
    finds: [],
  },
  {
    name: 'new once, with all sessions since',
    records: [
      ...daily,
      ...session(may, elsewhere),
      ...session(later(may, 3600), { host: '198.51.100.21' }),
      ...session(later(may, 86_400), elsewhere),
    ],
    finds: [{ count: 3, firstSeen: may, lastSeen: later(may, 86_400), evidence: { source: '198.51.100.20' } }],
  },
  {
    name: 'a user that was never seen at all is new everywhere',
    records: [...daily, ...session(may, { user: 'intruder' })],
    finds: [{ count: 1, evidence: { user: 'intruder' } }],
  },
  {
    name: 'where another user has always been, this one is new',
    records: [...daily, ...session(may, { user: 'batch' })],
    finds: [{ evidence: { user: 'batch' } }],
  },
  {
    name: 'on another member of the cluster it was seen',
    records: [...daily, ...session('2026-04-20T10:00:00Z', { ...elsewhere, instance: 'orders-2' }), ...session(may, elsewhere)],
    finds: [{ count: 2, firstSeen: '2026-04-20T10:00:00.000Z' }],
  },
  { name: 'failures are no use', records: [...daily, ...failure(may, elsewhere)], finds: [] },
  { name: 'local logins have no network', records: [...daily, ...session(may, { host: '[local]' })], finds: [] },
  {
    name: 'in the first 30 days of a log everything is new, and nothing is said',
    records: [...session('2026-04-05T08:00:00Z'), ...session(may, elsewhere)],
    finds: [],
  },
  {
    name: 'a log that reaches back 30 days without a session is a history too',
    records: session(may, elsewhere),
    activity: activityOf([], [], { orders: { ...completeLog, from: '2026-03-15T08:00:00.000Z' } }),
    finds: [{ count: 1 }],
  },
  {
    name: 'the 30 days before the window are looked at: never seen there',
    records: session(may, elsewhere),
    activity: activityOf([], [], { orders: { ...completeLog, from: '2026-02-15T08:00:00.000Z' } }),
    from: '2026-04-30T00:00:00Z',
    finds: [{ count: 1, firstSeen: may }],
  },
  {
    name: 'the 30 days before the window are looked at: seen there',
    records: [...session('2026-04-02T10:00:00Z', elsewhere), ...session(may, elsewhere)],
    activity: activityOf([], [], { orders: { ...completeLog, from: '2026-02-15T08:00:00.000Z' } }),
    from: '2026-04-30T00:00:00Z',
    finds: [],
  },
  {
    name: 'what was new before the window is no finding of this one',
    records: [...session('2026-04-29T10:00:00Z', elsewhere), ...session(may, elsewhere)],
    activity: activityOf([], [], { orders: { ...completeLog, from: '2026-02-15T08:00:00.000Z' } }),
    from: '2026-04-30T00:00:00Z',
    finds: [],
  },
  {
    name: 'a log that begins less than 30 days before tells nothing of what is new',
    records: session(may, elsewhere),
    activity: activityOf([], [], { orders: { ...completeLog, from: '2026-04-10T08:00:00.000Z' } }),
    from: '2026-04-30T00:00:00Z',
    finds: [],
  },
]);
