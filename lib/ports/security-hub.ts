/** A finding as Security Hub takes it. */
export interface HubFinding {
  readonly fingerprint: string;
  /** In the AWS Security Finding Format; its `Id` is the same for the same fingerprint. */
  readonly body: { readonly Id: string };
}

/**
 * Imports findings, new ones and those that have changed. Resolves with what Security Hub did not take: fingerprint → why, in its own words. What was
 * throttled has been tried again by then. Rejects only when `signal` aborts.
 */
export type ImportFindings = (findings: readonly HubFinding[], signal?: AbortSignal) => Promise<ReadonlyMap<string, string>>;

/** What Security Hub was told last of one finding. */
export interface Imported {
  readonly fingerprint: string;
  /** Stands for what was said: the same text says the same. */
  readonly content: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly archived: boolean;
}

/** Remembers what Security Hub was told. */
export interface ImportLog {
  /** Findings that are active there; may miss what was written in the last seconds. */
  listActive(): Promise<readonly Imported[]>;
  /** Replaces `before` (null: nothing that is active); false, and nothing is changed, where another sweep wrote meanwhile. */
  save(next: Imported, before: Imported | null): Promise<boolean>;
  /** Forgets what was said of an active finding, so that it is said again. */
  forget(one: Imported): Promise<void>;
}
