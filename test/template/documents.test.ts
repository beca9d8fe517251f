// What the documents say of the template: parameters, alarms, what is kept; and what is said before anything is deployed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { packageService } from '../e2e/packaged.ts';
import type { Template } from '../e2e/template.ts';
import type { RawTemplate } from './specification.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const firstDeployment = read('docs/first-deployment.md');

/** First cells of the table that begins with this heading, without the marks of code; columns apart by ` | `. */
function rowsOf(page: string, heading: string): readonly (readonly string[])[] {
  const [, after = ''] = page.split(`| ${heading} |`);
  const [table = ''] = after.split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.replace(/^\| | \|$/g, '').split(' | '));
}

describe('the documents', () => {
  let template: Template;
  let raw: RawTemplate;
  beforeAll(async () => {
    const packaged = await packageService();
    raw = packaged.raw;
    template = packaged.resolved();
  }, 300_000);

  const ofType = (type: string) => template.resources.filter((one) => one.type === type);

  it('have a row in the runbook for each alarm, and no other', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').map(({ properties }) => String(properties.AlarmName));
    const functions = ofType('AWS::Lambda::Function').map(({ properties }) =>
      String(properties.FunctionName).replace('aurora-watch-prod-', ''),
    );
    const rows = rowsOf(read('docs/runbook.md'), 'alarm').map(([cell = '']) => cell.replaceAll('`', ''));
    const named = rows.flatMap((row) => (row.endsWith('<function>') ? functions.map((one) => row.replace('<function>', one)) : [row]));

    expect(named.map((name) => name.replace('…', 'aurora-watch-prod')).sort()).toEqual([...alarms].sort());
  });

  it('are right that alarms tell the operations topic, when they begin and when they end', () => {
    const topic = template.resource('Operations').arn;

    for (const { properties } of ofType('AWS::CloudWatch::Alarm')) {
      expect(properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
    expect(ofType('AWS::CloudWatch::Alarm').length).toBeGreaterThan(5);
  });

  it('have a row for each parameter, with its default', () => {
    const { params } = parse(read('serverless.yml'), { logLevel: 'error' }) as { params: { default: Record<string, string> } };
    const rows = rowsOf(firstDeployment, 'parameter');
    const defaults = Object.fromEntries(
      rows.map(([name = '', value = '']) => [name.replaceAll('`', ''), /^`(.*)`$/.exec(value)?.[1] ?? '']),
    );

    expect(defaults).toEqual(params.default);
  });

  it('name what stays when the stack goes, and nothing else stays', () => {
    const kept = Object.keys(raw.Resources).filter((name) => raw.Resources[name]?.DeletionPolicy !== undefined);
    const names = kept.map((name) => {
      const { TableName, BucketName } = template.resource(name).properties;
      return String(TableName ?? BucketName).replace('-123456789012-eu-central-1', '-<account>-<region>');
    });
    const rows = rowsOf(firstDeployment, 'stays').map(([cell = '']) => cell.replaceAll('`', ''));

    expect([...rows].sort()).toEqual([...names].sort());
  });
});

describe('serverless deploy', () => {
  it.each<[what: string, args: readonly string[], said: readonly string[]]>([
    ['without a word on the delivery of logs', [], ['--param log-delivery=… must be true or false']],
    ['with an address that is none', ['log-delivery=false', 'email=nobody'], ['--param email=… must be an e-mail address']],
    ['with a parameter that there is not', ['log-delivery=false', 'emial=a@example.com'], ['--param emial=…: there is no such parameter']],
    // The framework has a sentence of its own for a schedule that is none.
    ['with a schedule that is none', ['log-delivery=false', 'sweep=hourly'], ['--param sweep=… must be a schedule']],
    [
      'with several of them wrong',
      ['log-delivery=maybe', 'home=yes', 'weekly-report=often', 'trail-bucket=No Bucket'],
      ['--param home', '--param log-delivery', '--param trail-bucket', '--param weekly-report'],
    ],
  ])(
    '%s says so, and touches nothing',
    async (_, args, said) => {
      const asked: string[] = [];
      const server = createServer(async (request, response) => {
        asked.push(await text(request));
        response.writeHead(403).end();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const serverless = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
      const child = spawn(process.execPath, [serverless, 'deploy', ...args.flatMap((one) => ['--param', one])], {
        cwd: root,
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
          AWS_ACCESS_KEY_ID: 'nobody',
          AWS_SECRET_ACCESS_KEY: 'none',
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      });
      const [out, error, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      server.closeAllConnections();
      server.close();
      const lines = `${out}${error}`
        .split('\n')
        .filter((line) => line.startsWith('--param'))
        .sort();

      expect(status).toBe(1);
      expect(lines).toHaveLength(said.length);
      for (const [index, sentence] of said.entries()) expect(lines[index]).toContain(sentence);
      // The framework asks who calls, whatever it is told to do.
      expect(asked.filter((body) => !body.startsWith('Action=GetCallerIdentity'))).toEqual([]);
    },
    60_000,
  );
});
