import type { SubjectKind } from '../evidence/subjects.ts';

const ofAccount: ReadonlySet<SubjectKind> = new Set(['account', 'user', 'principal']);

/** Several stacks may watch one account: what belongs to it as a whole, principals too, is judged by the one at home. */
export function isJudgedHere(kind: SubjectKind, home: boolean): boolean {
  return home || !ofAccount.has(kind);
}

/** True for a service whose events concern the account as a whole, and may reach the stacks of several regions. */
export function isOfAccount(eventSource: string): boolean {
  return eventSource === 'iam.amazonaws.com';
}
