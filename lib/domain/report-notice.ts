import type { Summary } from './report.ts';

/** One file of a report that was written on demand. */
export interface ReportObject {
  /** A name that `--format` takes. */
  readonly format: string;
  readonly bucket: string;
  readonly key: string;
  /** Opens without signing in, for whoever has it, until `until` at the latest: its signature ends with the session of the function that made it. */
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  /** The object's page in the AWS console, for who is signed in and may read the bucket; null where the region has no console that is known. */
  readonly console: string | null;
}

/** What people are told of a report that was written. */
export interface ReportNotice {
  readonly schemaVersion: '1';
  readonly kind: 'report';
  readonly account: string;
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** True: the schedule wanted it. */
  readonly weekly: boolean;
  readonly summary: Summary;
  /** What of the logs could not be read, a clause each; the report's coverage has all of it. */
  readonly unread: readonly string[];
  readonly objects: readonly ReportObject[];
}
