import { logForgery } from '../../../lib/checks/activity/log-forgery.ts';
import { every, failure, forgery, later } from '../../queries/logged.ts';
import { testActivity } from './table.ts';

const ten = '2026-05-01T10:00:00.000Z';
const keys = ['source', 'cluster', 'records', 'first', 'last', 'claimed'];
const ceo = {
  time: '2026-01-01T00:00:00.000Z',
  source: '203.0.113.66',
  names: 'ceo@prod',
  text: 'PAM authentication failed for user "ceo"',
};
const another = { ...ceo, names: 'cfo@prod' };
const place = { host: '192.0.2.66', port: 35_936, process: 28_417 };

testActivity(logForgery, keys, [
  { name: 'genuine records', records: failure(ten), finds: [] },
  {
    name: 'a forged record, with the address of who wrote it and what it says as data',
    records: [forgery(ten, ceo, place)],
    finds: [
      {
        severity: 'high',
        of: 'orders',
        reason:
          'Whoever connected from 192.0.2.66 wrote 1 record into the log of orders that cannot be genuine; nothing that it says is believed.',
        evidence: { source: '192.0.2.66', cluster: 'orders', records: 1, first: ten, last: ten, claimed: [ceo] },
        count: 1,
      },
    ],
  },
  {
    name: 'one attempt forges the same line twice, by FATAL and DETAIL: two records',
    records: [forgery(ten, ceo, place), { ...forgery(ten, ceo, place), position: 1 }],
    finds: [{ count: 2, evidence: { records: 2, claimed: [ceo] } }],
  },
  {
    name: 'the same lines in another file are the same records',
    records: ['postgresql.log', 'copy.log'].flatMap((object) => [
      forgery(ten, ceo, { ...place, object }),
      forgery(ten, ceo, { ...place, object }),
    ]),
    finds: [{ count: 2 }],
  },
  {
    name: 'different lines of one second',
    records: [forgery(ten, ceo, place), forgery(ten, another, place)],
    finds: [{ count: 2, evidence: { claimed: [ceo, another].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) } }],
  },
  {
    name: 'forgers are told apart; of one nobody knows the address',
    records: [
      forgery(ten, ceo, place),
      forgery(later(ten, 1), ceo, { ...place, host: '192.0.2.67' }),
      forgery(later(ten, 2), ceo, { host: null, port: null, process: null }),
    ],
    finds: [
      { evidence: { source: '192.0.2.66' } },
      { evidence: { source: '192.0.2.67' } },
      { reason: /^Somebody wrote 1 record/, evidence: { source: null } },
    ],
  },
  {
    name: 'what one record of an attempt tells of its source counts for its other records',
    records: [
      forgery(ten, ceo, { ...place, host: null, port: null }),
      forgery(ten, ceo, place),
      forgery(ten, { ...ceo, text: 'the rest of a DETAIL' }, { ...place, host: null, port: null }),
    ],
    finds: [{ count: 3, evidence: { source: '192.0.2.66' } }],
  },
  {
    name: 'where a process id came back with the same claim, nobody knows which of two it was',
    records: [
      forgery(ten, ceo, place),
      forgery(later(ten, 1), ceo, { ...place, host: '192.0.2.67' }),
      forgery(later(ten, 2), ceo, { ...place, host: null, port: null }),
    ],
    finds: [{ evidence: { source: '192.0.2.66' } }, { evidence: { source: '192.0.2.67' } }, { evidence: { source: null } }],
  },
  {
    name: 'clusters are told apart, members are not',
    records: [
      forgery(ten, ceo, place),
      forgery(later(ten, 1), ceo, { ...place, instance: 'orders-2' }),
      forgery(later(ten, 2), ceo, { ...place, cluster: 'billing' }),
    ],
    finds: [
      { of: 'orders', count: 2 },
      { of: 'billing', count: 1 },
    ],
  },
  {
    name: 'a flood is counted, and twenty of its claims are shown',
    records: every(1, ten, 50, (time, index) => [forgery(time, { ...ceo, names: `ceo${index}@prod` }, place)]),
    finds: [{ count: 50, firstSeen: ten, lastSeen: later(ten, 49), evidence: { records: 50 } }],
  },
  {
    name: 'claims hold what they hold',
    records: [forgery(ten, { names: 'a"\\\r\n\u001f\u2028\u001b[2J@</script>' }, place)],
    finds: [{ evidence: { claimed: [{ names: 'a"\\\r\n\u001f\u2028\u001b[2J@</script>' }] } }],
  },
  { name: 'outside the window', records: [forgery('2026-01-01T00:00:00Z', ceo, place)], finds: [] },
]);
