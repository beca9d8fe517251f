// A thread that reads logged files: for the files that it gets it says how far it is, and at last what each of them gave.
import { parentPort, workerData } from 'node:worker_threads';
import { type EventFilter, eventMatcher } from '../../domain/event.ts';
import type { LoggedFile } from './logged-files.ts';
import { type FileResult, readLoggedFile } from './read-logged-file.ts';
import { RowFiles, splits } from './rows.ts';

/** What the thread says. */
export type WorkerMessage = { readonly read: number } | { readonly results: readonly FileResult[] } | { readonly failure: unknown };

/** So much is read before the thread says so. */
const worthSaying = 1 << 18;

const { folder, part, watched } = workerData as { folder: string; part: number; watched: EventFilter };
const rows = new RowFiles(folder, part, splits);
const watches = eventMatcher(watched);

parentPort?.on('message', async (files: readonly LoggedFile[]) => {
  const say = (message: WorkerMessage): void => parentPort?.postMessage(message);
  let unsaid = 0;
  const progress = (bytes: number): void => {
    unsaid += bytes;
    if (unsaid < worthSaying) return;
    say({ read: unsaid });
    unsaid = 0;
  };
  try {
    const results: FileResult[] = [];
    for (const file of files) results.push(await readLoggedFile(file, rows, { watches, progress }));
    rows.flush();
    say({ read: unsaid });
    say({ results });
  } catch (failure) {
    say({ failure });
  }
});
