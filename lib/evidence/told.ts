import type { Answer } from '../domain/answer.ts';
import { known, unknown } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import { questionText } from '../domain/question.ts';

/** Where a field stands: the question that was answered, and the thing in the answer. */
export interface Place {
  readonly question: Question;
  readonly thing: string;
}

/** The field's value, or an unknown that says which answer lacks it: older answers lack what was added to AWS later. */
export function told<T>(value: T | undefined, field: string, place: Place): Answer<T> {
  return value === undefined ? lacking(`the answer for ${place.thing} lacks ${field}`, place.question) : known(value);
}

/** An unknown because an answer that is there does not say it. */
export function lacking(
  detail: string,
  question: Question,
): { readonly known: false; readonly cause: { kind: 'not-collected'; question: string; detail: string } } {
  return { known: false, cause: { kind: 'not-collected', question: questionText(question), detail } };
}

/** An unknown because part of an answer could not be read. */
export function unreadable(detail: string, question: Question): Answer<never> {
  return unknown({ kind: 'unreadable', question: questionText(question), detail });
}

/** The answer where all of it could be read; else an unknown: what is missing may be in the part that is left out. */
export function whole<T>(answer: Answer<T>, question: Question): Answer<T> {
  if (!answer.known || (answer.rejected ?? 0) === 0) return answer;
  return unreadable(`${answer.rejected} of its elements could not be read, or a page is missing`, question);
}
