/** An attempt as PostgreSQL logs it; what is left out is user app's on database orders from 192.0.2.7, process 835. */
export interface Attempt {
  readonly time: string;
  readonly user?: string;
  readonly database?: string;
  readonly host?: string;
  readonly port?: number;
  readonly process?: number;
}

const whole = { user: 'app', database: 'orders', host: '192.0.2.7', port: 13708, process: 835 };

/** `2026-05-03T10:00:00Z` as `%t` prints it. */
function stamp(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** A line of the text log with RDS's usual prefix. */
export function textLine(attempt: Attempt, level: string, message: string, names?: string): string {
  const { time, user, database, host, port, process } = { ...whole, ...attempt };
  return `${stamp(time)}:${host}(${port}):${names ?? `${user}@${database}`}:[${process}]:${level}:  ${message}\n`;
}

/** `connection received` in the text log. */
export function textReceipt(attempt: Attempt): string {
  const { host, port } = { ...whole, ...attempt };
  return textLine(attempt, 'LOG', `connection received: host=${host} port=${port}`, '[unknown]@[unknown]');
}

/** A password that fails, in the text log. */
export function textFailure(attempt: Attempt): string {
  const { user } = { ...whole, ...attempt };
  const detail = textLine(attempt, 'DETAIL', `Connection matched pg_hba.conf line 3: "hostssl all all 0.0.0.0/0 md5"`);
  return `${textReceipt(attempt)}${textLine(attempt, 'FATAL', `password authentication failed for user "${user}"`)}${detail}`;
}

/** A session with TLS in the text log, as far as its begin. */
export function textSession(attempt: Attempt): string {
  const { user, database } = { ...whole, ...attempt };
  const tls = ' SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)';
  return `${textReceipt(attempt)}${textLine(attempt, 'LOG', `connection authorized: user=${user} database=${database}${tls}`)}`;
}

/** A record of csvlog, 26 columns. */
export function csvLine(attempt: Attempt, level: string, message: string, isNamed = true): string {
  const { time, user, database, host, port, process } = { ...whole, ...attempt };
  const text = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  const names = isNamed ? [text(user), text(database)] : ['', ''];
  const milliseconds = `${time.slice(0, 10)} ${time.slice(11, 23).padEnd(12, '.000').slice(0, 12)} UTC`;
  const head = [milliseconds, ...names, process, text(`${host}:${port}`), '6b021ae8.343', 1, text('authentication'), stamp(time), '3/4', 0];
  return `${[...head, level, '28P01', text(message), ...Array(8).fill(''), '""', '"client backend"', '', 0].join(',')}\n`;
}

/** A password that fails, in the csvlog. */
export function csvFailure(attempt: Attempt): string {
  const { user, host, port } = { ...whole, ...attempt };
  const received = csvLine(attempt, 'LOG', `connection received: host=${host} port=${port}`, false);
  return `${received}${csvLine(attempt, 'FATAL', `password authentication failed for user "${user}"`)}`;
}

/** A document as CloudWatch Logs gives it to Firehose; each line of `text` is an event. */
export function cloudWatchDocument(
  text: string,
  { group = '/aws/rds/cluster/orders/postgresql', stream = 'orders-1', first = 1 } = {},
): string {
  const lines = text.split('\n').filter((line) => line !== '');
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: group,
    logStream: stream,
    subscriptionFilters: ['aurora-watch'],
    logEvents: lines.map((message, index) => ({
      id: `${first + index}`,
      timestamp: Date.parse(`${message.slice(0, 10)}T${message.slice(11, 19)}Z`),
      message,
    })),
  });
}
