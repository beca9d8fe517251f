import { tlsUpgradeSafe } from '../../../lib/checks/posture/tls-upgrade-safe.ts';
import { known, unknown } from '../../../lib/domain/answer.ts';
import type { ActivityFacts } from '../../../lib/evidence/activity-facts.ts';
import { denied, strict } from '../../evidence/answers.ts';
import { clusters, group, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

/** The moment of the evidence is 2026-05-03T12:00:00Z: 30 days before is 2026-04-03T12:00:00Z. */
function logOf(
  cluster: string,
  lastPlaintext: string | null,
  reach: { from?: string | null; complete?: boolean; unbrokenFrom?: string } = {},
): ActivityFacts {
  const use = { user: 'app', sessions: 9, plaintextSessions: lastPlaintext === null ? 0 : 1, methods: [], sources: ['192.0.2.7'] };
  const times = { first: '2026-02-03T00:00:00Z', last: '2026-05-03T00:00:00Z', lastPlaintext };
  const { from = '2026-02-02T12:00:00Z', complete = true, unbrokenFrom = null } = reach;
  return {
    databaseUse: known([
      { cluster, ...use, ...times },
      { cluster: 'another', ...use, ...times, lastPlaintext: '2026-05-03T00:00:00Z' },
    ]),
    roleUse: known([]),
    logs: new Map([[cluster, { from, to: '2026-05-03T12:00:00Z', complete, unbrokenFrom, detail: complete ? '' : '7 hours are missing' }]]),
  };
}
const off = group({ ...strict, 'rds.force_ssl': null });
const byDefault = (version: string) => ({ ...clusters({ EngineVersion: version }), ...off });
const single = (version: string) => onlySingle({ EngineVersion: version }, { ...strict, 'rds.force_ssl': null });

testPosture(tlsUpgradeSafe, {
  passes: [
    {
      name: 'Aurora 16 at its default, nobody without TLS',
      answers: off,
      activity: logOf('orders', null),
      says: 'Nobody connected to orders without TLS in the last 30 days; version 17 requires it by default.',
      command: null,
    },
    { name: 'the last one is 31 days ago', answers: off, activity: logOf('orders', '2026-04-02T12:00:00Z') },
    { name: 'Limitless 16', answers: byDefault('16.6-limitless'), activity: logOf('orders', null) },
    { name: 'the log reaches back 30 days', answers: off, activity: logOf('orders', null, { from: '2026-04-03T12:00:00Z' }) },
    {
      name: 'gaps before the last 30 days',
      answers: off,
      activity: logOf('orders', null, { complete: false, unbrokenFrom: '2026-04-03T12:00:00Z' }),
    },
    { name: 'RDS 14', answers: single('14.12'), activity: logOf('billing', null), says: /version 15 requires it by default/ },
  ],
  fails: [
    {
      name: 'a session without TLS yesterday',
      answers: off,
      activity: logOf('orders', '2026-05-02T08:00:00Z'),
      says: 'orders had a session without TLS as late as 2026-05-02; version 17 requires TLS by default.',
      evidence: { lastPlaintextSession: '2026-05-02T08:00:00Z', nextVersion: 17 },
      command: null,
    },
    { name: '30 days ago to the second', answers: off, activity: logOf('orders', '2026-04-03T12:00:00Z') },
    {
      name: 'one was seen, however little of the log is there',
      answers: off,
      activity: logOf('orders', '2026-05-02T08:00:00Z', { complete: false }),
    },
    { name: 'RDS 14', answers: single('14.12'), activity: logOf('billing', '2026-05-02T08:00:00Z') },
  ],
  notApplicable: [
    { name: 'on already', says: 'orders has rds.force_ssl on already.' },
    { name: 'Aurora 17: on by default', answers: byDefault('17.2'), says: 'orders has rds.force_ssl on already.' },
    {
      name: 'Aurora 15: the next version leaves it off',
      answers: byDefault('15.4'),
      says: 'Version 16 leaves rds.force_ssl of orders off.',
    },
    { name: 'RDS 13', answers: single('13.15'), says: 'Version 14 leaves rds.force_ssl of billing off.' },
    {
      name: 'somebody set it to 0: no default decides',
      answers: group({ ...strict, 'rds.force_ssl': '0' }),
      activity: logOf('orders', '2026-05-02T08:00:00Z'),
      says: 'Somebody set rds.force_ssl of orders to 0: no default decides.',
    },
  ],
  unknown: [
    {
      name: 'no log at all',
      answers: off,
      says: 'The log of orders does not tell who connects without TLS: no log of it is in the evidence.',
    },
    {
      name: 'a log with a gap 29 days ago',
      answers: off,
      activity: logOf('orders', null, { complete: false, unbrokenFrom: '2026-04-03T13:00:00Z' }),
      says: /7 hours are missing\.$/,
    },
    { name: 'a log with gaps', answers: off, activity: logOf('orders', null, { complete: false }), says: /7 hours are missing\.$/ },
    {
      name: 'a log of fewer than 30 days',
      answers: off,
      activity: logOf('orders', null, { from: '2026-04-10T00:00:00Z' }),
      says: 'The log of orders reaches back to 2026-04-10 only, less than 30 days.',
    },
    {
      name: 'the logs could not be read',
      answers: off,
      activity: {
        databaseUse: unknown({ kind: 'failed', question: 'query database-use', detail: 'it was cancelled' }),
        roleUse: known([]),
        logs: new Map(),
      },
      says: 'failed: query database-use: it was cancelled',
    },
    { name: 'the parameters denied', answers: { 'rds describe-db-cluster-parameters orders-pg16': denied }, says: /^access denied/ },
    {
      name: 'a Multi-AZ DB cluster: what the next version does is not documented',
      answers: multiAz({ ...strict, 'rds.force_ssl': ['0', 'system'] }),
      says: /not documented/,
    },
  ],
});
