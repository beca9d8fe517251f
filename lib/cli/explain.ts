import { Command } from 'commander';
import { explainFinding } from '../main/laptop.ts';
import { wantsColour } from './options.ts';

/** `aurora-watch explain FINGERPRINT` */
export function explainCommand(): Command {
  return new Command('explain')
    .description('which file, answer or record a finding stands on, step by step to the verdict')
    .argument('<FINGERPRINT>', 'of a finding, or its first characters')
    .option('--report <file>', 'the report that holds it', 'report.json')
    .option('--no-color', 'no colour')
    .addHelpText('after', '\nExample:\n  aurora-watch explain 3f2a9c01\n')
    .action(async (fingerprint: string, { report, color }: { report: string; color: boolean }) => {
      const colour = wantsColour(process.stdout, color);
      process.stdout.write(await explainFinding(report, fingerprint, { colour, width: process.stdout.columns ?? 100 }));
    });
}
