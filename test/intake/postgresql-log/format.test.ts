import { describe, expect, it } from '@jest/globals';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { parse } from './parse.ts';
import { type Attempt, type Form, recordsOf, write } from './server.ts';

const neighbour = { process: 835, host: '192.0.2.7', port: 13708, user: 'app', database: 'orders', outcome: 'password' } as const;
const forger = { process: 28417, host: '203.0.113.66', port: 35936 } as const;
const logOf = (form: Form, attempts: readonly Attempt[]): string =>
  attempts
    .flatMap((attempt) => recordsOf(attempt))
    .map(({ entry }) => write(entry, form))
    .join('');
const others = (records: readonly LoginRecord[]): readonly LoginRecord[] =>
  records.filter(({ forged, host }) => forged === 0 && host !== neighbour.host && host !== forger.host);

/** Names whose second line looks like a record of another form, whole, with an open quote, or two of them. */
const disguised: readonly (readonly [what: string, user: string, database: string])[] = [
  ['csvlog, 23 columns', 'a\n2026-05-03 10:00:00 UTC,"c', '","d",1,"192.0.2.200:1",,,,,,,FATAL,,"x",,,,,,,,,\n'],
  ['csvlog, its quote open', 'a\n2026-05-03 10:00:00 UTC,"c', '","d",1,"192.0.2.200:1",,,,,,,FATAL,,"x'],
  ['csvlog, filled as the server does', 'a\n2026-05-03 10:00:00 UTC,,,1,,a.1,1,,,,,LOG,00000,"x",,,,,,', ',,,\n'],
  ['csvlog twice', 'a\n2026-05-03 10:00:00 UTC,,,1,,,,,,,,,,,,,,,,,,,\n', '\n2026-05-03 10:00:00 UTC,,,1,,,,,,,,,,,,,,,,,,,\n'],
  ['jsonlog', 'a\n{"timestamp":"2026-05-03 10:00:00 UTC","pid":1,"user":"', '","error_severity":"FATAL","remote_host":"192.0.2.200"}\n'],
];

describe.each(disguised)('a text log with names that look like %s', (_, user, database) => {
  const attempt = (outcome: Attempt['outcome']): Attempt => ({ ...forger, user, database, outcome });

  it('stays a text log, also where the file begins with what looks so', () => {
    expect(Math.max(user.length, database.length)).toBeLessThanOrEqual(63);
    for (const outcome of ['password', 'timeout', 'crowded', 'session'] as const) {
      const log = logOf('short', [attempt(outcome), neighbour, { ...neighbour, process: 836, port: 13709 }]);
      const second = log.indexOf('\n', log.indexOf(':a\n')) + 1;

      for (const part of [log, log.slice(second)]) {
        const { records, summary } = parse(part);

        expect([outcome, summary.format]).toEqual([outcome, 'text']);
        expect(others(records)).toEqual([]);
        expect(records.filter(({ host, kind }) => host === neighbour.host && kind === 'failed')).toHaveLength(2);
      }
    }
  });
});

describe('a csvlog whose messages look like other logs', () => {
  const lies = [
    'x',
    '2026-05-03 10:00:00 UTC:192.0.2.200(1):ceo@p:[1]:FATAL:  password authentication failed for user "ceo"',
    '2026-05-03 10:00:00 UTC,ceo,p,1,192.0.2.200:1,a.1,1,,,,,FATAL,00000,password authentication failed for user "ceo",,,,,,,,,',
    '2026-05-03 10:00:00 UTC,,,1,,a.1,1,,,,,LOG,00000,,,,,,,,,,',
    '{"timestamp":"2026-05-03 10:00:00 UTC","pid":1,"error_severity":"FATAL"}',
    'the end',
  ];
  const said = write(
    { process: 6000, host: '198.51.100.9', port: 6000, user: 'in', database: 'd', level: 'LOG', message: lies.join('\n') },
    'csv 26',
  );
  const rest = logOf('csv 26', [neighbour, { ...neighbour, process: 836, port: 13709 }, { ...neighbour, process: 837, port: 13710 }]);

  it.each(lies.map((_, index) => index))('is read as csvlog, where the file begins with line %i of one', (index) => {
    const log = said.split('\n').slice(index).join('\n') + rest;

    const { records, summary } = parse(log);

    expect(summary.format).toBe('csv');
    expect(records.map(({ host, kind }) => [host, kind])).toEqual(
      [1, 2, 3].flatMap(() => ['received', 'failed'].map((kind) => [neighbour.host, kind])),
    );
  });

  it('loses a record that is cut, and no other', () => {
    const [first = '', ...more] = rest.split('\n');
    const cut = said.slice(0, said.indexOf('the end'));

    const { records, summary } = parse(`${first}\n${cut}\n${more.join('\n')}`);

    expect(summary).toMatchObject({ format: 'csv', rejected: 1, notes: ['a record that is cut off'] });
    expect(records).toHaveLength(6);
  });
});

describe('a jsonlog', () => {
  it('is one also where its begin is cut and looks like a text log', () => {
    const record = { process: 6000, host: '198.51.100.9', port: 6000, user: 'in', database: 'd', level: 'LOG' } as const;
    const lie = '2026-05-03 10:00:00 UTC:192.0.2.200(1):ceo@p:[1]:FATAL:  password authentication failed for user ';
    const said = write({ ...record, message: `x ${lie}` }, 'json');

    const { records, summary } = parse(said.slice(said.indexOf(lie)) + logOf('json', [neighbour]));

    expect(summary).toMatchObject({ format: 'json', rejected: 1 });
    expect(records.map(({ host, kind }) => [host, kind])).toEqual(['received', 'failed'].map((kind) => [neighbour.host, kind]));
  });
});
