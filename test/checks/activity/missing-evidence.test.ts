// What every activity check says where logs, trail or engine are missing: nothing, and the report names what could not be looked at.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openActivity } from '../../../lib/adapters/local/activity.ts';
import { askFolder } from '../../../lib/adapters/local/answers.ts';
import { activityChecks } from '../../../lib/checks/activity/index.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { QueryError } from '../../../lib/domain/errors.ts';
import { actionsOf } from '../../../lib/main/choice.ts';
import { collectInventory } from '../../../lib/monitor/collect-inventory.ts';
import { exitStatus, type ScanResult, scan } from '../../../lib/monitor/scan.ts';
import { type Attempt, textFailure, textLine, textReceipt, textSession } from '../../adapters/local/logs.ts';
import { assumeRole, call, denied, stranger } from '../../queries/calls.ts';
import { every } from '../../queries/logged.ts';

/** What each check reads; `either` judges what is there. */
const reads: Readonly<Record<string, 'logs' | 'trail' | 'either'>> = {
  'cross-account-access': 'trail',
  'denied-rds-calls': 'trail',
  'failed-iam-logins': 'logs',
  'failed-password-logins': 'logs',
  'log-forgery': 'logs',
  'log-gaps': 'either',
  'login-after-failures': 'logs',
  'login-without-grant': 'logs',
  'master-user-logins': 'logs',
  'new-source': 'logs',
  'parameter-history': 'trail',
  'password-set-by-sql': 'logs',
  'plaintext-refused': 'logs',
  'plaintext-sessions': 'logs',
  'protected-role-tampering': 'logs',
  'weak-tls-sessions': 'logs',
};

const samples = join(import.meta.dirname, '..', '..', '..', 'samples');
const at = Date.parse('2026-05-03T12:00:00Z');
let port = 20_000;

/** An attempt of its own: a receipt, then lines of a level and a message each. */
function attempt(given: Partial<Attempt>, ...lines: readonly (readonly [level: string, message: string])[]): string {
  port++;
  const one = { time: '2026-05-03T09:00:00Z', port, process: port, ...given };
  return textReceipt(one) + lines.map(([level, message]) => textLine(one, level, message)).join('');
}

