/** A run of addresses, both ends in it, as numbers. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly first: bigint;
  readonly last: bigint;
}

/** Prefix lengths: what has a shorter one is wider than the limit. */
export interface RangeLimits {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** Reads `198.51.100.0/24`, `2001:db8::/32`, or one address; null where it is neither. Bits after the prefix are ignored, as EC2 does. */
export function readRange(cidr: string): AddressRange | null {
  if (cidr.length > 64) return null;
  const [address = '', prefix, ...rest] = cidr.trim().split('/');
  if (rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return null;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  const value = family === 'ipv6' ? readIpv6(address) : readIpv4(address);
  if (value === null || length > bits) return null;
  const size = 1n << BigInt(bits - length);
  const first = (value / size) * size;
  return { family, first, last: first + size - 1n };
}

/** The fewest ranges that hold the same addresses: what overlaps or touches becomes one. Of one family, in order. */
export function unionOf(ranges: readonly AddressRange[]): AddressRange[] {
  const union: AddressRange[] = [];
  const inOrder = ranges.toSorted((a, b) =>
    a.family !== b.family ? (a.family < b.family ? -1 : 1) : a.first < b.first ? -1 : a.first > b.first ? 1 : 0,
  );
  for (const range of inOrder) {
    const last = union.at(-1);
    if (last && last.family === range.family && range.first <= last.last + 1n) {
      union[union.length - 1] = { ...last, last: range.last > last.last ? range.last : last.last };
    } else {
      union.push(range);
    }
  }
  return union;
}

/** True when the range holds more addresses than a network of this prefix length; as many is fine. */
export function isWiderThan(range: AddressRange, limits: RangeLimits): boolean {
  const bits = range.family === 'ipv6' ? 128 : 32;
  return range.last - range.first + 1n > 1n << BigInt(bits - limits[range.family]);
}

/** True when the range is the whole address space of its family. */
export function isEverything(range: AddressRange): boolean {
  return range.first === 0n && range.last === (1n << (range.family === 'ipv6' ? 128n : 32n)) - 1n;
}

/** True when the two have an address in common. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

function readIpv4(address: string): bigint | null {
  const parts = address.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function readIpv6(address: string): bigint | null {
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? '');
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...new Array<bigint>(missing).fill(0n), ...tail].reduce((value, group) => value * 65536n + group, 0n);
}

/** The groups of 16 bits between colons; the last may be an IPv4 address, which is two. */
function groupsOf(half: string): bigint[] | null {
  if (half === '') return [];
  const groups: bigint[] = [];
  const parts = half.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = index === parts.length - 1 && part.includes('.') ? readIpv4(part) : null;
    if (ipv4 !== null) groups.push(ipv4 / 65536n, ipv4 % 65536n);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
