import { matchesWildcard } from '../domain/wildcard.ts';

/** A pattern of IAM that is longer than this is none; it bounds the work of comparing two. */
export const longestPattern = 2048;

/**
 * True when everything that fits `specific` fits `general` too, where `*` stands for any run of characters and `?` for one. It may say false
 * of two that only look different (`*?` and `?*`): what it takes away from somebody is surely taken.
 */
export function coversPattern(general: string, specific: string): boolean {
  let g = 0;
  let s = 0;
  let star = -1;
  let resume = 0;
  while (s < specific.length) {
    if (general[g] === '*') {
      star = g++;
      resume = s;
    } else if (g < general.length && (general[g] === specific[s] || (general[g] === '?' && specific[s] !== '*'))) {
      g++;
      s++;
    } else if (star >= 0) {
      g = star + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
  while (general[g] === '*') g++;
  return g === general.length;
}

/** True when some text fits both patterns. Takes time in proportion to the two lengths multiplied. */
export function patternsOverlap(a: string, b: string): boolean {
  if (a === '*' || b === '*') return true;
  if (!/[*?]/.test(b)) return matchesWildcard(a, b);
  if (!/[*?]/.test(a)) return matchesWildcard(b, a);
  // after[j]: whether what follows in `a` has a text in common with b from j on.
  let after: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const here: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      if (i === a.length && j === b.length) here[j] = true;
      else if (a[i] === '*') here[j] = Boolean(after[j]) || Boolean(here[j + 1]);
      else if (b[j] === '*') here[j] = Boolean(here[j + 1]) || Boolean(after[j]);
      else if (i === a.length || j === b.length) here[j] = false;
      else here[j] = (a[i] === '?' || b[j] === '?' || a[i] === b[j]) && Boolean(after[j + 1]);
    }
    after = here;
  }
  return Boolean(after[0]);
}
