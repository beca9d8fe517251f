import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Command, Option } from 'commander';
import { UsageError } from '../domain/errors.ts';
import { type Severity, severities } from '../domain/severity.ts';
import { type Format, formats } from '../main/formats.ts';
import { loadConfiguration, loadReport, renderReport, type ScanOptions, scanFolder } from '../main/laptop.ts';
import { compareReports } from '../monitor/compare.ts';
import { exitStatus } from '../monitor/scan.ts';
import { renderers } from '../render/index.ts';
import { interruption } from './interruption.ts';
import { daysOf, failOnOption, listOf, momentOption, wantsColour } from './options.ts';
import { ProgressLine } from './progress.ts';

interface ScanArguments {
  readonly live?: boolean;
  readonly format?: string[];
  readonly output?: string;
  readonly check?: string[];
  readonly skip?: string[];
  readonly severity?: Severity;
  readonly region?: string[];
  readonly profile?: string;
  readonly roleArn?: string;
  readonly history?: number | true;
  readonly from?: number;
  readonly to?: number;
  readonly config?: string;
  readonly compare?: string;
  readonly failOn: Severity | 'never';
  readonly details?: boolean;
  readonly color: boolean;
}

/** `aurora-watch scan [DIR]` */
export function scanCommand(): Command {
  return new Command('scan')
    .description('judge the evidence in DIR; with --live, the account of the current AWS credentials')
    .argument('[DIR]', 'evidence folder')
    .option('--live', 'ask the account of the current AWS credentials (read-only calls)')
    .option('--format <format...>', `${formats.join(', ')}; several allowed (default: text)`, listOf)
    .option('--output <path>', 'file, or folder for report.<ending>; else standard output')
    .option('--check <id...>', 'only these checks; ids may hold *', listOf)
    .option('--skip <id...>', 'all but these checks; ids may hold *', listOf)
    .addOption(new Option('--severity <level>', 'only checks of this severity or above').choices(severities))
    .option('--region <region...>', 'only these regions', listOf)
    .option('--profile <name>', 'with --live: profile of the AWS configuration')
    .option('--role-arn <arn>', 'with --live: role to assume')
    .option('--history [days]', "with --live: CloudTrail's LookupEvents too (90 days at most)", daysOf)
    .option('--from <time>', 'begin of the window of the activity checks (default: 90 days before --to)', momentOption)
    .option('--to <time>', "end of the window (default: the evidence's moment)", momentOption)
    .option('--config <file>', 'configuration (default: aurora-watch.yaml in the working directory, if there)')
    .option('--compare <report>', 'what is new, gone and unchanged since that report.json')
    .addOption(failOnOption('high'))
    .option('--details', 'text: every finding with its evidence')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing at --fail-on or above, 1 findings, 2 it could not run, 3 no finding but something of that severity is unknown.' +
        '\n\nExamples:\n  aurora-watch scan samples\n  aurora-watch scan samples --format html,json --output reports\n  aurora-watch scan --live --region eu-central-1 --history 7\n',
    )
    .action(runScan);
}

