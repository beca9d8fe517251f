import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../lib/domain/report.ts';
import { cluster, instance, member, parameters, strict } from '../evidence/answers.ts';
import { run, write } from './run.ts';

const samples = join(import.meta.dirname, '..', '..', 'samples');
const rds = 'inventory/eu-central-1/rds';
const groups = {
  DBClusterParameterGroups: [{ DBClusterParameterGroupName: 'orders-pg16', DBParameterGroupFamily: 'aurora-postgresql16' }],
};
const about = { account: '111122223333', at: '2026-05-03T12:00:00Z' };
const fine = {
  'evidence.json': about,
  [`${rds}/describe-db-clusters.json`]: { DBClusters: [cluster()] },
  [`${rds}/describe-db-instances.json`]: { DBInstances: [instance('orders-1'), instance('orders-2')] },
  [`${rds}/describe-db-cluster-parameters/orders-pg16.json`]: parameters(strict),
  [`${rds}/describe-db-cluster-parameter-groups.json`]: groups,
  [`${rds}/describe-db-parameter-groups.json`]: { DBParameterGroups: [] },
};
const off = { ...fine, [`${rds}/describe-db-cluster-parameters/orders-pg16.json`]: parameters({ ...strict, 'rds.force_ssl': '0' }) };
const denied = {
  ...fine,
  [`${rds}/describe-db-cluster-parameters/orders-pg16.json`]: undefined,
  [`${rds}/describe-db-cluster-parameters/orders-pg16.error.json`]: { name: 'AccessDenied', message: 'not authorized' },
};

let home: string;
let number = 0;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'aurora-watch-cli-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, unknown>>): string {
  const path = join(home, `evidence-${++number}`);
  write(path, Object.fromEntries(Object.entries({ 'unrelated.txt': 'x', ...files }).filter(([, content]) => content !== undefined)));
  return path;
}

function reportOf(path: string, ...more: string[]): Report {
  return JSON.parse(run(['scan', path, '--format', 'json', ...more]).stdout) as Report;
}

const tls = ['--check', 'tls-required'];

