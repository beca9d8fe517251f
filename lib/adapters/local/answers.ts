import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Answer } from '../../domain/answer.ts';
import { known, unknown } from '../../domain/answer.ts';
import type { Question } from '../../domain/question.ts';
import { questionText } from '../../domain/question.ts';
import { answerErrorCause, errorOf } from '../../intake/answer-error.ts';
import type { Ask } from '../../ports/ask.ts';
import { errorCode, isMissing } from './errors.ts';
import { readTextFile } from './text-file.ts';

/** The path of an answer below the evidence folder, without its ending: `inventory/<region>/<service>/<command>[/<key>]`. */
export function answerPath(question: Question): string {
  const parts = ['inventory', question.region, question.service, question.command];
  if (question.key !== null) parts.push(encodeURIComponent(question.key.toWellFormed()));
  return join(...parts);
}

/**
 * Answers from a folder of saved answers: `<path>.json` is what the AWS CLI printed, `<path>.error.json` (`{"name", "message"}`) why it
 * failed, and neither means not collected. Where both are there, the answer counts.
 */
export function askFolder(folder: string): Ask {
  return async (question, signal): Promise<Answer<unknown>> => {
    const path = join(folder, answerPath(question));
    const answer = await readJson(`${path}.json`, signal);
    if (answer.found) {
      return 'value' in answer
        ? known(answer.value)
        : unknown({ kind: 'unreadable', question: questionText(question), detail: answer.problem });
    }
    const error = await readJson(`${path}.error.json`, signal);
    if (!error.found) return unknown({ kind: 'not-collected', question: questionText(question), detail: '' });
    const said = 'value' in error ? error.value : undefined;
    if (typeof said !== 'object' || said === null || Array.isArray(said)) {
      const problem = 'problem' in error ? error.problem : 'it does not hold a name and a message';
      return unknown({ kind: 'unreadable', question: questionText(question), detail: `the file that says why it failed: ${problem}` });
    }
    const name = 'name' in said && typeof said.name === 'string' ? said.name : 'Error';
    const message = 'message' in said && typeof said.message === 'string' ? said.message : '';
    return unknown(answerErrorCause(question, { name, message }));
  };
}

/** An Ask that saves what another one answers, where {@link askFolder} finds it; a refusal is saved too. Rejects where the disk refuses. */
export function recordAnswers(folder: string, ask: Ask): Ask {
  return async (question, signal) => {
    const answer = await ask(question, signal);
    const path = join(folder, answerPath(question));
    await mkdir(dirname(path), { recursive: true });
    const [name, content] = answer.known ? ['.json', answer.value] : ['.error.json', errorOf(answer.cause)];
    await writeFile(`${path}${name}`, `${JSON.stringify(content, null, 2)}\n`);
    // What an earlier collection left must not speak beside it.
    await rm(`${path}${answer.known ? '.error.json' : '.json'}`, { force: true });
    return answer;
  };
}

/** The regions that the folder holds answers for, without `global`; sorted. No inventory: none. */
export async function foldersRegions(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'inventory'), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'global' && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/** Files below `inventory/` whose name is that of no command (`isKnown` says which are), as paths from the folder; sorted. */
export async function foreignFiles(folder: string, isKnown: (service: string, command: string) => boolean): Promise<string[]> {
  const entries = await readdir(join(folder, 'inventory'), { withFileTypes: true, recursive: true }).catch(() => []);
  const foreign: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name).slice(join(folder, 'inventory').length + 1);
    const [, service = '', command = '', ...rest] = path.split(/[\\/]/);
    const name = rest.length === 0 ? command.replace(/(\.error)?\.json$/, '') : command;
    if (!path.endsWith('.json') || rest.length > 1 || !isKnown(service, name)) foreign.push(join('inventory', path));
  }
  return foreign.sort();
}

type JsonFile =
  | { readonly found: false }
  | { readonly found: true; readonly value: unknown }
  | { readonly found: true; readonly problem: string };

async function readJson(path: string, signal: AbortSignal | undefined): Promise<JsonFile> {
  let text: string;
  try {
    text = await readTextFile(path, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (isMissing(error)) return { found: false };
    return { found: true, problem: `the file cannot be read (${errorCode(error) || 'error'})` };
  }
  try {
    return { found: true, value: JSON.parse(text) };
  } catch {
    return { found: true, problem: text.trim() === '' ? 'the file is empty' : 'the file is not JSON, or ends too early' };
  }
}
