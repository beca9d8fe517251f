import type { Command } from '../questions.ts';

/** What is asked about the account: IAM, CloudTrail, GuardDuty, Security Hub. */
export const accountCommands: readonly Command[] = [];
