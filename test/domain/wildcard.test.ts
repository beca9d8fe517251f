import { describe, expect, it } from '@jest/globals';
import { matchesWildcard } from '../../lib/domain/wildcard.ts';

describe('matchesWildcard', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything', true],
    ['tls-*', 'tls-required', true],
    ['tls-*', 'grant-tls-', false],
    ['arn:aws:rds:*:*:cluster:legacy-*', 'arn:aws:rds:eu-central-1:111122223333:cluster:legacy-7', true],
    ['arn:aws:rds:*:*:cluster:legacy-*', 'arn:aws:rds:eu-central-1:111122223333:cluster:orders', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*b', 'xxaxxbxxb', true],
    ['*a*b', 'xxaxxbxx', false],
    ['exact', 'exactly', false],
    ['', '', true],
    ['', 'x', false],
    ['a.c', 'abc', false],
  ])('%j against %j: %j', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it('does not backtrack over a long text', () => {
    const text = 'a'.repeat(100_000);

    expect(matchesWildcard('a*a*a*a*b', text)).toBe(false);
  });
});
