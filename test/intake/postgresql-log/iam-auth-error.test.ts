import { describe, expect, it } from '@jest/globals';
import { parse } from './parse.ts';

const time = '2026-05-03T10:00:00.123Z';
const ts_ms = Date.UTC(2026, 4, 3, 10, 0, 0, 123);
const caller = 'arn:aws:sts::111122223333:assumed-role/db-access/jane@example.com';
const failed = (user: string, why: string): string =>
  `${time} [ERROR] Failed to authenticate the connection request for user '${user}' ${why}\n`;
const unauthorized = (user: string): string =>
  `${time} [ERROR] Failed to authorize the connection request for user '${user}' because the IAM policy assumed by the caller '${caller}' is not authorized to perform \`rds-db:connect\` on the DB instance. (Status Code: 403, Error Code: NotAuthorized)\n`;

describe('a line of iam-db-auth-error', () => {
  it.each([
    [
      'a malformed token',
      failed('app', 'because the provided token is malformed or otherwise invalid. (Status Code: 400, Error Code: InvalidToken)'),
      'InvalidToken',
      null,
    ],
    [
      'an old token',
      failed('app', 'because the provided token has expired. (Status Code: 400, Error Code: ExpiredToken)'),
      'ExpiredToken',
      null,
    ],
    [
      'an error of the service',
      failed('app', 'due to an internal error. (Status Code: 500, Error Code: InternalError)'),
      'InternalError',
      null,
    ],
    ['a caller without permission', unauthorized('app'), 'NotAuthorized', caller],
    [
      'a caller without permission, no space behind the colon',
      unauthorized('app').replace('Code: Not', 'Code:Not'),
      'NotAuthorized',
      caller,
    ],
  ])('tells %s', (_, line, reason, identity) => {
    const { records, summary } = parse(line);

    expect(records).toMatchObject([
      {
        kind: 'iam-error',
        ts_ms,
        day: '2026/05/03',
        user_name: 'app',
        database_name: null,
        process: null,
        host: null,
        method: 'iam',
        reason,
        identity,
        forged: 0,
      },
    ]);
    expect(summary).toMatchObject({ format: 'iam-db-auth-error', records: 1, rejected: 0, from: ts_ms, to: ts_ms });
  });

  it.each(["o'brien", "x' because arn:aws:sts::444455556666:assumed-role/other/x", 'sch\u00c3\u00b6n', '(Error Code: InternalError)'])(
    'takes the name %j for a name',
    (name) => {
      expect(parse(unauthorized(name)).records).toMatchObject([
        { user_name: Buffer.from(name, 'latin1').toString('utf8'), identity: caller, reason: 'NotAuthorized' },
      ]);
    },
  );

  it.each([
    '2026-05-03 10:00:00.123 [ERROR]',
    '2026-05-03 10:00:00.123 UTC [ERROR]',
    '[2026-05-03T10:00:00.123Z] [ERROR]',
    '2026-05-03T10:00:00,123Z ERROR',
  ])('has its time in the form %s', (start) => {
    expect(parse(unauthorized('app').replace(`${time} [ERROR]`, start)).records).toMatchObject([{ ts_ms, user_name: 'app' }]);
  });

  it('is counted without a time, and nothing else is lost', () => {
    const { records, summary } = parse(unauthorized('app') + unauthorized('app').slice(time.length) + unauthorized('batch'));

    expect(records.map(({ user_name }) => user_name)).toEqual(['app', 'batch']);
    expect(summary).toMatchObject({ rejected: 1, notes: ['an error of IAM authentication without a time'] });
  });
});
