import type { CloudTrailEvent } from '../domain/event.ts';
import type { LogHour } from '../domain/login-record.ts';
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
  /** How many records each instance wrote in each hour; an hour may come in several rows. */
  readonly hours: readonly LogHour[];
  /** Clusters of whose log some file could not be read to its end. */
  readonly torn: ReadonlySet<string>;
  close(): Promise<void>;
}
