// A thread that reads logged files, one after the other, and answers each with what it gave.
import { parentPort, workerData } from 'node:worker_threads';
import { type EventFilter, eventMatcher } from '../../domain/event.ts';
import type { LoggedFile } from './logged-files.ts';
import { readLoggedFile } from './read-logged-file.ts';
import { RowFiles } from './rows.ts';

const { folder, part, watched } = workerData as { folder: string; part: number; watched: EventFilter };
const rows = new RowFiles(folder, part);
const watches = eventMatcher(watched);

parentPort?.on('message', async (file: LoggedFile | null) => {
  if (file === null) {
    rows.flush();
    parentPort?.close();
    return;
  }
  const result = await readLoggedFile(file, rows, { watches });
  rows.flush();
  parentPort?.postMessage(result);
});
