import type { Row } from '../../lib/adapters/local/tables.ts';
import type { LogHour, LoginRecord, LoginRecordKind } from '../../lib/domain/login-record.ts';
import { alice, recordOf } from '../checks/change/table.ts';
import { record } from './logged.ts';

/** Numbers from 0 up to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What may stand in a name, an address or a message that somebody else wrote. */
const hostile = [
  'app',
  'App',
  'a@b',
  'a@b@c',
  'q"uo%te',
  "o'rders",
  "'; DROP TABLE login; --",
  '?',
  '%role does not exist',
  'back\\slash',
  'new\nline',
  'carriage\rreturn',
  'tab\there',
  'line\u2028separator',
  '\u001b[31mred',
  'grüße',
  'ß',
  'ＮＵＬＬ',
  '数据库',
  '😀',
  'é',
  'é',
  ' blank ',
  '',
  '[unknown]',
  '$1\\1',
  '{"a": 1}',
  'nul\u0000byte',
  'a%b_c',
  '%',
];

const kinds: readonly LoginRecordKind[] = [
  'received',
  'authenticated',
  'authorized',
  'failed',
  'failed',
  'explained',
  'refused',
  'rejected',
  'disconnected',
  'password-set',
  'protected-role',
  'iam-error',
  'forged',
];

/** Records that no parser would write in this order: few processes and ports, close in time, so that attempts collide; any text anywhere. */
export function randomRecords(seed: number, count: number, from: string, seconds: number): LoginRecord[] {
  const random = randomNumbers(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const maybe = <T>(value: T): T | null => (random() < 0.25 ? null : value);
  return Array.from({ length: count }, (_, position): LoginRecord => {
    const kind = pick(kinds);
    const ms = Date.parse(from) + Math.floor(random() * seconds) * 1000 + (random() < 0.5 ? 0 : Math.floor(random() * 1000));
    const named = random() < 0.7 ? pick(['app', 'batch']) : pick(hostile);
    return {
      ...record(kind, new Date(ms).toISOString(), { cluster: pick(['orders', 'billing']), object: pick(['a.log', 'a.csv', 'b.gz']) }),
      position,
      process: maybe(pick([835, 836])),
      host: maybe(pick(['192.0.2.7', '192.0.2.8', '2001:db8::7', '::ffff:192.0.2.7', '[local]'])),
      port: maybe(pick([13_708, 13_709])),
      user_name: maybe(named),
      database_name: maybe(random() < 0.7 ? 'orders' : pick(hostile)),
      identity: maybe(pick([...hostile, 'current_user', 'arn:aws:sts::111122223333:assumed-role/a,b/c'])),
      method: maybe(pick(['pam', 'password', 'scram-sha-256', 'trust'])),
      tls: maybe(pick(['yes', 'no'] as const)),
      protocol: maybe(pick(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', pickOf(hostile, random)])),
      cipher: maybe(pick(['RC4-MD5', 'ECDHE-RSA-DES-CBC3-SHA', 'TLS_AES_256_GCM_SHA384', pickOf(hostile, random)])),
      application: maybe(pick(hostile)),
      reason: maybe(
        pick(['PAM authentication failed', 'password authentication failed: role does not exist', 'no encryption', ...hostile]),
      ),
      forged: kind === 'forged' || random() < 0.05 ? 1 : 0,
      claimed: kind === 'forged' ? maybe(JSON.stringify({ names: pick(hostile), text: pick(hostile) })) : null,
    };
  });
}

function pickOf<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Hours of a few instances, some twice, some without a record. */
export function randomHours(seed: number, count: number, from: string): LogHour[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => ({
    cluster: pickOf(['orders', 'billing', "o'rders"], random),
    instance: pickOf(['orders-1', 'orders-2'], random),
    hour: Date.parse(from) + Math.floor(random() * 100) * 3_600_000,
    records: Math.floor(random() * 3),
    rejected: Math.floor(random() * 2),
  }));
}

/** Objects of the stream, whole and not, of a few clusters; any text in what is said of them. */
export function randomObjects(seed: number, count: number, from: string): Row<'log_object'>[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) => {
    const time = new Date(Date.parse(from) + Math.floor(random() * 60) * 3_600_000).toISOString();
    const maybe = <T>(value: T): T | null => (random() < 0.25 ? null : value);
    return {
      source: `cloudwatch:cloudwatch/${time.slice(0, 13).replaceAll(/[-T]/g, '/')}/${index}.gz`,
      status: pickOf(['complete', 'complete', 'partial', 'missing', 'denied'], random),
      detail: pickOf(hostile, random),
      first_time: maybe(time),
      last_time: maybe(new Date(Date.parse(time) + 60_000).toISOString()),
      records: Math.floor(random() * 1000),
      rejected: Math.floor(random() * 3),
      torn: pickOf(['', '', 'orders', "billing\u001fo'rders"], random),
      day: time.slice(0, 10).replaceAll('-', '/'),
    };
  });
}

