import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type EventFilter, eventMatcher } from '../../domain/event.ts';
import type { LoggedFile } from './logged-files.ts';
import { type FileResult, readLoggedFile } from './read-logged-file.ts';
import { RowFiles } from './rows.ts';

/** How files are read. */
export interface ReadOptions {
  /** Where rows go. */
  readonly folder: string;
  /** Events that a change check may judge. */
  readonly watched: EventFilter;
  /** Called with the bytes of files that are done. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Less than this is read faster than threads start. */
const smallBytes = 8_000_000;

/** Reads all files into rows, in threads where there is much; results are in the order of the files. Rejects when `signal` aborts. */
export async function readLoggedFiles(files: readonly LoggedFile[], options: ReadOptions): Promise<FileResult[]> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const results = new Map<string, FileResult>();
  let bytesDone = 0;
  const finish = (file: LoggedFile, result: FileResult): void => {
    results.set(file.name, result);
    bytesDone += file.bytes;
    options.progress?.(bytesDone, total);
  };
  const threads = total < smallBytes ? 0 : Math.min(availableParallelism(), files.length);
  if (threads < 2) await readHere(files, options, finish);
  else await readInThreads(files, threads, options, finish);
  return files.flatMap(({ name }) => results.get(name) ?? []);
}

async function readHere(
  files: readonly LoggedFile[],
  { folder, watched, signal }: ReadOptions,
  finish: (file: LoggedFile, result: FileResult) => void,
): Promise<void> {
  const rows = new RowFiles(folder, 0);
  const watches = eventMatcher(watched);
  for (const file of files) {
    finish(file, await readLoggedFile(file, rows, { watches, ...(signal ? { signal } : {}) }));
  }
  rows.flush();
}

async function readInThreads(
  files: readonly LoggedFile[],
  threads: number,
  { folder, watched, signal }: ReadOptions,
  finish: (file: LoggedFile, result: FileResult) => void,
): Promise<void> {
  // The largest first, so that no thread ends long after the others.
  const waiting = [...files].sort((a, b) => b.bytes - a.bytes);
  const source = new URL(`./log-worker${extname(import.meta.url)}`, import.meta.url);
  const workers = Array.from({ length: threads }, (_, part) => new Worker(source, { workerData: { folder, part, watched } }));
  const stop = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let file = waiting.shift(); file; file = waiting.shift()) {
          const answer = once(worker, 'message');
          worker.postMessage(file);
          const [result] = (await Promise.race([answer, ended(worker)])) as [FileResult];
          finish(file, result);
        }
        worker.postMessage(null);
        await once(worker, 'exit');
      }),
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
  signal?.throwIfAborted();
}

async function ended(worker: Worker): Promise<never> {
  await once(worker, 'exit');
  throw new Error('A thread that reads log files ended.');
}
