import type { Cause, CauseKind } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import { questionText } from '../domain/question.ts';

/** What AWS says instead of an answer: the error's name (`AccessDenied`) and its message; hostile text. */
export interface AnswerError {
  readonly name: string;
  readonly message: string;
}

/**
 * Why a question has no answer, from the error that AWS gave. The detail is `<name>: <message>`, so that a saved error and a live one read the same;
 * {@link errorOf} takes it apart again.
 */
export function answerErrorCause(question: Question, error: AnswerError): Cause {
  return { kind: causeKind(error.name), question: questionText(question), detail: `${error.name}: ${error.message}` };
}

/** The error that a cause of {@link answerErrorCause} was made from. */
export function errorOf(cause: Cause): AnswerError {
  const end = cause.detail.indexOf(': ');
  return end < 0 ? { name: 'Error', message: cause.detail } : { name: cause.detail.slice(0, end), message: cause.detail.slice(end + 2) };
}

const denied = ['accessdenied', 'unauthorizedoperation', 'unauthorized', 'notauthorized', 'authorizationerror'];
const throttled = [
  'throttl',
  'toomanyrequests',
  'requestlimitexceeded',
  'slowdown',
  'bandwidthlimitexceeded',
  'provisionedthroughputexceeded',
];
const missing = ['notfound', 'nosuchentity'];

/** True for the name of an error by which AWS says: not so fast. */
export function isThrottled(name: string): boolean {
  const plain = name.toLowerCase();
  return throttled.some((word) => plain.includes(word));
}

function causeKind(name: string): CauseKind {
  const plain = name.toLowerCase();
  if (denied.some((word) => plain.includes(word))) return 'denied';
  if (isThrottled(name)) return 'throttled';
  if (missing.some((word) => plain.includes(word))) return 'not-found';
  return 'failed';
}
