import type { EvidenceData, Fail, Verdict } from '../domain/verdict.ts';

/**
 * One verdict out of several about the same resource: a fail decides, then an unknown, then a pass. Reasons of the kind that decides
 * are joined; facts are merged. Not applicable counts only where nothing else is said.
 */
export function worst(verdicts: readonly [Verdict, ...Verdict[]]): Verdict {
  const fails = verdicts.filter((one): one is Fail => one.verdict === 'fail');
  if (fails[0]) {
    const evidence: EvidenceData = Object.assign({}, ...fails.map((one) => one.evidence));
    const merged = { ...fails[0], reason: joined(fails), evidence };
    if (fails.every((one) => one.inEffect === fails[0]?.inEffect)) return merged;
    const { inEffect: _, ...rest } = merged;
    return rest;
  }
  const unknown = verdicts.find((one) => one.verdict === 'unknown');
  if (unknown) return unknown;
  const passes = verdicts.filter((one) => one.verdict === 'pass');
  return passes[0] ? { ...passes[0], reason: joined(passes) } : verdicts[0];
}

function joined(verdicts: readonly { readonly reason: string }[]): string {
  return [...new Set(verdicts.map(({ reason }) => reason))].join(' ');
}
