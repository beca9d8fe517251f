import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Finding } from '../../lib/domain/finding.ts';
import { scanFolder } from '../../lib/main/laptop.ts';
import { logIn, type MajorVersion, startPostgresql, whyNoPostgresql } from '../../scripts/postgresql.ts';
import { describeWhere } from '../needs.ts';

/** Debian's PostgreSQL knows PAM, as RDS does. */
const debian = '/usr/lib/postgresql';
const version = existsSync(debian) ? readdirSync(debian).find((name) => existsSync(join(debian, name, 'bin', 'initdb'))) : undefined;
const service = 'aurora-watch-test';

function whyNoPam(): string | null {
  if (version === undefined) return "Debian's PostgreSQL, which knows PAM, is not there";
  if (process.getuid?.() !== 0) return 'only root may name a PAM service';
  return whyNoPostgresql();
}

describeWhere(whyNoPam(), 'a real PostgreSQL with PAM', () => {
  let folder: string;
  let findings: readonly Finding[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aurora-watch-pam-'));
    await writeFile(`/etc/pam.d/${service}-yes`, 'auth required pam_permit.so\naccount required pam_permit.so\n');
    await writeFile(`/etc/pam.d/${service}-no`, 'auth required pam_deny.so\naccount required pam_deny.so\n');
    const server = await startPostgresql(Number(version) as MajorVersion, {
      binaries: join(debian, version ?? ''),
      hba: [`hostssl all app 127.0.0.0/8 pam pamservice=${service}-yes`, `hostssl all +rds_iam 127.0.0.0/8 pam pamservice=${service}-no`],
    });
    await server.run('CREATE ROLE rds_iam NOLOGIN; CREATE ROLE app LOGIN IN ROLE rds_iam; CREATE ROLE batch LOGIN IN ROLE rds_iam');
    for (let time = 0; time < 6; time++) {
      await logIn(server, { user: 'batch', database: 'postgres', password: 'token', from: '127.0.0.23', tls: true });
    }
    await logIn(server, { user: 'app', database: 'postgres', password: 'token', from: '127.0.0.10', tls: true });
    // A client with sslmode=prefer tries again without TLS.
    await logIn(server, { user: 'batch', database: 'postgres', password: 'token', from: '127.0.0.23' });
    await mkdir(join(folder, 'logs', 'orders', 'orders-1'), { recursive: true });
    await writeFile(join(folder, 'logs', 'orders', 'orders-1', 'postgresql.log'), await server.log());
    await server.stop();
    findings = (await scanFolder(folder, { choice: {}, configuration: defaultConfiguration, warn: () => undefined })).report.findings;
  }, 60_000);

  afterAll(async () => {
    for (const end of ['yes', 'no']) await rm(`/etc/pam.d/${service}-${end}`, { force: true });
    await rm(folder, { recursive: true, force: true });
  });

  it('counts each failed login once, however many records it wrote', () => {
    const failed = findings.filter(({ check }) => check === 'failed-iam-logins');

    expect(failed.map(({ severity, evidence }) => ({ severity, ...evidence }))).toMatchObject([
      { severity: 'medium', user: 'batch', database: 'postgres', source: '127.0.0.23', attempts: 6, unconfirmed: 0 },
    ]);
    expect(String(failed[0]?.evidence.reasons)).toMatch(/^PAM authentication failed: \w/);
  });

  it('counts the second try without TLS apart', () => {
    const refused = findings.filter(({ check }) => check === 'plaintext-refused');

    expect(refused.map(({ evidence }) => evidence)).toMatchObject([{ user: 'batch', source: '127.0.0.23', attempts: 1 }]);
  });

  it('takes no success for a failure', () => {
    expect(findings.filter(({ evidence }) => evidence.user === 'app')).toEqual([]);
  });
});
