import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../lib/domain/alert.ts';
import { UsageError } from '../../lib/domain/errors.ts';
import { judgeEvents } from '../../lib/main/events.ts';
import { fingerprintOf } from '../../lib/monitor/fingerprint.ts';
import { recordOf } from '../checks/change/table.ts';
import { type Answers, account, fine, parameters, questionOf, region, strict } from '../evidence/answers.ts';

const main = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'main.ts');
const force = (value: string, eventID: string, more: object = {}) =>
  recordOf({
    name: 'ModifyDBClusterParameterGroup',
    request: {
      dBClusterParameterGroupName: 'orders-pg16',
      parameters: [{ parameterName: 'rds.force_ssl', parameterValue: value, applyMethod: 'immediate' }],
    },
    record: { eventID, ...more },
  });
const off = force('0', 'off-1');
const on = force('1', 'on-1');
const bridged = {
  version: '0',
  id: 'bus-1',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.rds',
  account,
  time: '2026-05-03T11:59:00Z',
  region,
  resources: [],
  detail: off,
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-event-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], input: string | Uint8Array = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', main, 'event', ...args], { cwd: folder });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The same without a process of its own. */
async function judge(files: readonly string[], input: string | Uint8Array = ''): Promise<{ alerts: readonly Alert[]; warnings: string[] }> {
  const warnings: string[] = [];
  const alerts = await judgeEvents({
    files: files.map((name) => (name === '-' ? name : join(folder, name))),
    standardInput: Readable.from([Buffer.from(input)]),
    config: undefined,
    evidence: undefined,
    warn: (sentence) => warnings.push(sentence),
  });
  return { alerts, warnings };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

function ids(alerts: readonly Pick<Alert, 'eventId' | 'check'>[]): string[] {
  return alerts.map(({ eventId, check }) => `${eventId} ${check}`);
}

describe('what it reads', () => {
  const zeros = Buffer.alloc(512);
  const forms: readonly (readonly [name: string, content: string | Uint8Array])[] = [
    ['an EventBridge event', JSON.stringify(bridged)],
    ['a bare record', JSON.stringify(off)],
    ['a bare record over several lines', JSON.stringify(off, null, 2)],
    ['Records', JSON.stringify({ Records: [on, off] })],
    ['a JSON array', JSON.stringify([off, on])],
    ['one object a line', `${JSON.stringify(on)}\n${JSON.stringify(bridged)}\n`],
    ['lines that end in CR LF', `${JSON.stringify(on)}\r\n${JSON.stringify(off)}\r\n`],
    ['a byte-order mark', `\ufeff${JSON.stringify(off)}`],
    ['gzip', gzipSync(JSON.stringify({ Records: [off] }))],
    ['gzip of lines', gzipSync(`${JSON.stringify(on)}\n${JSON.stringify(off)}`)],
    ['UTF-16', Buffer.from(`\ufeff${JSON.stringify(off)}`, 'utf16le')],
    [
      'gzip members with zero bytes between',
      Buffer.concat([gzipSync(`${JSON.stringify(on)}\n`), zeros, gzipSync(JSON.stringify(off)), zeros]),
    ],
    ['gzip members one after the other', Buffer.concat([gzipSync(`${JSON.stringify(on)}\n`), gzipSync(JSON.stringify(off))])],
  ];

  it.each(forms)('%s from a file', async (name, content) => {
    const path = await file(`${name}.whatever`, content);

    const { alerts, warnings } = await judge([path]);

    expect(warnings).toEqual([]);
    expect(ids(alerts)).toEqual(['off-1 tls-weakened']);
  });

  it.each(forms)('%s from standard input', async (_name, content) => {
    const { alerts } = await judge(['-'], content);

    expect(ids(alerts)).toEqual(['off-1 tls-weakened']);
  });

  it('reads gzip through a pipe', async () => {
    const { status, out, err } = await run(['-', '--format', 'json'], gzipSync(JSON.stringify(off)));

    expect(err).toBe('');
    expect(ids(JSON.parse(out))).toEqual(['off-1 tls-weakened']);
    expect(status).toBe(0);
  });

  it('counts an event that is in several files once, in the order of time', async () => {
    const first = await file('first.json', JSON.stringify([force('0', 'late', { eventTime: '2026-05-03T12:30:00Z' }), off]));
    const second = await file('second.json', JSON.stringify(bridged));

    const { alerts } = await judge([first, second]);

    expect(ids(alerts)).toEqual(['off-1 tls-weakened', 'late tls-weakened']);
  });

  it('names a bad record and judges the rest', async () => {
    const path = await file('bad.json', JSON.stringify({ Records: [{ eventID: 'broken', eventName: 'ModifyDBCluster' }, off] }));

    const { status, out, err } = await run([path, '--format', 'json']);

    expect(ids(JSON.parse(out))).toEqual(['off-1 tls-weakened']);
    expect(err).toBe('aurora-watch: bad.json: Record 1 (broken) has no eventTime.\n');
    expect(status).toBe(0);
  });

  it('names a bad line and judges the rest', async () => {
    const path = await file('lines.json', `{"eventName": \n${JSON.stringify(off)}\n`);

    const { alerts, warnings } = await judge([path]);

    expect(ids(alerts)).toEqual(['off-1 tls-weakened']);
    expect(warnings).toEqual([expect.stringContaining('lines.json: Line 1 is not JSON.')]);
  });

  it('reads what is whole of a gzip that was cut off', async () => {
    // Enough that decompression has given the first record before the end is missing.
    const filler = Array.from({ length: 2000 }, (_, index) => JSON.stringify(force('1', `${Math.sin(index)}`))).join('\n');
    const whole = gzipSync(`${JSON.stringify(off)}\n${filler}`);
    const path = await file('cut.gz', whole.subarray(0, Math.floor(whole.length * 0.9)));

    const { alerts, warnings } = await judge([path]);

    expect(ids(alerts)).toEqual(['off-1 tls-weakened']);
    expect(warnings[0]).toContain('cut.gz: the gzip ends early.');
  });

  it.each<[name: string, content: Buffer, why: string]>([
    ['something else behind it', Buffer.concat([gzipSync(JSON.stringify(off)), Buffer.from('hello')]), 'what follows the gzip is none'],
    ['a wrong checksum', Buffer.concat([gzipSync(JSON.stringify(off)).subarray(0, -8), Buffer.alloc(8)]), 'the gzip is damaged'],
  ])('reads what stands before the damage of a gzip: %s', async (_name, content, why) => {
    const path = await file('damaged.gz', content);

    const { alerts, warnings } = await judge([path]);

    expect(ids(alerts)).toEqual(['off-1 tls-weakened']);
    expect(warnings).toEqual([expect.stringContaining(`damaged.gz: ${why}.`)]);
  });

  it.each([
    ['no JSON', 'hello'],
    ['an empty file', ''],
    ['JSON that is no event', '{"hello": "world"}'],
    ['no records', '{"Records": []}'],
    ['gzip of nothing like it', gzipSync('hello')],
    ['broken gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x01])],
  ])('refuses where nothing is usable: %s', async (name, content) => {
    const path = await file(`${name}.nothing`, content);

    const judged = judge([path]);

    await expect(judged).rejects.toThrow(/^There is no event in .*\.nothing; it takes /);
    await expect(judged).rejects.toBeInstanceOf(UsageError);
  });

  it('exits 2 where nothing is usable', async () => {
    const { status, out, err } = await run(['-'], 'hello');

    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('There is no event in standard input');
  });

  it.each([
    ['a file that is not there', ['missing.json'], 'missing.json cannot be read'],
    ['no file', [], 'missing required argument'],
    ['a format that is none', ['-', '--format', 'html'], 'html'],
    ['an evidence folder that is not there', ['off.json', '--evidence', 'nowhere'], 'There is no folder nowhere'],
    ['a configuration that is not there', ['off.json', '--config', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
  ])('exits 2 for %s', async (_name, args, says) => {
    await file('off.json', JSON.stringify(off));

    const { status, out, err } = await run(args);

    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(says);
  });
});

describe('what it says', () => {
  it('prints one empty array where nothing is to be told', async () => {
    const { status, out } = await run(['-', '--format', 'json'], JSON.stringify(on));

    expect(JSON.parse(out)).toEqual([]);
    expect(status).toBe(0);
  });

  it.each([
    ['high', 1],
    ['critical', 0],
  ])('--fail-on %s exits %i for a high alert', async (level, expected) => {
    const { status } = await run(['-', '--format', 'json', '--fail-on', level], JSON.stringify(off));

    expect(status).toBe(expected);
  });

  it('has every field of the interface, and the same bytes each time', async () => {
    const first = await run(['-', '--format', 'json'], JSON.stringify(bridged));
    const second = await run(['-', '--format', 'json'], JSON.stringify(off));

    const [alert] = JSON.parse(first.out);
    expect(alert).toMatchObject({
      schemaVersion: '1',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      openedBy: null,
      check: 'tls-weakened',
      severity: 'high',
      account,
      region,
      eventId: 'off-1',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      transition: 'happened',
      eventTime: '2026-05-03T11:59:00Z',
      delaySeconds: 0,
      principal: {
        arn: `arn:aws:sts::${account}:assumed-role/dba-oncall/alice`,
        type: 'AssumedRole',
        account,
        issuer: `arn:aws:iam::${account}:role/dba-oncall`,
        session: 'alice',
        invokedBy: null,
      },
      sourceAddress: '203.0.113.40',
      tool: 'aws-cli',
      findings: [],
      links: { event: `https://${region}.console.aws.amazon.com/cloudtrailv2/home?region=${region}#/events/off-1` },
    });
    expect(second.out).toBe(first.out);
  });

  it('joins what an evidence folder says', async () => {
    await evidenceFolder('evidence');

    const { out } = await run(['-', '--format', 'json', '--evidence', 'evidence'], JSON.stringify(off));

    const [alert] = JSON.parse(out);
    expect(alert).toMatchObject({
      resources: [{ name: 'orders', type: 'cluster' }],
      before: { 'rds.force_ssl': '1' },
      after: { 'rds.force_ssl': '0' },
      inEffect: true,
      at: '2026-05-03T12:00:00.000Z',
      delaySeconds: 60,
      links: {
        cluster: `https://${region}.console.aws.amazon.com/rds/home?region=${region}#database:id=orders;is-cluster=true`,
        logStream: `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/$252Faws$252Frds$252Fcluster$252Forders$252Fpostgresql`,
      },
    });
  });

  it('knows a parameter group that the event names and nobody uses yet', async () => {
    await evidenceFolder('before', { 'rds describe-db-cluster-parameters weak': parameters({ ...strict, 'rds.force_ssl': '0' }) });
    const event = recordOf({ name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders', dBClusterParameterGroupName: 'Weak' } });

    const { out } = await run(['-', '--format', 'json', '--evidence', 'before'], JSON.stringify(event));

    expect(JSON.parse(out)).toMatchObject([{ check: 'tls-weakened', severity: 'high', after: { 'rds.force_ssl': '0' }, inEffect: false }]);
  });

  it('names the findings that the change opened, where the evidence is from after it', async () => {
    await evidenceFolder('weak', { 'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, 'rds.force_ssl': '0' }) });
    const later = force('0', 'later', { eventTime: '2026-05-03T12:30:00Z' });

    const { out } = await run(['-', '--format', 'json', '--evidence', 'weak'], JSON.stringify([off, later]));

    const fingerprint = fingerprintOf('tls-required', {
      arn: `arn:aws:rds:${region}:${account}:cluster:orders`,
      type: 'cluster',
      name: 'orders',
      region,
    });
    // The later one repeats what is there already.
    expect(JSON.parse(out)).toMatchObject([{ eventId: 'off-1', findings: [fingerprint] }]);
  });

  it('judges an event of another account without this evidence', async () => {
    await evidenceFolder('evidence');

    const { out } = await run(
      ['-', '--format', 'json', '--evidence', 'evidence'],
      JSON.stringify(force('0', 'other', { recipientAccountId: '444455556666' })),
    );

    const [alert] = JSON.parse(out);
    expect(alert).toMatchObject({ account: '444455556666', inEffect: null, resources: [{ type: 'parameter-group' }] });
  });

  it('follows the configuration: severities, suppressions, and what would not be sent', async () => {
    await file('quiet.yaml', 'severities: { tls-weakened: low }\n');
    await file(
      'suppressed.yaml',
      'suppressions:\n  - { check: tls-weakened, resource: "arn:aws:rds:*:*:cluster-pg:orders-*", reason: "moving", until: 2026-06-30 }\n',
    );

    const quiet = await run(['-', '--format', 'json', '--config', 'quiet.yaml'], JSON.stringify(off));
    const suppressed = await run(['-', '--format', 'json', '--config', 'suppressed.yaml'], JSON.stringify(off));

    expect(JSON.parse(quiet.out)).toMatchObject([{ severity: 'low' }]);
    expect(quiet.err).toBe('aurora-watch: 1 of 1 alerts is below alerts.minimumSeverity (medium): a deployed monitor would not send it.\n');
    expect(JSON.parse(suppressed.out)).toEqual([]);
  });

  it('says that several events are judged beside answers of one moment', async () => {
    await evidenceFolder('one-moment');
    const path = await file('several.json', JSON.stringify([off, force('1', 'on-again')]));

    const several = await run([path, '--evidence', 'one-moment']);
    const one = await run(['-', '--evidence', 'one-moment'], JSON.stringify(off));

    expect(several.err).toContain('All events are judged beside the same evidence, of 2026-05-03T12:00:00.000Z;');
    expect(one.err).not.toContain('same evidence');
  });

  it('prints text, Slack messages and e-mail', async () => {
    const path = await file('two.json', JSON.stringify([off, force('0', 'off-2')]));

    const text = await run([path]);
    const slack = await run([path, '--format', 'slack']);
    const email = await run([path, '--format', 'email']);

    expect(text.out.match(/^HIGH {2}TLS was weakened: orders-pg16 \(tls-weakened\)$/gm)).toHaveLength(2);
    const messages: { blocks: unknown[] }[] = slack.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages.map(({ blocks }) => blocks.length > 0)).toEqual([true, true]);
    expect(email.out.match(/^Subject: \[high\] TLS was weakened: orders-pg16$/gm)).toHaveLength(2);
  });
});

async function evidenceFolder(name: string, answers: Answers = {}): Promise<void> {
  const root = join(folder, name);
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'evidence.json'), JSON.stringify({ account, at: '2026-05-03T12:00:00Z' }));
  for (const [question, answer] of Object.entries({ ...fine, ...answers })) {
    const { service, command, key } = questionOf(question);
    const parts = [root, 'inventory', region, service, command];
    const path = key === null ? `${join(...parts)}.json` : `${join(...parts, encodeURIComponent(key))}.json`;
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, JSON.stringify(answer));
  }
}
