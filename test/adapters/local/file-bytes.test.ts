import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readBytes } from '../../../lib/adapters/local/file-bytes.ts';

/** Larger than any chunk, and not the same twice. */
const long = Buffer.from(Array.from({ length: 100_000 }, (_, line) => `line ${line} ${(line * 7919) % 1009}\n`).join(''));
const first = gzipSync('first\n');
const second = gzipSync('second\n');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aurora-watch-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(content: string | Uint8Array): string {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return path;
}

async function read(path: string): Promise<{ text: string; problem: string | null }> {
  const chunks: Buffer[] = [];
  const problem = await readBytes(path, (bytes) => chunks.push(Buffer.from(bytes)));
  return { text: Buffer.concat(chunks).toString('latin1'), problem };
}

describe('readBytes', () => {
  it.each<[name: string, content: string | Uint8Array, text: string]>([
    ['a plain file', 'plain\r\n', 'plain\r\n'],
    ['an empty file', '', ''],
    ['one byte of what may be gzip', Buffer.from([0x1f]), '\u001f'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0x0a]), '\u00ff\u00fe\u0000\n'],
    ['gzip', first, 'first\n'],
    ['gzip of nothing', gzipSync(''), ''],
    ['gzip members one after the other', Buffer.concat([first, gzipSync(''), second]), 'first\nsecond\n'],
    [
      'gzip of members of gzip, as Firehose may zip what CloudWatch Logs zipped',
      gzipSync(Buffer.concat([first, second])),
      'first\nsecond\n',
    ],
    ['gzip of gzip, long', gzipSync(Buffer.concat([gzipSync(long), first])), `${long.toString('latin1')}first\n`],
    ['a long plain file', long, long.toString('latin1')],
    ['long members', Buffer.concat([gzipSync(long), first]), `${long.toString('latin1')}first\n`],
  ])('reads %s', async (_name, content, text) => {
    const result = await read(file(content));

    expect(result.problem).toBeNull();
    expect(result.text).toBe(text);
  });

  it.each([
    ['inside', gzipSync(gzipSync(long).subarray(0, -2000))],
    ['outside', gzipSync(gzipSync(long), { level: 0 }).subarray(0, -2000)],
  ])('gives what came before the end of gzip in gzip that was cut off %s', async (_name, content) => {
    const result = await read(file(content));

    expect(result.problem).toBe('the gzip ends early');
    expect(result.text.length).toBeGreaterThan(long.length / 2);
    expect(long.toString('latin1').startsWith(result.text)).toBe(true);
  });

  it('gives what came before the end of a gzip that was cut off', async () => {
    const whole = gzipSync(long);

    const result = await read(file(whole.subarray(0, whole.length - 2000)));

    expect(result.problem).toBe('the gzip ends early');
    expect(result.text.length).toBeGreaterThan(long.length / 2);
    expect(long.toString('latin1').startsWith(result.text)).toBe(true);
  });

  it('gives the members before one that was cut off', async () => {
    const result = await read(file(Buffer.concat([first, second.subarray(0, 10)])));

    expect(result).toEqual({ text: 'first\n', problem: 'the gzip ends early' });
  });

  it.each<[name: string, content: Uint8Array, problem: RegExp]>([
    ['begins like gzip and is none', Buffer.from([0x1f, 0x8b, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1, 2, 3]), /^the gzip is damaged$/],
    ['ends after the two bytes of gzip', Buffer.from([0x1f, 0x8b]), /^the gzip ends early$/],
    ['has a wrong checksum', Buffer.concat([first.subarray(0, -8), Buffer.alloc(8)]), /^the gzip is damaged$/],
  ])('says what is wrong with a file that %s', async (_name, content, problem) => {
    const result = await read(file(content));

    expect(result.problem).toMatch(problem);
  });

  it('says why a file cannot be read', async () => {
    mkdirSync(join(folder, 'directory'));

    expect(await read(join(folder, 'missing'))).toEqual({ text: '', problem: 'the file cannot be read (ENOENT)' });
    expect(await read(join(folder, 'directory'))).toEqual({ text: '', problem: 'the file cannot be read (EISDIR)' });
  });

  it('rejects with what the taker throws', async () => {
    const path = file(gzipSync(long));

    const reading = readBytes(path, () => {
      throw new Error('no room');
    });

    await expect(reading).rejects.toThrow('no room');
  });

  it('tells how many bytes it read from the disk', async () => {
    const zipped = gzipSync(long);
    let done = 0;

    await readBytes(file(zipped), () => undefined, { progress: (bytes) => (done += bytes) });

    expect(done).toBe(zipped.length);
  });

  it('rejects with the reason of an abort, before and while it reads', async () => {
    const path = file(long);
    const reason = new Error('stopped');
    const running = new AbortController();

    await expect(readBytes(path, () => undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(readBytes(path, () => running.abort(reason), { signal: running.signal })).rejects.toBe(reason);
  });
});