async function runScan(argument: string | undefined, given: ScanArguments): Promise<void> {
  const { folder, args } = argument === undefined && given.live !== true ? await folderAfterList(given) : { folder: argument, args: given };
  const wanted = wantedFormats(args);
  if (args.live === true && folder !== undefined) throw new UsageError('Give a folder or --live, not both.');
  if (args.live !== true && folder === undefined)
    throw new UsageError('Give an evidence folder, or --live. "aurora-watch scan --help" shows both.');
  const onlyLive = (['profile', 'roleArn', 'history'] as const).filter((name) => args[name] !== undefined);
  if (args.live !== true && onlyLive.length > 0)
    throw new UsageError(`--${onlyLive[0] === 'roleArn' ? 'role-arn' : onlyLive[0]} goes with --live.`);

  const configuration = await loadConfiguration(args.config);
  const earlier = args.compare === undefined ? null : await loadReport(args.compare);
  const line = new ProgressLine(process.stderr);
  const { signal, stop } = interruption();
  const options: ScanOptions = {
    choice: {
      ...(args.check ? { check: args.check } : {}),
      ...(args.skip ? { skip: args.skip } : {}),
      ...(args.severity ? { severity: args.severity } : {}),
    },
    configuration,
    ...(args.region ? { regions: args.region } : {}),
    ...(args.from === undefined ? {} : { from: args.from }),
    ...(args.to === undefined ? {} : { to: args.to }),
    progress: (stage, done, total) => line.show(stage, done, total),
    warn(sentence) {
      line.clear();
      console.error(`aurora-watch: ${sentence}`);
    },
    signal,
  };
  try {
    const result =
      folder === undefined
        ? await (await import('../main/live.ts')).scanLive({
            ...options,
            ...(args.profile === undefined ? {} : { profile: args.profile }),
            ...(args.roleArn === undefined ? {} : { roleArn: args.roleArn }),
            ...(args.history === undefined ? {} : { historyDays: args.history === true ? 90 : args.history }),
          })
        : await scanFolder(folder, options);
    line.clear();
    if (earlier && earlier.account !== result.report.account)
      options.warn(`${args.compare} is a report of account ${earlier.account}, and this is one of ${result.report.account}.`);
    const report = earlier ? compareReports(result.report, earlier, result.judged) : result.report;
    await writeReport(wanted, args, (format, toTerminal) =>
      renderReport(report, format, {
        colour: toTerminal && wantsColour(process.stdout, args.color),
        width: toTerminal ? (process.stdout.columns ?? 100) : 100,
        details: args.details === true,
      }),
    );
    process.exitCode = exitStatus({ ...result, report }, args.failOn);
  } finally {
    line.clear();
    stop();
  }
}

/** An option with several values takes a folder that follows it for one of them: `scan --format json samples`. */
async function folderAfterList(args: ScanArguments): Promise<{ readonly folder: string | undefined; readonly args: ScanArguments }> {
  for (const name of ['format', 'check', 'skip', 'region'] as const) {
    const last = args[name]?.at(-1);
    if (last === undefined || args[name]?.length === 1 || formats.some((format) => format === last)) continue;
    const isFolder = /[\\/]/.test(last) || ((await stat(last).catch(() => null))?.isDirectory() ?? false);
    if (isFolder) return { folder: last, args: { ...args, [name]: args[name]?.slice(0, -1) } };
  }
  return { folder: undefined, args };
}

function wantedFormats({ format = ['text'], output }: ScanArguments): readonly Format[] {
  const wanted = [...new Set(format)].map((name) => {
    const known = formats.find((one) => one === name);
    if (known) return known;
    throw new UsageError(`There is no format "${name}"; there are ${formats.join(', ')}.`);
  });
  if (wanted.length > 1 && output === undefined) throw new UsageError('Several formats need --output with a folder.');
  return wanted;
}

/** One format goes to a file or standard output; of several, text goes to standard output and the others into the folder. */
async function writeReport(
  wanted: readonly Format[],
  { output }: ScanArguments,
  render: (format: Format, toTerminal: boolean) => string,
): Promise<void> {
  const [first] = wanted;
  if (output === undefined) {
    if (first) process.stdout.write(render(first, true));
    return;
  }
  const isFolder = wanted.length > 1 || /[\\/]$/.test(output) || ((await stat(output).catch(() => null))?.isDirectory() ?? false);
  try {
    if (!isFolder && first) {
      await mkdir(dirname(output), { recursive: true });
      await writeFile(output, render(first, false));
      console.error(`Wrote ${output}`);
      return;
    }
    await mkdir(output, { recursive: true });
    const written: string[] = [];
    for (const format of wanted) {
      if (format === 'text' && wanted.length > 1) continue;
      const path = join(output, `report.${renderers[format].extension}`);
      await writeFile(path, render(format, false));
      written.push(path);
    }
    if (wanted.length > 1 && wanted.includes('text')) process.stdout.write(render('text', true));
    console.error(`Wrote ${written.join(' and ')}`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`The report cannot be written to ${output}${extname(output) ? '' : '/'}: ${error.message}`, { cause: error });
  }
}
