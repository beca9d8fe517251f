import type { Cause } from './answer.ts';
import { causeText } from './answer.ts';
import type { Severity } from './severity.ts';

/** Facts that a verdict stands on: plain JSON, sorted by the writer, hostile text in it. */
export type EvidenceData = { readonly [key: string]: unknown };

/** What a check says of one resource. */
export type Verdict = Pass | Fail | NotApplicable | Unknown;

/** The resource is as the check's title says. */
export interface Pass {
  readonly verdict: 'pass';
  /** One sentence. */
  readonly reason: string;
  /** Present where a value may be configured and not yet effective. */
  readonly inEffect?: boolean;
}

/** The resource is not as the check's title says. */
export interface Fail {
  readonly verdict: 'fail';
  readonly reason: string;
  readonly evidence: EvidenceData;
  /** False: configured, but not effective yet. */
  readonly inEffect?: boolean;
  /** Where it differs from the check's own. */
  readonly severity?: Severity;
  /** Where it differs from what the check says for every resource. */
  readonly remediation?: Remediation;
}

/** The check has no meaning for this resource. */
export interface NotApplicable {
  readonly verdict: 'not-applicable';
  readonly reason: string;
}

/** It could not be judged. */
export interface Unknown {
  readonly verdict: 'unknown';
  readonly reason: string;
  readonly severity?: Severity;
}

/** How to put something right: the exact command, and when it is effective. */
export interface Remediation {
  /** A shell command with the resource's own names, quoted; several lines where it takes several steps. */
  readonly command: string;
  /** `at once`, `after a reboot`, …: how long it takes to be effective. */
  readonly effect: string;
  /** Terraform or CloudFormation manages the resource: change it there. */
  readonly note?: string;
}

/** A pass, with the reason as one sentence. */
export function pass(reason: string, inEffect?: boolean): Pass {
  return inEffect === undefined ? { verdict: 'pass', reason } : { verdict: 'pass', reason, inEffect };
}

/** A fail, with the reason as one sentence and the facts that it stands on. */
export function fail(reason: string, evidence: EvidenceData, more: Pick<Fail, 'inEffect' | 'severity' | 'remediation'> = {}): Fail {
  return { verdict: 'fail', reason, evidence, ...more };
}

/** Not applicable, with the reason as one sentence. */
export function notApplicable(reason: string): NotApplicable {
  return { verdict: 'not-applicable', reason };
}

/** Unknown, with the cause, or a sentence where nobody could answer. */
export function cannotTell(cause: Cause | string, severity?: Severity): Unknown {
  const reason = typeof cause === 'string' ? cause : `${causeText(cause)}`;
  return severity === undefined ? { verdict: 'unknown', reason } : { verdict: 'unknown', reason, severity };
}
