import { describe, expect, it } from '@jest/globals';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { parse } from './parse.ts';
import { type Entry, type Form, forms, write } from './server.ts';

const client = { process: 835, host: '192.0.2.7', port: 13708, user: 'app', database: 'orders' } as const;
const none = {
  identity: null,
  method: null,
  tls: null,
  protocol: null,
  cipher: null,
  application: null,
  reason: null,
  forged: 0,
  claimed: null,
} as const;

interface Case {
  readonly name: string;
  readonly entry: Partial<Entry> & Pick<Entry, 'message'>;
  readonly expected: Partial<LoginRecord> & Pick<LoginRecord, 'kind'>;
}

const unnamed = { user: null, database: null } as const;
const replica = { user: 'repl', database: '' } as const;
const authorized = 'connection authorized: user=app database=orders';
const tls13 = { tls: 'yes', protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } as const;

const logged: readonly Case[] = [
  { name: 'a receipt', entry: { ...unnamed, message: 'connection received: host=192.0.2.7 port=13708' }, expected: { kind: 'received' } },
  {
    name: 'a receipt over IPv6',
    entry: { ...unnamed, host: '2001:db8::1', message: 'connection received: host=2001:db8::1 port=13708' },
    expected: { kind: 'received', host: '2001:db8::1' },
  },
  {
    name: 'a receipt from the IPv6 loopback',
    entry: { ...unnamed, host: '::1', message: 'connection received: host=::1 port=13708' },
    expected: { kind: 'received', host: '::1' },
  },
  {
    name: 'a receipt over a Unix socket',
    entry: { ...unnamed, host: '[local]', port: null, message: 'connection received: host=[local]' },
    expected: { kind: 'received', host: '[local]', port: null },
  },
  {
    name: 'a receipt with log_hostname',
    entry: { ...unnamed, host: 'client-1.example.com', message: 'connection received: host=client-1.example.com port=13708' },
    expected: { kind: 'received', host: 'client-1.example.com' },
  },
  {
    name: 'SCRAM, 14 on',
    entry: { message: 'connection authenticated: identity="app" method=scram-sha-256 (/rdsdbdata/config/pg_hba.conf:3)' },
    expected: { kind: 'authenticated', identity: 'app', method: 'scram-sha-256' },
  },
  {
    name: 'PAM, 14 on',
    entry: { message: 'connection authenticated: identity="app" method=pam (/rdsdbdata/config/pg_hba.conf:14)' },
    expected: { kind: 'authenticated', identity: 'app', method: 'pam' },
  },
  {
    name: 'a certificate with quotes in its name',
    entry: { message: 'connection authenticated: identity="CN=a "b" c,O=x" method=cert (/rdsdbdata/config/pg_hba.conf:3)' },
    expected: { kind: 'authenticated', identity: 'CN=a "b" c,O=x', method: 'cert' },
  },
  {
    name: 'Kerberos',
    entry: { message: 'connection authenticated: identity="app@EXAMPLE.COM" method=gss (/rdsdbdata/config/pg_hba.conf:3)' },
    expected: { kind: 'authenticated', identity: 'app@EXAMPLE.COM', method: 'gss' },
  },
  {
    name: 'trust, 17 on',
    entry: { message: 'connection authenticated: user="app" method=trust (/rdsdbdata/config/pg_hba.conf:1)' },
    expected: { kind: 'authenticated', identity: 'app', method: 'trust' },
  },
  { name: 'plaintext, 11', entry: { message: authorized }, expected: { kind: 'authorized', tls: 'no' } },
  {
    name: 'TLS, 11',
    entry: { message: `${authorized} SSL enabled (protocol=TLSv1.2, cipher=ECDHE-RSA-AES256-GCM-SHA384, bits=256, compression=off)` },
    expected: { kind: 'authorized', tls: 'yes', protocol: 'TLSv1.2', cipher: 'ECDHE-RSA-AES256-GCM-SHA384' },
  },
  {
    name: 'plaintext with an application, 12 on',
    entry: { message: `${authorized} application_name=PostgreSQL JDBC Driver` },
    expected: { kind: 'authorized', tls: 'no', application: 'PostgreSQL JDBC Driver' },
  },
  {
    name: 'TLS with an application, 12 and 13',
    entry: {
      message: `${authorized} application_name=psql SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256, compression=off)`,
    },
    expected: { kind: 'authorized', ...tls13, application: 'psql' },
  },
  {
    name: 'TLS with an application, 14 on',
    entry: { message: `${authorized} application_name=psql SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)` },
    expected: { kind: 'authorized', ...tls13, application: 'psql' },
  },
  {
    name: 'TLS without an application, 14 on',
    entry: { message: `${authorized} SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)` },
    expected: { kind: 'authorized', ...tls13 },
  },
  {
    name: 'an application that looks like TLS over TLS',
    entry: {
      message: `${authorized} application_name=x SSL enabled (protocol=TLSv1, cipher=NULL, bits=0) SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`,
    },
    expected: { kind: 'authorized', ...tls13, application: 'x SSL enabled (protocol=TLSv1, cipher=NULL, bits=0)' },
  },
  {
    name: 'Kerberos with encryption, 12 on',
    entry: { message: `${authorized} application_name=psql GSS (authenticated=yes, encrypted=yes, principal=app@EXAMPLE.COM)` },
    expected: { kind: 'authorized', tls: 'yes', application: 'psql' },
  },
  {
    name: 'Kerberos without encryption, 12 on',
    entry: { message: `${authorized} GSS (authenticated=yes, encrypted=no, principal=app@EXAMPLE.COM)` },
    expected: { kind: 'authorized', tls: 'no' },
  },
  {
    name: 'Kerberos with delegated credentials, 16 on',
    entry: { message: `${authorized} GSS (authenticated=yes, encrypted=no, delegated_credentials=yes, principal=app@EXAMPLE.COM)` },
    expected: { kind: 'authorized', tls: 'no' },
  },
  {
    name: 'Kerberos within TLS',
    entry: {
      message: `${authorized} SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256) GSS (authenticated=yes, encrypted=no, principal=a@B)`,
    },
    expected: { kind: 'authorized', ...tls13 },
  },
  {
    name: 'replication, plaintext',
    entry: { ...replica, message: 'replication connection authorized: user=repl application_name=walreceiver' },
    expected: { kind: 'authorized', user_name: 'repl', database_name: null, tls: 'no', application: 'walreceiver' },
  },
  {
    name: 'replication over TLS',
    entry: {
      ...replica,
      message: 'replication connection authorized: user=repl SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)',
    },
    expected: { kind: 'authorized', user_name: 'repl', database_name: null, ...tls13 },
  },
  {
    name: 'the end of a session',
    entry: { message: 'disconnection: session time: 123:04:05.678 user=app database=orders host=192.0.2.7 port=13708' },
    expected: { kind: 'disconnected' },
  },
  {
    name: 'the end of a session over a Unix socket',
    entry: { host: '[local]', port: null, message: 'disconnection: session time: 0:00:00.010 user=app database=orders host=[local]' },
    expected: { kind: 'disconnected', host: '[local]', port: null },
  },
  {
    name: 'the end of replication',
    entry: { ...replica, message: 'disconnection: session time: 0:00:00.010 user=repl database= host=192.0.2.7 port=13708' },
    expected: { kind: 'disconnected', user_name: 'repl', database_name: null },
  },
];

