import { describe, expect, it } from '@jest/globals';
import { parse } from './parse.ts';
import { forms, write } from './server.ts';

const admin = { process: 835, host: '192.0.2.7', port: 13708, user: 'admin', database: 'orders' } as const;
const secret = 'hunter2-Geheim';

/** Statements that set a password, in the log of statements or pgaudit's, and whose. */
const settings: readonly (readonly [message: string, whose: string])[] = [
  [`statement: ALTER ROLE app PASSWORD '${secret}';`, 'app'],
  [`statement: alter user App with encrypted password '${secret}'`, 'app'],
  [`statement: ALTER ROLE "My ""App""" WITH LOGIN PASSWORD '${secret}' VALID UNTIL '2027-01-01'`, 'My "App"'],
  [`statement: CREATE ROLE app LOGIN PASSWORD '${secret}'`, 'app'],
  [`statement: CREATE USER app\n  WITH PASSWORD '${secret}'`, 'app'],
  [`statement: BEGIN; CREATE ROLE other; ALTER ROLE app PASSWORD '${secret}'; COMMIT`, 'app'],
  [`execute <unnamed>: ALTER USER app PASSWORD '${secret}'`, 'app'],
  [`duration: 1.234 ms  statement: ALTER USER app PASSWORD '${secret}'`, 'app'],
  [`AUDIT: SESSION,1,1,ROLE,ALTER ROLE,,,"ALTER ROLE app PASSWORD <REDACTED>",<not logged>`, 'app'],
];

const others = [
  'statement: ALTER ROLE app NOLOGIN',
  "statement: SELECT password FROM users WHERE name = 'app'",
  `statement: CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'x', password '${secret}')`,
  "statement: ALTER ROLE app SET work_mem = '1GB'; SELECT 'password'",
  'statement: ALTER TABLE users ADD COLUMN password text',
];

const refusals = [
  ['must be a member of the rds_password role to alter passwords', 'must be a member of rds_password'],
  ['must be superuser or a member of rds_password to set a password', 'must be a member of rds_password'],
  ['permission denied to grant role "rdsadmin"', 'an attempt on rdsadmin'],
  ['role "rdsadmin" cannot be dropped because some objects depend on it', 'an attempt on rdsadmin'],
] as const;

/** Statements that would change rdsadmin, become it, or make somebody a member. */
const attempts = [
  'ALTER ROLE rdsadmin NOLOGIN;',
  'alter user "rdsadmin" valid until \'2027-01-01\'',
  'GRANT rdsadmin TO app',
  'GRANT app, rdsadmin TO admin WITH ADMIN OPTION',
  'REVOKE rds_superuser FROM rdsadmin',
  'DROP ROLE IF EXISTS rdsadmin',
  'DROP ROLE app, rdsadmin',
  'SET ROLE rdsadmin',
  "SET SESSION AUTHORIZATION 'rdsadmin'",
  'REASSIGN OWNED BY rdsadmin TO app',
  'BEGIN; SELECT 1; SET LOCAL ROLE rdsadmin; COMMIT',
];
const mentions = [
  "SELECT rolname FROM pg_roles WHERE rolname <> 'rdsadmin'",
  'GRANT CONNECT ON DATABASE orders TO rdsadmin',
  'REVOKE ALL ON DATABASE rdsadmin FROM PUBLIC',
  'ALTER ROLE rdsadmin2 NOLOGIN',
  'SELECT 1; -- rdsadmin',
];

describe.each(forms)('%s', (form) => {
  it.each(settings)('tells who sets a password, and not which: %s', (message, identity) => {
    const { records } = parse(write({ ...admin, level: 'LOG', message }, form));

    expect(records).toMatchObject([
      { kind: 'password-set', process: 835, host: '192.0.2.7', user_name: 'admin', database_name: 'orders', identity, forged: 0 },
    ]);
    expect(JSON.stringify(records)).not.toContain(secret);
  });

  it.each(others)('sees no password set by %s', (message) => {
    expect(parse(write({ ...admin, level: 'LOG', message }, form)).records).toEqual([]);
  });

  it.each(refusals)('tells an attempt on a protected role: %s', (message, reason) => {
    const { records } = parse(write({ ...admin, level: 'ERROR', message }, form));

    expect(records).toMatchObject([{ kind: 'protected-role', user_name: 'admin', database_name: 'orders', reason, forged: 0 }]);
  });

  it.each([
    'relation "orders" does not exist',
    'duplicate key value violates unique constraint "rds"',
    'permission denied for table orders',
  ])('sees no attempt on a protected role in %s', (message) => {
    expect(parse(write({ ...admin, level: 'ERROR', message }, form)).records).toEqual([]);
  });

  const attempted = { kind: 'protected-role', user_name: 'admin', database_name: 'orders', reason: 'an attempt on rdsadmin', forged: 0 };

  it.each(attempts)('tells an attempt on rdsadmin by the statement of an error that does not name it: %s', (statement) => {
    const { records } = parse(write({ ...admin, level: 'ERROR', message: 'permission denied to alter role', statement }, form));

    expect(records).toMatchObject([attempted]);
  });

  it.each(attempts)('tells an attempt on rdsadmin in the log of statements and in pgaudit: %s', (statement) => {
    const audit = `AUDIT: SESSION,1,1,ROLE,ALTER ROLE,,,"${statement.replaceAll('"', '""')}",<not logged>`;
    const messages = [`statement: ${statement}`, `execute <unnamed>: ${statement}`, audit];

    const { records } = parse(messages.map((message) => write({ ...admin, level: 'LOG', message }, form)).join(''));

    expect(records).toMatchObject([attempted, attempted, attempted]);
  });

  it.each(mentions)('sees no attempt in a statement that mentions rdsadmin: %s', (statement) => {
    const log =
      write({ ...admin, level: 'ERROR', message: 'syntax error at or near "x"', statement }, form) +
      write({ ...admin, level: 'LOG', message: `statement: ${statement}` }, form);

    expect(parse(log).records).toEqual([]);
  });

  it('does not take the statement of an error for a password that was set', () => {
    const statement = `ALTER ROLE app PASSWORD '${secret}'`;

    expect(parse(write({ ...admin, level: 'ERROR', message: 'permission denied to alter role', statement }, form)).records).toEqual([]);
  });

  it('takes no second to look at a hostile statement', () => {
    const message = `statement: ALTER ROLE ${'"a""'.repeat(2000)} password ${'ALTER ROLE a '.repeat(2000)}${'grant rdsadmin,'.repeat(2000)}`;
    const before = performance.now();

    parse(write({ ...admin, level: 'LOG', message }, form));

    expect(performance.now() - before).toBeLessThan(1000);
  });
});
