import type { LogHour, LoginRecord, LoginRecordKind } from '../../lib/domain/login-record.ts';

/** A login as a test tells it; what is left out is user app's on database orders of cluster orders, member orders-1, from 192.0.2.7. */
export interface Login {
  readonly cluster?: string;
  readonly instance?: string;
  readonly user?: string | null;
  readonly database?: string | null;
  readonly host?: string | null;
  /** Each second has a port of its own unless this says another. */
  readonly port?: number | null;
  readonly process?: number | null;
  readonly object?: string;
  /** False: nobody saw `connection received`. */
  readonly confirmed?: boolean;
  readonly method?: string | null;
  readonly identity?: string | null;
  readonly reason?: string | null;
  readonly tls?: 'yes' | 'no' | null;
  readonly protocol?: string | null;
  readonly cipher?: string | null;
  readonly application?: string | null;
}

/** One record, with only its place, its time and what the login says of it. `time`: ISO 8601. */
export function record(kind: LoginRecordKind, time: string, login: Login = {}): LoginRecord {
  const ts = Date.parse(time);
  const { cluster = 'orders', instance = `${cluster}-1`, host = '192.0.2.7', port = portOf(ts), process = 835 } = login;
  const object = login.object ?? `logs/${cluster}/${instance}/postgresql.log`;
  return {
    id: `${object}:${ts}:${kind}`,
    object,
    position: ts,
    cluster,
    instance,
    process,
    host,
    port: host === '[local]' ? null : port,
    kind,
    ts_ms: ts,
    user_name: null,
    database_name: null,
    identity: login.identity ?? null,
    method: login.method ?? null,
    tls: login.tls ?? null,
    protocol: login.protocol ?? null,
    cipher: login.cipher ?? null,
    application: login.application ?? null,
    reason: login.reason ?? null,
    forged: 0,
    claimed: null,
    day: new Date(ts).toISOString().slice(0, 10).replaceAll('-', '/'),
    ...(kind === 'received' ? {} : namesOf(login)),
  };
}

function namesOf({ user = 'app', database = 'orders' }: Login): Pick<LoginRecord, 'user_name' | 'database_name'> {
  return { user_name: user, database_name: database };
}

function portOf(ts: number): number {
  return 10_000 + (Math.floor(ts / 1000) % 50_000);
}

/** A session: with TLS 1.3 and a SCRAM password, as PostgreSQL 14 and later log it. `method` null: as earlier ones do. */
export function session(time: string, login: Login = {}): LoginRecord[] {
  const { method = 'scram-sha-256', tls = 'yes' } = login;
  const encryption =
    tls === 'yes' ? { protocol: login.protocol ?? 'TLSv1.3', cipher: login.cipher ?? 'TLS_AES_256_GCM_SHA384' } : noEncryption;
  const { application: _application, ...quiet } = login;
  return [
    ...receipt(time, login),
    ...(method === null
      ? []
      : [record('authenticated', time, { ...quiet, ...noEncryption, tls: null, method, identity: login.identity ?? login.user ?? 'app' })]),
    record('authorized', time, { ...login, ...encryption, tls, method: null, identity: null }),
  ];
}

const noEncryption = { protocol: null, cipher: null };

/** A password login that fails. */
export function failure(time: string, login: Login = {}): LoginRecord[] {
  return [...receipt(time, login), record('failed', time, { method: 'password', reason: 'password authentication failed', ...login })];
}

/** An IAM login that fails. */
export function iamFailure(time: string, login: Login = {}): LoginRecord[] {
  return failure(time, { method: 'pam', reason: 'PAM authentication failed: Permission denied', ...login });
}

/** A client without TLS that is turned away. */
export function refusal(time: string, login: Login = {}): LoginRecord[] {
  return [...receipt(time, login), record('refused', time, { tls: 'no', reason: 'no pg_hba.conf entry, no encryption', ...login })];
}

function receipt(time: string, login: Login): LoginRecord[] {
  const { cluster, instance, host, port, process, object } = login;
  const place = Object.fromEntries(
    Object.entries({ cluster, instance, host, port, process, object }).filter(([, value]) => value !== undefined),
  );
  return login.confirmed === false ? [] : [record('received', time, place)];
}

/** A line of `iam-db-auth-error` that names a caller. */
export function iamError(time: string, identity: string, login: Login = {}): LoginRecord {
  const { database: _database, ...rest } = login;
  return record('iam-error', time, {
    reason: 'NotAuthorized',
    ...rest,
    database: null,
    identity,
    method: 'iam',
    process: null,
    host: null,
    port: null,
  });
}

/** A record that cannot be genuine; `claimed` is what it says. */
export function forgery(time: string, claimed: object, login: Login = {}): LoginRecord {
  return { ...record('forged', time, { user: null, database: null, ...login }), forged: 1, claimed: JSON.stringify(claimed) };
}

/** `count` times what `make` makes, `seconds` apart from `start` on. */
export function every<T>(seconds: number, start: string, count: number, make: (time: string, index: number) => readonly T[]): T[] {
  return Array.from({ length: count }, (_, index) => make(later(start, index * seconds), index)).flat();
}

/** The moment `seconds` after `time`. */
export function later(time: string, seconds: number): string {
  return new Date(Date.parse(time) + seconds * 1000).toISOString();
}

/** Hours of an instance in which it wrote a log, from `from` to the hour before `to`. */
export function hours(from: string, to: string, override: Partial<LogHour> = {}): LogHour[] {
  const rows: LogHour[] = [];
  for (let hour = Date.parse(from); hour < Date.parse(to); hour += 3_600_000) {
    rows.push({ cluster: 'orders', instance: 'orders-1', hour, records: 60, rejected: 0, ...override });
  }
  return rows;
}
