import type { Question } from '../domain/question.ts';
import { accountCommands } from './commands/account.ts';
import { clusterCommands } from './commands/clusters.ts';
import type { Inventory } from './inventory.ts';

/** One command of the AWS CLI that the monitor may ask, and what decides its keys. */
export interface Command {
  readonly service: string;
  readonly command: string;
  /** IAM actions that the call needs; a check that lists the first one in its `needs` wants this answer. */
  readonly actions: readonly [string, ...string[]];
  /** True: asked once, in region `global`. */
  readonly global?: boolean;
  /** What it is asked about, from the answers so far; absent: it takes no name. Unknown answers give no keys. */
  keys?(inventory: Inventory, region: string): readonly string[];
}

/** Every command that the monitor may ask. */
export const commands: readonly Command[] = [...clusterCommands, ...accountCommands];

/** The questions that `actions` need, that can be put now and were not yet. Asked until none are left, each is asked once. */
export function nextQuestions(inventory: Inventory, actions: ReadonlySet<string>): Question[] {
  const questions: Question[] = [];
  for (const command of commands) {
    if (!actions.has(command.actions[0])) continue;
    for (const region of command.global ? ['global'] : inventory.regions) {
      const keys = command.keys ? new Set(command.keys(inventory, region)) : [null];
      for (const key of keys) {
        const question = { region, service: command.service, command: command.command, key };
        if (!inventory.has(question)) questions.push(question);
      }
    }
  }
  return questions;
}
