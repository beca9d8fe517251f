import type { LoginRecordKind } from '../../domain/login-record.ts';

/** What the message of one record says about a login; names are those that the message itself carries. */
export interface LoginMessage {
  readonly kind: LoginRecordKind;
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
  /** True: the message repeats names of its prefix, and they are the same. */
  readonly isWitness: boolean;
}

/** A message that says nothing yet: what the others begin with. */
export const emptyMessage: LoginMessage = {
  kind: 'received',
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
  isWitness: false,
};

/** A DETAIL that says so. */
export const missingRole = /^Role "(.{1,300}?)" does not exist\.?(?:\r?\n|$)/s;
/** What it adds to the reason of a failure. */
export const roleMissing = 'role does not exist';

/** What the prefix, or the columns, say of the session that wrote the record. */
export interface Session {
  /** `user@database` as the prefix prints them; it may hold more than one `@`. Null where nothing is known: then the message cannot be held against it. */
  readonly names: string | null;
  readonly host: string | null;
  readonly port: number | null;
}

/** `disagrees`: the message speaks of a login of somebody else than the session that wrote it; no server writes that. */
export type ReadMessage = LoginMessage | 'disagrees' | null;

/**
 * Reads the message of a record (latin1). Null: it says nothing about a login. The names in the message must be those of the session:
 * a logged-in user can write any text, and a forged prefix carries other names than the message behind it.
 */
export function readLoginMessage(level: string, text: string, session: Session): ReadMessage {
  const message = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (level === 'FATAL') return readFatal(message, session);
  if (level === 'LOG') return readLog(message, session);
  if (level === 'ERROR') return readError(message);
  if (level === 'STATEMENT') return readProtected(message);
  if (level === 'DETAIL') return readDetail(message, session);
  return null;
}

/** What a failed password says besides: the role is not there. Where its failure stands in another object, it says that, too. */
function readDetail(message: string, { names }: Session): ReadMessage {
  const user = missingRole.exec(message)?.[1];
  if (user === undefined || names === null || !isUser(names, user)) return null;
  return { ...emptyMessage, kind: 'explained', user, reason: `password authentication failed: ${roleMissing}`, isWitness: true };
}

/** What a message says of which the end is cut, where the rest might say something else, or less; and whether something lacks. */
export function readCut(read: ReadMessage, message: string): { readonly read: ReadMessage; readonly isLacking: boolean } {
  if (read === null) return { read, isLacking: false };
  const isPart =
    read === 'disagrees' ||
    (read.kind === 'authenticated' && !message.endsWith(')')) ||
    (read.kind === 'rejected' && /^(?:database|role) ".*"$/s.test(message));
  if (isPart) return { read: null, isLacking: true };
  // A report of TLS, or the rest of a name, may have stood there.
  if (read.kind === 'authorized' && read.tls === 'no') return { read: { ...read, tls: null, application: null }, isLacking: true };
  return { read, isLacking: read.kind === 'refused' && read.tls === null };
}

function readLog(message: string, session: Session): ReadMessage {
  if (message.startsWith('connection received: host=')) return readReceived(message, session);
  if (message.startsWith('connection authenticated: ')) return readAuthenticated(message, session);
  if (message.startsWith('connection authorized: user=')) return readAuthorized(message, 'connection authorized: user=', false, session);
  if (message.startsWith('replication connection authorized: user=')) {
    return readAuthorized(message, 'replication connection authorized: user=', true, session);
  }
  if (message.startsWith('disconnection: session time: ')) return readDisconnection(message, session);
  return /^(?:statement: |execute |AUDIT: |duration: )/.test(message) ? readStatement(message) : null;
}

