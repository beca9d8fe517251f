import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { errorCode } from './errors.ts';

/** Each chunk goes from thread to thread once; smaller ones spend more time on the way than on what is in them. */
const chunkSize = 1 << 18;

/** Who is told what. */
export interface ReadBytesOptions {
  /** Gets how many bytes more were read from the disk, before they are unzipped. */
  readonly progress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Gives the bytes of a file in order, unzipped where its first bytes say gzip (several members too), and once more where those within do: what CloudWatch Logs
 * sends is zipped, and Firehose may zip it again. Resolves with null, or with a clause on why it could not be read to its end; what came before was given.
 * Rejects when `signal` aborts, and with whatever `take` throws.
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
    const file = createReadStream(path, { highWaterMark: chunkSize, ...(signal ? { signal } : {}) });
    const out = zipped ? file.pipe(createGunzip({ chunkSize })) : file;
    if (progress) file.on('data', (chunk) => progress(chunk.length));
    const give = (bytes: Uint8Array): void => {
      try {
        take(bytes);
      } catch (error) {
        reject(error);
        file.destroy();
        out.destroy();
      }
    };
    let inner: Gunzip | null = null;
    let isFirst = zipped;
    let fault: unknown = null;
    // Bytes that came before a fault are given first: an iterator would drop them.
    out.on('data', (bytes: Uint8Array) => {
      if (isFirst && isGzip(bytes)) {
        inner = createGunzip({ chunkSize });
        inner.on('data', give);
        inner.on('end', () => resolve(fault));
        inner.on('error', (error) => {
          resolve(fault ?? error);
          file.destroy();
          out.destroy();
        });
      }
      isFirst = false;
      if (!inner) give(bytes);
      else if (!inner.write(bytes)) {
        out.pause();
        inner.once('drain', () => out.resume());
      }
    });
    const end = (error: unknown): void => {
      fault = error;
      if (inner) inner.end();
      else resolve(error);
    };
    out.on('end', () => end(null));
    out.on('error', end);
    file.on('error', (error) => {
      end(error);
      out.destroy();
    });
  });
  signal?.throwIfAborted();
  if (problem === null) return null;
  if (errorCode(problem) === 'Z_BUF_ERROR') return 'the gzip ends early';
  return errorCode(problem).startsWith('Z_') ? 'the gzip is damaged' : `the file cannot be read (${errorCode(problem) || 'error'})`;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function beginsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && isGzip(buffer);
  } finally {
    await file.close();
  }
}
