import type { AddressRange, RangeLimits } from '../evidence/address-ranges.ts';
import { isWiderThan, overlaps, unionOf } from '../evidence/address-ranges.ts';
import type { AdmittedRange } from '../evidence/reach.ts';

/** What a port is open to: too wide a run of addresses, and the rules that make it so. */
export interface WideIngress {
  /** The widest runs of addresses, however many rules they take. */
  readonly ranges: readonly AddressRange[];
  /** The rules that are too wide by themselves; then those of the others that are too wide together. */
  readonly rules: readonly AdmittedRange[];
}

/** The rules for one port that let in more than the limit, alone or together; null: none do. */
export function wideIngress(admitted: readonly AdmittedRange[], port: number, limits: RangeLimits): WideIngress | null {
  const rules = admitted.filter(({ ports }) => ports === null || (ports.from <= port && port <= ports.to));
  const ranges = unionOf(rules.map(({ range }) => range)).filter((range) => isWiderThan(range, limits));
  if (ranges.length === 0) return null;
  const alone = rules.filter(({ range }) => isWiderThan(range, limits));
  const others = rules.filter(({ range }) => !isWiderThan(range, limits));
  const together = unionOf(others.map(({ range }) => range)).filter((range) => isWiderThan(range, limits));
  return { ranges, rules: [...alone, ...others.filter(({ range }) => together.some((wide) => overlaps(wide, range)))] };
}