/** The names are not known yet: the prefix says `[unknown]@[unknown]`, the columns are empty. */
function readReceived(message: string, { names, host, port }: Session): ReadMessage {
  const match = /^connection received: host=(\S{1,255}?)(?: port=(\d{1,5}))?$/.exec(message);
  if (!match?.[1]) return null;
  const said = match[2] === undefined ? null : Number(match[2]);
  if ((names !== null && names !== '[unknown]@[unknown]') || (host !== null && (host !== match[1] || port !== said))) return 'disagrees';
  return { ...emptyMessage, host: match[1], port: said, isWitness: true };
}

/** With these methods the server writes the user's own name as identity; with others (certificate, Kerberos) it is another name. */
const ownIdentity = new Set(['scram-sha-256', 'md5', 'password', 'pam']);

function readAuthenticated(message: string, { names }: Session): ReadMessage {
  const match = /^connection authenticated: (identity|user)="/.exec(message);
  // The last `" method=` counts: an identity may hold quotes, the method may not.
  const end = message.lastIndexOf('" method=');
  const how = /^([\w-]{1,40})(?: \([^\n()]{1,1024}:\d{1,9}\))?$/.exec(message.slice(end + 9));
  if (!match || !how?.[1] || end < match[0].length) return null;
  const method = how[1];
  const identity = message.slice(match[0].length, end);
  const isOwn = match[1] === 'user' || ownIdentity.has(method);
  if (isOwn && !isUser(names, identity)) return 'disagrees';
  return { ...emptyMessage, kind: 'authenticated', identity, method, user: isOwn ? identity : null, isWitness: isOwn && names !== null };
}

function readAuthorized(message: string, start: string, isReplication: boolean, { names }: Session): ReadMessage {
  if (names === null) return readUnheldAuthorized(message, start, isReplication);
  for (const [user, database] of splitsOf(names)) {
    const head = isReplication ? `${start}${user}` : `${start}${user} database=${database}`;
    if (!message.startsWith(head)) continue;
    const text = message.slice(head.length);
    const rest = readSuffixes(text);
    if (rest) {
      return { ...emptyMessage, kind: 'authorized', user, database: isReplication ? null : database, ...rest, isWitness: true };
    }
    // The names agree; what follows is of a version that nobody knows yet.
    if (text.startsWith(' ')) return null;
  }
  return 'disagrees';
}

/** Without names in the prefix (shortened samples) the text is taken apart as far as it goes. */
function readUnheldAuthorized(message: string, start: string, isReplication: boolean): ReadMessage {
  const text = message.slice(start.length);
  const match = isReplication ? /^(\S+)()/.exec(text) : /^(\S+) database=(\S+)/.exec(text);
  if (!match?.[1]) return null;
  const rest = readSuffixes(text.slice(match[0].length));
  return rest && { ...emptyMessage, kind: 'authorized', user: match[1], database: match[2] || null, ...rest };
}

