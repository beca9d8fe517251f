import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readBytes } from '../../../lib/adapters/local/file-bytes.ts';

/** Larger than any chunk, and not the same twice. */
const long = Buffer.from(Array.from({ length: 100_000 }, (_, line) => `line ${line} ${(line * 7919) % 1009}\n`).join(''));
const first = gzipSync('first\n');
const second = gzipSync('second\n');
const zeros = Buffer.alloc(10_240);
const random = createHash('sha512').update('no two alike');
const incompressible = Buffer.concat(Array.from({ length: 10_000 }, (_, index) => random.copy().update(String(index)).digest()));
/** The first member ends where a chunk of the disk does: the name in its head fills it up. */
const bordered = Buffer.concat([named(gzipSync(incompressible), 2 * (1 << 19)), zeros, first]);

function named(zipped: Buffer, length: number): Buffer {
  const head = Buffer.from(zipped.subarray(0, 10));
  head[3] = 8;
  return Buffer.concat([head, Buffer.alloc(length - zipped.length - 1, 'n'), Buffer.of(0), zipped.subarray(10)]);
}

/** A gzip whose damage stands right behind `content`: a block of a kind that is not there. */
function damagedAfter(content: Uint8Array): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  const whole = deflateRawSync(content, { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([head, whole, Buffer.from([7]), Buffer.from('what follows the damage')]);
}

/** Gzip in members of gzip, of which many begin and end within each piece. */
function inMembers(zipped: Buffer): Buffer {
  const parts = Array.from({ length: Math.ceil(zipped.length / 3000) }, (_, index) => zipped.subarray(index * 3000, (index + 1) * 3000));
  return Buffer.concat(parts.map((part) => gzipSync(part, { level: 0 })));
}

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
    ['members with zero bytes behind them, as blocks of a tape have', Buffer.concat([first, zeros, second, zeros]), 'first\nsecond\n'],
    ['such members in gzip', gzipSync(Buffer.concat([first, zeros, second, zeros])), 'first\nsecond\n'],
    ['zero bytes between members at the border of chunks', bordered, `${incompressible.toString('latin1')}first\n`],
    ['long members', Buffer.concat([gzipSync(long), first]), `${long.toString('latin1')}first\n`],
  ])('reads %s', async (_name, content, text) => {
    const result = await read(file(content));

    expect(result.problem).toBeNull();
    expect(result.text).toBe(text);
  });

  it.each<[name: string, content: Uint8Array, text: string]>([
    ['gzip', first, 'first\n'],
    ['gzip of nothing', gzipSync(''), ''],
    ['members', Buffer.concat([first, gzipSync(''), second]), 'first\nsecond\n'],
    ['zero bytes', zeros, ''],
  ])('reads %s behind a member that is too large to be read at once', async (_name, content, text) => {
    const result = await read(file(Buffer.concat([gzipSync(incompressible), content])));

    expect(result).toEqual({ text: `${incompressible.toString('latin1')}${text}`, problem: null });
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

  it.each<[name: string, content: Uint8Array, before: string]>([
    ['in its first bytes', damagedAfter(Buffer.from('first\n')), 'first\n'],
    ['in the middle', damagedAfter(long), long.toString('latin1')],
    ['in the middle of what does not shrink', damagedAfter(incompressible), incompressible.toString('latin1')],
    ['in a later member', Buffer.concat([gzipSync(long), damagedAfter(Buffer.from('second\n'))]), `${long.toString('latin1')}second\n`],
    ['in the gzip within', gzipSync(damagedAfter(long)), long.toString('latin1')],
    ['around a gzip', damagedAfter(gzipSync(long)), long.toString('latin1')],
    ['in both', damagedAfter(damagedAfter(incompressible)), incompressible.toString('latin1')],
    ['within members of gzip', inMembers(damagedAfter(incompressible)), incompressible.toString('latin1')],
    [
      'within members of gzip, near their begin',
      inMembers(Buffer.concat([damagedAfter(Buffer.from('a\n')), incompressible.subarray(0, 300_000)])),
      'a\n',
    ],
    ['at its checksum', Buffer.concat([first.subarray(0, -8), Buffer.alloc(8)]), 'first\n'],
  ])('gives every byte before the damage of a gzip that is damaged %s, once', async (_name, content, before) => {
    const zipped = file(content);
    let done = 0;

    const result = await read(zipped);
    await readBytes(zipped, () => undefined, { progress: (bytes) => (done += bytes) });

    expect(result.problem).toBe('the gzip is damaged');
    expect(result.text).toBe(before);
    expect(done).toBe(content.length);
  });

  it.each<[name: string, content: Uint8Array]>([
    ['right behind it', Buffer.concat([first, Buffer.from('plain\n')])],
    ['behind zero bytes', Buffer.concat([first, zeros, Buffer.from('plain\n')])],
    ['within a gzip', gzipSync(Buffer.concat([first, Buffer.from('plain\n')]))],
  ])('says of something else behind a gzip that it is none, and gives what came before: %s', async (_name, content) => {
    expect(await read(file(content))).toEqual({ text: 'first\n', problem: 'what follows the gzip is none' });
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
