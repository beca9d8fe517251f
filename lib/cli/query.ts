import { Command } from 'commander';
import { loadConfiguration } from '../main/configuration.ts';
import { printQueryText } from '../main/query-text.ts';
import { momentOption } from './options.ts';

/** `aurora-watch query ID` */
export function queryCommand(): Command {
  return new Command('query')
    .description('print the SQL that Athena would run, with its layer and parameters')
    .argument('<ID>', 'id of an activity check; api_call: the statement that reads files of CloudTrail again')
    .option('--from <time>', 'begin of the window (default: 90 days before --to)', momentOption)
    .option('--to <time>', 'end of the window (default: now)', momentOption)
    .option('--config <file>', 'configuration with thresholds')
    .addHelpText('after', '\nExample:\n  aurora-watch query failed-iam-logins --to 2026-05-03\n')
    .action(async (id: string, options: { from?: number; to?: number; config?: string }) => {
      process.stdout.write(
        await printQueryText(id, { now: Date.now(), ...options, configuration: await loadConfiguration(options.config) }),
      );
    });
}
