import { describe, expect, it } from '@jest/globals';
import type { AddressRange } from '../../lib/evidence/address-ranges.ts';
import { isEverything, isWiderThan, overlaps, readRange, unionOf } from '../../lib/evidence/address-ranges.ts';

const limits = { ipv4: 16, ipv6: 48 };

function rangeOf(cidr: string): AddressRange {
  const range = readRange(cidr);
  if (range === null) throw new Error(`${cidr} is no range.`);
  return range;
}

describe('readRange', () => {
  it.each([
    ['198.51.100.0/24', 0xc633_6400n, 0xc633_64ffn],
    ['198.51.100.7/24', 0xc633_6400n, 0xc633_64ffn],
    ['198.51.100.7', 0xc633_6407n, 0xc633_6407n],
    ['0.0.0.0/0', 0n, 0xffff_ffffn],
    [' 192.0.2.1/32 ', 0xc000_0201n, 0xc000_0201n],
    ['::/0', 0n, 2n ** 128n - 1n],
    ['2001:db8::/32', 0x2001_0db8n << 96n, (0x2001_0db9n << 96n) - 1n],
    ['2001:DB8::1', (0x2001_0db8n << 96n) + 1n, (0x2001_0db8n << 96n) + 1n],
    ['::ffff:192.0.2.1/128', 0xffff_c000_0201n, 0xffff_c000_0201n],
    ['1:2:3:4:5:6:7:8/128', 0x1_0002_0003_0004_0005_0006_0007_0008n, 0x1_0002_0003_0004_0005_0006_0007_0008n],
  ])('reads %s', (cidr, first, last) => {
    expect(readRange(cidr)).toMatchObject({ first, last });
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0',
    '10.0.0.256/32',
    '::/129',
    '1:2:3:4:5:6:7/64',
    '1::2::3/64',
    '1:2:3:4:5:6:7::8:9/64',
    '12345::/16',
    'pl-12345678',
    `${'1'.repeat(100)}.0.0.0/8`,
  ])('does not read %j', (cidr) => {
    expect(readRange(cidr)).toBeNull();
  });
});

describe('unionOf', () => {
  it.each([
    ['two halves are the whole', ['128.0.0.0/1', '0.0.0.0/1'], ['0.0.0.0/0']],
    ['neighbours', ['10.0.1.0/24', '10.0.0.0/24'], ['10.0.0.0/23']],
    ['one within another', ['10.0.0.0/8', '10.1.0.0/16'], ['10.0.0.0/8']],
    ['one twice', ['10.0.0.0/8', '10.0.0.0/8'], ['10.0.0.0/8']],
    ['with a gap between', ['10.0.0.0/24', '10.0.2.0/24'], ['10.0.0.0/24', '10.0.2.0/24']],
    ['of two families', ['::/0', '0.0.0.0/0'], ['0.0.0.0/0', '::/0']],
    ['IPv6 halves', ['8000::/1', '::/1'], ['::/0']],
    ['none', [], []],
  ])('%s', (_, ranges, union) => {
    expect(unionOf(ranges.map(rangeOf))).toEqual(union.map(rangeOf));
  });

  it('knows eight that together are one', () => {
    const eighths = [0, 32, 64, 96, 128, 160, 192, 224].map((first) => rangeOf(`${first}.0.0.0/3`));

    const [one, ...rest] = unionOf(eighths);

    expect(rest).toEqual([]);
    expect(one && isEverything(one)).toBe(true);
  });
});

describe('isWiderThan', () => {
  it.each([
    ['10.0.0.0/16', false],
    ['10.0.0.0/15', true],
    ['198.51.100.0/24', false],
    ['0.0.0.0/0', true],
    ['2001:db8::/48', false],
    ['2001:db8::/47', true],
    ['::/0', true],
  ])('%s: %s', (cidr, wider) => {
    expect(isWiderThan(rangeOf(cidr), limits)).toBe(wider);
  });

  it('counts addresses, where the ends are no network', () => {
    const [union] = unionOf([rangeOf('10.0.128.0/17'), rangeOf('10.1.0.0/17'), rangeOf('10.1.128.0/32')]);

    expect(union && isWiderThan(union, limits)).toBe(true);
  });
});

describe('overlaps', () => {
  it.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['0.0.0.0/0', '::/0', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(overlaps(rangeOf(a), rangeOf(b))).toBe(expected);
    expect(overlaps(rangeOf(b), rangeOf(a))).toBe(expected);
  });
});