describe('the exit status of scan', () => {
  it.each([
    ['0: nothing is wrong', fine, tls, 0],
    ['1: something is, at the level', off, tls, 1],
    ['0: below the level', off, [...tls, '--fail-on', 'critical'], 0],
    ['0: never', off, [...tls, '--fail-on', 'never'], 0],
    ['3: unknown', denied, tls, 3],
    ['0: unknown below the level', denied, [...tls, '--fail-on', 'critical'], 0],
    ['3: evidence.json alone', { 'evidence.json': about }, [], 3],
    ['3: evidence.json alone and empty', { 'evidence.json': {} }, [], 3],
    ['1: a finding counts more than what is unknown', { ...off, [`${rds}/describe-db-instances.json`]: undefined }, tls, 1],
  ] as const)('is %s', (_, files, args, status) => {
    expect(run(['scan', folder(files), ...args]).status).toBe(status);
  });

  it.each([
    ['no such folder', () => join(home, 'nowhere'), /There is no folder .*nowhere; an evidence folder holds/],
    ['a folder of other things', () => folder({}), /Nothing in .* is evidence; an evidence folder holds/],
    ['a file', () => join(folder({}), 'unrelated.txt'), /is no folder/],
    ['two accounts', () => folder({ ...fine, 'evidence.json': { account: '123456789012' } }), /several accounts \(1.*1.*\)/],
    ['an evidence.json that is none', () => folder({ 'evidence.json': 'at: noon' }), /evidence\.json is not JSON/],
    ['a moment that is none', () => folder({ 'evidence.json': { at: 'noon' } }), /must be a time such as/],
    ['a moment of no calendar', () => folder({ 'evidence.json': { at: '2026-02-30T12:00:00Z' } }), /must be a time such as/],
  ] as const)('is 2 for %s, with a sentence on standard error', (_, path, sentence) => {
    const { status, stdout, stderr } = run(['scan', path()]);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [['scan'], /Give an evidence folder, or --live/],
    [['scan', '--format', 'json', './nowhere'], /There is no folder \.\/nowhere/],
    [['scan', '--check', 'tls-required', 'tls-minimum-version'], /Give an evidence folder, or --live/],
    [['scan', samples, '--live'], /Give a folder or --live, not both/],
    [['scan', samples, '--check', 'tls-requird'], /did you mean "tls-required"/],
    [['scan', samples, '--format', 'xml'], /There is no format "xml"/],
    [['scan', samples, '--format', 'json,html'], /Several formats need --output/],
    [['scan', samples, '--profile', 'prod'], /--profile goes with --live/],
    [['scan', samples, '--from', 'yesterday'], /It takes a time such as/],
    [['scan', samples, '--from', '2026-05-03', '--to', '2026-05-01'], /--from must be before --to/],
    [['scan', samples, '--fail-on', 'sometimes'], /Allowed choices are/],
    [['scan', samples, '--compare', 'nothing.json'], /The report nothing\.json cannot be read/],
    [['scan', samples, '--config', 'nothing.yaml'], /The configuration nothing\.yaml cannot be read/],
    [['scan', samples, '--nonsense'], /unknown option/],
    [['explain', 'abc', '--report', 'nothing.json'], /The report nothing\.json cannot be read/],
    [['checks', 'tls-requird'], /did you mean "tls-required"/],
    [['query', 'nothing'], /There is no query "nothing"/],
    [['nonsense'], /unknown command/],
  ] as const)('is 2 for %j', (args, sentence) => {
    const { status, stderr } = run(args, { cwd: home });

    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});

describe('scan', () => {
  it('prints no colour into a pipe, and nothing but the report on standard output', () => {
    const { stdout, stderr } = run(['scan', samples, '--fail-on', 'never'], { env: { FORCE_COLOR: '1' } });

    expect(stdout).toMatch(/^Aurora Watch · account 111122223333/);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });

  it('writes several formats into a folder, and text beside them on standard output', () => {
    const out = join(home, 'out');
    const { stdout, stderr } = run(['scan', samples, '--format', 'text,json,html,csv,markdown,asff,ocsf', '--output', out]);

    expect(readdirSync(out).sort()).toEqual([
      'report.asff.json',
      'report.csv',
      'report.html',
      'report.json',
      'report.md',
      'report.ocsf.json',
    ]);
    expect(stdout).toMatch(/^Aurora Watch/);
    expect(stderr).toMatch(/^Wrote /);
  });

  it.each([
    ['the 90 days before the moment of the evidence', [], '2026-02-02T12:00:00.000Z', '2026-05-03T12:00:00.000Z'],
    ['up to that moment', ['--from', '2026-05-01'], '2026-05-01T00:00:00.000Z', '2026-05-03T12:00:00.000Z'],
    ['the 90 days before --to', ['--to', '2026-05-02'], '2026-02-01T00:00:00.000Z', '2026-05-02T00:00:00.000Z'],
  ])('looks at %s', (_, args, from, to) => {
    const { window } = reportOf(folder({ 'evidence.json': about }), ...args);

    expect(window).toEqual({ from, to });
  });

  it.each([
    [['--format', 'json', samples]],
    [['--check', 'tls-required', 'tls-minimum-version', samples, '--format', 'json']],
    [['--format', 'json', '--skip', 'grant-*', samples]],
    [['--format', 'json', '--region', 'eu-central-1', samples]],
  ] as const)('takes the folder after options too: %j', (args) => {
    const { status, stdout } = run(['scan', ...args]);

    expect(status).toBe(1);
    expect((JSON.parse(stdout) as Report).account).toBe('111122223333');
  });

  it('says what is new, gone and unchanged since an earlier report', () => {
    const before = join(home, 'before.json');
    run(['scan', folder(off), ...tls, '--format', 'json', '--output', before]);

    const { comparison, findings } = reportOf(folder(fine), ...tls, '--compare', before);

    expect(findings).toEqual([]);
    expect(comparison?.gone.map(({ check }) => check)).toEqual(['tls-required']);
  });

  it('makes the folder of the file that it is to write', () => {
    const file = join(home, 'reports', 'of-today', 'tls.json');

    const { status } = run(['scan', folder(fine), ...tls, '--format', 'json', '--output', file]);

    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ account: '111122223333' });
  });

  it('says so where the earlier report is of another account', () => {
    const before = join(home, 'other.json');
    run(['scan', folder({ 'evidence.json': { ...about, account: '123456789012' } }), ...tls, '--format', 'json', '--output', before]);

    const { stderr } = run(['scan', folder(fine), ...tls, '--compare', before]);

    expect(stderr).toMatch(/other\.json is a report of account 123456789012, and this is one of 111122223333\./);
  });

  it('judges the rest of a folder whose other files are cut off, foreign or no JSON', () => {
    const report = reportOf(
      folder({
        ...fine,
        [`${rds}/describe-db-snapshots.json`]: '{"DBSnapshots": [',
        [`${rds}/describe-db-subnet-groups.error.json`]: '{"name": "Acc',
        'inventory/eu-central-1/rds/describe-nonsense.json': {},
        'cloudtrail/cut.json.gz': gzipSync(JSON.stringify({ Records: [] })).subarray(0, 12),
        'logs/orders/orders-1/nginx.log': '192.0.2.1 - - "GET / HTTP/1.1" 200\n',
        'logs/orders/orders-1/empty.log': '',
        'logs/stray.log': 'x',
      }),
    );
    const faulty = report.coverage.filter(({ rejected, source }) => rejected > 0 && source.includes(':')).map(({ source }) => source);

    expect(report.verdicts.find(({ check }) => check === 'tls-required')?.verdict).toBe('pass');
    expect(report.verdicts.find(({ check }) => check === 'snapshots-encrypted')?.verdict).not.toBe('pass');
    expect(faulty).toEqual(
      expect.arrayContaining([
        'cloudtrail:cloudtrail/cut.json.gz',
        'inventory:rds:describe-db-snapshots',
        'inventory:rds:describe-db-subnet-groups',
        'log:logs/orders/orders-1/nginx.log',
        'log:logs/stray.log',
      ]),
    );
  });

  it('takes the moment from the newest event where evidence.json does not tell it, never from the clock', () => {
    const event = {
      eventVersion: '1.11',
      eventID: 'e',
      eventTime: '2026-04-01T08:00:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      awsRegion: 'eu-central-1',
    };
    const report = reportOf(folder({ ...fine, 'evidence.json': undefined, 'cloudtrail/a.json': { Records: [event] } }));

    expect(report).toMatchObject({ at: '2026-04-01T08:00:00.000Z', account: '111122223333' });
  });

  it('takes account and moment from all of the evidence, whatever checks are chosen', () => {
    const path = folder({
      'inventory/global/iam/get-account-authorization-details.json': {
        UserDetailList: [],
        RoleDetailList: [{ RoleName: 'app', Arn: 'arn:aws:iam::111122223333:role/app' }],
      },
      'inventory/global/iam/get-credential-report.json': {
        Content: 'user,arn\n<root_account>,arn:aws:iam::111122223333:root',
        GeneratedTime: '2026-04-01T08:00:00Z',
      },
    });

    expect(reportOf(path, ...tls)).toMatchObject({ account: '111122223333', at: '2026-04-01T08:00:00.000Z' });
  });

  it('looks at the 90 days before the moment, and at what --from and --to say', () => {
    const path = folder(fine);

    expect(reportOf(path, ...tls).window).toEqual({ from: '2026-02-02T12:00:00.000Z', to: '2026-05-03T12:00:00.000Z' });
    expect(reportOf(path, ...tls, '--from', '2026-05-01', '--to', '2026-05-02').window).toEqual({
      from: '2026-05-01T00:00:00.000Z',
      to: '2026-05-02T00:00:00.000Z',
    });
  });

  it('takes no day that no calendar has', () => {
    const { status, stderr } = run(['scan', folder(fine), '--from', '2026-02-30']);

    expect(status).toBe(2);
    expect(stderr).toMatch(/2026-02-30/);
  });

  it('says of the regions that it is asked for alone what the logs say', () => {
    const log =
      '2026-05-03 09:00:00 UTC:192.0.2.7(4000):[unknown]@[unknown]:[7]:LOG:  connection received: host=192.0.2.7 port=4000\n' +
      '2026-05-03 09:00:00 UTC:192.0.2.7(4000):app@app:[7]:LOG:  connection authorized: user=app database=app\n';
    const crm = { DBClusterIdentifier: 'crm', DBClusterArn: 'arn:aws:rds:us-east-1:111122223333:cluster:crm', DBClusterMembers: [] };
    const path = folder({
      ...fine,
      'inventory/us-east-1/rds/describe-db-clusters.json': { DBClusters: [cluster(crm)] },
      'inventory/us-east-1/rds/describe-db-instances.json': { DBInstances: [] },
      'logs/orders/orders-1/postgresql.log': log,
      'logs/crm/crm-1/postgresql.log': log,
      'database/crm/roles.json': [],
    });
    const found = (...args: string[]) => {
      const { findings, verdicts } = reportOf(path, '--check', 'plaintext-sessions', 'password-managers-few', ...args);
      return [...findings, ...verdicts].map(({ resource }) => `${resource.name} ${resource.region}`).sort();
    };

    expect(found('--region', 'eu-central-1')).toEqual(['orders eu-central-1', 'orders eu-central-1']);
    expect(found('--region', 'us-east-1')).toEqual(['crm us-east-1', 'crm us-east-1']);
    expect(found()).toHaveLength(4);
    expect(run(['scan', path, '--region', 'us-east-9', '--check', 'tls-required']).stderr).toMatch(
      /holds nothing of region us-east-9, only of eu-central-1, us-east-1\./,
    );
  });

  it('knows engines that are none of ours, and a cluster without members', () => {
    const clusters = [
      cluster(),
      cluster({
        DBClusterIdentifier: 'graph',
        DBClusterArn: 'arn:aws:rds:eu-central-1:111122223333:cluster:graph',
        Engine: 'neptune',
        DBClusterMembers: [],
      }),
      cluster({ DBClusterIdentifier: 'alone', DBClusterArn: 'arn:aws:rds:eu-central-1:111122223333:cluster:alone', DBClusterMembers: [] }),
    ];
    const { verdicts } = reportOf(folder({ ...fine, [`${rds}/describe-db-clusters.json`]: { DBClusters: clusters } }), ...tls);

    expect(verdicts.map(({ resource, verdict }) => [resource.name, verdict])).toEqual([
      ['alone', 'unknown'],
      ['orders', 'pass'],
    ]);
  });

  it('waits for the reader that waits for its reboot', () => {
    const waiting = cluster({
      DBClusterMembers: [
        member('orders-1', { IsClusterWriter: true }),
        member('orders-2', { DBClusterParameterGroupStatus: 'pending-reboot' }),
      ],
    });
    const { verdicts, findings } = reportOf(folder({ ...fine, [`${rds}/describe-db-clusters.json`]: { DBClusters: [waiting] } }), ...tls);

    expect(verdicts).toMatchObject([{ verdict: 'fail', inEffect: false }]);
    expect(findings[0]?.remediation?.command).toBe('aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2');
  });

  it('quiets what the configuration suppresses until its date, and says what matches nothing or has ended', () => {
    const path = folder(off);
    write(path, {
      'aurora-watch.yaml': `suppressions:
  - { check: tls-required, resource: "arn:aws:rds:*:*:cluster:orders", reason: old client, until: 2026-09-30, by: jane }
  - { check: tls-required, resource: "arn:aws:rds:*:*:cluster:gone", reason: x }
  - { check: tls-required, resource: "arn:aws:rds:*:*:cluster:*", reason: x, until: 2026-01-31 }
`,
    });
    const { status, stderr, stdout } = run(['scan', '.', ...tls, '--format', 'json'], { cwd: path });
    const report = JSON.parse(stdout) as Report;

    expect(status).toBe(0);
    expect(report.verdicts).toMatchObject([{ verdict: 'fail' }]);
    expect(report.findings).toMatchObject([
      { state: 'suppressed', suppression: { by: 'jane', until: '2026-09-30', reason: 'old client' } },
    ]);
    expect(stderr).toMatch(/cluster:gone matches no finding/);
    expect(stderr).toMatch(/ended on 2026-01-31/);
    const other = run(['scan', '.', '--check', 'deletion-protected', '--fail-on', 'never'], { cwd: path });
    expect(other.stderr).not.toMatch(/matches no finding/);
  });

  it('names the nearest key and the line of a wrong configuration', () => {
    const path = folder(fine);
    write(path, { 'aurora-watch.yaml': 'thresholds:\n  failedLogin: 3\n' });
    const { status, stderr } = run(['scan', '.'], { cwd: path });

    expect(status).toBe(2);
    expect(stderr).toMatch(/aurora-watch\.yaml:2.*failedLogin.*failedLogins/s);
  });

  it('gives the same bytes again', () => {
    expect(run(['scan', samples, '--format', 'json']).stdout).toBe(run(['scan', samples, '--format', 'json']).stdout);
  });
});

