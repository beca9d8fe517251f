import type { Answer } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';

/**
 * Asks what is configured. The value is the JSON that the AWS CLI prints for the command, all pages merged.
 * It never throws for what AWS says: a refusal is an unknown answer with its cause. It rejects only when `signal` aborts.
 */
export type Ask = (question: Question, signal?: AbortSignal) => Promise<Answer<unknown>>;
