import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { errorCode } from './errors.ts';

/**
 * Gives the bytes of a file in order, unzipped where its first bytes say gzip (several members too). Resolves with null, or with a clause on why
 * it could not be read to its end; what came before was given. Rejects when `signal` aborts.
 */
export async function readBytes(path: string, take: (bytes: Uint8Array) => void, signal?: AbortSignal): Promise<string | null> {
  const zipped = await beginsAsGzip(path).catch((error: unknown) => error);
  signal?.throwIfAborted();
  if (typeof zipped !== 'boolean') return `the file cannot be read (${errorCode(zipped) || 'error'})`;
  const problem = await new Promise<unknown>((resolve) => {
    const file = createReadStream(path, { highWaterMark: 1 << 18, ...(signal ? { signal } : {}) });
    const out = zipped ? file.pipe(createGunzip({ chunkSize: 1 << 18 })) : file;
    // Bytes that came before a fault are given first: an iterator would drop them.
    out.on('data', take);
    out.on('end', () => resolve(null));
    out.on('error', resolve);
    file.on('error', (error) => {
      resolve(error);
      out.destroy();
    });
  });
  signal?.throwIfAborted();
  if (problem === null) return null;
  if (errorCode(problem) === 'Z_BUF_ERROR') return 'the gzip ends early';
  return errorCode(problem).startsWith('Z_') ? 'the gzip is damaged' : `the file cannot be read (${errorCode(problem) || 'error'})`;
}

async function beginsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
