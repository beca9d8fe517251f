import { describe, expect, it } from '@jest/globals';
import { withUnloggedLogins } from '../../lib/evidence/activity-facts.ts';
import { listClusters } from '../../lib/evidence/clusters.ts';
import { clusters, group, readersGroup } from '../checks/posture/given.ts';
import { activityOf, completeLog, sessions } from './activity.ts';
import { type Answers, denied, evidenceOf, fine, strict } from './answers.ts';

const parameters = 'rds describe-db-cluster-parameters orders-pg16';
const eighteen = clusters({ EngineVersion: '18.1' });

interface Row {
  readonly name: string;
  readonly answers?: Answers;
  readonly isSeen?: boolean;
  readonly detail: string;
}

const rows: readonly Row[] = [
  { name: 'log_connections is on', detail: '' },
  {
    name: 'a list that holds authorization',
    answers: { ...eighteen, ...group({ ...strict, log_connections: 'receipt,authorization' }) },
    detail: '',
  },
  {
    name: 'a list without authorization',
    answers: { ...eighteen, ...group({ ...strict, log_connections: 'receipt' }) },
    detail: 'log_connections is off on orders-1',
  },
  { name: 'off by default', answers: group({ ...strict, log_connections: null }), detail: 'log_connections is off on orders-1' },
  {
    name: 'off, though a login was seen before',
    answers: group({ ...strict, log_connections: '0' }),
    isSeen: true,
    detail: 'log_connections is off on orders-1',
  },
  { name: 'off on a reader', answers: readersGroup({ log_connections: '0' }), detail: 'log_connections is off on orders-2' },
  { name: 'not known', answers: { [parameters]: denied }, detail: 'whether log_connections is on is not known' },
  { name: 'not known, but logins are in the log', answers: { [parameters]: denied }, isSeen: true, detail: '' },
];

describe('a complete log', () => {
  it.each(rows)('is complete only where a login would show in it: $name', ({ answers, isSeen = false, detail }) => {
    const evidence = evidenceOf({ ...fine, ...answers }, activityOf(isSeen ? [sessions('app')] : []));

    const { logs } = withUnloggedLogins(evidence.activity, () => listClusters(evidence).subjects);

    expect(logs.get('orders')).toEqual(detail === '' ? completeLog : { ...completeLog, complete: false, unbrokenFrom: null, detail });
  });

  it('keeps why it is not complete already, and is nothing to a cluster without a log', () => {
    const gap = { ...completeLog, complete: false, unbrokenFrom: null, detail: 'orders-1 lacks 1 of 23 hours' };
    const evidence = evidenceOf({ ...fine, ...group({ ...strict, log_connections: '0' }) }, activityOf([], [], { orders: gap }));

    const { logs } = withUnloggedLogins(evidence.activity, () => listClusters(evidence).subjects);

    expect([...logs]).toEqual([['orders', { ...gap, detail: `${gap.detail}, log_connections is off on orders-1` }]]);
  });
});