describe('what helps', () => {
  it.each([[[]], [['scan']], [['collect']], [['event']], [['checks']], [['explain']], [['query']], [['completion']]])(
    'prints help with an example for %j',
    (args) => {
      const { status, stdout } = run([...args, '--help']);

      expect(status).toBe(0);
      expect(stdout).toMatch(/Usage: aurora-watch/);
      expect(stdout).toMatch(/Examples?:\n {2}.*aurora-watch/);
    },
  );

  it('explains a finding of a report from its first characters', () => {
    const file = join(home, 'samples.json');
    run(['scan', samples, '--format', 'json', '--output', file]);
    const { findings } = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const forgery = findings.find(({ check }) => check === 'log-forgery');

    const { status, stdout } = run(['explain', forgery?.fingerprint.slice(0, 10) ?? '', '--report', file]);

    expect(status).toBe(0);
    expect(stdout).toContain('203.0.113.66');
    expect(stdout).toContain('logs/orders/orders-1/postgresql.log.2026-05-03');
  });

  it('prints the least policy for the checks chosen', () => {
    const { stdout } = run(['checks', '--permissions', '--check', 'tls-required']);
    const [statement] = (JSON.parse(stdout) as { Statement: { Action: string[] }[] }).Statement;

    expect(statement?.Action).toEqual([
      'rds:DescribeDBClusterParameterGroups',
      'rds:DescribeDBClusterParameters',
      'rds:DescribeDBClusters',
      'rds:DescribeDBInstances',
      'rds:DescribeDBParameterGroups',
      'rds:DescribeDBParameters',
    ]);
  });

  it('prints a query as Athena takes it, without a ? left', () => {
    const { status, stdout } = run(['query', 'failed-iam-logins', '--to', '2026-05-03']);

    expect(status).toBe(0);
    expect(stdout).toContain("BETWEEN '2026/02/02' AND '2026/05/03'");
    expect(stdout.replace(/'(?:[^']|'')*'|--[^\n]*/g, '')).not.toContain('?');
  });
});