const failedFor = (method: string): string => `${method} authentication failed for user "app"`;
const refusedFor = (how: string): string => `no pg_hba.conf entry for host "192.0.2.7", user "app", database "orders"${how}`;

const fatal: readonly Case[] = [
  ...(
    [
      ['password', 'password'],
      ['PAM', 'pam'],
      ['LDAP', 'ldap'],
      ['GSSAPI', 'gssapi'],
      ['certificate', 'certificate'],
      ['Ident', 'ident'],
      ['RADIUS', 'radius'],
      ['OAuth bearer', 'oauth bearer'],
    ] as const
  ).map(
    ([named, method]): Case => ({
      name: `a failure of ${named}`,
      entry: { message: failedFor(named) },
      expected: { kind: 'failed', method, reason: `${named} authentication failed` },
    }),
  ),
  {
    name: 'a failure of a role that does not exist',
    entry: {
      message: failedFor('password'),
      detail: 'Role "app" does not exist.\nConnection matched pg_hba.conf line 95: "host all all all md5"',
    },
    expected: { kind: 'failed', method: 'password', reason: 'password authentication failed: role does not exist' },
  },
  {
    name: 'a failure with another detail',
    entry: { message: failedFor('password'), detail: 'User "app" has an expired password.' },
    expected: { kind: 'failed', method: 'password', reason: 'password authentication failed' },
  },
  {
    name: 'a host that is rejected',
    entry: { message: 'authentication failed for user "app": host rejected' },
    expected: { kind: 'failed', method: null, reason: 'authentication failed: host rejected' },
  },
  ...(
    [
      [', SSL off', 'no'],
      [', SSL on', 'yes'],
      [', no encryption', 'no'],
      [', SSL encryption', 'yes'],
      [', GSS encryption', 'yes'],
      ['', null],
    ] as const
  ).map(
    ([how, tls]): Case => ({
      name: `a refusal${how}`,
      entry: { message: refusedFor(how) },
      expected: { kind: 'refused', tls, reason: `no pg_hba.conf entry${how}` },
    }),
  ),
  {
    name: 'a rejection by pg_hba.conf',
    entry: { message: 'pg_hba.conf rejects connection for host "192.0.2.7", user "app", database "orders", no encryption' },
    expected: { kind: 'refused', tls: 'no', reason: 'rejected by pg_hba.conf, no encryption' },
  },
  {
    name: 'a refusal of replication',
    entry: { ...replica, message: 'no pg_hba.conf entry for replication connection from host "192.0.2.7", user "repl", no encryption' },
    expected: { kind: 'refused', user_name: 'repl', database_name: null, tls: 'no', reason: 'no pg_hba.conf entry, no encryption' },
  },
  {
    name: 'a rejection of replication by pg_hba.conf',
    entry: { ...replica, message: 'pg_hba.conf rejects replication connection for host "192.0.2.7", user "repl", SSL off' },
    expected: { kind: 'refused', user_name: 'repl', database_name: null, tls: 'no', reason: 'rejected by pg_hba.conf, SSL off' },
  },
  ...(
    [
      ['database "orders" does not exist', 'database does not exist'],
      ['role "app" does not exist', 'role does not exist'],
      ['role "app" is not permitted to log in', 'role is not permitted to log in'],
      ['database "orders" is not currently accepting connections', 'database is not currently accepting connections'],
      ['permission denied for database "orders"', 'permission denied for database'],
      ['too many connections for role "app"', 'too many connections for role'],
      ['too many connections for database "orders"', 'too many connections for database'],
      ['sorry, too many clients already', 'too many connections'],
      ['remaining connection slots are reserved for roles with the SUPERUSER attribute', 'too many connections'],
      ['the database system is shutting down', 'server not ready'],
    ] as const
  ).map(([message, reason]): Case => ({ name: message, entry: { message }, expected: { kind: 'rejected', reason } })),
];

