import { Command, Option } from 'commander';
import { atLeast, type Severity } from '../domain/severity.ts';
import { type AlertFormat, alertFormats, judgeEvents, renderAlerts } from '../main/events.ts';
import { visible } from '../render/visible.ts';
import { failOnOption } from './options.ts';

interface EventArguments {
  readonly config?: string;
  readonly evidence?: string;
  readonly format: AlertFormat;
  readonly failOn: Severity | 'never';
}

/** `aurora-watch event FILE…` */
export function eventCommand(): Command {
  return new Command('event')
    .description('what the deployed monitor would alert for these events (dry run)')
    .argument('<FILE...>', 'CloudTrail records or EventBridge events, also gzipped; - reads standard input')
    .option('--config <file>', 'configuration (default: aurora-watch.yaml in the working directory, if there)')
    .option('--evidence <dir>', 'evidence folder: what the resources look like (default: judged from the events alone)')
    .addOption(new Option('--format <format>', 'form of the alerts').choices(alertFormats).default('text'))
    .addOption(failOnOption('never'))
    .addHelpText(
      'after',
      '\nExit status: 0 whether or not it alerts, 1 an alert at --fail-on or above, 2 nothing could be judged.' +
        '\n\nExamples:\n  aurora-watch event events/rds/force-ssl-off.json\n  aurora-watch event --evidence samples --format slack trail.json.gz\n  zcat trail.json.gz | aurora-watch event -\n',
    )
    .action(async (files: readonly string[], { config, evidence, format, failOn }: EventArguments) => {
      const alerts = await judgeEvents({
        files,
        standardInput: process.stdin,
        config,
        evidence,
        warn: (sentence) => console.error(`aurora-watch: ${visible(sentence)}`),
      });
      process.stdout.write(renderAlerts(alerts, format));
      process.exitCode = failOn !== 'never' && alerts.some(({ severity }) => atLeast(severity, failOn)) ? 1 : 0;
    });
}
