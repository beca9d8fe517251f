import type { CloudTrailEvent } from '../../domain/event.ts';
import type { LogHour, LoginRecord } from '../../domain/login-record.ts';
import { dayOf } from '../../intake/postgresql-log/record.ts';

/** Columns of the tables that files are read into, with DuckDB's types; rows are JSON objects with these keys. */
export const tables = {
  login_record: {
    id: 'VARCHAR',
    object: 'VARCHAR',
    position: 'BIGINT',
    cluster: 'VARCHAR',
    instance: 'VARCHAR',
    process: 'BIGINT',
    host: 'VARCHAR',
    port: 'BIGINT',
    kind: 'VARCHAR',
    ts_ms: 'BIGINT',
    user_name: 'VARCHAR',
    database_name: 'VARCHAR',
    identity: 'VARCHAR',
    method: 'VARCHAR',
    tls: 'VARCHAR',
    protocol: 'VARCHAR',
    cipher: 'VARCHAR',
    application: 'VARCHAR',
    reason: 'VARCHAR',
    forged: 'BIGINT',
    claimed: 'VARCHAR',
    day: 'VARCHAR',
  },
  log_object: {
    source: 'VARCHAR',
    status: 'VARCHAR',
    detail: 'VARCHAR',
    first_time: 'VARCHAR',
    last_time: 'VARCHAR',
    records: 'BIGINT',
    rejected: 'BIGINT',
    torn: 'VARCHAR',
    day: 'VARCHAR',
  },
  log_hour: { cluster: 'VARCHAR', instance: 'VARCHAR', hour: 'BIGINT', records: 'BIGINT', rejected: 'BIGINT', day: 'VARCHAR' },
  cloudtrail: {
    eventid: 'VARCHAR',
    eventtime: 'VARCHAR',
    eventsource: 'VARCHAR',
    eventname: 'VARCHAR',
    awsregion: 'VARCHAR',
    recipientaccountid: 'VARCHAR',
    sourceipaddress: 'VARCHAR',
    useragent: 'VARCHAR',
    errorcode: 'VARCHAR',
    errormessage: 'VARCHAR',
    useridentity:
      'STRUCT("type" VARCHAR, arn VARCHAR, accountid VARCHAR, principalid VARCHAR, username VARCHAR, invokedby VARCHAR, sessioncontext STRUCT(sessionissuer STRUCT("type" VARCHAR, arn VARCHAR)))',
    requestparameters: 'VARCHAR',
    day: 'VARCHAR',
  },
} as const;

/** One of {@link tables}. */
export type Table = keyof typeof tables;

/** A row of a table. */
export type Row<Name extends Table> = {
  readonly login_record: LoginRecord;
  readonly log_hour: LogHourRow;
  readonly log_object: LogObjectRow;
  readonly cloudtrail: CloudTrailRow;
}[Name];

type LogHourRow = LogHour & { readonly day: string };
/** Only Athena has such rows: on a laptop the coverage of each file is at hand. `torn` are names of clusters, with U+001F between them. */
type LogObjectRow = { readonly [Column in keyof (typeof tables)['log_object']]: string | number | null };
type CloudTrailRow = { readonly [Column in keyof (typeof tables)['cloudtrail']]: unknown };

/** An hour as the table `log_hour` has it: with its day, by which Athena finds it. */
export function logHourRow(hour: LogHour): LogHourRow {
  return { ...hour, day: dayOf(hour.hour) };
}

/** An event as the table `cloudtrail` has it, on a laptop and on Athena. */
export function cloudTrailRow(event: CloudTrailEvent): CloudTrailRow {
  const { userIdentity: identity, requestParameters } = event;
  // Whatever was written, a time that the engine can read.
  const time = new Date(event.eventTime).toISOString();
  return {
    eventid: event.eventId,
    eventtime: time,
    eventsource: event.eventSource,
    eventname: event.eventName,
    awsregion: event.region,
    recipientaccountid: event.account,
    sourceipaddress: event.sourceAddress,
    useragent: event.userAgent,
    errorcode: event.errorCode,
    errormessage: event.errorMessage,
    useridentity: {
      type: identity.type,
      arn: identity.arn,
      accountid: identity.accountId,
      principalid: identity.principalId,
      username: identity.userName,
      invokedby: identity.invokedBy,
      sessioncontext: { sessionissuer: { type: identity.issuerType, arn: identity.issuerArn } },
    },
    requestparameters: requestParameters === null ? null : wellFormedJson(requestParameters),
    day: time.slice(0, 10).replaceAll('-', '/'),
  };
}

/** A value as JSON that every engine takes: half of a surrogate pair, which is no character, becomes U+FFFD. Texts longer than `most` are cut. */
export function wellFormedJson(value: object | string, most = Number.POSITIVE_INFINITY): string {
  const cut = (_key: string, item: unknown): unknown => (typeof item === 'string' && item.length > most ? item.slice(0, most) : item);
  const json = most === Number.POSITIVE_INFINITY ? JSON.stringify(value) : JSON.stringify(value, cut);
  // JSON.stringify escapes nothing of this kind but lone halves.
  return json.includes('\\ud') ? json.replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (found, half) => (half ? '\\ufffd' : found)) : json;
}

/**
 * A login record as JSON. By hand, since a busy log holds millions: what is null is left out, and so are the id and (of what is not forged) the object, which no
 * query reads.
 */
export function loginRecordJson(record: LoginRecord): string {
  const { process, port, forged } = record;
  return (
    `{"position":${record.position},"ts_ms":${record.ts_ms},"forged":${forged},"kind":"${record.kind}"${placeJson(record)}` +
    (process === null ? '' : `,"process":${process}`) +
    (port === null ? '' : `,"port":${port}`) +
    field(',"host":', record.host) +
    field(',"user_name":', record.user_name) +
    field(',"database_name":', record.database_name) +
    field(',"identity":', record.identity) +
    field(',"method":', record.method) +
    field(',"tls":', record.tls) +
    field(',"protocol":', record.protocol) +
    field(',"cipher":', record.cipher) +
    field(',"application":', record.application) +
    field(',"reason":', record.reason) +
    (forged === 1 ? field(',"object":', record.object) + field(',"claimed":', record.claimed) : '') +
    '}'
  );
}

/** What records that follow each other share, and its JSON. */
let [sharedCluster, sharedInstance, sharedDay, shared] = ['', '', '', ''];

function placeJson({ cluster, instance, day }: LoginRecord): string {
  if (cluster !== sharedCluster || instance !== sharedInstance || day !== sharedDay || shared === '') {
    [sharedCluster, sharedInstance, sharedDay] = [cluster, instance, day];
    shared = field(',"cluster":', cluster) + field(',"instance":', instance) + field(',"day":', day);
  }
  return shared;
}

function field(name: string, text: string | null): string {
  if (text === null) return '';
  return isPlain(text) ? `${name}"${text}"` : name + wellFormedJson(text);
}

/** True for printable ASCII that JSON does not escape. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126 || code === 34 || code === 92) return false;
  }
  return true;
}