/** A log in which every check over logs finds something; long before, and then on the last morning. */
const log = [
  textSession({ time: '2026-03-20T12:00:00Z', host: '198.51.100.20' }),
  attempt({}, ['LOG', 'pam_authenticate failed: Permission denied'], ['FATAL', 'PAM authentication failed for user "app"']),
  ...Array.from({ length: 6 }, (_, index) => textFailure({ time: `2026-05-03T09:00:0${index}Z`, port: 100 + index, process: 100 + index })),
  textSession({ time: '2026-05-03T09:01:00Z', port: 110, process: 110 }),
  attempt({}, ['LOG', 'connection authorized: user=app database=orders']),
  attempt({}, [
    'LOG',
    'connection authorized: user=app database=orders SSL enabled (protocol=TLSv1.1, cipher=ECDHE-RSA-AES256-SHA, bits=256)',
  ]),
  attempt({}, ['FATAL', 'no pg_hba.conf entry for host "192.0.2.7", user "app", database "orders", no encryption']),
  attempt(
    { user: 'stranger' },
    ['LOG', 'connection authenticated: identity="stranger" method=pam (/rdsdbdata/config/pg_hba.conf:13)'],
    ['LOG', 'connection authorized: user=stranger database=orders SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)'],
  ),
  attempt(
    { user: 'orders_owner' },
    [
      'LOG',
      'connection authorized: user=orders_owner database=orders SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)',
    ],
    ['LOG', "statement: ALTER ROLE orders_owner PASSWORD 'x'"],
    ['ERROR', 'must be a member of rds_password to alter passwords'],
  ),
  attempt(
    { user: 'a\n2026-01-01 00:00:00 UTC:203.0.113.66(1):ceo', database: 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n' },
    ['FATAL', 'no pg_hba.conf entry for host "192.0.2.7", user "a", database "p", no encryption'],
  ),
  textSession({ time: '2026-05-03T11:00:00Z', port: 111, process: 111 }),
].join('');

const trail = JSON.stringify({
  Records: [
    assumeRole('2026-05-01T10:00:00Z', 'arn:aws:iam::111122223333:role/orders-app', stranger),
    ...every(10, '2026-05-03T08:00:00Z', 10, (time) => [denied(time)]),
    call('2026-05-03T09:00:00Z', 'ModifyDBClusterParameterGroup', {
      dBClusterParameterGroupName: 'orders-pg16',
      parameters: [{ parameterName: 'rds.force_ssl', parameterValue: '0', applyMethod: 'immediate' }],
    }),
  ],
});

const inLog = 'logs/orders/orders-1/postgresql.log';
const inTrail = 'cloudtrail/2026/05/03/a.json';

interface Situation {
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** What the engine says in place of rows. */
  readonly failure?: string;
}

const cut = (content: string): Buffer => gzipSync(content).subarray(0, 12);
const situations = {
  everything: { files: { [inLog]: log, [inTrail]: trail } },
  'no logs': { files: { [inTrail]: trail } },
  'no trail': { files: { [inLog]: log } },
  neither: { files: {} },
  'logs and trail that cannot be read': { files: { [inLog]: cut(log), [inTrail]: cut(trail) } },
  'a part that cannot be read': { files: { [inLog]: log, [`${inLog}.1`]: cut(log), [inTrail]: trail, 'cloudtrail/b.json': cut(trail) } },
  'an engine that fails': { files: { [inLog]: log, [inTrail]: trail }, failure: 'IO Error: No space left on device' },
} satisfies Readonly<Record<string, Situation>>;
type Name = keyof typeof situations;

let home: string;
const results = new Map<Name, ScanResult>();

async function judge({ files, failure }: Situation): Promise<ScanResult> {
  const folder = mkdtempSync(join(home, 'evidence-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const inventory = await collectInventory(askFolder(samples), ['eu-central-1'], actionsOf(activityChecks));
  const activity = await openActivity({ folder, watched: { named: [], changesOf: [] } });
  try {
    return await scan({
      checks: activityChecks,
      configuration: defaultConfiguration,
      account: '111122223333',
      partition: 'aws',
      at,
      window: { from: at - 90 * 86_400_000, to: at + 1 },
      inventory,
      foreign: [],
      databaseRoles: new Map(),
      activity: failure === undefined ? activity : { ...activity, run: () => Promise.reject(new QueryError(failure)) },
      moreCoverage: [],
      judgeChange: () => [],
      version: '0.0.0',
    });
  } finally {
    await activity.close();
  }
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'aurora-watch-missing-'));
  for (const name of Object.keys(situations) as Name[]) results.set(name, await judge(situations[name]));
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function resultOf(name: Name): ScanResult {
  const result = results.get(name);
  if (!result) throw new Error(`${name} was not judged.`);
  return result;
}

/** The reasons of what a check found. */
const found = (name: Name, check: string): string[] =>
  resultOf(name)
    .report.findings.filter((finding) => finding.check === check)
    .map(({ reason }) => reason)
    .sort();

const coverageOf = (name: Name, source: string): unknown =>
  resultOf(name)
    .report.coverage.filter((line) => line.source === source)
    .map(({ status, detail }) => [status, detail]);

it('tells what every activity check reads', () => {
  expect(Object.keys(reads)).toEqual(activityChecks.map(({ id }) => id));
});

describe.each(activityChecks.map(({ id, severity }) => ({ id, severity, from: reads[id] })))('$id', ({ id, severity, from }) => {
  it('finds something where logs and trail are there', () => {
    expect(found('everything', id)).not.toEqual([]);
  });

  it.each<[name: Name, isThere: boolean]>([
    ['no logs', from !== 'logs'],
    ['no trail', from !== 'trail'],
    ['neither', false],
    ['logs and trail that cannot be read', false],
    ['an engine that fails', false],
  ])('finds nothing where what it reads is missing, and else the same: %s', (name, isThere) => {
    const all = found('everything', id);

    if (from === 'either' && isThere) {
      expect(found(name, id)).not.toEqual([]);
      expect(all).toEqual(expect.arrayContaining(found(name, id)));
    } else expect(found(name, id)).toEqual(isThere ? all : []);
  });

  it('is named with the cause where the engine fails, and what is so severe is then not known', () => {
    const result = resultOf('an engine that fails');
    const only = { ...result, unknownSeverities: new Set([...result.unknownSeverities].filter((one) => one === severity)) };

    expect(coverageOf('an engine that fails', `query:${id}`)).toEqual([['missing', 'IO Error: No space left on device']]);
    expect(exitStatus(only, severity)).toBe(3);
  });
});

it('says of a gap that it may be what could not be read', () => {
  const why = '; it may stand in what could not be read, which the coverage names.';

  expect(found('a part that cannot be read', 'log-gaps')).toEqual(
    found('everything', 'log-gaps').map((reason) => reason.replace(/\.$/, why)),
  );
  expect(found('a part that cannot be read', 'log-gaps')).toHaveLength(3);
});

describe('the report', () => {
  const complete = [['complete', '1 file']];
  const missing = [['missing', 'not collected']];
  const unread = [['missing', '1 file, 1 of them not whole']];

  it.each<[name: Name, log: unknown, cloudtrail: unknown]>([
    ['no logs', missing, complete],
    ['no trail', [[expect.anything(), expect.stringMatching(/^1 file/)]], missing],
    ['neither', missing, missing],
    ['logs and trail that cannot be read', unread, unread],
  ])('says what there was not, and calls nothing passed: %s', (name, log, cloudtrail) => {
    const { report } = resultOf(name);

    expect(coverageOf(name, 'log')).toEqual(log);
    expect(coverageOf(name, 'cloudtrail')).toEqual(cloudtrail);
    expect(report.coverage.filter(({ source }) => source.startsWith('query:'))).toEqual([]);
    expect(report.summary).toMatchObject({ pass: 0, fail: 0, unknown: 0 });
    expect(report.verdicts).toEqual([]);
  });
});