/** Records of a login, and records that only look like them or say nothing. */
const silent = [
  { level: 'LOG', message: 'connection ready: setup total=1.234 ms, fork=0.5 ms, authentication=0.3 ms' },
  { level: 'LOG', message: 'could not receive data from client: Connection reset by peer' },
  { level: 'LOG', message: 'duration: 12.345 ms  statement: SELECT 1' },
  { level: 'ERROR', message: 'role "app" does not exist' },
  { level: 'ERROR', message: 'password authentication failed for user "app"' },
  { level: 'FATAL', message: 'terminating connection due to administrator command' },
  { level: 'FATAL', message: 'canceling authentication due to timeout' },
  { level: 'STATEMENT', message: 'connection authorized: user=app database=orders' },
] as const;

describe.each(forms)('%s', (form) => {
  const ts_ms = Date.UTC(2026, 4, 3, 10) + (form === 'short' ? 0 : 123);
  const whole = ({ entry, expected }: Case): Partial<LoginRecord> => {
    const user_name = entry.user === null ? null : client.user;
    const database_name = entry.user === null ? null : client.database;
    return { ...none, process: 835, host: '192.0.2.7', port: 13708, ts_ms, day: '2026/05/03', user_name, database_name, ...expected };
  };

  // At its borders a log does not tell whether what stands there is part of names.
  const other = write({ ...client, level: 'LOG', message: `statement: ${'SELECT 1, '.repeat(20)}` }, form);

  it.each(logged.map((one) => [one.name, one] as const))('reads %s', (_, one) => {
    const { records, summary } = parse(other + write({ ...client, level: 'LOG', ...one.entry }, form) + other);

    expect(records).toMatchObject([whole(one)]);
    expect(summary).toMatchObject({ format: formatOf(form), rejected: 0, from: ts_ms, to: ts_ms });
  });

  it.each(fatal.map((one) => [one.name, one] as const))('reads %s', (_, one) => {
    const { records, summary } = parse(other + write({ ...client, level: 'FATAL', ...one.entry }, form) + other);

    expect(records).toMatchObject([whole(one)]);
    expect(summary.rejected).toBe(0);
  });

  it.each(silent)('sees no login in $level $message', (entry) => {
    const { records, summary } = parse(write({ ...client, ...entry }, form));

    expect(records).toEqual([]);
    expect(summary).toMatchObject({ format: formatOf(form), records: 1, rejected: 0 });
  });

  it('reads the record of a process without a client as one of nobody', () => {
    const background = { process: 389, host: null, port: null, user: null, database: null } as const;
    const { records, summary } = parse(
      write({ ...background, level: 'LOG', message: 'checkpoint starting: time' }, form) +
        write({ ...background, level: 'FATAL', message: 'the database system is shutting down' }, form),
    );

    expect(records).toEqual([]);
    expect(summary).toMatchObject({ records: 2, rejected: 0 });
  });

  it('gives the reason of a PAM failure, which stands in a record of its own', () => {
    const { records } = parse(
      write({ ...client, level: 'LOG', message: 'pam_authenticate failed: Permission denied' }, form) +
        write({ ...client, process: 836, port: 9, level: 'LOG', message: 'pam_acct_mgmt failed: User account has expired' }, form) +
        write(
          {
            ...client,
            level: 'FATAL',
            message: failedFor('PAM'),
            detail: 'Connection matched pg_hba.conf line 14: "hostssl all all all pam"',
          },
          form,
        ),
    );

    expect(records.filter(({ kind }) => kind === 'failed')).toMatchObject([
      { process: 835, method: 'pam', reason: 'PAM authentication failed: Permission denied' },
    ]);
    // The other failure may stand in the next file of a text log, which is cut anywhere.
    expect(records.filter(({ kind }) => kind !== 'failed')).toMatchObject(
      formatOf(form) === 'text'
        ? [{ kind: 'explained', process: 836, user_name: 'app', reason: 'PAM authentication failed: User account has expired' }]
        : [],
    );
  });

  // The other forms keep the detail with its failure.
  if (formatOf(form) === 'text') {
    it('tells that the role is not there where the failure itself stands in another file', () => {
      const detail = {
        ...client,
        level: 'DETAIL',
        message: `Role "${client.user}" does not exist.\nConnection matched pg_hba.conf line 14`,
      };
      const { records } = parse(write(detail, form) + write({ ...detail, user: 'else', process: 836 }, form));

      expect(records).toMatchObject([
        { kind: 'explained', process: 835, user_name: client.user, reason: 'password authentication failed: role does not exist' },
      ]);
    });
  }
});

function formatOf(form: Form): string {
  return form === 'json' ? 'json' : form.startsWith('csv') ? 'csv' : 'text';
}
