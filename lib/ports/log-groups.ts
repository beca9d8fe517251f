/** Log groups and their subscriptions. Each call rejects where AWS refuses or `signal` aborts. */
export interface LogGroups {
  /** Names of the log groups that begin so. */
  list(start: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** The subscriptions of a group; null: there is no such group (any more). */
  subscriptions(group: string, signal?: AbortSignal): Promise<readonly LogSubscription[] | null>;
  /** Makes our subscription, or points it where it belongs. Resolves with false where the group is gone or others took its last place meanwhile. */
  subscribe(group: string, signal?: AbortSignal): Promise<boolean>;
}

/** One subscription of a log group. */
export interface LogSubscription {
  readonly name: string;
  /** ARN of what gets the log. */
  readonly destination: string;
  /** Nothing but the empty pattern lets every record through. */
  readonly pattern: string;
}
