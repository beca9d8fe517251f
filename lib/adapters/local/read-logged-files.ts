import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type EventFilter, eventMatcher } from '../../domain/event.ts';
import type { WorkerMessage } from './log-worker.ts';
import type { LoggedFile } from './logged-files.ts';
import { type FileResult, readLoggedFile, unreadFile } from './read-logged-file.ts';
import { RowFiles, splits } from './rows.ts';

/** How files are read. */
export interface ReadOptions {
  /** Where rows go. */
  readonly folder: string;
  /** Events that a change check may judge. */
  readonly watched: EventFilter;
  /** Called with the bytes that are read, of all. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Less than this is read faster than threads start. */
const smallBytes = 8_000_000;
/** Each thread takes a quarter of a gigabyte. */
const mostThreads = 8;
/** So many files a thread gets at once, while they are no more than this together: waking a thread takes longer than reading a small file. */
const mostTogether = 256;
const mostBytesTogether = 1 << 20;

/** Reads all files into rows, in threads where there is much; results are in the order of the files. Rejects when `signal` aborts. */
export async function readLoggedFiles(files: readonly LoggedFile[], options: ReadOptions): Promise<FileResult[]> {
  options.signal?.throwIfAborted();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const read = (bytes: number): void => {
    // A file may grow while it is read.
    done = Math.min(total, done + bytes);
    options.progress?.(done, total);
  };
  const threads = total < smallBytes ? 1 : Math.min(availableParallelism(), mostThreads, files.length);
  const results = threads < 2 ? await readHere(files, options, read) : await readInThreads(files, threads, options, read);
  return files.flatMap(({ name }) => results.get(name) ?? []);
}

type Results = Map<string, FileResult>;

async function readHere(
  files: readonly LoggedFile[],
  { folder, watched, signal }: ReadOptions,
  progress: (bytes: number) => void,
): Promise<Results> {
  const rows = new RowFiles(folder, 0, splits);
  const watches = eventMatcher(watched);
  const results: Results = new Map();
  for (const file of files) {
    results.set(file.name, await readLoggedFile(file, rows, { watches, progress, ...(signal ? { signal } : {}) }));
  }
  rows.flush();
  return results;
}

async function readInThreads(
  files: readonly LoggedFile[],
  threads: number,
  { folder, watched, signal }: ReadOptions,
  progress: (bytes: number) => void,
): Promise<Results> {
  const waiting = inBatches(files).reverse();
  const results: Results = new Map();
  const source = new URL(`./log-worker${extname(import.meta.url)}`, import.meta.url);
  const workers = new Set<Worker>();
  let parts = 0;
  const start = (): Worker => {
    const worker = new Worker(source, { workerData: { folder, part: parts++, watched }, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    workers.add(worker);
    // What it died of is seen where its answer is awaited.
    worker.on('error', () => undefined);
    return worker;
  };
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(
      Array.from({ length: threads }, async () => {
        let worker: Worker | null = null;
        for (let batch = waiting.pop(); batch && !isStopped; batch = waiting.pop()) {
          worker ??= start();
          const read = await ask(worker, batch, progress);
          signal?.throwIfAborted();
          for (const [index, file] of batch.entries()) {
            const result = read?.[index] ?? (batch.length === 1 ? unreadFile(file, 'the thread that read it died') : null);
            // Of several, one may have been more than the memory holds: the others are read all the same.
            if (result === null) waiting.push([file]);
            else results.set(file.name, result);
          }
          if (read === null) worker = null;
        }
      }),
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
  return results;
}

/** The files in the order in which they are read, the largest first, so that no thread ends long after the others; small ones together. */
function inBatches(files: readonly LoggedFile[]): LoggedFile[][] {
  const batches: LoggedFile[][] = [];
  let bytes = 0;
  for (const file of [...files].sort((a, b) => b.bytes - a.bytes)) {
    const last = batches.at(-1);
    bytes += file.bytes;
    if (last && last.length < mostTogether && bytes <= mostBytesTogether) last.push(file);
    else {
      batches.push([file]);
      bytes = file.bytes;
    }
  }
  return batches;
}

/** What the thread says of each of the files; null: it died over one. Rejects with what the thread could not go on with. */
function ask(worker: Worker, files: readonly LoggedFile[], progress: (bytes: number) => void): Promise<readonly FileResult[] | null> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', listen);
      worker.off('exit', die);
    };
    const listen = (message: WorkerMessage): void => {
      if ('read' in message) {
        progress(message.read);
        return;
      }
      settle();
      if ('results' in message) resolve(message.results);
      else reject(message.failure);
    };
    const die = (): void => {
      settle();
      resolve(null);
    };
    worker.on('message', listen);
    worker.on('exit', die);
    worker.postMessage(files);
  });
}
