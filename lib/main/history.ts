import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AccountAccess } from '../adapters/aws/account.ts';
import { lookUpEvents } from '../adapters/aws/look-up-events.ts';
import type { Coverage } from '../domain/report.ts';
import { answerErrorCause } from '../intake/answer-error.ts';
import { recordedEvents, type Search, searchesFor } from '../monitor/event-searches.ts';
import type { LookUpEvents } from '../ports/look-up-events.ts';
import { type CheckChoice, chooseChecks } from './choice.ts';
import type { ScanProgress } from './laptop.ts';

/** Whose history, and how far back. */
export interface HistoryOptions {
  readonly choice: CheckChoice;
  readonly regions: readonly string[];
  readonly partition: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly progress?: ScanProgress;
  readonly warn: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

/** The searches that the checks chosen need; activity checks count calls of RDS and STS whatever they are called. */
export function searchesOf({ choice, regions, partition }: Pick<HistoryOptions, 'choice' | 'regions' | 'partition'>): readonly Search[] {
  const checks = chooseChecks(choice);
  const counted = checks.some(({ kind }) => kind === 'activity' || kind === 'access') ? ['rds.amazonaws.com', 'sts.amazonaws.com'] : [];
  return searchesFor(recordedEvents(checks), regions, { partition, everywhere: true }).map((search) =>
    regions.includes(search.region) ? { ...search, sources: [...new Set([...(search.sources ?? []), ...counted])].sort() } : search,
  );
}

/**
 * Writes what LookupEvents remembers into the folder, a file for each region, one event a line; regions at the same time, for each has its own rate.
 * A region that refuses is warned of and keeps nothing else back: its line of coverage is given.
 */
export async function writeHistory(folder: string, access: AccountAccess, options: HistoryOptions): Promise<readonly Coverage[]> {
  const { from, to, progress, warn, signal } = options;
  await mkdir(folder, { recursive: true });
  let done = 0;
  const look = lookUpEvents(access);
  const refused = await Promise.all(
    searchesOf(options).map(async (search): Promise<readonly Coverage[]> => {
      const file = join(folder, `LookupEvents-${search.region}.json`);
      try {
        await pipeline(
          eventLines(look, { ...search, from, to }, () => progress?.('events', ++done, null), signal),
          createWriteStream(file),
        );
        return [];
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof Error && 'syscall' in error && 'path' in error) throw error;
        await rm(file, { force: true });
        const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
        const question = { region: search.region, service: 'cloudtrail', command: 'lookup-events', key: null };
        const { kind, detail } = answerErrorCause(question, { name, message });
        warn(`The history of ${search.region} could not be looked up: ${detail}`);
        const status = kind === 'denied' ? 'denied' : 'missing';
        return [{ source: `cloudtrail:LookupEvents ${search.region}`, status, detail, from: null, to: null, records: 0, rejected: 0 }];
      }
    }),
  );
  return refused.flat();
}

async function* eventLines(
  look: LookUpEvents,
  search: Parameters<LookUpEvents>[0],
  found: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  for await (const event of look(search, signal)) {
    found();
    yield `${JSON.stringify(event)}\n`;
  }
}
