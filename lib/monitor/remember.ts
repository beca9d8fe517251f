import { questionKey } from '../domain/question.ts';
import type { Ask } from '../ports/ask.ts';

/** Asks each question once; who asks again gets the same answer. For one look: answers grow old. */
export function remembering(ask: Ask): Ask {
  const answers = new Map<string, ReturnType<Ask>>();
  return (question, signal) => {
    const key = questionKey(question);
    const answer = answers.get(key) ?? ask(question, signal);
    answers.set(key, answer);
    return answer;
  };
}
