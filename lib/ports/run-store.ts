/** How far a scheduled query is. Times are milliseconds since 1970. */
export interface QueryRun {
  /** The query's id. */
  readonly query: string;
  /** What was logged before this is looked at and reconciled; null: nothing yet. */
  readonly reached: number | null;
  /** The execution whose end is waited for; null: there is none. */
  readonly running: RunningQuery | null;
  /** The last execution that ended well, whose rows may be read again; absent: there was none. */
  readonly last?: Pick<RunningQuery, 'execution' | 'from' | 'to' | 'due'>;
  /** How many runs in a row failed, the end of the last one's window, and why; null: the last one did not. */
  readonly failed: { readonly runs: number; readonly to: number; readonly reason: string } | null;
  /** Counts the writes: a write names the revision that it replaces. */
  readonly revision: number;
}

/** An execution, and the window that it reads; `to` is not in it. */
export interface RunningQuery {
  readonly execution: string;
  readonly from: number;
  readonly to: number;
  /** Since when what it finds is news. */
  readonly since: number;
  /** When the schedule wanted it. */
  readonly due: number;
}

/** The runs of scheduled queries. */
export interface RunStore {
  /** Reads what was written before, always. */
  list(): Promise<readonly QueryRun[]>;
  /** `next.revision` must be one more than what it replaces, 1 for a new one: it resolves with false, and changes nothing, where somebody was faster. */
  save(next: QueryRun): Promise<boolean>;
}
