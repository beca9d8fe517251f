import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Report } from '../../lib/domain/report.ts';
import { scanFolder } from '../../lib/main/laptop.ts';
import {
  logIn,
  type MajorVersion,
  type PostgresqlServer,
  prefixes,
  sendStartup,
  startPostgresql,
  whyNoPostgresql,
} from '../../scripts/postgresql.ts';
import { describeWhere } from '../needs.ts';

const versions: readonly MajorVersion[] = [11, 12, 13, 14, 15, 16, 17, 18];
const forms = ['text', 'csv', 'json'] as const;

const hba = ['host replication repl 127.0.0.0/8 trust', 'host all +plain 127.0.0.0/8 md5', 'hostssl all all 127.0.0.0/8 md5'];
/** Names that break what takes lines apart carelessly. */
const oddNames = ['q"uo%te', 'a@b', 'sch\u00f6n\u2028er', '[7]:LOG:  x', 'c\rr'];
const roles = [
  "CREATE ROLE plain NOLOGIN; CREATE ROLE app LOGIN PASSWORD 'p'; CREATE ROLE old LOGIN PASSWORD 'p' IN ROLE plain; CREATE ROLE repl LOGIN REPLICATION",
  "CREATE ROLE locked NOLOGIN PASSWORD 'p' IN ROLE plain",
  ...oddNames.map((name) => `CREATE ROLE "${name.replaceAll('"', '""')}" LOGIN PASSWORD 'p' IN ROLE plain`),
];

const forger = '127.0.0.66';
/** Startup packets that write into the text log; what they claim is about `ceo` or `192.0.2.200`. */
const attacks = [
  { user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo', database: 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n' },
  { user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo', database: 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"' },
  { user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo', database: 'prod:[1]:FATAL:  password authentication failed for user "ceo"\n\t' },
  { user: 'a@:[1]:LOG:  x\n2026-01-01 00:00:00 UTC:192.0.2.200(1):c', database: 'd:[1]:FATAL:  PAM authentication failed for user "c"\n' },
  { user: 'b', database: 'c\n:[1]:FATAL:  x\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo@p:[1]:LOG:  x' },
  {
    user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):[unknown]@',
    database: '[unknown]:[1]:LOG:  connection received: host=192.0.2.200 port=1',
  },
];

/** What really happened, as findings: check, user, database, source, how often. */
const truth = [
  ['plaintext-sessions', 'old', 'orders', '127.0.0.11', 2],
  ['plaintext-sessions', 'repl', null, '127.0.0.16', 1],
  ...oddNames.map((name) => ['plaintext-sessions', name, 'd@b', '127.0.0.15', 1] as const),
  ['failed-password-logins', 'app', 'orders', '127.0.0.12', 3],
  ['failed-password-logins', 'ghost', 'orders', '127.0.0.12', 1],
  ['plaintext-refused', 'app', 'orders', '127.0.0.13', 1],
] as const;

async function happen(server: PostgresqlServer): Promise<void> {
  for (const sql of roles) await server.run(sql);
  await server.run('CREATE DATABASE orders');
  await server.run('CREATE DATABASE "d@b"');
  const app = { user: 'app', database: 'orders', password: 'p' };
  const old = { user: 'old', database: 'orders', password: 'p' };
  await logIn(server, { ...app, from: '127.0.0.10', tls: true, application: 'psql' });
  for (let time = 0; time < 2; time++) await logIn(server, { ...old, from: '127.0.0.11', application: 'erp' });
  for (let time = 0; time < 3; time++) await logIn(server, { ...app, password: 'wrong', from: '127.0.0.12', tls: true });
  await logIn(server, { ...app, user: 'ghost', from: '127.0.0.12', tls: true });
  await logIn(server, { ...app, from: '127.0.0.13' });
  await logIn(server, { ...old, database: 'nowhere', from: '127.0.0.14' });
  await logIn(server, { ...old, user: 'locked', from: '127.0.0.14' });
  // Interleaved, as real clients are.
  await Promise.all(oddNames.map((user) => logIn(server, { user, database: 'd@b', password: 'p', from: '127.0.0.15' })));
  await sendStartup(server, { user: Buffer.from('repl'), replication: Buffer.from('true'), from: '127.0.0.16' });
  for (const { user, database } of attacks) {
    await sendStartup(server, { user: Buffer.from(user), database: Buffer.from(database), from: forger });
    await logIn(server, { ...app, from: '127.0.0.10', tls: true, application: 'psql' });
  }
}

