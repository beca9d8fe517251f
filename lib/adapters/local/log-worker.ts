// A thread that reads logged files, one after the other: for each file that it gets it says how far it is, and at last what the file gave.
import { parentPort, workerData } from 'node:worker_threads';
import { type EventFilter, eventMatcher } from '../../domain/event.ts';
import type { LoggedFile } from './logged-files.ts';
import { type FileResult, readLoggedFile } from './read-logged-file.ts';
import { RowFiles, splits } from './rows.ts';

/** What the thread says. */
export type WorkerMessage = { readonly read: number } | { readonly result: FileResult } | { readonly failure: unknown };

const { folder, part, watched } = workerData as { folder: string; part: number; watched: EventFilter };
const rows = new RowFiles(folder, part, splits);
const watches = eventMatcher(watched);

parentPort?.on('message', async (file: LoggedFile) => {
  const say = (message: WorkerMessage): void => parentPort?.postMessage(message);
  try {
    const result = await readLoggedFile(file, rows, { watches, progress: (read) => say({ read }) });
    rows.flush();
    say({ result });
  } catch (failure) {
    say({ failure });
  }
});
