import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createGunzip, type Gunzip, gunzipSync } from 'node:zlib';
import { errorCode } from './errors.ts';

/** So much is read from the disk at a time, and told as progress. */
const readSize = 1 << 19;
/** So much is unzipped at a time; more would wait in memory, for it may become a thousand times as much. */
const pieceSize = 1 << 14;
/** What a piece becomes comes in chunks of this, from another thread: that of a log is one chunk. */
const chunkSize = 1 << 19;
/** Of a damaged gzip, the piece that holds the damage is read again in pieces of these, so that nothing is lost that stands before it. */
const finerSizes = [1 << 8, 1];
/** What CloudWatch Logs sends is zipped, and Firehose may zip it again. */
const mostLayers = 2;
/** A file of no more than this is read at once: AWS delivers hundreds of thousands of them, and a stream takes ten times as long to open as they take to read. */
const smallFile = 1 << 18;
/** Unless it unzips to more than this. */
const mostUnzipped = 1 << 24;

/** Who is told what. */
export interface ReadBytesOptions {
  /** Gets how many bytes more were read from the disk, before they are unzipped. */
  readonly progress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Gives the bytes of a file in order, unzipped where its first bytes say gzip (several members too, with or without zero bytes behind them), and once more
 * where those within do. Resolves with null, or with a clause on why it could not be read to its end; what came before was given. Rejects when `signal`
 * aborts, and with whatever `take` throws.
 */
export async function readBytes(path: string, take: (bytes: Uint8Array) => void, options: ReadBytesOptions = {}): Promise<string | null> {
  const small = readSmallFile(path);
  if (small) {
    options.progress?.(small.size);
    options.signal?.throwIfAborted();
    take(small.bytes);
    return null;
  }
  const { signal } = options;
  return unzip(() => createReadStream(path, { highWaterMark: readSize, ...(signal ? { signal } : {}) }), take, options);
}

/** The same of the bytes that `open` gives, each time anew; they may be wanted again. */
export async function unzip(
  open: () => AsyncIterable<Buffer>,
  take: (bytes: Uint8Array) => void,
  options: ReadBytesOptions = {},
): Promise<string | null> {
  const finer = new Map<number, Cut>();
  let given = 0;
  for (let pass = 0; ; pass++) {
    let at = 0;
    const taking = (bytes: Uint8Array): void => {
      const isNew = at + bytes.length > given;
      const news = bytes.subarray(Math.max(0, given - at));
      at += bytes.length;
      if (!isNew) return;
      given = at;
      take(news);
    };
    // What is read again is told once.
    const found = await readOnce(open, taking, finer, pass === 0 ? options : { ...options, progress: () => undefined });
    const size = found?.damage && finerSizes.find((one) => one < (found.damage?.size ?? 0));
    if (!found?.damage || !size || pass === mostLayers * finerSizes.length) return found?.problem ?? null;
    finer.set(found.damage.layer, { from: found.damage.from, size });
  }
}

/** The bytes of a small file without any fault, unzipped, and its size on the disk; null: it must be read piece by piece. */
function readSmallFile(path: string): { readonly bytes: Uint8Array; readonly size: number } | null {
  try {
    if (statSync(path).size > smallFile) return null;
    const bytes = readFileSync(path);
    if (!isGzip(bytes)) return { bytes, size: bytes.length };
    const unzipped: unknown = gunzipSync(bytes, { info: true, chunkSize: 1 << 16, maxOutputLength: mostUnzipped });
    const isWhole = isInformed(unzipped) && unzipped.engine.bytesWritten === bytes.length && !isGzip(unzipped.buffer);
    return isWhole ? { bytes: unzipped.buffer, size: bytes.length } : null;
  } catch {
    return null;
  }
}

/** True for what `info` makes of the answer, of which the types say nothing. */
function isInformed(value: unknown): value is { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: unknown } } {
  if (typeof value !== 'object' || value === null || !('buffer' in value) || !('engine' in value)) return false;
  const { buffer, engine } = value;
  return Buffer.isBuffer(buffer) && typeof engine === 'object' && engine !== null && 'bytesWritten' in engine;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** From where on a layer is unzipped in pieces of another size. */
interface Cut {
  readonly from: number;
  readonly size: number;
}

/** Why a file could not be read to its end; of a damaged gzip, which layer of it, and the piece of what it unzips. */
interface Fault {
  readonly problem: string;
  readonly damage: (Cut & { readonly layer: number }) | null;
}

async function readOnce(
  open: () => AsyncIterable<Buffer>,
  take: (bytes: Uint8Array) => void,
  finer: ReadonlyMap<number, Cut>,
  { progress, signal }: ReadBytesOptions,
): Promise<Fault | null> {
  const layer = new Layer(0, take, finer);
  const chunks = open()[Symbol.asyncIterator]();
  try {
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = await chunks.next();
      } catch (error) {
        signal?.throwIfAborted();
        await layer.end();
        return unread(error);
      }
      signal?.throwIfAborted();
      if (next.done) return await layer.end();
      progress?.(next.value.length);
      const fault = await layer.write(next.value);
      if (fault) {
        await layer.end();
        return fault;
      }
    }
  } finally {
    await chunks.return?.();
  }
}

function unread(error: unknown): Fault {
  return { problem: `the file cannot be read (${errorCode(error) || 'error'})`, damage: null };
}

