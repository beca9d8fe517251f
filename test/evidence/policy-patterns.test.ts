import { describe, expect, it } from '@jest/globals';
import { coversPattern, patternsOverlap } from '../../lib/evidence/policy-patterns.ts';

describe('coversPattern', () => {
  it.each([
    ['*', 'a*b', true],
    ['a*', 'ab*', true],
    ['ab*', 'a*', false],
    ['a?', 'ab', true],
    ['a?', 'a?', true],
    ['ab', 'a?', false],
    ['a?', 'a*', false],
    ['*a', '*ba', true],
    ['a', 'a', true],
    ['a', 'A', false],
    ['', '', true],
    ['a**', 'a', true],
  ])('%j covers %j: %j', (general, specific, expected) => {
    expect(coversPattern(general, specific)).toBe(expected);
  });
});

describe('patternsOverlap', () => {
  it.each([
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['a?c', 'ab?', true],
    ['a?', 'abc', false],
    ['*', '', true],
    ['?', '', false],
    ['*x*', 'a*', true],
    ['abc', 'abc', true],
    ['abc', 'abd', false],
  ])('%j and %j: %j', (a, b, expected) => {
    expect(patternsOverlap(a, b)).toBe(expected);
    expect(patternsOverlap(b, a)).toBe(expected);
  });

  it('ends in time on two long patterns', () => {
    expect(patternsOverlap('a*'.repeat(1000), 'b*'.repeat(1000))).toBe(false);
  });
});
