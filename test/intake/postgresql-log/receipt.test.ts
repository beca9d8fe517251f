import { expect, it } from '@jest/globals';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { PostgresqlLogParser } from '../../../lib/intake/postgresql-log/index.ts';

const opening = `2026-05-03 10:05:00 UTC:198.51.100.9(4444):[unknown]@[unknown]:[28417]:LOG:  connection received: host=198.51.100.9 port=4444
2026-05-03 10:05:00 UTC:198.51.100.9(4444):a
2026-05-03 10:00:00 UTC:203.0.113.6(1):ceo@prod:[1]:FATAL:  PAM authentication failed for user "ceo"
`;

it.each([
  ':[28417]:FATAL:  password authentication failed for user "a"',
  ':[28417]:FATAL:  PAM authentication failed for user "a"',
  ':[28417]:FATAL:  no pg_hba.conf entry for host "198.51.100.9", user "a", database "prod", no encryption',
  ':[28417]:LOG:  connection authorized: user=a database=prod',
  ':[28417]:FATAL:  database "prod" does not exist',
])('names the forger whose receipt was seen, whatever the rest of the record says: %s', (orphan) => {
  const records: LoginRecord[] = [];
  const parser = new PostgresqlLogParser({ object: 'log', cluster: 'orders', instance: 'orders-1' }, (record) => records.push(record));

  parser.write(Buffer.from(`${opening}${orphan}\n`));
  parser.end();

  expect(records.filter(({ forged }) => forged === 1)).toMatchObject([{ host: '198.51.100.9', port: 4444, process: 28417 }]);
  expect(records.filter(({ forged }) => forged === 0).map(({ kind }) => kind)).toEqual(['received']);
});
