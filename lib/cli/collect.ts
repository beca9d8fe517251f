import { Command, Option } from 'commander';
import { UsageError } from '../domain/errors.ts';
import { type Severity, severities } from '../domain/severity.ts';
import { interruption } from './interruption.ts';
import { daysOf, listOf } from './options.ts';
import { ProgressLine } from './progress.ts';

interface CollectArguments {
  readonly check?: string[];
  readonly skip?: string[];
  readonly severity?: Severity;
  readonly region?: string[];
  readonly profile?: string;
  readonly roleArn?: string;
  readonly history?: number | true;
  readonly logs?: number | true;
  readonly dryRun?: boolean;
}

/** `aurora-watch collect DIR` */
export function collectCommand(): Command {
  return new Command('collect')
    .description("save the live account's answers as evidence, by read-only calls")
    .usage('[options] <DIR>')
    .argument('[DIR]', 'evidence folder; what is there is replaced')
    .option('--region <region...>', 'these regions (default: that of the profile or the environment)', listOf)
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--role-arn <arn>', 'role to assume')
    .option('--check <id...>', 'only what these checks need; ids may hold *', listOf)
    .option('--skip <id...>', 'what all but these checks need; ids may hold *', listOf)
    .addOption(new Option('--severity <level>', 'only what checks of this severity or above need').choices(severities))
    .option('--history [days]', "CloudTrail's LookupEvents too (default 90 days)", daysOf)
    .option('--logs [days]', "PostgreSQL's logs too (default 7 days)", daysOf)
    .option('--dry-run', 'list the calls and make none')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora-watch collect evidence --region eu-central-1 --history 30 --logs\n  aurora-watch scan evidence\n',
    )
    .action(runCollect);
}

async function runCollect(argument: string | undefined, given: CollectArguments): Promise<void> {
  const { folder, args } = argument === undefined ? folderAfterRegions(given) : { folder: argument, args: given };
  const { collect, listCalls } = await import('../main/collect.ts');
  const choice = {
    ...(args.check ? { check: args.check } : {}),
    ...(args.skip ? { skip: args.skip } : {}),
    ...(args.severity ? { severity: args.severity } : {}),
  };
  if (args.dryRun === true) {
    const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    const regions = args.region ?? (region ? [region] : []);
    if (regions.length === 0) throw new UsageError('No region: give --region, or set AWS_REGION.');
    process.stdout.write(listCalls({ choice, regions, ...wantedOf(args) }));
    return;
  }
  const line = new ProgressLine(process.stderr);
  const { signal, stop } = interruption();
  try {
    const collected = await collect({
      folder,
      choice,
      ...(args.region ? { regions: args.region } : {}),
      ...(args.profile === undefined ? {} : { profile: args.profile }),
      ...wantedOf(args),
      progress: (stage, done, total) => line.show(stage, done, total),
      warn(sentence) {
        line.clear();
        console.error(`aurora-watch: ${sentence}`);
      },
      signal,
    });
    line.clear();
    const refused = collected.refused === 0 ? '' : `, ${collected.refused} refused (what needs them will be unknown)`;
    const files = collected.logFiles === 0 ? '' : `, ${collected.logFiles} log files`;
    console.error(`Saved ${collected.answers} answers${refused}${files} in ${folder}. Next: aurora-watch scan ${folder}`);
  } finally {
    line.clear();
    stop();
  }
}

/** `--region` takes a folder that follows it for one more region: `collect --region eu-central-1 evidence`. */
function folderAfterRegions(args: CollectArguments): { readonly folder: string; readonly args: CollectArguments } {
  const last = args.region?.at(-1);
  if (last === undefined || /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(last))
    throw new UsageError('Give the folder first: aurora-watch collect DIR --region eu-central-1');
  const { region: regions = [], ...rest } = args;
  return { folder: last, args: regions.length === 1 ? rest : { ...rest, region: regions.slice(0, -1) } };
}

function wantedOf({ roleArn, history, logs }: CollectArguments) {
  return {
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(history === undefined ? {} : { historyDays: history === true ? 90 : history }),
    ...(logs === undefined ? {} : { logDays: logs === true ? 7 : logs }),
  };
}