const identities: readonly object[] = [
  alice,
  { type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: 'arn:aws:iam::111122223333:user/jane', accountId: '111122223333', userName: 'jane' },
  {
    type: 'AssumedRole',
    principalId: 'AROA:a:b',
    arn: 'arn:aws-us-gov:sts::444455556666:assumed-role/de,ploy/x@y',
    accountId: '444455556666',
  },
  { type: 'AssumedRole', principalId: 'AROA', arn: 'arn:aws:sts::123456789012:assumed-role/no-session', accountId: '123456789012' },
  { type: 'AssumedRole', arn: 'arn:AWS:sts::x:assumed-role/odd/one' },
  { type: 'AWSAccount', principalId: 'AROASTRANGER:batch', accountId: '444455556666' },
  { type: 'AWSService', invokedBy: 'rds.amazonaws.com' },
  { type: 'Root', principalId: '111122223333', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
  { principalId: '111122223333', accountId: '111122223333' },
  { type: 'WebIdentityUser', principalId: 'accounts.example.com:1:2', userName: '1' },
  {},
];

const requests: readonly unknown[] = [
  null,
  {},
  { roleArn: 'arn:aws:iam::111122223333:role/orders-app', roleSessionName: 's' },
  { roleArn: 'arn:aws:iam::444455556666:role/path/theirs', sourceIdentity: 'jo@example.com' },
  { roleArn: 7, sourceIdentity: ['x'] },
  { roleArn: null, sourceIdentity: true },
  { dBClusterParameterGroupName: 'orders-pg16', parameters: [{ parameterName: 'ssl', parameterValue: '0' }] },
  { dBParameterGroupName: "re'aders", dBInstanceIdentifier: 'x' },
  { dBClusterIdentifier: { a: 1 }, dBInstanceIdentifier: 'orders-1' },
  { dBInstanceIdentifier: 'é\u2028😀\u001f\n' },
];

const messages: readonly (string | null)[] = [
  null,
  'User: arn:aws:iam::444455556666:user/jo is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/orders-app',
  'on resource: arn:aws:iam::111122223333:role/a because of an explicit deny on resource: arn:aws:iam::111122223333:role/b',
  'on resource: arn:\nnext',
  'nothing of the kind',
];

/** CloudTrail records with every kind of identity, request and error that is known, each alone odd enough; some are there twice. */
export function randomCalls(seed: number, count: number, from: string, seconds: number): object[] {
  const random = randomNumbers(seed);
  const pick = <T>(items: readonly T[]): T => pickOf(items, random);
  return Array.from({ length: count }, (_, index) => {
    const source = pick([
      'rds.amazonaws.com',
      'rds.amazonaws.com',
      'rds-data.amazonaws.com',
      'sts.amazonaws.com',
      'cloudtrail.amazonaws.com',
    ]);
    const name = pick(
      source === 'sts.amazonaws.com'
        ? ['AssumeRole', 'AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'GetCallerIdentity']
        : ['ModifyDBClusterParameterGroup', 'ResetDBParameterGroup', 'ModifyDBCluster', 'StopLogging'],
    );
    const call = recordOf({
      source,
      name,
      request: pick(requests),
      record: {
        eventID: `id-${index}`,
        eventTime: new Date(Date.parse(from) + Math.floor(random() * seconds) * 1000).toISOString().replace('.000Z', 'Z'),
        userIdentity: pick(identities),
        errorCode: pick([undefined, undefined, 'AccessDenied', 'Client.UnauthorizedOperation', 'DBClusterNotFoundFault']),
        errorMessage: pick(messages),
        sourceIPAddress: pick(['203.0.113.40', '198.51.100.4', 'rds.amazonaws.com', undefined]),
        userAgent: pick([...hostile, undefined]),
        awsRegion: pick(['eu-central-1', 'us-east-1']),
        recipientAccountId: pick(['111122223333', '444455556666', undefined]),
      },
    });
    return random() < 0.1 ? [call, call] : [call];
  }).flat();
}
