import type { Question } from '../domain/question.ts';
import { Inventory } from '../evidence/inventory.ts';
import { nextQuestions } from '../evidence/questions.ts';
import type { Ask } from '../ports/ask.ts';

/** How far the asking is: questions answered, and questions known so far. */
export type AskProgress = (answered: number, known: number) => void;

/** How many questions are under way at once; the adapter keeps to each service's own rate below that. */
const questionsAtOnce = 32;

/**
 * Asks everything that `actions` need, each question once, and gathers the answers.
 * A question goes out as soon as the answers that give its key are there: calls grow with clusters and groups, not with checks.
 */
export async function collectInventory(
  ask: Ask,
  regions: readonly string[],
  actions: ReadonlySet<string>,
  { progress, signal }: { readonly progress?: AskProgress; readonly signal?: AbortSignal } = {},
): Promise<Inventory> {
  const inventory = new Inventory(regions);
  let answered = 0;
  for (let questions = nextQuestions(inventory, actions); questions.length > 0; questions = nextQuestions(inventory, actions)) {
    const expected = answered + questions.length;
    await forEachAtOnce(questions, questionsAtOnce, async (question) => {
      inventory.add(question, await ask(question, signal));
      progress?.(++answered, expected);
    });
  }
  return inventory;
}

async function forEachAtOnce(questions: readonly Question[], atOnce: number, work: (question: Question) => Promise<void>): Promise<void> {
  const queue = questions.values();
  const worker = async (): Promise<void> => {
    for (const question of queue) await work(question);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, questions.length) }, worker));
}
