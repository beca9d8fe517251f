// The commands of the documentation, run as they stand there: by bash, with a real AWS CLI, against the emulator.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checks } from '../../lib/checks/registry.ts';
import type { Report } from '../../lib/domain/report.ts';
import { describeWhere } from '../needs.ts';
import { startAwsCli, whyNoAwsCli } from './aws-cli.ts';
import { createCaller } from './caller.ts';
import { type Front, startFront } from './front.ts';
import { accessKeyOf } from './functions.ts';
import { fillGaps } from './gaps.ts';
import { account, type MotoServer, startMoto, whyNoMoto } from './moto.ts';
import { seed } from './seed.ts';

const root = join(import.meta.dirname, '..', '..');
const region = 'eu-central-1';
const long = 240_000;
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Blocks of shell in a page. */
function blocksOf(page: string): readonly string[] {
  return [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

describeWhere(whyNoMoto() ?? whyNoAwsCli(), 'the commands of the documentation', () => {
  let moto: MotoServer;
  let front: Front;
  let cli: Awaited<ReturnType<typeof startAwsCli>>;
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aurora-watch-documented-'));
    [moto, cli] = await Promise.all([startMoto(), startAwsCli(folder)]);
    const fill = fillGaps({ events: [], pending: new Set(['billing']), fields: new Map() });
    // The emulator has no log files.
    const noLogs =
      '<DescribeDBLogFilesResponse><DescribeDBLogFilesResult><DescribeDBLogFiles/></DescribeDBLogFilesResult></DescribeDBLogFilesResponse>';
    front = await startFront(
      moto.port,
      async (call, pass) => (call.action === 'DescribeDBLogFiles' ? { status: 200, type: 'text/xml', body: noLogs } : fill(call, pass)),
      () => null,
    );
    await seed({ endpoint: front.endpoint, region, credentials: { accessKeyId: 'setting-the-scene', secretAccessKey: 'none' } }, account);
    const scene = createCaller(front.endpoint, region);
    for (const _ of ['started', 'complete']) await scene.form('iam', 'GenerateCredentialReport', {});
    writeFileSync(join(folder, 'collect.sh'), readFileSync(join(root, 'docs', 'collect.sh'), 'utf8').replaceAll('sleep 5', 'sleep 0'));
    // What npx would find in a clone.
    writeFileSync(
      join(folder, 'npx'),
      `#!/bin/sh\n[ "$1" = aurora-watch ] && shift\nexec "${process.execPath}" "${join(root, 'bin', 'aurora-watch.js')}" "$@"\n`,
    );
    chmodSync(join(folder, 'npx'), 0o755);
  }, long);
  afterAll(async () => {
    await front?.stop();
    await moto?.stop();
    cli?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a script as somebody who copies it; ends at the first command that fails. */
  async function bash(script: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const child = spawn('bash', ['-eu', '-c', script], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: [folder, process.env.PATH].join(delimiter),
        HOME: folder,
        AWS_ENDPOINT_URL: front.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyOf('person'),
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    const [stdout, stderr, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code))),
    ]);
    return { status, stdout, stderr };
  }

  const judged = async (dir: string): Promise<Report> => {
    const { stdout, stderr, status } = await bash(`npx aurora-watch scan ${dir} --format json --fail-on never`);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Report;
  };
  const verdictsOf = ({ verdicts }: Report): readonly string[] =>
    verdicts.map(({ check, resource, verdict, reason }) => `${check} ${resource.name}: ${verdict}: ${reason}`);

  it(
    'of the README judge the account, collect it and show it',
    async () => {
      const block = blocksOf('README.md').find((one) => one.includes('scan --live')) ?? '';
      // Findings are an answer, not a failure.
      const { stderr } = await bash(`set +e\n${block}`);
      const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;

      expect(stderr).not.toMatch(/error:|cannot|no credentials/i);
      expect(report).toMatchObject({ account, regions: [region] });
      expect(report.findings.map(({ check }) => check)).toContain('tls-required');
      expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    },
    long,
  );

  it(
    'of the guide to evidence collect enough for a scan',
    async () => {
      const block = blocksOf(join('docs', 'evidence.md')).find((one) => one.includes('mkdir')) ?? '';
      const { status, stderr } = await bash(block.replaceAll('DIR', 'least'));
      const report = await judged('least');

      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(report.account).toBe(account);
      expect(verdictsOf(report).filter((one) => one.startsWith('tls-required orders: pass'))).toHaveLength(1);
    },
    long,
  );

  it(
    'docs/collect.sh collects what aurora-watch collect does, a refusal too: the same verdicts come of both',
    async () => {
      const principals = `arn:aws:iam::${account}:role/orders-reader`;
      front.refuse = ({ action, parameters }) =>
        action === 'DescribeDBClusterParameters' && parameters.DBClusterParameterGroupName === 'billing-pg16' ? 'AccessDenied' : null;
      const { status, stderr } = await bash(`HISTORY_DAYS=30 PRINCIPALS=${principals} bash collect.sh by-hand ${region}`);
      const program = await bash(`npx aurora-watch collect by-program --region ${region}`);
      front.refuse = () => null;
      const [byHand, byProgram] = [await judged('by-hand'), await judged('by-program')];
      const without = (report: Report): readonly string[] =>
        // When principals last used a service is asked for by hand for those that are named alone.
        verdictsOf(report)
          .filter((one) => !one.startsWith('grant-used '))
          // The CLI and the SDK say a refusal in words of their own.
          .map((one) => one.replace(/(unknown: access denied to rds describe-db-cluster-parameters billing-pg16).*/, '$1'));

      expect(stderr.trim()).toMatch(/^\d+ answers, \d+ refused: by-hand$/);
      expect(status).toBe(0);
      expect(program.status).toBe(0);
      expect(byHand.coverage.filter(({ source }) => /foreign/.test(source))).toEqual([]);
      expect(without(byHand)).toEqual(without(byProgram));
      expect(byHand.findings.length).toBeGreaterThan(5);
      expect(without(byHand)).toContain('tls-required billing: unknown: access denied to rds describe-db-cluster-parameters billing-pg16');
      expect(
        existsSync(
          join(
            folder,
            'by-hand',
            'inventory',
            'global',
            'iam',
            'get-service-last-accessed-details',
            `${encodeURIComponent(principals)}.json`,
          ),
        ),
      ).toBe(true);
    },
    long,
  );

  describe('to the AWS CLI', () => {
    /** Version 2 alone knows the first two; the others are no plain calls, so that they take no skeleton, and fetch what looks like an address. */
    const exceptions = [/^logs tail /, /--cli-binary-format/, /^cloudformation deploy /, /^s3 /, /^lambda invoke /, /^ssm put-parameter /];
    const commands = pages.flatMap((page) => {
      const content = readFileSync(join(root, page), 'utf8');
      const inBlocks = blocksOf(page).flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
      const inText = [...content.matchAll(/`(aws [^`]+)`/g)].map(([, command = '']) => command);
      return [...inBlocks.filter((line) => line.startsWith('aws ')), ...inText].map((line) =>
        line.replaceAll(/<[^>]*>/g, 'name').replaceAll('…', 'x'),
      );
    });
    /** What a command calls: bash itself takes it apart, and an `aws` of ours notes what it is given, in its substitutions too. */
    const callsOf = (line: string): readonly string[][] => {
      const noted = join(folder, 'noted');
      writeFileSync(noted, '');
      const script = `aws() { printf '%s\\x1f' "$@" >>"$0"; echo >>"$0"; echo value; }\nR=${region}\n${line}`;
      spawnSync('bash', ['-c', script, noted], { cwd: mkdtempSync(join(folder, 'taken-apart-')), encoding: 'utf8' });
      return readFileSync(noted, 'utf8')
        .split('\n')
        .filter((one) => one !== '')
        .map((one) => one.split('\x1f').slice(0, -1));
    };

    it(
      'are known, with their options',
      () => {
        const argvs = commands
          .flatMap(callsOf)
          .filter((words) => words[0] !== 'name' && !exceptions.some((form) => form.test(words.join(' '))));
        const program = `
import io, json, sys, contextlib
from awscli.clidriver import create_clidriver
for argv in json.load(sys.stdin):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = create_clidriver().main(argv + ['--generate-cli-skeleton', 'input'])
        except SystemExit as ended:
            status = ended.code
    print(json.dumps([' '.join(argv), status, said.getvalue()[-300:]]))
`;
        const { stdout, stderr } = spawnSync(cli.python, ['-c', program], {
          input: JSON.stringify(argvs),
          encoding: 'utf8',
          env: { ...process.env, AWS_DEFAULT_REGION: region, AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', AWS_PAGER: '' },
        });
        const results = stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as [command: string, status: number, said: string]);

        expect(stderr).toBe('');
        expect(results).toHaveLength(argvs.length);
        expect(argvs.length).toBeGreaterThan(15);
        expect(results.filter(([, status]) => status !== 0)).toEqual([]);
      },
      long,
    );

    it('are looked for in every page, those of the checks too', () => {
      expect(pages.length).toBeGreaterThan(checks.length);
    });
  });
});
