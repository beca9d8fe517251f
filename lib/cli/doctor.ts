import { Command } from 'commander';
import { interruption } from './interruption.ts';

/** `aurora-watch doctor` */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('is a deployed monitor well: table, sweeps, subscriptions, queues, Slack, trail, delivery of logs')
    .option('--stage <name>', 'stage of the deployed monitor', 'prod')
    .option('--region <region>', 'region of the monitor (default: that of the profile or the environment)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--role-arn <arn>', 'role to assume')
    .option('--alert', 'put a synthetic change into the queue, which must become one alert')
    .addHelpText(
      'after',
      '\nExit status: 0 all is well, 1 something is not, 2 it could not run, 3 something could not be seen.\n\nExample:\n  aurora-watch doctor --stage prod --region eu-central-1 --alert\n',
    )
    .action(async ({ alert, ...place }: { stage: string; region?: string; profile?: string; roleArn?: string; alert?: boolean }) => {
      const { examinedText, examineMonitor } = await import('../main/doctor.ts');
      const { signal, stop } = interruption();
      try {
        const examined = await examineMonitor({ ...place, alert: alert === true, signal }, Date.now());
        process.stdout.write(examinedText(examined));
        process.exitCode = examined.some(({ state }) => state === 'unwell') ? 1 : examined.some(({ state }) => state === 'unknown') ? 3 : 0;
      } finally {
        stop();
      }
    });
}
