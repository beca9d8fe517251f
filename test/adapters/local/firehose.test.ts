import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { Finding } from '../../../lib/domain/finding.ts';
import { scanFolder } from '../../../lib/main/laptop.ts';
import { deliver, plainLog } from './delivery.ts';

let home: string;
let plain: readonly Finding[];
const log = plainLog();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'aurora-watch-firehose-'));
  const folder = join(home, 'plain', 'logs', 'orders', 'orders-1');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'postgresql.log'), log);
  plain = await scan(join(home, 'plain'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('what Firehose delivers', () => {
  it('is held against a log in which something happened', () => {
    expect(new Set(plain.map(({ check }) => check))).toEqual(
      new Set(['failed-iam-logins', 'failed-password-logins', 'login-after-failures', 'plaintext-refused', 'plaintext-sessions']),
    );
    // What the records around a failure tell of it.
    const reasons = new Set(plain.flatMap(({ evidence }) => evidence.reasons ?? []));
    expect([...reasons]).toEqual(
      expect.arrayContaining(['PAM authentication failed: Permission denied', 'password authentication failed: role does not exist']),
    );
  });

  it.each([
    ['one document', { size: 10_000, documents: 1, newline: true, apart: false, members: false }],
    ['a line a file', { size: 1, documents: 1, newline: true, apart: true, members: false }],
    ['a record a document, ten documents a file', { size: 1, documents: 10, newline: true, apart: false, members: false }],
    ['documents with nothing between them', { size: 7, documents: 5, newline: false, apart: false, members: false }],
    ['gzip members one after the other', { size: 7, documents: 5, newline: false, apart: false, members: true }],
    ['continuation lines as events of their own', { size: 50, documents: 3, newline: true, apart: true, members: false }],
  ] as const)('says the same as the plain log: %s', async (name, delivery) => {
    const folder = join(home, name, 'cloudwatch', '2026', '05', '03', '10');
    await mkdir(folder, { recursive: true });
    for (const [index, file] of deliver(log, delivery).entries())
      await writeFile(join(folder, `delivery-${String(index).padStart(3, '0')}`), file);

    const findings = await scan(join(home, name));

    expect(findings.map(comparable)).toEqual(plain.map(comparable));
  });

  it('counts once what is in both', async () => {
    const both = join(home, 'both');
    await mkdir(join(both, 'logs', 'orders', 'orders-1'), { recursive: true });
    await mkdir(join(both, 'cloudwatch'), { recursive: true });
    await writeFile(join(both, 'logs', 'orders', 'orders-1', 'postgresql.log'), log);
    const [file] = deliver(log, { size: 10_000, documents: 2, newline: true, apart: false, members: false });
    await writeFile(join(both, 'cloudwatch', 'delivery'), file ?? '');

    expect((await scan(both)).map(comparable)).toEqual(plain.map(comparable));
  });
});

function comparable({ check, evidence, severity, count }: Finding): unknown {
  return { check, severity, count, evidence };
}

async function scan(folder: string): Promise<readonly Finding[]> {
  const { report } = await scanFolder(folder, { choice: {}, configuration: defaultConfiguration, warn: () => undefined });
  return report.findings;
}
