import { Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../domain/errors.ts';
import type { SuppressRequest } from '../main/suppress.ts';
import { interruption } from './interruption.ts';

interface SuppressArguments {
  readonly until?: string;
  readonly reason?: string;
  readonly list?: boolean;
  readonly remove?: boolean;
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

/** `aurora-watch suppress FINGERPRINT` */
export function suppressCommand(): Command {
  return new Command('suppress')
    .description('quiet one finding in a deployed monitor, with who did it')
    .argument('[FINGERPRINT]', 'of a finding, or its first characters')
    .option('--until <date>', 'the last day that it is quiet (UTC)', dateOf)
    .option('--reason <text>', 'why: whoever looks at it later reads this')
    .option('--list', 'list what is suppressed')
    .option('--remove', 'take the suppression back')
    .option('--stage <name>', 'stage of the deployed monitor', stageOf, 'prod')
    .option('--region <region>', 'region of the monitor (default: that of the profile or the environment)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--role-arn <arn>', 'role to assume')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora-watch suppress 3f2a9c01 --until 2026-09-30 --reason "client without TLS until Q3"\n' +
        '  aurora-watch suppress --list\n  aurora-watch suppress 3f2a9c01 --remove\n',
    )
    .action(async (fingerprint: string | undefined, args: SuppressArguments) => {
      const now = Date.now();
      const request = requestOf(fingerprint, args, now);
      const { suppress } = await import('../main/suppress.ts');
      const { signal, stop } = interruption();
      try {
        process.stdout.write(
          await suppress(
            request,
            {
              stage: args.stage,
              ...(args.region === undefined ? {} : { region: args.region }),
              ...(args.profile === undefined ? {} : { profile: args.profile }),
              ...(args.roleArn === undefined ? {} : { roleArn: args.roleArn }),
              signal,
            },
            now,
          ),
        );
      } finally {
        stop();
      }
    });
}

/** A reason is read in lists and messages. */
const longestReason = 500;

function requestOf(start: string | undefined, { list, remove, until, reason }: SuppressArguments, now: number): SuppressRequest {
  if (list === true) {
    if (start !== undefined || remove === true || until !== undefined || reason !== undefined) {
      throw new UsageError('--list lists what is suppressed and takes neither a fingerprint nor another wish.');
    }
    return { do: 'list' };
  }
  const fingerprint = start?.toLowerCase();
  if (fingerprint === undefined) throw new UsageError('It takes the FINGERPRINT of a finding, or --list.');
  if (!/^[0-9a-f]{4,32}$/.test(fingerprint)) {
    throw new UsageError('A fingerprint has 32 hexadecimal digits, of which at least the first four must be given.');
  }
  if (remove === true) {
    if (until !== undefined || reason !== undefined) throw new UsageError('--remove takes neither --until nor --reason.');
    return { do: 'remove', fingerprint };
  }
  if (until === undefined || reason === undefined) throw new UsageError('It takes --until DATE and --reason TEXT (or --remove).');
  if (until < new Date(now).toISOString().slice(0, 10)) throw new UsageError(`--until ${until} is in the past.`);
  if (reason.trim() === '') throw new UsageError('--reason must say why.');
  if (reason.length > longestReason) throw new UsageError(`--reason takes at most ${longestReason} characters.`);
  return { do: 'suppress', fingerprint, until, reason: reason.trim() };
}

/** A day of the calendar such as `2026-09-30`. */
function dateOf(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
    throw new InvalidArgumentError('It takes a date such as 2026-09-30.');
  }
  return value;
}

function stageOf(value: string): string {
  if (!/^[A-Za-z0-9-]{1,40}$/.test(value)) throw new InvalidArgumentError('It takes the name of a stage, such as prod.');
  return value;
}
