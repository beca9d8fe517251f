import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Finding } from '../../lib/domain/finding.ts';
import { scanFolder } from '../../lib/main/laptop.ts';
import { type Attempt, type Entry, type Form, recordsOf, write } from '../intake/postgresql-log/server.ts';

const forger = '203.0.113.66';
const now = '2026-05-03 10:00:00';
/** Whom the forged records speak of; none of them was there. */
const victims = /^(?:192\.0\.2\.200|fe80::1|laptop|"ceo"$|"c"$)/;

/** Startup packets: user and database, each of 63 bytes at most. */
const attacks: readonly (readonly [what: string, user: string, database: string])[] = [
  ['a host name', `a\n2026-01-01 00:00:00 UTC:laptop.example.com(1):c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n'],
  ['an IPv6 zone', `a\n2026-01-01 00:00:00 UTC:fe80::1%eth0(1):ceo`, 'p:[1]:FATAL:  password authentication failed for user "ceo"\n'],
  ['the local socket', `a\n2026-01-01 00:00:00 UTC:[local]:ceo`, 'p:[1]:FATAL:  password authentication failed for user "ceo"\n'],
  ['a background process', `a\n2026-01-01 00:00:00 UTC::@:[1]:LOG:  x\n`, 'd'],
  ['the time of the log', `a\n${now} UTC:192.0.2.200(1):ceo`, 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\n'],
  ['an ordinary record of the time of the log', `a\n${now} UTC:192.0.2.200(1):ceo`, 'p:[1]:LOG:  duration: 1.234 ms\n'],
  ['the place and process of a neighbour', `a\n${now} UTC:192.0.2.10(5000):app`, 'orders:[5000]:FATAL:  sorry, too many clients already\n'],
  ['a failure of a neighbour', `a\n${now} UTC:192.0.2.10(5000):app`, 'o:[5000]:FATAL:  password authentication failed for user "app"\n'],
  ['a replication', `a\n${now} UTC:192.0.2.200(1):c`, 'd:[1]:LOG:  replication connection authorized: user=c\n'],
  ['a session in plaintext', `a\n${now} UTC:192.0.2.200(1):c`, 'd:[1]:LOG:  connection authorized: user=c database=d\n'],
  ['a receipt', `a\n${now} UTC:fe80::1(1):[unknown]`, '[unknown]:[1]:LOG:  connection received: host=fe80::1 port=1\n'],
  ['a grant of rdsadmin', `a\n${now} UTC:192.0.2.200(1):c`, 'd:[1]:STATEMENT:  GRANT rdsadmin TO c\n'],
  ['a refusal', `a\n${now} UTC:192.0.2.200(1):c`, 'd:[1]:ERROR:  must be a member of rds_password\n'],
  ['a password', `a\n${now} UTC:192.0.2.200(1):c`, "d:[1]:LOG:  statement: ALTER ROLE c PASSWORD 'x'\n"],
  ['a decoy that completes the line, of a guessed process', `a@:[7019]:LOG:  x\n${now} UTC:192.0.2.200(1):c`, 'd'],
  ['a decoy that breaks it again', `c@d:[1]:LOG:  \n${now} UTC:192.0.2.200(1):`, `\n${now} UTC:192.0.2.200(1):c@d`],
  ['two records', `a\n${now} UTC:192.0.2.200(1):c`, `d:[1]:LOG:  x\n${now} UTC:192.0.2.200(1):c@d`],
  ['a hidden tab', `a\n\t\n${now} UTC:192.0.2.200(1):c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n\t'],
  [
    'CR, U+2028 and an escape',
    `\r\u001b\xe2\x80\xa8\n${now} UTC:192.0.2.200(1):c`,
    'd:[1]:FATAL:  PAM authentication failed for user "c"\r\n',
  ],
  [
    'a record of csvlog',
    'a\n2026-05-03 10:00:00.000 UTC,"ceo","p",1,"192.0.2.200:1",x,1,',
    ',,,,FATAL,28P01,"PAM authentication failed for user ""ceo"""\n',
  ],
  ['a record of jsonlog', 'a\n{"timestamp":"2026-05-03 10:00:00 UTC","user":"ceo","pid":1,', '"error_severity":"FATAL","message":"x"}\n'],
];

const innocent = (index: number, outcome: Attempt['outcome'], user: string, host: string): Attempt => ({
  process: 5000 + index,
  host,
  port: 5000 + index,
  user,
  database: 'orders',
  outcome,
});
const busy: Entry = {
  process: 6000,
  host: '192.0.2.9',
  port: 6000,
  user: 'app',
  database: 'orders',
  level: 'LOG',
  message: 'duration: 1.234 ms',
};

/** What a server writes: attackers one after the other, between them innocents who log in while sessions work. */
function entries(): Entry[] {
  const outcomes = ['refused', 'password', 'pam', 'timeout', 'session'] as const;
  return attacks.flatMap(([, user, database], index) => {
    const attempts = [
      innocent(2 * index, 'password', 'app', '192.0.2.10'),
      { process: 7000 + index, host: forger, port: 7000 + index, user, database, outcome: outcomes[index % outcomes.length] ?? 'refused' },
      innocent(2 * index + 1, 'session', 'old', '192.0.2.11'),
    ];
    return attempts.flatMap((attempt) => [busy, ...recordsOf(attempt).map(({ entry }) => entry), busy]);
  });
}

const logOf = (form: Form): Buffer =>
  Buffer.from(
    entries()
      .map((entry) => write(entry, form, now))
      .join(''),
    'latin1',
  );

function delivery(form: Form): string {
  const lines = logOf(form).toString('utf8').trimEnd().split('\n');
  const events = lines.map((message, index) => ({ id: `${index}`, timestamp: Date.parse('2026-05-03T10:00:00Z'), message }));
  const document = (from: number): string =>
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      logGroup: '/aws/rds/cluster/orders/postgresql',
      logStream: 'orders-1',
      logEvents: events.slice(from, from + 7),
    });
  return events.flatMap((_, index) => (index % 7 === 0 ? document(index) : [])).join('');
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-forgeries-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function scan(files: Readonly<Record<string, string | Buffer>>): Promise<readonly Finding[]> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const { report } = await scanFolder(folder, { choice: {}, configuration: defaultConfiguration, warn: () => undefined });
  return report.findings;
}

