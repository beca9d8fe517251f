import type { Command } from '../questions.ts';

/** What is asked about clusters and what stands around them: RDS, EC2, Secrets Manager, CloudWatch Logs. */
export const clusterCommands: readonly Command[] = [];
