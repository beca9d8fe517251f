import type { Cause, CauseKind } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import { questionText } from '../domain/question.ts';

const kinds: readonly (readonly [RegExp, CauseKind])[] = [
  [/AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|OptInRequired/, 'denied'],
  [/Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/, 'throttled'],
  [/NotFound|NoSuchEntity|NoSuch|DoesNotExist|\.NotFoundFault/, 'not-found'],
];

/**
 * Why there is no answer, from the name and message of an AWS error. The detail begins with the name,
 * so that what a check must tell apart (Security Hub's InvalidAccessException) stays to be told apart.
 */
export function readAwsError(question: Question, name: string, message: string): Cause {
  const kind = kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'failed';
  return { kind, question: questionText(question), detail: message ? `${name}: ${message}` : name };
}