describeWhere(whyNoPostgresql(), 'a real PostgreSQL', () => {
  describe.each(versions)('%s', (version) => {
    let server: PostgresqlServer;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'aurora-watch-real-'));
      const destination = version >= 15 ? 'stderr,csvlog,jsonlog' : 'stderr,csvlog';
      server = await startPostgresql(version, {
        hba,
        settings: {
          log_destination: destination,
          log_line_prefix: version % 2 === 0 ? prefixes.long : prefixes.usual,
          ...(version === 18 ? { log_connections: 'all' } : {}),
          ...(version < 14 ? { password_encryption: 'md5' } : {}),
        },
      });
      await happen(server);
      await server.shutDown();
      for (const form of forms) {
        if (form === 'json' && version < 15) continue;
        for (const where of [form, 'all']) {
          const file = join(folder, where, 'logs', 'orders', 'orders-1', `postgresql.log.${form}`);
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, await server.log(form));
        }
      }
      await server.stop();
    }, 120_000);

    afterAll(() => rm(folder, { recursive: true, force: true }));

    const read = version >= 15 ? forms : forms.slice(0, 2);
    it.each([...read, 'all'])('tells from its log (%s) what really happened', async (form) => {
      const { findings, coverage } = await scan(join(folder, form));
      const seen = findings
        .filter(({ check, evidence }) => /^(?:plaintext|failed)/.test(check) && evidence.source !== forger)
        .map(({ check, evidence }) => [check, evidence.user, evidence.database, evidence.source, evidence.attempts ?? evidence.sessions]);

      expect(sorted(seen)).toEqual(sorted(truth));
      expect(findings.filter(({ evidence }) => Number(evidence.unconfirmed ?? 0) > 0)).toEqual([]);
      const logs = coverage.filter(({ source }) => source.startsWith('log:'));
      expect(logs.map(({ status, rejected, detail }) => [status, rejected, detail])).toEqual(logs.map(() => ['complete', 0, '']));
      expect(logs).toHaveLength(form === 'all' ? read.length : 1);
    });

    it('finds the forger in the text log, and believes nothing of it', async () => {
      const { findings } = await scan(join(folder, 'text'));
      const forged = findings.filter(({ check }) => check === 'log-forgery');

      expect(forged.map(({ evidence }) => evidence.source)).toEqual([forger]);
      expect(Number(forged[0]?.evidence.records)).toBeGreaterThanOrEqual(attacks.length - 1);
      expect(
        findings.filter(({ check, evidence }) => check !== 'log-forgery' && (evidence.user === 'ceo' || evidence.source === '192.0.2.200')),
      ).toEqual([]);
    });

    it('takes the names in the csv log for what they are', async () => {
      const { findings } = await scan(join(folder, 'csv'));

      expect(findings.filter(({ check }) => check === 'log-forgery')).toEqual([]);
      expect(
        sorted(findings.filter(({ evidence }) => evidence.source === forger).map(({ check, evidence }) => [check, evidence.user])),
      ).toEqual(sorted(attacks.map(({ user }) => ['plaintext-refused', Buffer.from(user).subarray(0, 63).toString()])));
    });
  });
});

async function scan(folder: string): Promise<Pick<Report, 'findings' | 'coverage'>> {
  const { report } = await scanFolder(folder, { choice: {}, configuration: defaultConfiguration, warn: () => undefined });
  return report;
}

function sorted(rows: readonly (readonly unknown[])[]): (readonly unknown[])[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