/** What follows the names: an application name, TLS, GSS; null where it is anything else. */
function readSuffixes(text: string): Pick<LoginMessage, 'tls' | 'protocol' | 'cipher' | 'application'> | null {
  let rest = text;
  let tls: 'yes' | 'no' = 'no';
  let protocol: string | null = null;
  let cipher: string | null = null;
  const gss = rest.lastIndexOf(' GSS (authenticated=');
  if (gss >= 0 && rest.endsWith(')')) {
    if (/ encrypted=(?:yes|on|t)\b/.test(rest.slice(gss))) tls = 'yes';
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

function readDisconnection(message: string, { names, host, port }: Session): ReadMessage {
  const match = /^disconnection: session time: \d{1,9}:\d\d:\d\d\.\d{3} user=/.exec(message);
  if (!match) return null;
  if (names === null) return { ...emptyMessage, kind: 'disconnected' };
  const rest = message.slice(match[0].length);
  const from = host === null ? null : ` host=${host}${port === null ? '' : ` port=${port}`}`;
  const own = splitsOf(names).find(([user, database]) => {
    // A walsender has no database: the prefix says [unknown] and the message nothing.
    const heads = [`${user} database=${database}`, ...(database === '[unknown]' ? [`${user} database=`] : [])];
    return heads.some((head) => (from === null ? rest.startsWith(`${head} host=`) : rest === `${head}${from}`));
  });
  if (!own) return 'disagrees';
  return { ...emptyMessage, kind: 'disconnected', user: own[0], database: own[1], isWitness: true };
}

/** Every way in which PostgreSQL names the method; `host rejected` comes without one. */
const failure =
  /^(?:(password|PAM|LDAP|RADIUS|BSD|GSSAPI|SSPI|Ident|Peer|certificate|OAuth bearer|"trust") )?authentication failed for user "/;
const failureEnd = /"(?:: (?:host rejected|invalid authentication method))?$/;

function readFatal(message: string, session: Session): ReadMessage {
  const failed = failure.exec(message);
  const end = failed && failureEnd.exec(message.slice(-40));
  if (failed && end) {
    const user = message.slice(failed[0].length, message.length - end[0].length);
    if (!isUser(session.names, user)) return 'disagrees';
    const named = failed[1]?.replaceAll('"', '') ?? null;
    const reason = `${failed[1] === undefined ? '' : `${failed[1]} `}authentication failed${end[0].slice(1)}`;
    return { ...emptyMessage, kind: 'failed', user, method: named?.toLowerCase() ?? null, reason, isWitness: session.names !== null };
  }
  // A name behind which something else stands: the record ends elsewhere.
  if (failed) return 'disagrees';
  if (message.startsWith('no pg_hba.conf entry for ') || message.startsWith('pg_hba.conf rejects ')) return readRefused(message, session);
  return readRejected(message, session);
}

const encryptions = /(?:, (SSL off|SSL on|no encryption|SSL encryption|GSS encryption))?$/;

/** `… for [replication connection from ]host "H", user "U"[, database "D"], how`; how is `no encryption`, `SSL off` and the like. */
function readRefused(message: string, { names }: Session): ReadMessage {
  const match = /host "([^"]{1,255})", user "/.exec(message.slice(0, 340));
  const how = encryptions.exec(message.slice(-40))?.[1] ?? null;
  if (!match) return null;
  const named = message.slice(match.index + match[0].length, message.length - (how === null ? 0 : how.length + 2));
  if (!named.endsWith('"')) return 'disagrees';
  const said = named.slice(0, -1);
  const reason = `${message.startsWith('no ') ? 'no pg_hba.conf entry' : 'rejected by pg_hba.conf'}${how === null ? '' : `, ${how}`}`;
  const tls = how === 'SSL off' || how === 'no encryption' ? 'no' : how === null ? null : 'yes';
  const refused = { ...emptyMessage, kind: 'refused', reason, tls, isWitness: names !== null } as const;
  if (names === null) {
    const split = said.indexOf('", database "');
    return split < 0 ? { ...refused, user: said } : { ...refused, user: said.slice(0, split), database: said.slice(split + 13) };
  }
  for (const [user, database] of splitsOf(names)) {
    if (said === `${user}", database "${database}`) return { ...refused, user, database };
    if (said === user) return { ...refused, user };
  }
  return 'disagrees';
}

const turnedAway: readonly (readonly [RegExp, string])[] = [
  [/^sorry, too many clients already$/, 'too many connections'],
  [/^remaining connection slots are reserved for [ -~]{1,100}$/, 'too many connections'],
  [/^number of requested standby connections exceeds "?max_wal_senders"?[ -~]{0,40}$/, 'too many connections'],
  [/^the database system is [ -~]{1,40}$/, 'server not ready'],
  [/^(?:must be superuser or replication role to start walsender|permission denied to start WAL sender)$/, 'not permitted to replicate'],
];
const turnedAwayByName =
  /^(database|role|too many connections for (?:database|role)|permission denied for database) "(.*)"( does not exist| is not permitted to log in| is not currently accepting connections|)$/s;

