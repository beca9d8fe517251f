import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { type PostgresqlServer, startPostgresql, whyNoPostgresql } from '../../scripts/postgresql.ts';
import { describeWhere } from '../needs.ts';

const sql = readFileSync(new URL('../../docs/roles.sql', import.meta.url), 'utf8');

const roles = [
  'CREATE ROLE rds_iam NOLOGIN',
  `CREATE ROLE "o'hara" LOGIN CREATEROLE PASSWORD 'p' VALID UNTIL '2027-01-01 00:00:00+02' IN ROLE rds_iam`,
  'CREATE ROLE app LOGIN',
  `CREATE ROLE endless LOGIN PASSWORD 'q' VALID UNTIL 'infinity'`,
];

describeWhere(whyNoPostgresql(), 'docs/roles.sql on a real server', () => {
  let server: PostgresqlServer;

  beforeAll(async () => {
    server = await startPostgresql(18, { hba: ['local all app trust'] });
    await server.run(roles.join('; '));
  });
  afterAll(() => server.stop());

  /** What it prints for one user, of the roles made here. */
  async function printed(user: string): Promise<unknown[]> {
    const client = new pg.Client({ host: server.socketFolder, port: server.port, user, database: 'postgres' });
    await client.connect();
    await client.query('BEGIN READ ONLY');
    const { rows } = await client.query<{ roles: { name: string }[] }>(sql);
    await client.end();
    return (rows[0]?.roles ?? []).filter(({ name }) => !name.startsWith('pg_') && name !== 'postgres');
  }

  const of = (name: string, word: boolean | null, more: object = {}): object => ({
    name,
    canLogin: true,
    superuser: false,
    createRole: false,
    hasPassword: word,
    validUntil: null,
    memberOf: [],
    ...more,
  });
  const expected = (known: boolean): object[] => [
    of('app', known ? false : null),
    of('endless', known ? true : null),
    of("o'hara", known ? true : null, { createRole: true, validUntil: '2026-12-31T22:00:00Z', memberOf: ['rds_iam'] }),
    of('rds_iam', known ? false : null, { canLogin: false }),
  ];

  it('names roles, memberships and ends of passwords in a transaction that may not write', async () => {
    expect(await printed('postgres')).toEqual(expected(true));
  });

  it('says that it does not know of passwords what its user may not read', async () => {
    expect(await printed('app')).toEqual(expected(false));
  });
});
