import type { Answer } from '../../domain/answer.ts';
import { known, unknown } from '../../domain/answer.ts';
import type { Question } from '../../domain/question.ts';
import { questionText } from '../../domain/question.ts';
import { accountAnswers } from './account.ts';
import { clusterAnswers } from './clusters.ts';

/**
 * Checks what the AWS CLI would print for one command: returns the value in the shape that evidence reads, and how many list elements
 * had to be left out; or null where the JSON is of another shape altogether.
 */
export type ReadAnswer = (json: unknown) => { readonly value: unknown; readonly rejected: number } | null;

const readers: Readonly<Record<string, ReadAnswer>> = { ...clusterAnswers, ...accountAnswers };

/** Turns the raw JSON of one answer into the shape that evidence reads, or into an unknown with cause `unreadable`. */
export function readAnswer(question: Question, json: unknown): Answer<unknown> {
  const read = readers[`${question.service} ${question.command}`];
  if (!read) return unknown({ kind: 'unreadable', question: questionText(question), detail: 'no such command is known' });
  const result = read(json);
  if (result === null)
    return unknown({ kind: 'unreadable', question: questionText(question), detail: 'not the shape that the AWS CLI prints' });
  return known(result.value, result.rejected);
}
