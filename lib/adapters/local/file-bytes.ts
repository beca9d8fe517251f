import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { errorCode } from './errors.ts';

/** Who is told what. */
export interface ReadBytesOptions {
  /** Gets how many bytes more were read from the disk, before they are unzipped. */
  readonly progress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Gives the bytes of a file in order, unzipped where its first bytes say gzip (several members too). Resolves with null, or with a clause on why
 * it could not be read to its end; what came before was given. Rejects when `signal` aborts, and with whatever `take` throws.
 */
export async function readBytes(
  path: string,
  take: (bytes: Uint8Array) => void,
  { progress, signal }: ReadBytesOptions = {},
): Promise<string | null> {
  const zipped = await beginsAsGzip(path).catch((error: unknown) => errorCode(error) || 'error');
  signal?.throwIfAborted();
  if (typeof zipped === 'string') return `the file cannot be read (${zipped})`;
  const problem = await new Promise<unknown>((resolve, reject) => {
    const file = createReadStream(path, { highWaterMark: 1 << 18, ...(signal ? { signal } : {}) });
    const out = zipped ? file.pipe(createGunzip({ chunkSize: 1 << 18 })) : file;
    if (progress) file.on('data', (chunk) => progress(chunk.length));
    // Bytes that came before a fault are given first: an iterator would drop them.
    out.on('data', (bytes: Uint8Array) => {
      try {
        take(bytes);
      } catch (error) {
        reject(error);
        file.destroy();
        out.destroy();
      }
    });
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
