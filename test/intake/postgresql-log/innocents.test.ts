import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { PostgresqlLogParser } from '../../../lib/intake/postgresql-log/index.ts';

/** Names without a line break that look like something else: odd, and no forgery. */
const users = ['app', 'q"uo%te', 'a@b', 'sch\u00c3\u00b6n', '[7]:LOG:  x', 'c\rr', ':[7]:LOG:  x', 'x:[9]:FATAL:  y'];
const databases = ['orders', 'd@b', ':[1]:LOG:', 'o"p'];

/** The records of one attempt, kind and text, as PostgreSQL writes them; `authenticated` from 14 on. */
function attempt(index: number, user: string, database: string, outcome: string, names: boolean): [kind: string, text: string][] {
  const [process, port] = [5000 + index, 6000 + index];
  const head = `2026-05-03 10:00:00 UTC:192.0.2.10(${port}):`;
  const own = `${head}${user}@${database}:[${process}]:`;
  const record = (kind: string, level: string, message: string): [string, string] => [
    `${process} ${kind}`,
    `${own}${level}:  ${message}\n`,
  ];
  const received: [string, string] = [
    `${process} received`,
    `${head}[unknown]@[unknown]:[${process}]:LOG:  connection received: host=192.0.2.10 port=${port}\n`,
  ];
  const authenticated = names
    ? [record('authenticated', 'LOG', `connection authenticated: identity="${user}" method=md5 (/rdsdbdata/config/pg_hba.conf:2)`)]
    : [];
  const authorized = record('authorized', 'LOG', `connection authorized: user=${user} database=${database}`);
  switch (outcome) {
    case 'session':
      return [
        received,
        ...authenticated,
        authorized,
        record(
          'disconnected',
          'LOG',
          `disconnection: session time: 0:00:00.020 user=${user} database=${database} host=192.0.2.10 port=${port}`,
        ),
      ];
    case 'password':
      return [received, record('failed', 'FATAL', `password authentication failed for user "${user}"`)];
    case 'refused':
      return [
        received,
        record('refused', 'FATAL', `no pg_hba.conf entry for host "192.0.2.10", user "${user}", database "${database}", no encryption`),
      ];
    default:
      return [received, ...authenticated, authorized, record('rejected', 'FATAL', `database "${database}" does not exist`)];
  }
}

describe('odd names without a line break', () => {
  it('cost nobody a record, and nobody is called a forger', () => {
    const login = fc.record({
      user: fc.constantFrom(...users),
      database: fc.constantFrom(...databases),
      outcome: fc.constantFrom('session', 'password', 'refused', 'missing'),
    });
    fc.assert(
      fc.property(
        fc.array(login, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (logins, order, names) => {
          const queues = logins.map(({ user, database, outcome }, index) => attempt(index, user, database, outcome, names));
          const written: [string, string][] = [];
          for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
            const open = queues.filter((queue) => queue.length > 0);
            const next = open[(order[turn % order.length] ?? 0) % open.length]?.shift();
            if (next) written.push(next);
          }
          const records: LoginRecord[] = [];
          const parser = new PostgresqlLogParser({ object: 'log', cluster: 'orders', instance: 'orders-1' }, (record) =>
            records.push(record),
          );

          parser.write(Buffer.from(written.map(([, text]) => text).join(''), 'latin1'));
          parser.end();

          expect(records.map(({ process, kind }) => `${process} ${kind}`).sort()).toEqual(written.map(([kind]) => kind).sort());
        },
      ),
      { numRuns: 2000, seed: 20260506 },
    );
  });
});
