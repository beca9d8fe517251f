import type { LoginRecordKind } from '../../domain/login-record.ts';

/** What the message of one record says about a login; names are those that the message itself carries. */
export interface LoginMessage {
  readonly kind: Exclude<LoginRecordKind, 'forged' | 'iam-error'>;
  readonly user: string | null;
  readonly database: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly identity: string | null;
  readonly method: string | null;
  readonly tls: 'yes' | 'no' | null;
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly application: string | null;
  readonly reason: string | null;
}

const nothing = {
  user: null,
  database: null,
  host: null,
  port: null,
  identity: null,
  method: null,
  tls: null,
  protocol: null,
  cipher: null,
  application: null,
  reason: null,
} as const;

/** What the prefix, or the columns, say of the session that wrote the record. Null where nothing is known: then the message cannot be held against it. */
export interface Session {
  /** `user@database` as the prefix prints them; it may hold more than one `@`. */
  readonly names: string | null;
  readonly host: string | null;
}

/** `disagrees`: the message speaks of a login of somebody else than the session that wrote it; no server writes that. */
export type ReadMessage = LoginMessage | 'disagrees' | null;

/** First characters of the messages that are read; everything else is skipped by one look. */
const starts = new Set('AacdimnprstPLGSRTKOB"'.split('').map((letter) => letter.charCodeAt(0)));

/**
 * Reads the message of a record. Null: it says nothing about a login. The names in the message must be those of the session:
 * a logged-in user can write any text, and a forged prefix carries other names than the message behind it.
 */
export function readLoginMessage(level: string, message: string, session: Session): ReadMessage {
  if (!starts.has(message.charCodeAt(0))) return null;
  if (level === 'FATAL') return readFatal(message, session);
  if (level === 'LOG') return readLog(message, session);
  if (level === 'ERROR') return readError(message);
  return null;
}

function readLog(message: string, session: Session): ReadMessage {
  if (message.startsWith('connection received: host=')) return readReceived(message, session);
  if (message.startsWith('connection authenticated: ')) return readAuthenticated(message, session);
  if (message.startsWith('connection authorized: user=')) return readAuthorized(message, 'connection authorized: user=', false, session);
  if (message.startsWith('replication connection authorized: user=')) {
    return readAuthorized(message, 'replication connection authorized: user=', true, session);
  }
  if (message.startsWith('disconnection: session time: ')) return readDisconnection(message, session);
  if (message.startsWith('statement: ') || message.startsWith('execute ') || message.startsWith('AUDIT: ')) return readStatement(message);
  return null;
}

function readReceived(message: string, session: Session): ReadMessage {
  const match = /^connection received: host=(\S{1,255}?)(?: port=(\d{1,5}))?\r?$/.exec(message);
  if (!match?.[1]) return null;
  if (session.host !== null && session.host !== match[1]) return 'disagrees';
  return { ...nothing, kind: 'received', host: match[1], port: match[2] === undefined ? null : Number(match[2]) };
}

function readAuthenticated(message: string, session: Session): ReadMessage {
  const rest = message.slice('connection authenticated: '.length);
  const name = rest.startsWith('identity="') ? 'identity="' : rest.startsWith('user="') ? 'user="' : null;
  // The last `" method=` counts: an identity may hold quotes, the method may not.
  const end = rest.lastIndexOf('" method=');
  if (name === null || end < name.length) return null;
  const method = /^[\w-]{1,40}/.exec(rest.slice(end + 9))?.[0] ?? null;
  const identity = rest.slice(name.length, end);
  if (name === 'user="' && session.names !== null && !session.names.startsWith(`${identity}@`)) return 'disagrees';
  return { ...nothing, kind: 'authenticated', identity, method };
}

function readAuthorized(message: string, start: string, isReplication: boolean, session: Session): ReadMessage {
  if (session.names === null) return readUnheldAuthorized(message, start, isReplication);
  for (const [user, database] of splitsOf(session.names)) {
    const head = isReplication ? `${start}${user}` : `${start}${user} database=${database}`;
    if (!message.startsWith(head)) continue;
    const rest = readSuffixes(message.slice(head.length));
    if (rest) return { ...nothing, kind: 'authorized', user, database: isReplication ? null : database, ...rest };
  }
  return 'disagrees';
}

/** Without names in the prefix (shortened samples) the text is taken apart as far as it goes. */
function readUnheldAuthorized(message: string, start: string, isReplication: boolean): ReadMessage {
  const text = message.slice(start.length);
  const match = isReplication ? /^(\S+)()/.exec(text) : /^(\S+) database=(\S+)/.exec(text);
  if (!match?.[1]) return null;
  const rest = readSuffixes(text.slice(match[0].length));
  return rest && { ...nothing, kind: 'authorized', user: match[1], database: match[2] || null, ...rest };
}

/** What follows the names: an application name, TLS, GSS; null where it is anything else. */
function readSuffixes(text: string): Pick<LoginMessage, 'tls' | 'protocol' | 'cipher' | 'application'> | null {
  let rest = text.endsWith('\r') ? text.slice(0, -1) : text;
  let tls: 'yes' | 'no' = 'no';
  let protocol: string | null = null;
  let cipher: string | null = null;
  const gss = rest.lastIndexOf(' GSS (authenticated=');
  if (gss >= 0 && rest.endsWith(')')) {
    if (/ encrypted=(yes|on|t)\b/.test(rest.slice(gss))) tls = 'yes';
    rest = rest.slice(0, gss);
  }
  const ssl = rest.lastIndexOf(' SSL enabled (protocol=');
  if (ssl >= 0 && rest.endsWith(')')) {
    const match = /^ SSL enabled \(protocol=([^,()]{1,40}), cipher=([^,()]{1,80}), bits=\d{1,6}(?:, compression=\w{1,10})?\)$/.exec(
      rest.slice(ssl),
    );
    if (match) {
      tls = 'yes';
      protocol = match[1] ?? null;
      cipher = match[2] ?? null;
      rest = rest.slice(0, ssl);
    }
  }
  if (rest === '') return { tls, protocol, cipher, application: null };
  return rest.startsWith(' application_name=') ? { tls, protocol, cipher, application: rest.slice(' application_name='.length) } : null;
}