function readRejected(message: string, { names }: Session): ReadMessage {
  for (const [pattern, reason] of turnedAway) if (pattern.test(message)) return { ...emptyMessage, kind: 'rejected', reason };
  const match = message.length > 400 ? null : turnedAwayByName.exec(message);
  if (!match) return null;
  const [, what, name, why] = match;
  const rejected = { ...emptyMessage, kind: 'rejected', reason: `${what}${why}` } as const;
  if (names === null) return rejected;
  const own = splitsOf(names).find(([user, database]) => name === user || name === database);
  // Others than the own name: a session may speak of any role or database.
  // No witness: with the database alone, whatever stands before the last @ would agree.
  return own ? { ...rejected, user: own[0], database: own[1] } : null;
}

function readError(message: string): ReadMessage {
  const start = message.slice(0, 250);
  if (/^[mp][^\n]{0,200}\brds_password\b/.test(start)) return protectedRole('must be a member of rds_password');
  if (/^(?:permission|must|"|[rco])[^\n]{0,200}\brdsadmin\b/.test(start)) return protectedRole('an attempt on rdsadmin');
  return null;
}

const settingPassword = /^\w+\s+\w+\s+("(?:[^"]|""){1,126}"|[^\s;"]{1,63})\s[^;]{0,4000}?\bpassword\b/i;

/** A password that a statement sets, or a change of rdsadmin, in the log of statements or in pgaudit's; the statement itself is never kept. */
function readStatement(message: string): ReadMessage {
  for (const { index } of message.matchAll(/\b(?:alter|create)\s{1,20}(?:role|user)\s{1,20}(?!mapping\s)/gi)) {
    const match = settingPassword.exec(message.slice(index, index + 4400));
    if (!match?.[1]) continue;
    const name = match[1].startsWith('"') ? match[1].slice(1, -1).replaceAll('""', '"') : match[1].toLowerCase();
    return { ...emptyMessage, kind: 'password-set', identity: name };
  }
  return readProtected(message);
}

const mostMentions = 100;
/** What stands before the name in a statement that would change rdsadmin, become it, or make somebody a member. */
const towards =
  /\b(?:alter\s{1,20}(?:role|user|group)\s{1,20}(?:if\s{1,20}exists\s{1,20})?|(?:drop\s{1,20}(?:role|user|group)|(?:drop|reassign)\s{1,20}owned\s{1,20}by|grant|revoke)\s(?:(?!\son\s)[\s\w",]){0,150}|set\s{1,20}(?:(?:session|local)\s{1,20})?role\s{1,20}|session\s{1,20}authorization\s{1,20})["']{0,2}$/i;

/** A statement against `rdsadmin`: one that failed, or of the log of statements or pgaudit. */
function readProtected(message: string): ReadMessage {
  let mentions = 0;
  for (const { index } of message.matchAll(/\brdsadmin\b/gi)) {
    if (++mentions > mostMentions) return null;
    const before = message.slice(Math.max(0, index - 200), index);
    if (towards.test(before.slice(before.lastIndexOf(';') + 1))) return protectedRole('an attempt on rdsadmin');
  }
  return null;
}

function protectedRole(reason: string): LoginMessage {
  return { ...emptyMessage, kind: 'protected-role', reason };
}

/** PostgreSQL cuts user and database to this many bytes. */
const longestName = 63;

function isUser(names: string | null, user: string): boolean {
  return names === null || splitsOf(names).some(([own]) => own === user);
}

/** Every way to take `user@database` apart; mostly one. */
function splitsOf(names: string): [user: string, database: string][] {
  const splits: [string, string][] = [];
  for (let at = names.indexOf('@'); at >= 0 && at <= longestName; at = names.indexOf('@', at + 1)) {
    if (names.length - at - 1 <= longestName) splits.push([names.slice(0, at), names.slice(at + 1)]);
  }
  return splits;
}
