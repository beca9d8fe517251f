import type { LogObject } from '../domain/log-object.ts';
import type { Coverage } from '../domain/report.ts';
import type { LogObjects, ParsedLogObject, RowsFile } from '../ports/log-objects.ts';

/** Nothing in the object is what the stream delivers: it would be read in vain for ever. */
export class UnreadableLogError extends Error {
  override readonly name = 'UnreadableLogError';
}

/** What reading an object gave: files of rows, which are gone after `discard`. */
export interface ReadLogObject {
  readonly coverage: Coverage;
  readonly torn: readonly string[];
  /** There is something in it, and none of it is what the stream delivers. */
  readonly foreign: boolean;
  readonly rows: readonly RowsFile[];
  discard(): Promise<void>;
}

/** What parsing works with. */
export interface LogParsing {
  readonly objects: LogObjects;
  /** Fetches and parses an object. Rejects where it cannot be fetched or its rows cannot be kept, never for what is in it. */
  readonly read: (object: LogObject, signal?: AbortSignal) => Promise<ReadLogObject>;
}

/**
 * Makes rows of one object of the stream. Their keys follow from the object's, so that a repeat writes over what is there; rows that an earlier version made
 * and this one does not are taken away. What is known of the object comes last: a run that dies before leaves nothing that the next one does not mend.
 * Rejects where the object must come again: it could not be fetched or kept, or nothing can be made of it (an {@link UnreadableLogError}).
 */
export async function parseLogObject(parsing: LogParsing, object: LogObject, signal?: AbortSignal): Promise<ParsedLogObject> {
  const { objects } = parsing;
  const before = await objects.known(object, signal);
  const isNew = before === null || before.coverage.detail === notEnded;
  // All that is known of an object with which a process ends: else a log would seem complete without it.
  if (before === null) await objects.keep(object, unparsed(object, notEnded), signal);
  try {
    return await readAndKeep(parsing, object, before?.keys ?? [], signal);
  } catch (error) {
    if (isNew && !(error instanceof UnreadableLogError)) {
      // If it never succeeds, this is what is known of the object. Without the signal, which may be what ended the work a second before the function is
      // ended; and what made the work fail may make this fail.
      const why = `the object was not parsed (${error instanceof Error ? error.message : error})`;
      await objects.keep(object, unparsed(object, why)).catch(() => undefined);
    }
    throw error;
  }
}

/** Names objects that the stream wrote because it could not read what was sent to it. Rejects where there are any, so that they end among the dead letters. */
export async function nameFailedObjects(
  objects: Pick<LogObjects, 'keep'>,
  failed: readonly LogObject[],
  signal?: AbortSignal,
): Promise<void> {
  const why = 'the stream could not read what was sent to it';
  for (const object of failed) await objects.keep(object, unparsed(object, why), signal);
  if (failed.length > 0) throw new UnreadableLogError(`Nothing can be made of ${failed.map(({ key }) => key).join(', ')}: ${why}.`);
}

async function readAndKeep(
  { objects, read }: LogParsing,
  object: LogObject,
  before: readonly string[],
  signal?: AbortSignal,
): Promise<ParsedLogObject> {
  const { coverage, torn, foreign, rows, discard } = await read(object, signal);
  try {
    for (const file of rows) await objects.keepRows(file, signal);
    const keys = rows.map(({ key }) => key);
    for (const key of before) if (!keys.includes(key)) await objects.removeRows(key, signal);
    const parsed = { coverage, torn, keys };
    await objects.keep(object, parsed, signal);
    if (foreign) throw new UnreadableLogError(`Nothing can be made of ${object.key}: ${coverage.detail}.`);
    return parsed;
  } finally {
    await discard();
  }
}

const notEnded = 'its parsing has not ended';

function unparsed({ key }: LogObject, detail: string): ParsedLogObject {
  // As the coverage of a folder names the same file.
  const coverage: Coverage = { source: `cloudwatch:${key}`, status: 'missing', detail, from: null, to: null, records: 0, rejected: 1 };
  return { coverage, torn: [], keys: [] };
}
