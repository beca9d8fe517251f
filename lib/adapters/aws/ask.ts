import { AdaptiveRetryStrategy, DefaultRateLimiter } from '@smithy/core/retry';
import { known, unknown } from '../../domain/answer.ts';
import { answerErrorCause } from '../../intake/answer-error.ts';
import type { Ask } from '../../ports/ask.ts';
import type { AccountAccess, ClientSettings } from './account.ts';
import { clientSettings } from './account.ts';
import type { Calls } from './ask/answers.ts';

/** What the live adapter needs beside credentials. */
export interface AskOptions {
  readonly access: AccountAccess;
  /** `aws` by default; decides where IAM is asked. */
  readonly partition?: string;
  /** Absent: everything, as the AWS CLI would print it. */
  readonly only?: OnlyWanted;
}

/** What checks read of long lists: it saves paging about 400 parameters of each group, and the backups of every night. */
export interface OnlyWanted {
  /** Names of parameters. */
  readonly parameters: readonly string[];
  /** `manual` */
  readonly snapshots: string;
}

/** Answers questions from the live account. Many at a time within each service's rate; throttled calls are tried again, slower. */
export function createAsk(options: AskOptions): Ask {
  const places = new Map<string, Place>();

  return async (question, signal) => {
    const { region, service, command, key } = question;
    const name = `${service} ${region}`;
    const place = places.get(name) ?? openPlace(service, region, options);
    places.set(name, place);
    try {
      const call = (await place.calls)[command];
      if (!call) throw noSuchCommand;
      return known(await place.limit(() => call({ key: key ?? '', sending: signal ? { abortSignal: signal } : {}, signal })));
    } catch (error) {
      signal?.throwIfAborted();
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      return unknown(answerErrorCause(question, { name, message }));
    }
  };
}

/** Where the global services of a partition answer. */
const globalRegions: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

/** Calls at once, per service and region: RDS and EC2 allow bursts, IAM and CloudTrail throttle early. */
const concurrency: Readonly<Record<string, number>> = { rds: 20, ec2: 10, iam: 10, secretsmanager: 10, logs: 5, cloudtrail: 3 };

/** One service in one region. */
interface Place {
  readonly calls: Promise<Calls>;
  readonly limit: Limit;
}

function openPlace(service: string, region: string, options: AskOptions): Place {
  const real = region === 'global' ? (globalRegions[options.partition ?? 'aws'] ?? 'us-east-1') : region;
  const settings = { ...clientSettings(options.access, real), retryStrategy: patientRetries() };
  const open = services[service];
  const calls = open ? open(settings, options) : Promise.resolve({});
  return { calls, limit: createLimit(concurrency[service] ?? 5) };
}

const noSuchCommand = Object.assign(new Error('no such command is known'), { name: 'NoSuchCommand' });

/** Each client is loaded when it is first asked, while others wait for AWS already: EC2's alone takes a quarter of a second. */
const services: Readonly<Record<string, (settings: ClientSettings, options: AskOptions) => Promise<Calls>>> = {
  rds: async (settings, { only }) => (await import('./ask/rds.ts')).askRds(settings, only),
  ec2: async (settings) => (await import('./ask/ec2.ts')).askEc2(settings),
  iam: async (settings) => (await import('./ask/iam.ts')).askIam(settings),
  secretsmanager: async (settings) => (await import('./ask/secretsmanager.ts')).askSecretsManager(settings),
  cloudtrail: async (settings) => (await import('./ask/cloudtrail.ts')).askCloudTrail(settings),
  guardduty: async (settings) => (await import('./ask/guardduty.ts')).askGuardDuty(settings),
  securityhub: async (settings) => (await import('./ask/securityhub.ts')).askSecurityHub(settings),
  logs: async (settings) => (await import('./ask/logs.ts')).askLogs(settings),
};

/**
 * The SDK's adaptive mode, of each client its own. A service that refuses the first burst has measured no rate yet, and the usual floor of a call every two
 * seconds would make a scan of seconds one of minutes: every service takes five a second.
 */
function patientRetries(): AdaptiveRetryStrategy {
  return new AdaptiveRetryStrategy(6, { rateLimiter: new DefaultRateLimiter({ minFillRate: 5 }) });
}

type Limit = <T>(run: () => Promise<T>) => Promise<T>;

/** Runs at most `most` at once; the others wait in the order they came. */
function createLimit(most: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