const text = 'logs/orders/orders-1/postgresql.log';
const patience = 60_000;

const places: readonly (readonly [where: string, isText: boolean, files: () => Readonly<Record<string, string | Buffer>>])[] = [
  ['in the text log', true, () => ({ [text]: logOf('short') })],
  ['in the text log with the long prefix', true, () => ({ [text]: logOf('long') })],
  ['in the text log, zipped, beside csvlog', true, () => ({ [`${text}.gz`]: gzipSync(logOf('short')), [`${text}.csv`]: logOf('csv 26') })],
  ['in what CloudWatch Logs delivers', true, () => ({ 'cloudwatch/a.gz': gzipSync(delivery('short')) })],
  ['in csvlog', false, () => ({ [text]: logOf('csv 26') })],
  ['in jsonlog', false, () => ({ [text]: logOf('json') })],
];

describe('forged records', () => {
  it.each(attacks)('fit into a startup packet: %s', (_what, user, database) => {
    expect([user.length, database.length].filter((length) => length > 63)).toEqual([]);
  });

  it.each(places)(
    'become no other finding, and cost no genuine record: %s',
    async (_where, isText, files) => {
      const findings = await scan(files());

      const others = findings.filter(({ check }) => check !== 'log-forgery');
      const about = (check: string, source: string): unknown[] =>
        others
          .filter(({ evidence, ...finding }) => finding.check === check && evidence.source === source)
          .map(({ evidence }) => evidence.attempts ?? evidence.sessions);
      expect(
        others.filter(({ evidence: { source, user } }) => (source !== forger && victims.test(`${source}`)) || victims.test(`"${user}"`)),
      ).toEqual([]);
      expect(others.filter(({ check }) => /^(?:password-set|protected-role)/.test(check))).toEqual([]);
      expect(about('failed-password-logins', '192.0.2.10')).toEqual([attacks.length]);
      expect(about('plaintext-sessions', '192.0.2.11')).toEqual([attacks.length]);
      const accused = findings.filter(({ check }) => check === 'log-forgery').map(({ evidence }) => evidence.source);
      expect(accused).toEqual(isText ? [forger] : []);
    },
    patience,
  );
});
