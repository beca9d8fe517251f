import { Command, Option } from 'commander';
import { type Severity, severities } from '../domain/severity.ts';
import { printChecks } from '../main/catalogue.ts';
import { listOf, wantsColour } from './options.ts';

/** `aurora-watch checks [ID]` */
export function checksCommand(): Command {
  return new Command('checks')
    .description('the catalogue, or one check: why, how it is judged, how to fix')
    .argument('[ID]', 'id of a check')
    .option('--check <id...>', 'only these checks; ids may hold *', listOf)
    .option('--skip <id...>', 'all but these checks; ids may hold *', listOf)
    .addOption(new Option('--severity <level>', 'only checks of this severity or above').choices(severities))
    .option('--permissions', 'print the least IAM policy that the checks chosen need')
    .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
    .option('--no-color', 'no colour')
    .addHelpText('after', '\nExamples:\n  aurora-watch checks tls-required\n  aurora-watch checks --permissions --check "tls-*"\n')
    .action((id: string | undefined, options: ChecksArguments) => {
      const { check, skip, severity, permissions, format, color } = options;
      const text = printChecks({
        ...(id === undefined ? {} : { id }),
        choice: { ...(check ? { check } : {}), ...(skip ? { skip } : {}), ...(severity ? { severity } : {}) },
        permissions: permissions === true,
        format,
        colour: wantsColour(process.stdout, color),
        width: process.stdout.columns ?? 100,
      });
      process.stdout.write(text);
    });
}

interface ChecksArguments {
  readonly check?: string[];
  readonly skip?: string[];
  readonly severity?: Severity;
  readonly permissions?: boolean;
  readonly format: 'text' | 'json';
  readonly color: boolean;
}
