import type { LogSource } from '../../domain/login-record.ts';
import { emptyMessage, type LoginMessage } from './message.ts';
import { decode, type RecordWriter } from './record.ts';

const failure = /Failed to (?:authenticate|authorize) the connection request for user '/;

/** True for a line of the log type `iam-db-auth-error`. */
export function isIamAuthError(line: string): boolean {
  return failure.test(line.slice(0, 400));
}

/**
 * Reads one line of `iam-db-auth-error` (latin1). `timestamp` is the log event's time, used where the line says none; milliseconds since 1970.
 * What stands behind the last `' because` or `' due to` is the service's own text; the user's name before it is hostile.
 */
export function readIamAuthError(writer: RecordWriter, position: number, line: string, timestamp: number | null): void {
  const found = failure.exec(line.slice(0, 400));
  if (!found) {
    if (line.trim() !== '') writer.reject('a line that is no error of IAM authentication');
    return;
  }
  const time = readTime(line) ?? timestamp;
  writer.count(time);
  if (time === null) {
    writer.reject('an error of IAM authentication without a time');
    return;
  }
  const rest = line.slice(found.index + found[0].length, found.index + 4000);
  const end = Math.max(rest.lastIndexOf("' because "), rest.lastIndexOf("' due to "));
  const why = end < 0 ? rest : rest.slice(end);
  const identity = /arn:aws[a-z-]{0,12}:(?:sts|iam)::\d{12}:[^\s'"`,]{1,512}/.exec(why)?.[0].replace(/[.)]+$/, '') ?? null;
  const code = /Error Code: ?(\w{1,60})/.exec(why)?.[1] ?? /Status Code: ?(\d{3})/.exec(why)?.[1] ?? null;
  const user = end < 0 ? null : rest.slice(0, end);
  const message: LoginMessage = { ...emptyMessage, kind: 'iam-error', user, identity, method: 'iam', reason: code };
  writer.write(writer.record(position, message, { time, process: null, host: null, port: null }));
}

function readTime(line: string): number | null {
  const match = /^\s{0,4}\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?:Z| ?UTC)?\b/.exec(line);
  const time = match ? Date.parse(`${match[1]}T${match[2]}.${(match[3] ?? '0').padEnd(3, '0').slice(0, 3)}Z`) : Number.NaN;
  return time >= 0 ? time : null;
}

/** `/aws/rds/cluster/<cluster>/<log>` and `/aws/rds/instance/<instance>/<log>`; null: another log group. */
export function readLogGroup(
  object: string,
  logGroup: string,
  logStream: string,
): { readonly source: LogSource; readonly log: 'postgresql' | 'iam-db-auth-error' } | null {
  const match = /^\/aws\/rds\/(cluster|instance)\/([^/]{1,128})\/(postgresql|iam-db-auth-error)$/.exec(logGroup);
  if (!match?.[2]) return null;
  const log = match[3] === 'postgresql' ? 'postgresql' : 'iam-db-auth-error';
  // A stream is the instance; a busy one continues in streams with a number behind a dot.
  const instance = decode(logStream.replace(/\.\d{1,6}$/, '')) || match[2];
  return { source: { object: `${object} ${match[2]}/${log}/${logStream}`, cluster: match[2], instance }, log };
}
