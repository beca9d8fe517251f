import { readAnswer } from '../intake/answers/index.ts';
import type { Ask } from '../ports/ask.ts';

/** An Ask whose answers have been checked: what is not of the expected shape is unknown, cause unreadable. */
export function checkedAsk(ask: Ask): Ask {
  return async (question, signal) => {
    const answer = await ask(question, signal);
    return answer.known ? readAnswer(question, answer.value) : answer;
  };
}
