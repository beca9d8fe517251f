import type { QueryRow } from './query.ts';

/** SQL that an engine runs on its own; whoever started it asks later. Each call rejects where the engine refuses or `signal` aborts; with a BusyError where asking for the state or for rows again may help. */
export interface Executions {
  /** Starts the SQL and resolves with the id of its execution. The same token starts nothing twice: it gives the same id. */
  start(sql: string, token: string, signal?: AbortSignal): Promise<string>;
  state(id: string, signal?: AbortSignal): Promise<ExecutionState>;
  /** The first `most` rows of a query that succeeded, in no order, and whether these are all. */
  rows(id: string, most: number, signal?: AbortSignal): Promise<{ readonly rows: readonly QueryRow[]; readonly all: boolean }>;
}

/** How an execution is; `reason` says why it failed or who ended it. */
export interface ExecutionState {
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly reason: string;
}
