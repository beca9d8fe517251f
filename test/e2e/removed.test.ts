// The framework itself, as docs/first-deployment.md has it: deploys the stack into the emulator's CloudFormation, and takes it away again.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWhere } from '../needs.ts';
import { type Caller, createCaller } from './caller.ts';
import { type Front, startFront } from './front.ts';
import { account, type MotoServer, startMoto, whyNoMoto } from './moto.ts';
import { packageService } from './packaged.ts';

const root = join(import.meta.dirname, '..', '..');
const region = 'eu-central-1';
const long = 400_000;

describeWhere(whyNoMoto(), 'the stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-removed-'));
  let moto: MotoServer;
  let front: Front;
  let caller: Caller;
  beforeAll(async () => {
    const packaged = await packageService('least');
    cpSync(packaged.folder, folder, { recursive: true });
    moto = await startMoto();
    // The emulator's own opinion of a template is that of a linter; test/template asks a better one.
    const valid = '<ValidateTemplateResponse><ValidateTemplateResult><Parameters/></ValidateTemplateResult></ValidateTemplateResponse>';
    front = await startFront(
      moto.port,
      async ({ action }) => (action === 'ValidateTemplate' ? { status: 200, type: 'text/xml', body: valid } : null),
      () => null,
    );
    caller = createCaller(front.endpoint, region);
  }, long);
  afterAll(async () => {
    await front?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const serverless = async (...args: readonly string[]): Promise<{ status: number; said: string }> => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'serverless', 'bin', 'serverless.js'), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: front.endpoint,
        AWS_ACCESS_KEY_ID: 'setting-the-scene',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    const [out, error, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1))),
    ]);
    return { status, said: `${out}${error}` };
  };

  /** Everything in the account that is called after the monitor, by kind. */
  const there = async (): Promise<readonly string[]> => {
    const [tables, queues, topics, buckets, lambdas, rules, groups, roles, aliases] = await Promise.all([
      caller.json('DynamoDB_20120810.ListTables', {}),
      caller.json('AmazonSQS.ListQueues', {}),
      caller.form('sns', 'ListTopics', {}),
      caller.request('s3', '/', {}).then((response) => response.text()),
      caller.request('lambda', '/2015-03-31/functions', {}).then((response) => response.text()),
      caller.json('AWSEvents.ListRules', {}),
      caller.json('Logs_20140328.DescribeLogGroups', {}),
      caller.form('iam', 'ListRoles', {}),
      caller.json('TrentService.ListAliases', {}),
    ]);
    const kinds = { tables, queues, topics, buckets, lambdas, rules, groups, roles, aliases };
    return Object.entries(kinds)
      .flatMap(([kind, answer]) => {
        const names = JSON.stringify(answer).match(/aurora-watch-prod[a-z0-9-]*/g) ?? [];
        return [...new Set(names)].map((name) => `${kind} ${name}`);
      })
      .sort();
  };

  it(
    'is deployed by the framework, and leaves nothing but what the user may want to keep when it is taken away',
    async () => {
      // Without the delivery of logs: the emulator's CloudFormation knows no stream.
      const deployed = await serverless('deploy', '--param', 'log-delivery=false', '--param', 'weekly-report=off', '--package', folder);
      expect(deployed).toEqual({ status: 0, said: expect.stringContaining('Service deployed') });
      const before = await there();
      const removed = await serverless('remove');
      expect(removed).toEqual({ status: 0, said: expect.stringContaining('removed') });
      const after = await there();

      expect(before).toEqual(
        expect.arrayContaining([
          'groups aurora-watch-prod-change',
          'lambdas aurora-watch-prod-change',
          'queues aurora-watch-prod-changes',
          'roles aurora-watch-prod-change-eu-central-1',
          'rules aurora-watch-prod-rds',
          'tables aurora-watch-prod-findings',
          'topics aurora-watch-prod-alerts',
        ]),
      );
      // docs/first-deployment.md names them; a test holds that table against the template.
      expect(after).toEqual([
        `buckets aurora-watch-prod-queries-${account}-${region}`,
        `buckets aurora-watch-prod-reports-${account}-${region}`,
        'tables aurora-watch-prod-findings',
      ]);
    },
    long,
  );
});
