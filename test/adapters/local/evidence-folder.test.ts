import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerPath, askFolder, foldersRegions, foreignFiles } from '../../../lib/adapters/local/answers.ts';
import { openEvidenceFolder } from '../../../lib/adapters/local/evidence-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, text: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

const clusters = { region: 'eu-central-1', service: 'rds', command: 'describe-db-clusters', key: null };
const parameters = { ...clusters, command: 'describe-db-cluster-parameters', key: 'orders-pg16' };

describe('askFolder', () => {
  it('answers with what the file holds', async () => {
    await put('inventory/eu-central-1/rds/describe-db-clusters.json', '\uFEFF{"DBClusters": []}');

    expect(await askFolder(folder)(clusters)).toEqual({ known: true, value: { DBClusters: [] } });
  });

  it.each<[name: string, text: Buffer]>([
    ['little', Buffer.from('\uFEFF{"DBClusters": []}', 'utf16le')],
    ['big', Buffer.from('\uFEFF{"DBClusters": []}', 'utf16le').swap16()],
  ])('reads UTF-16 too, as PowerShell writes it: %s endian', async (_name, text) => {
    await put('inventory/eu-central-1/rds/describe-db-clusters.json', text);
    await put('evidence.json', Buffer.from('\uFEFF{"account": "111122223333"}', 'utf16le'));

    expect(await askFolder(folder)(clusters)).toEqual({ known: true, value: { DBClusters: [] } });
    expect(await openEvidenceFolder(folder)).toMatchObject({ account: '111122223333' });
  });

  it('does not wait for what somebody may write into a pipe', async () => {
    await put('inventory/eu-central-1/rds/placeholder', '');
    await promisify(execFile)('mkfifo', [
      join(folder, 'evidence.json'),
      join(folder, 'inventory/eu-central-1/rds/describe-db-clusters.json'),
    ]);

    expect(await askFolder(folder)(clusters)).toMatchObject({
      known: false,
      cause: { kind: 'unreadable', detail: 'the file cannot be read (ENXIO)' },
    });
    await expect(openEvidenceFolder(folder)).rejects.toThrow(/evidence\.json cannot be read \(ENXIO\)\.$/);
  });

  it('finds a named answer under the encoded name', async () => {
    const key = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:a/b';
    await put(`inventory/eu-central-1/secretsmanager/describe-secret/${encodeURIComponent(key)}.json`, '{}');

    const answer = await askFolder(folder)({ ...clusters, service: 'secretsmanager', command: 'describe-secret', key });

    expect(answer.known).toBe(true);
  });

  it('does not stumble over a name with half a character', async () => {
    expect(await askFolder(folder)({ ...parameters, key: 'orders\ud800' })).toMatchObject({
      known: false,
      cause: { kind: 'not-collected' },
    });
  });

  it('never leaves the folder for a name with dots and slashes', () => {
    expect(answerPath({ ...parameters, key: '../../secret' })).toBe(
      'inventory/eu-central-1/rds/describe-db-cluster-parameters/..%2F..%2Fsecret',
    );
  });

  it.each([
    ['nothing there', {}, 'not-collected', ''],
    ['a denied call', { '.error.json': '{"name": "AccessDenied", "message": "no"}' }, 'denied', 'AccessDenied: no'],
    [
      'a denied call of EC2',
      { '.error.json': '{"name": "UnauthorizedOperation", "message": "no"}' },
      'denied',
      'UnauthorizedOperation: no',
    ],
    ['a throttled call', { '.error.json': '{"name": "ThrottlingException", "message": "slow"}' }, 'throttled', 'ThrottlingException: slow'],
    [
      'a group that is gone',
      { '.error.json': '{"name": "DBParameterGroupNotFound", "message": "x"}' },
      'not-found',
      'DBParameterGroupNotFound: x',
    ],
    ['another error', { '.error.json': '{"name": "InternalFailure", "message": "x"}' }, 'failed', 'InternalFailure: x'],
    [
      'an error that ends too early',
      { '.error.json': '{"name": "Acc' },
      'unreadable',
      'the file that says why it failed: the file is not JSON, or ends too early',
    ],
    [
      'an error that is none',
      { '.error.json': '["AccessDenied"]' },
      'unreadable',
      'the file that says why it failed: it does not hold a name and a message',
    ],
    ['an empty file', { '.json': '' }, 'unreadable', 'the file is empty'],
    ['a file that ends too early', { '.json': '{"DBClusters": [' }, 'unreadable', 'the file is not JSON, or ends too early'],
  ])('is unknown with its cause: %s', async (_name, files, kind, detail) => {
    for (const [ending, text] of Object.entries(files)) await put(`inventory/eu-central-1/rds/describe-db-clusters${ending}`, text);

    const answer = await askFolder(folder)(clusters);

    expect(answer).toEqual({ known: false, cause: { kind, question: 'rds describe-db-clusters (eu-central-1)', detail } });
  });
});