/** Gives bytes as they are, or unzipped where they begin as gzip. */
class Layer {
  readonly #depth: number;
  readonly #take: (bytes: Uint8Array) => void;
  readonly #finer: ReadonlyMap<number, Cut>;
  /** What came until it is known what it is. */
  #begin: Buffer = Buffer.alloc(0);
  #isKnown: boolean;
  #unzip: Unzip | null = null;
  #inner: Layer | null = null;
  #at = 0;

  constructor(depth: number, take: (bytes: Uint8Array) => void, finer: ReadonlyMap<number, Cut>) {
    this.#depth = depth;
    this.#take = take;
    this.#finer = finer;
    this.#isKnown = depth === mostLayers;
  }

  async write(bytes: Buffer): Promise<Fault | null> {
    if (this.#isKnown) return this.#give(bytes);
    this.#begin = this.#begin.length === 0 ? bytes : Buffer.concat([this.#begin, bytes]);
    if (this.#begin.length < 2) return null;
    this.#isKnown = true;
    if (isGzip(this.#begin)) {
      this.#unzip = new Unzip();
      this.#inner = new Layer(this.#depth + 1, this.#take, this.#finer);
    }
    return this.#give(this.#begin);
  }

  /** Gives what is left, also where reading broke off. */
  async end(): Promise<Fault | null> {
    if (!this.#isKnown && this.#begin.length > 0) this.#take(this.#begin);
    const problem = (await this.#unzip?.end()) ?? null;
    const fault = (await this.#inner?.end()) ?? null;
    return problem === null ? fault : { problem, damage: null };
  }

  async #give(bytes: Buffer): Promise<Fault | null> {
    if (!this.#unzip || !this.#inner) {
      this.#take(bytes);
      return null;
    }
    const pieces = this.#pieces(bytes);
    let piece = pieces.next().value;
    let unzipping = piece && this.#unzip.write(piece.bytes);
    while (piece && unzipping) {
      const { unzipped, problem } = await unzipping;
      // The next one is unzipped while this one is read.
      const next = problem === null ? pieces.next().value : undefined;
      unzipping = next && this.#unzip.write(next.bytes);
      for (const one of unzipped) {
        const fault = await this.#inner.write(one);
        if (!fault) continue;
        // Nothing may be under way when this layer is ended.
        await unzipping;
        return fault;
      }
      if (problem !== null) return { problem, damage: { layer: this.#depth, from: piece.from, size: piece.size } };
      piece = next;
    }
    return null;
  }

  /** What is unzipped at a time, and from where on in this layer that is. */
  *#pieces(bytes: Buffer): Generator<Cut & { readonly bytes: Buffer }, undefined> {
    const finer = this.#finer.get(this.#depth);
    for (let from = 0; from < bytes.length; ) {
      const isFine = finer !== undefined && this.#at >= finer.from;
      const size = isFine ? finer.size : pieceSize;
      const end = Math.min(from + size, finer && !isFine ? from + finer.from - this.#at : from + size);
      const piece = bytes.subarray(from, end);
      yield { bytes: piece, from: this.#at, size };
      this.#at += piece.length;
      from += piece.length;
    }
  }
}

/** Unzips members of gzip, one after the other. */
class Unzip {
  #member: Gunzip | null = null;
  #unzipped: Buffer[] = [];
  #failed: ((error: Error) => void) | null = null;

  /** What the piece holds, as far as it can be told, and what is wrong with it. */
  async write(piece: Buffer): Promise<{ readonly unzipped: readonly Buffer[]; readonly problem: string | null }> {
    let problem: string | null = null;
    for (let rest = piece; rest.length > 0 && problem === null; ) {
      // Zero bytes fill up the blocks of a tape. What comes after them, the engine does not look at.
      if (this.#member === null) rest = rest.subarray(zerosOf(rest));
      if (rest.length === 0) break;
      this.#member ??= this.#open();
      const member = this.#member;
      const before = member.bytesWritten;
      problem = await this.#write(member, rest);
      rest = rest.subarray(member.bytesWritten - before);
      if (rest.length > 0 || problem !== null) this.#close();
    }
    const unzipped = this.#unzipped;
    this.#unzipped = [];
    return { unzipped, problem };
  }

  /** What is wrong when nothing follows. */
  async end(): Promise<string | null> {
    const member = this.#member;
    if (member === null) return null;
    const problem = await new Promise<string | null>((resolve) => {
      this.#failed = (error) => resolve(problemOf(error));
      member.on('end', () => resolve(null));
      member.end();
    });
    this.#close();
    return problem;
  }

  #open(): Gunzip {
    const member = createGunzip({ chunkSize });
    member.on('data', (bytes: Buffer) => this.#unzipped.push(bytes));
    member.on('error', (error) => this.#failed?.(error));
    return member;
  }

  #close(): void {
    this.#member?.destroy();
    this.#member = null;
  }

  #write(member: Gunzip, piece: Buffer): Promise<string | null> {
    return new Promise((resolve) => {
      this.#failed = (error) => resolve(problemOf(error));
      member.write(piece, (error) => {
        if (!error) resolve(null);
      });
    });
  }
}

function problemOf(error: Error): string {
  if (errorCode(error) === 'Z_BUF_ERROR') return 'the gzip ends early';
  // The first member begins as gzip, or it would not be unzipped.
  return error.message === 'incorrect header check' ? 'what follows the gzip is none' : 'the gzip is damaged';
}

function zerosOf(bytes: Buffer): number {
  let zeros = 0;
  while (bytes[zeros] === 0) zeros++;
  return zeros;
}
