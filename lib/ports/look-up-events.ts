/** What to look for in CloudTrail's own memory of 90 days. Times are milliseconds since 1970. */
export interface EventSearch {
  readonly region: string;
  /** Every event of these sources: `rds.amazonaws.com`. */
  readonly sources?: readonly string[];
  /** Every event of these names: `ModifyDBCluster`. */
  readonly names?: readonly string[];
  /** Every event of these users: `root`. */
  readonly users?: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Gives each management event as CloudTrail's JSON, newest first within a source. Rejects when AWS refuses or `signal` aborts. */
export type LookUpEvents = (search: EventSearch, signal?: AbortSignal) => AsyncIterable<unknown>;
