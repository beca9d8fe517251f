import type { Answer } from '../domain/answer.ts';
import { unknown } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import { questionKey, questionText } from '../domain/question.ts';

/** All answers of one look at the account. What was not asked is unknown: not collected. */
export class Inventory {
  readonly #answers = new Map<string, { question: Question; answer: Answer<unknown> }>();

  /** The regions that were looked at, without `global`; sorted. */
  readonly regions: readonly string[];

  constructor(regions: Iterable<string>) {
    this.regions = [...new Set(regions)].sort();
  }

  /** Keeps the answer to a question; a later answer replaces an earlier one. */
  add(question: Question, answer: Answer<unknown>): void {
    this.#answers.set(questionKey(question), { question, answer });
  }

  has(question: Question): boolean {
    return this.#answers.has(questionKey(question));
  }

  /**
   * The answer to `aws <service> <command> [<key>] --region <region>`, as the AWS CLI prints it and intake has checked it;
   * `T` is the caller's word for the shape that lib/intake/answers.ts made sure of.
   */
  answer<T>(region: string, service: string, command: string, key: string | null = null): Answer<T> {
    const question = { region, service, command, key };
    const found = this.#answers.get(questionKey(question));
    if (found) return found.answer as Answer<T>;
    return unknown({ kind: 'not-collected', question: questionText(question), detail: '' });
  }

  /** Every question that was asked and what came back, in the order of the questions' text. */
  entries(): readonly { readonly question: Question; readonly answer: Answer<unknown> }[] {
    return [...this.#answers.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }
}
