import type { CloudTrailEvent } from '../domain/event.ts';
import type { Coverage } from '../domain/report.ts';
import type { RunQuery } from './query.ts';

/** What was logged, ready to be asked. */
export interface Activity {
  readonly run: RunQuery;
  readonly coverage: readonly Coverage[];
  /** CloudTrail events that a change check may judge, each once, in the order of their time. */
  readonly events: readonly CloudTrailEvent[];
  /** Time of the newest CloudTrail event and of the newest log record that is confirmed genuine; milliseconds since 1970, or null. */
  readonly newestEvent: number | null;
  readonly newestLogRecord: number | null;
  /** The account of the CloudTrail events; null: there are none, or of several. */
  readonly account: string | null;
  /** What the rows of the facts' queries are over; null: over what is asked for. Milliseconds since 1970; `to` is not in it. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** By query: the window that its rows are of, where that is not what is asked for. */
  readonly windows?: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  /** Whether anything of the databases' logs, and of CloudTrail, was collected. */
  readonly holds: { readonly logs: boolean; readonly trail: boolean };
  /** Clusters of whose log some file could not be read to its end. */
  readonly torn: ReadonlySet<string>;
  /** Why some of what was logged is not there, whose ever it is: a clause; null: nothing says so. */
  readonly lost: string | null;
  close(): Promise<void>;
}
