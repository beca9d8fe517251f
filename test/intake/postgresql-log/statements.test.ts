import { describe, expect, it } from '@jest/globals';
import { growth } from '../../growth.ts';
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

  it('takes time in proportion to the length of a hostile statement', () => {
    const look = (length: number): void => {
      const message = `statement: ALTER ROLE ${'"a""'.repeat(length)} password ${'ALTER ROLE a '.repeat(length)}${'grant rdsadmin,'.repeat(length)}`;
      parse(write({ ...admin, level: 'LOG', message }, form));
    };

    expect(growth(look, 2000)).toBeLessThan(24);
  });
});

/** Names of an application, as long as they can be, that look like the end of the long prefix and a message of their own. */
const applications = [
  'aLOG:  x',
  'LOG:  ',
  'LOG:LOG: ',
  'LOG:  pam_authenticate failed: ',
  'LOG:  connection received: host=192.0.2.7',
  'FATAL:  the database system is ',
  'FATAL:  remaining connection slots are reserved for ',
  'ERROR:  must be a member of rds_',
  'DETAIL:  Role "admin" does not exist',
  '[unknown]LOG:  connection received: ',
  `${'x'.repeat(48)}LOG:  ${'y'.repeat(9)}`,
];

describe.each(['long', 'long:'] as const)('the name of an application that looks like a prefix, %s', (form) => {
  it.each(applications)('does not hide a password that its session sets: %j', (application) => {
    const { records } = parse(
      write({ ...admin, level: 'LOG', message: `statement: ALTER ROLE app PASSWORD '${secret}'`, application }, form),
    );

    expect(application.length).toBeLessThanOrEqual(63);
    expect(records).toMatchObject([{ kind: 'password-set', process: 835, user_name: 'admin', identity: 'app', forged: 0 }]);
    expect(JSON.stringify(records)).not.toContain(secret);
  });

  it.each(applications)('does not hide an attempt on rdsadmin: %j', (application) => {
    const entry = {
      ...admin,
      level: 'ERROR',
      message: 'permission denied to alter role',
      statement: 'ALTER ROLE rdsadmin NOLOGIN',
      application,
    };

    const { records } = parse(write(entry, form));

    expect(records.filter(({ kind }) => kind === 'protected-role')).not.toEqual([]);
    expect(records.filter(({ forged }) => forged === 1)).toEqual([]);
  });

  it.each([
    ['password', (user: string) => `password authentication failed for user "${user}"`],
    ['missing role', (user: string) => `role "${user}" does not exist`],
    ['refused', (user: string) => `no pg_hba.conf entry for host "192.0.2.7", user "${user}", database "orders", no encryption`],
  ])('lets nobody who is not logged in set one by his name: %s', (_, message) => {
    const user = 'LOG:  statement: alter role b password x';

    const { records } = parse(write({ ...admin, user, level: 'FATAL', message: message(user) }, form));

    expect(records).toMatchObject([{ user_name: user }]);
    expect(records[0]?.kind).toMatch(/failed|rejected|refused/);
  });

  it('leaves what a session says of others within a statement what it is', () => {
    const message = "statement: SELECT 'LOG:  connection authorized: user=ceo database=orders'";

    expect(parse(write({ ...admin, level: 'LOG', message, application: 'psql' }, form)).records).toEqual([]);
  });
});
