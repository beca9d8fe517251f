import { expect, it } from '@jest/globals';
import type { ReportedVerdict } from '../../lib/domain/report.ts';
import { groupUnknown } from '../../lib/render/picture.ts';
import { clusterResource } from './example-report.ts';

function unknown(name: string, reason: string, check = 'tls-required'): ReportedVerdict {
  return { check, resource: clusterResource(name), verdict: 'unknown', reason };
}

it('takes reasons for one that differ in nothing but the name of what they are about', () => {
  const groups = groupUnknown([
    unknown('billing', 'not collected: database/billing/roles.json'),
    unknown('orders', 'not collected: database/orders/roles.json'),
    unknown('a', 'not collected: database/a/roles.json'),
    unknown('ledger', 'access denied to rds describe-db-cluster-parameters ledger-pg16'),
    unknown('ledger', 'access denied to rds describe-db-cluster-parameters ledger-pg16', 'scram-passwords-only'),
  ]);

  expect(groups.map(({ reason, checks, resources }) => [reason, checks.length, resources.map(({ name }) => name)])).toEqual([
    ['not collected: database/…/roles.json', 1, ['billing', 'orders', 'a']],
    ['access denied to rds describe-db-cluster-parameters ledger-pg16', 2, ['ledger']],
  ]);
});

it('keeps the name where there is one resource, and words that only hold it', () => {
  const groups = groupUnknown([unknown('a', 'a call of a failed: database-a, a1'), unknown('b', 'nothing of that')]);

  expect(groups.map(({ reason }) => reason)).toEqual(['a call of a failed: database-a, a1', 'nothing of that']);
});
