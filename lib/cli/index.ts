import { Command, CommanderError } from 'commander';
import { UsageError } from '../domain/errors.ts';
import { version } from '../main/version.ts';
import { checksCommand } from './checks.ts';
import { collectCommand } from './collect.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { eventCommand } from './event.ts';
import { explainCommand } from './explain.ts';
import { queryCommand } from './query.ts';
import { scanCommand } from './scan.ts';
import { suppressCommand } from './suppress.ts';

/** Runs the command line and resolves with the exit status; everything that went wrong is one sentence on standard error. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    await commandLine().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      console.error(`aurora-watch: ${error.message}`);
      return 2;
    }
    console.error(`aurora-watch: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env.AURORA_WATCH_DEBUG && error instanceof Error) console.error(error.stack);
    return 2;
  }
}

/** The whole command line; building it starts nothing. */
export function commandLine(): Command {
  const program = new Command('aurora-watch')
    .description(
      'Watches the security of Amazon Aurora PostgreSQL: who weakened it, who fails to log in, who holds access that nobody uses.',
    )
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .addHelpText('after', '\nExample:\n  aurora-watch scan samples\n  aurora-watch scan --live --region eu-central-1\n');
  for (const command of [
    scanCommand(),
    collectCommand(),
    eventCommand(),
    checksCommand(),
    explainCommand(),
    queryCommand(),
    suppressCommand(),
    doctorCommand(),
    completionCommand(program),
  ]) {
    program.addCommand(command.exitOverride().showHelpAfterError('(add --help for the options)'));
  }
  return program;
}
