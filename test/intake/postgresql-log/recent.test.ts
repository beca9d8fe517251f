import { describe, expect, it } from '@jest/globals';
import { Recent } from '../../../lib/intake/postgresql-log/recent.ts';

describe('what is recent', () => {
  it('is known when as much came after it, and forgotten when twice as much did', () => {
    const recent = new Recent<number, string>(10);

    for (let key = 0; key < 35; key++) recent.set(key, `v${key}`);

    const known = Array.from({ length: 35 }, (_, key) => key).filter((key) => recent.get(key) === `v${key}`);
    expect(known.slice(-10)).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
    expect(known.length).toBeLessThanOrEqual(20);
    expect(recent.get(0)).toBeUndefined();
  });

  it('is what was set last, and nothing once it was deleted', () => {
    const recent = new Recent<string, number>(2);
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['c', 4],
    ] as const)
      recent.set(key, value);

    expect(recent.get('a')).toBe(3);
    recent.delete('a');
    expect(recent.get('a')).toBeUndefined();
  });

  it('finds the key that was set last with a value, and gives each value once', () => {
    const recent = new Recent<number, string>(2);
    for (const [key, value] of [
      [1, 'here'],
      [2, 'there'],
      [3, 'here'],
      [1, 'gone'],
    ] as const)
      recent.set(key, value);

    expect(recent.findKey((value) => value === 'here')).toBe(3);
    expect(recent.findKey((value) => value === 'nowhere')).toBeUndefined();
    expect(recent.values().sort()).toEqual(['gone', 'here', 'there']);
  });
});