function readDisconnection(message: string, session: Session): ReadMessage {
  if (session.names !== null) {
    const isOwn = splitsOf(session.names).some(
      ([user, database]) =>
        message.includes(` user=${user} database=${database} host=`) || (database === '[unknown]' && message.includes(` user=${user} `)),
    );
    if (!isOwn) return 'disagrees';
  }
  return { ...nothing, kind: 'disconnected' };
}

const failures = ' authentication failed for user "';

function readFatal(text: string, session: Session): ReadMessage {
  const message = text.endsWith('\r') ? text.slice(0, -1) : text;
  const failed = message.indexOf(failures);
  if (failed > 0 && failed <= 20 && message.endsWith('"')) {
    const user = message.slice(failed + failures.length, -1);
    if (!isUser(session, user)) return 'disagrees';
    const method = message.slice(0, failed).toLowerCase();
    return { ...nothing, kind: 'failed', user, method, reason: `${message.slice(0, failed)} authentication failed` };
  }
  if (message.startsWith('no pg_hba.conf entry for ') || message.startsWith('pg_hba.conf rejects ')) return readRefused(message, session);
  return readRejected(message, session);
}

/** `… for [replication connection from ]host "H", user "U"[, database "D"], how`; how is `no encryption`, `SSL off` and the like. */
function readRefused(message: string, session: Session): ReadMessage {
  const match = /host "([^"]{1,255})", user "/.exec(message.slice(0, 340));
  const how = /(?:, (SSL off|SSL on|no encryption|SSL encryption|GSS encryption))?$/.exec(message.slice(-40))?.[1] ?? null;
  if (!match) return null;
  const after = match.index + match[0].length;
  const end = how === null ? message.length : message.length - how.length - 2;
  const named = message.slice(after, end);
  if (!named.endsWith('"')) return null;
  const names = named.slice(0, -1);
  const reason = `${message.startsWith('no ') ? 'no pg_hba.conf entry' : 'rejected by pg_hba.conf'}${how === null ? '' : `, ${how}`}`;
  const tls = how === 'SSL off' || how === 'no encryption' ? 'no' : how === null ? null : 'yes';
  const refused = { ...nothing, kind: 'refused', reason, tls, host: null } as const;
  if (session.names === null) {
    const split = names.indexOf('", database "');
    return split < 0 ? { ...refused, user: names } : { ...refused, user: names.slice(0, split), database: names.slice(split + 13) };
  }
  for (const [user, database] of splitsOf(session.names)) {
    if (names === `${user}", database "${database}`) return { ...refused, user, database };
    if (names === user) return { ...refused, user };
  }
  return 'disagrees';
}

function readRejected(message: string, session: Session): ReadMessage {
  const rejected = (reason: string): LoginMessage => ({ ...nothing, kind: 'rejected', reason });
  if (/^(sorry, too many clients already|remaining connection slots are reserved)/.test(message)) return rejected('too many connections');
  if (/^the database system is (starting up|shutting down|in recovery)/.test(message)) return rejected('server not ready');
  const quoted = /^(database|role|too many connections for (?:database|role)|permission denied for database) "/.exec(message);
  if (!quoted) return null;
  const rest = message.slice(quoted[0].length);
  const ends = ['" does not exist', '" is not permitted to log in', '" is not currently accepting connections', '"'];
  const end = ends.find((one) => rest.endsWith(one));
  if (end === undefined) return null;
  const name = rest.slice(0, -end.length);
  if (session.names !== null && !splitsOf(session.names).some(([user, database]) => name === user || name === database)) return 'disagrees';
  return rejected(`${quoted[1]}${end.slice(1)}`);
}

function readError(message: string): ReadMessage {
  if (message.startsWith('must be a member of the rds_password role') || /^(?:m|p)[^\n]{0,200}\brds_password\b/.test(message)) {
    return { ...nothing, kind: 'protected-role', reason: 'must be a member of rds_password' };
  }
  if (/^(?:permission|must|"|r|c|o)[^\n]{0,200}\brdsadmin\b/.test(message))
    return { ...nothing, kind: 'protected-role', reason: 'an attempt on rdsadmin' };
  return null;
}

/** A password that a statement sets, in the log of statements or in pgaudit's; the statement itself is never kept. */
function readStatement(message: string): ReadMessage {
  const at = message.search(/\b(?:alter|create)\s{1,20}(?:role|user)\s{1,20}/i);
  if (at < 0) return null;
  const match = /^\w+\s+\w+\s+("(?:[^"]|""){1,126}"|[^\s;"]{1,63})\s[^;]{0,4000}?\bpassword\b/i.exec(message.slice(at, at + 4400));
  if (!match?.[1]) return null;
  const name = match[1].startsWith('"') ? match[1].slice(1, -1).replaceAll('""', '"') : match[1].toLowerCase();
  return { ...nothing, kind: 'password-set', identity: name };
}

function isUser(session: Session, user: string): boolean {
  return session.names === null || session.names.startsWith(`${user}@`);
}

/** Every way to take `user@database` apart; mostly one. */
function splitsOf(names: string): [user: string, database: string][] {
  const splits: [string, string][] = [];
  for (let at = names.indexOf('@'); at >= 0; at = names.indexOf('@', at + 1)) splits.push([names.slice(0, at), names.slice(at + 1)]);
  return splits;
}
