import type { LogObject } from '../domain/log-object.ts';
import type { Coverage } from '../domain/report.ts';

/** What is known of an object that was parsed: a row of the table `log_object`. */
export interface ParsedLogObject {
  readonly coverage: Coverage;
  /** Clusters of whose log there is more in it than could be read. */
  readonly torn: readonly string[];
  /** Keys of the objects that hold its rows. */
  readonly keys: readonly string[];
}

/** A file of rows that is to be kept. */
export interface RowsFile {
  readonly key: string;
  readonly path: string;
}

/** The objects of the stream of logs, and what was made of them. Each call rejects where AWS refuses or `signal` aborts. */
export interface LogObjects {
  /** Keys of the stream after this one, in order, a thousand at most; none: there are no more. */
  list(after: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** What was known of the object; null: it was never parsed. */
  known(object: LogObject, signal?: AbortSignal): Promise<ParsedLogObject | null>;
  /** Keeps what is known of the object, in place of what was. */
  keep(object: LogObject, parsed: ParsedLogObject, signal?: AbortSignal): Promise<void>;
  /** Keeps a file of rows, in place of one with the same key. */
  keepRows(rows: RowsFile, signal?: AbortSignal): Promise<void>;
  /** Takes rows away; it is no fault when they are gone. */
  removeRows(key: string, signal?: AbortSignal): Promise<void>;
}

/** Sends messages to the queue of objects that are to be parsed. Rejects where one of them was not taken; others may have been. */
export type SendLogMessages = (messages: readonly object[], signal?: AbortSignal) => Promise<void>;
