/** What one log record says about a login; the parser writes these, SQL groups them into attempts. */
export type LoginRecordKind =
  /** `connection received` */
  | 'received'
  /** `connection authenticated` (PostgreSQL 14 and later) */
  | 'authenticated'
  /** `connection authorized`, `replication connection authorized` */
  | 'authorized'
  /** Authentication failed: `method` says `pam` or `password` or what the server named. */
  | 'failed'
  /** Why authentication failed, in words that stand apart from the failure and, in this object, without it: no failure by itself. */
  | 'explained'
  /** Turned away by pg_hba.conf. */
  | 'refused'
  /** FATAL after authorization: no such database, not permitted to log in, too many connections. */
  | 'rejected'
  /** `disconnection` */
  | 'disconnected'
  /** A password set by SQL; the password is never kept. */
  | 'password-set'
  /** An attempt on `rdsadmin`, or a refusal that names `rds_password`. */
  | 'protected-role'
  /** A line of `iam-db-auth-error`: `identity` is the caller's ARN. */
  | 'iam-error'
  /** A record that cannot be genuine: `claimed` is what it says, as JSON; host and port are the forger's, where known. */
  | 'forged';

/** One row of the table `login_record`; its columns are these names, on Athena and on DuckDB. */
export interface LoginRecord {
  /** The same bytes at the same place always give the same one. */
  readonly id: string;
  /** File or stream that it comes from. */
  readonly object: string;
  /** Order within the object: byte offset, or document and index; never the time. */
  readonly position: number;
  readonly cluster: string;
  readonly instance: string;
  readonly process: number | null;
  /** Client address; `[local]` for a Unix socket. */
  readonly host: string | null;
  readonly port: number | null;
  readonly kind: LoginRecordKind;
  /** Milliseconds since 1970, as the record says it; 0 where it says none. */
  readonly ts_ms: number;
  readonly user_name: string | null;
  readonly database_name: string | null;
  /** `identity="…"` of connection authenticated; of iam-error the caller's ARN. */
  readonly identity: string | null;
  /** scram-sha-256, md5, password, pam, cert, trust, … */
  readonly method: string | null;
  /** `yes`: reported by a suffix (no proof); `no`: surely plaintext; null: says nothing. */
  readonly tls: 'yes' | 'no' | null;
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly application: string | null;
  /** Why it failed, in the server's words, without names: `password authentication failed`, `no encryption`, `Permission denied`. */
  readonly reason: string | null;
  /** 1: cannot be genuine. */
  readonly forged: 0 | 1;
  /** JSON of what a forged record says; null otherwise. */
  readonly claimed: string | null;
  /** `YYYY/MM/DD` of `ts_ms`, UTC: the partition. */
  readonly day: string;
}

/** How many records one instance wrote in one hour: a row of `log_hour`. */
export interface LogHour {
  readonly cluster: string;
  readonly instance: string;
  /** Start of the hour, milliseconds since 1970. */
  readonly hour: number;
  readonly records: number;
  readonly rejected: number;
}

/** Where log bytes come from. */
export interface LogSource {
  readonly object: string;
  readonly cluster: string;
  readonly instance: string;
}

/** What a parser saw of one object when it ended. */
export interface LogSummary {
  /** Null: nothing in it looked like a log of PostgreSQL. */
  readonly format: 'text' | 'csv' | 'json' | 'cloudwatch' | 'iam-db-auth-error' | null;
  /** Records of any kind, and what could not be read. */
  readonly records: number;
  readonly rejected: number;
  /** Times of the first and last record that is confirmed genuine; milliseconds, or null. */
  readonly from: number | null;
  readonly to: number | null;
  readonly hours: readonly LogHour[];
  /** What went wrong, a sentence each; few. */
  readonly notes: readonly string[];
}
