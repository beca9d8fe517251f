// What is said of each parameter before anything is deployed; documents.test.ts runs the framework itself.
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';

/** A plugin of the framework: it makes one, and calls its hooks. */
type Plugin = new (serverless: object) => { readonly hooks: { initialize(): void } };

const BuildFunctions: Plugin = createRequire(import.meta.url)('../../scripts/serverless-build.cjs');

class FrameworkError extends Error {}

const defaults = {
  email: '',
  'operations-email': '',
  home: 'true',
  'deployment-role': '',
  sweep: 'rate(1 hour)',
  'log-delivery': 'true',
  'trail-bucket': 'trail-files',
  'trail-prefix': '',
  'trail-key': '',
  'trail-regions': '',
  digest: 'cron(0 7 * * ? *)',
  'weekly-report': 'cron(0 6 ? * MON *)',
  'security-hub': 'false',
};

/** The sentences that a deployment with these parameters ends with. */
function saidOf(given: Readonly<Record<string, string>>, { stage = 'prod', region = 'eu-central-1', command = 'deploy' } = {}): string[] {
  const plugin = new BuildFunctions({
    classes: { Error: FrameworkError },
    processedInput: { commands: [command], options: { param: Object.entries(given).map((one) => one.join('=')) } },
    service: { provider: { stage, region }, custom: { parameters: { ...defaults, ...given } } },
  });
  try {
    plugin.hooks.initialize();
    return [];
  } catch (error) {
    if (!(error instanceof FrameworkError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

describe('a parameter', () => {
  const key = 'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-4333-8444-555555555555';

  it.each<[name: string, right: readonly string[], wrong: readonly string[]]>([
    ['email', ['', 'security@example.com'], ['nobody', 'a b@example.com', '@example.com']],
    ['operations-email', ['', 'platform@example.com'], ['platform', 'platform@']],
    ['home', ['true', 'false'], ['', 'yes', 'TRUE']],
    [
      'deployment-role',
      ['', 'arn:aws:iam::111122223333:role/deployer', 'arn:aws-cn:iam::111122223333:role/ci/*'],
      ['deployer', 'arn:aws:iam::111122223333:user/jane', 'arn:aws:iam::1111:role/deployer'],
    ],
    [
      'sweep',
      ['rate(1 minute)', 'rate(30 minutes)', 'rate(1 day)', 'cron(0 * * * ? *)', 'cron(0/15 6-22 ? * MON-FRI *)'],
      [
        '',
        'every hour',
        'rate(1 hours)',
        'rate(2 hour)',
        'rate(0 hours)',
        'rate(2 days)',
        'cron(0 * * * * *)',
        'cron(0 * * * ?)',
        'rate(1 hour) ',
      ],
    ],
    ['log-delivery', ['true', 'false'], ['', 'maybe']],
    ['trail-bucket', ['', 'trail-files', 'org.trail.2026'], ['No Bucket', 'ab', 's3://trail-files', '-trail']],
    ['trail-prefix', ['', 'AWSLogs/o-exampleorgid/111122223333/'], ['AWSLogs', '/AWSLogs/', 'AWS Logs/']],
    ['trail-key', ['', key], ['alias/trail', '11111111-2222-4333-8444-555555555555']],
    [
      'trail-regions',
      ['', 'eu-central-1', 'eu-central-1,us-gov-west-1'],
      ['eu-central', 'eu-central-1, us-east-1', 'eu-central-1;us-east-1'],
    ],
    ['digest', ['cron(0 7 * * ? *)', 'rate(1 day)'], ['', 'daily', 'cron(0 7 ? * ? *)']],
    ['weekly-report', ['off', 'rate(7 days)', 'cron(0 6 ? * MON *)'], ['', 'often', 'never', 'OFF']],
    ['security-hub', ['true', 'false'], ['', 'on']],
  ])('%s is taken where it is right, and named where it is not', (name, right, wrong) => {
    expect(right.flatMap((value) => saidOf({ [name]: value }))).toEqual([]);
    for (const value of wrong) {
      const said = saidOf({ [name]: value });
      expect(said).toEqual([expect.stringMatching(`^--param ${name}=… must be .*\\.$`)]);
    }
  });

  it('is tested, each of them', () => {
    expect(Object.keys(defaults).flatMap((name) => saidOf({ [name]: 'no such value' }))).toHaveLength(Object.keys(defaults).length);
  });

  it('that there is not is named', () => {
    expect(saidOf({ 'logs-delivery': 'true' })).toEqual(['--param logs-delivery=…: there is no such parameter.']);
  });

  it('of the trail says nothing where its bucket is not given', () => {
    expect(saidOf({ 'trail-bucket': '', 'trail-prefix': 'AWSLogs/', 'trail-key': key, 'trail-regions': 'us-east-1' })).toEqual([
      '--param trail-prefix=… says nothing without --param trail-bucket=….',
      '--param trail-key=… says nothing without --param trail-bucket=….',
      '--param trail-regions=… says nothing without --param trail-bucket=….',
    ]);
  });

  it('is looked at before a deployment and packaging, and before nothing else', () => {
    const wrong = { home: 'yes' };

    expect(saidOf(wrong, { command: 'package' })).toHaveLength(1);
    expect(saidOf(wrong, { command: 'remove' })).toEqual([]);
  });
});

describe('a stage', () => {
  it.each([
    // aurora-watch- and -queries-111122223333-eu-central-1 are 47 of the 63 characters that the name of a bucket may have.
    ['sixteen-letters-', 'eu-central-1', []],
    [
      'seventeen-letters',
      'eu-central-1',
      ['--stage seventeen-letters must be of lower-case letters, digits and hyphens, and 16 of them at most.'],
    ],
    [
      'sixteen-letters-',
      'ap-southeast-1',
      ['--stage sixteen-letters- must be of lower-case letters, digits and hyphens, and 14 of them at most.'],
    ],
    ['Prod', 'eu-central-1', ['--stage Prod must be of lower-case letters, digits and hyphens, and 16 of them at most.']],
  ])('%s in %s', (stage, region, said) => {
    expect(saidOf({}, { stage, region })).toEqual(said);
  });
});