describe('openEvidenceFolder', () => {
  it('reads evidence.json, the regions and the roles', async () => {
    await put('evidence.json', '{"account": "111122223333", "at": "2026-05-03T12:00:00Z"}');
    await put('inventory/eu-west-1/rds/describe-db-clusters.json', '{}');
    await put('inventory/eu-central-1/rds/describe-db-clusters.json', '{}');
    await put('inventory/global/iam/get-account-summary.json', '{}');
    await put('database/orders/roles.json', '[]');

    const opened = await openEvidenceFolder(folder);

    expect(opened.account).toBe('111122223333');
    expect(opened.at).toBe(Date.UTC(2026, 4, 3, 12));
    expect(opened.regions).toEqual(['eu-central-1', 'eu-west-1']);
    expect([...opened.databaseRoles]).toEqual([['orders', { file: 'database/orders/roles.json', text: '[]' }]]);
  });

  it('is content with evidence.json alone', async () => {
    await put('evidence.json', '{}');

    expect(await openEvidenceFolder(folder)).toMatchObject({ account: null, at: null, regions: [] });
  });

  it('is content with logs alone', async () => {
    await put('logs/orders/orders-1/postgresql.log', '');

    expect(await openEvidenceFolder(folder)).toMatchObject({ account: null, at: null, regions: [] });
  });

  it.each([
    ['an empty folder', {}, /^Nothing in .* is evidence; an evidence folder holds/],
    ['a folder of something else', { 'notes.txt': 'x', 'inventory/readme.txt': 'x' }, /^Nothing in .* is evidence/],
    ['a broken evidence.json', { 'evidence.json': '{' }, /evidence\.json is not JSON/],
    ['an account that is none', { 'evidence.json': '{"account": 111122223333}' }, /"account" in .* must be an account id/],
    ['a time that is none', { 'evidence.json': '{"at": "yesterday"}' }, /"at" in .* must be a time/],
  ])('refuses %s with a sentence', async (_name, files, sentence) => {
    for (const [path, text] of Object.entries(files)) await put(path, text);

    await expect(openEvidenceFolder(folder)).rejects.toThrow(sentence);
  });

  it('refuses a folder that is not there, and a file', async () => {
    await put('file', 'x');

    await expect(openEvidenceFolder(join(folder, 'nowhere'))).rejects.toThrow(/^There is no folder/);
    await expect(openEvidenceFolder(join(folder, 'file'))).rejects.toThrow(/is no folder/);
  });
});

describe('foreignFiles', () => {
  it('names what is no answer of a known command', async () => {
    await put('inventory/eu-central-1/rds/describe-db-clusters.json', '{}');
    await put('inventory/eu-central-1/rds/describe-db-clusters.error.json', '{}');
    await put('inventory/eu-central-1/rds/describe-db-cluster-parameters/orders-pg16.json', '{}');
    await put('inventory/eu-central-1/rds/describe-events.json', '{}');
    await put('inventory/eu-central-1/rds/notes.txt', 'x');
    const known = new Set(['rds describe-db-clusters', 'rds describe-db-cluster-parameters']);

    const foreign = await foreignFiles(folder, (service, command) => known.has(`${service} ${command}`));

    expect(foreign).toEqual(['inventory/eu-central-1/rds/describe-events.json', 'inventory/eu-central-1/rds/notes.txt']);
    expect(await foldersRegions(folder)).toEqual(['eu-central-1']);
  });
});
