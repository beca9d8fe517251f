/** Why something is not known. */
export type CauseKind = 'denied' | 'throttled' | 'not-found' | 'not-collected' | 'unreadable' | 'failed';

/** Why something is not known, and which question it was: `rds describe-db-clusters (eu-central-1)`. */
export interface Cause {
  readonly kind: CauseKind;
  readonly question: string;
  /** What the other side said, in its own words; hostile text. */
  readonly detail: string;
}

/** A value, or why there is none. Unknown is a result: it is never a pass and never a fail. */
export type Answer<T> =
  | {
      readonly known: true;
      readonly value: T;
      /** Elements of a list that could not be read and were left out; the rest counts. */
      readonly rejected?: number;
    }
  | { readonly known: false; readonly cause: Cause };

/** An answer that is there. */
export function known<T>(value: T, rejected = 0): Answer<T> {
  return rejected === 0 ? { known: true, value } : { known: true, value, rejected };
}

/** An answer that is not there, and why. */
export function unknown(cause: Cause): { readonly known: false; readonly cause: Cause } {
  return { known: false, cause };
}

/** The answer with its value changed by `change`; an unknown stays the same unknown. */
export function mapAnswer<T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> {
  return answer.known ? known(change(answer.value)) : answer;
}

/** All values, or the first cause that is missing. */
export function allKnown<T>(answers: readonly Answer<T>[]): Answer<T[]> {
  const values: T[] = [];
  for (const answer of answers) {
    if (!answer.known) return answer;
    values.push(answer.value);
  }
  return known(values);
}

/** A cause in one clause: `access denied to rds describe-db-clusters (eu-central-1): …`. */
export function causeText(cause: Cause): string {
  const text = {
    denied: `access denied to ${cause.question}`,
    throttled: `throttled: ${cause.question}`,
    'not-found': `not found: ${cause.question}`,
    'not-collected': `not collected: ${cause.question}`,
    unreadable: `unreadable: ${cause.question}`,
    failed: `failed: ${cause.question}`,
  }[cause.kind];
  return cause.detail ? `${text}: ${cause.detail}` : text;
}
