import { Command } from 'commander';
import { interruption } from './interruption.ts';

interface DoctorOptions {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly alert?: boolean;
  readonly trailBucket?: string;
  readonly trailPrefix: string;
  readonly trailKey: string;
}

/** `aurora-watch doctor` */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('is a deployed monitor well: table, sweeps, rules, queues, key, subscriptions, Slack, trail, delivery of logs')
    .option('--stage <name>', 'stage of the deployed monitor', 'prod')
    .option('--region <region>', 'region of the monitor (default: that of the profile or the environment)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--role-arn <arn>', 'role to assume')
    .option('--alert', 'put a synthetic change into the queue, and wait until it is told as an alert')
    .option('--trail-bucket <name>', 'where CloudTrail keeps its files, as the stack was told; prints what its owner must add')
    .option('--trail-prefix <path>', 'the path in it', '')
    .option('--trail-key <arn>', 'the key of the files', '')
    .addHelpText(
      'after',
      '\nExit status: 0 all is well, 1 something is not, 2 it could not run, 3 something could not be seen.\n\nExample:\n  aurora-watch doctor --stage prod --region eu-central-1 --alert\n',
    )
    .action(async ({ alert, trailBucket, trailPrefix, trailKey, ...place }: DoctorOptions) => {
      const { examinedText, examineMonitor } = await import('../main/doctor.ts');
      const trailFiles = trailBucket === undefined ? null : { bucket: trailBucket, prefix: trailPrefix, key: trailKey };
      const { signal, stop } = interruption();
      try {
        const examined = await examineMonitor({ ...place, alert: alert === true, trailFiles, signal }, Date.now());
        process.stdout.write(examinedText(examined));
        process.exitCode = examined.some(({ state }) => state === 'unwell') ? 1 : examined.some(({ state }) => state === 'unknown') ? 3 : 0;
      } finally {
        stop();
      }
    });
}
