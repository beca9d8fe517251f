/** One record as a server knows it; text is bytes (latin1), as the startup packet carries names. */
export interface Entry {
  readonly process: number;
  /** Null: a process without a client. */
  readonly host: string | null;
  readonly port: number | null;
  /** Null: not known yet. */
  readonly user: string | null;
  readonly database: string | null;
  readonly level: string;
  readonly message: string;
  readonly detail?: string;
  readonly statement?: string;
  readonly application?: string;
}

/** The forms in which a server writes its log: text with the two prefixes that RDS allows, csvlog with its numbers of columns, jsonlog. */
export const forms = ['short', 'long', 'long:', 'csv 23', 'csv 24', 'csv 26', 'json'] as const;
export type Form = (typeof forms)[number];

/** The record as the log holds it, line feed included; only the short prefix leaves out the 123 milliseconds. */
export function write(entry: Entry, form: Form, time = '2026-05-03 10:00:00'): string {
  if (form === 'json') return writeJson(entry, time);
  if (form.startsWith('csv')) return writeCsv(entry, Number(form.slice(4)), time);
  return writeText(entry, form, time);
}

function writeText(
  { process, host, port, user, database, level, message, detail, statement, application }: Entry,
  form: Form,
  time: string,
): string {
  const from = host === null ? '' : port === null ? host : `${host}(${port})`;
  // Nothing protects line breaks in names.
  const names = host === null ? '@' : `${user || '[unknown]'}@${database || '[unknown]'}`;
  const start = form === 'short' ? `${time} UTC:${from}:${names}:[${process}]:` : `${time}.123 UTC:${from}:${names}:[${process}]:`;
  const own = host === null ? '' : `${application || '[unknown]'}`;
  const fields =
    form === 'short' ? '' : `7:00000:2026-05-03 09:59:00 UTC:3/45:0:6b021ae8.631c:${own}${form === 'long:' && host !== null ? ':' : ''}`;
  const line = (what: string, text: string): string => `${start}${fields}${what}:  ${text.replaceAll('\n', '\n\t')}\n`;
  const more = [
    ...(detail === undefined ? [] : [line('DETAIL', detail)]),
    ...(statement === undefined ? [] : [line('STATEMENT', statement)]),
  ];
  return line(level, message) + more.join('');
}

function writeCsv(
  { process, host, port, user, database, level, message, detail, statement, application }: Entry,
  columns: number,
  time: string,
): string {
  const quoted = (text: string | null | undefined): string => (text ? `"${text.replaceAll('"', '""')}"` : '');
  const from = host === null ? '' : `"${port === null ? host : `${host}:${port}`}"`;
  const fields = [
    `${time}.123 UTC`,
    quoted(user),
    quoted(database),
    process,
    from,
    '6b021ae8.631c',
    7,
    '"authentication"',
    '2026-05-03 09:59:00 UTC',
    '3/45',
    0,
    level,
    '00000',
    quoted(message),
    quoted(detail),
    '',
    '',
    '',
    '',
    quoted(statement),
    '',
    '',
    quoted(application) || '""',
    '"client backend"',
    '',
    0,
  ];
  return `${fields.slice(0, columns).join(',')}\n`;
}

function writeJson({ process, host, port, user, database, level, message, detail, statement, application }: Entry, time: string): string {
  const record = {
    timestamp: `${time}.123 UTC`,
    ...(user === null ? {} : { user }),
    ...(database === null ? {} : { dbname: database }),
    pid: process,
    ...(host === null ? {} : { remote_host: host }),
    ...(port === null ? {} : { remote_port: port }),
    session_id: '6b021ae8.631c',
    line_num: 7,
    error_severity: level,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(statement === undefined ? {} : { statement }),
    ...(application === undefined ? {} : { application_name: application }),
    backend_type: 'client backend',
  };
  return `${JSON.stringify(record)}\n`;
}

/** A login attempt. */
export interface Attempt {
  readonly process: number;
  readonly host: string;
  readonly port: number | null;
  readonly user: string;
  readonly database: string;
  readonly outcome: 'session' | 'replication' | 'password' | 'pam' | 'refused' | 'missing-database' | 'timeout' | 'crowded';
}

/** A record of an attempt. `kind` is null where it says nothing of a login by itself. */
export interface Written {
  readonly kind: 'received' | 'authenticated' | 'authorized' | 'disconnected' | 'failed' | 'refused' | 'rejected' | null;
  readonly attempt: Attempt;
  readonly entry: Entry;
}

const hba = 'Connection matched file "/rdsdbdata/config/pg_hba.conf" line 2: "host all all all md5"';

/** The records of one attempt in their order, after the pattern of PostgreSQL 16. Without `log_connections` failures alone are logged. */
export function recordsOf(attempt: Attempt, logsConnections = true): Written[] {
  const { process, host, port, user, outcome } = attempt;
  const database = outcome === 'replication' ? '' : attempt.database;
  const to = `host=${host}${port === null ? '' : ` port=${port}`}`;
  const record = (kind: Written['kind'], level: string, message: string, detail?: string): Written => ({
    kind,
    attempt,
    entry: { process, host, port, user, database, level, message, ...(detail === undefined ? {} : { detail }) },
  });
  const first = record('received', 'LOG', `connection received: ${to}`);
  const received: Written = { ...first, entry: { ...first.entry, user: null, database: null } };
  const authenticated = record(
    'authenticated',
    'LOG',
    `connection authenticated: identity="${user}" method=scram-sha-256 (/config/pg_hba.conf:2)`,
  );
  const authorized = record('authorized', 'LOG', `connection authorized: user=${user} database=${database}`);
  const ended = record('disconnected', 'LOG', `disconnection: session time: 0:00:00.020 user=${user} database=${database} ${to}`);
  const last: Record<Attempt['outcome'], Written[]> = {
    session: [authenticated, authorized, ended],
    replication: [record('authorized', 'LOG', `replication connection authorized: user=${user} application_name=walreceiver`), ended],
    password: [record('failed', 'FATAL', `password authentication failed for user "${user}"`, `Role "${user}" does not exist.\n${hba}`)],
    pam: [
      record(null, 'LOG', 'pam_authenticate failed: Permission denied'),
      record('failed', 'FATAL', `PAM authentication failed for user "${user}"`, hba),
    ],
    refused: [record('refused', 'FATAL', `no pg_hba.conf entry for host "${host}", user "${user}", database "${database}", no encryption`)],
    'missing-database': [authenticated, authorized, record('rejected', 'FATAL', `database "${database}" does not exist`)],
    timeout: [record(null, 'FATAL', 'canceling authentication due to timeout')],
    crowded: [record('rejected', 'FATAL', 'sorry, too many clients already')],
  };
  const all = [received, ...last[outcome]];
  return logsConnections ? all : all.filter(({ entry }) => entry.level === 'FATAL' || entry.message.startsWith('pam_'));
}
