import { describe, expect, it } from '@jest/globals';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { parse } from './parse.ts';
import { type Attempt, type Entry, type Form, forms, recordsOf, write } from './server.ts';

const innocent = { process: 835, host: '192.0.2.7', port: 13708, user: 'app', database: 'orders' } as const;
const outcomes: readonly Attempt['outcome'][] = ['session', 'password', 'refused', 'pam', 'missing-database', 'crowded', 'replication'];
const attempts = outcomes.map((outcome, index): Attempt => ({ ...innocent, process: 835 + index, port: 13708 + index, outcome }));
const tls = ' application_name=psql SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)';
const encrypted: Entry = {
  ...innocent,
  process: 900,
  port: 900,
  level: 'LOG',
  message: `connection authorized: user=app database=orders${tls}`,
};
const entries: readonly Entry[] = [
  ...attempts.flatMap((attempt) => recordsOf(attempt).map(({ entry }) => entry)),
  encrypted,
  { ...encrypted, message: `${encrypted.message}`.replace(tls, '') },
  { ...encrypted, application: 'psql', level: 'LOG', message: "statement: ALTER ROLE b PASSWORD 'x'" },
  { ...encrypted, application: 'psql', level: 'LOG', message: 'duration: 0.1 ms' },
];
const fields = ['database_name', 'identity', 'method', 'tls', 'protocol', 'cipher', 'application', 'ts_ms'] as const;
const keyOf = ({ kind, process, host, port, user_name }: LoginRecord): string => JSON.stringify([kind, process, host, port, user_name]);
/** Near a border more may be missing than the cut took. */
const undecided = 'a record that may be part of the names of another';
const isClaim = ({ kind }: LoginRecord): boolean => kind !== 'explained';

/** Two files that were one, cut by `head -c` or `split -b`, or read while it grows. */
describe.each(forms)('a log that a byte cuts in two: %s', (form: Form) => {
  const all = entries.map((entry) => write(entry, form));
  const log = all.join('');
  const whole = parse(log);
  const known = new Map(whole.records.filter(isClaim).map((record) => [`${keyOf(record)} ${record.tls}`, record]));
  const find = (record: LoginRecord): LoginRecord | undefined =>
    known.get(`${keyOf(record)} ${record.tls}`) ?? [...known.values()].find((one) => keyOf(one) === keyOf(record));

  it('is complete before', () => {
    expect(whole.summary).toMatchObject({ records: parse(log).summary.records, rejected: 0, notes: [] });
    expect(known.size).toBeGreaterThan(20);
  });

  it('says nothing else anywhere, accuses nobody, and counts what each part lacks', () => {
    const step = form === 'json' || form.startsWith('csv') ? 7 : 1;
    let start = 0;
    for (const text of all) {
      for (let cut = start + 1; cut < start + text.length; cut += step) {
        const head = parse(log.slice(0, cut));
        const tail = parse(log.slice(cut));
        const found = [...head.records, ...tail.records];

        expect([cut, found.filter(({ forged }) => forged === 1)]).toEqual([cut, []]);
        const wrong = found.filter(isClaim).filter((record) => {
          const truth = find(record);
          // What PAM says, or how the connection was encrypted, may lack.
          const hasReason = truth?.reason?.startsWith(record.reason ?? '') ?? record.reason === null;
          return truth === undefined || !hasReason || fields.some((field) => record[field] !== null && record[field] !== truth[field]);
        });
        expect([cut, wrong]).toEqual([cut, []]);
        // Of what a part lacks the other may tell; each says for itself that something lacks.
        const isLost = whole.records.filter(isClaim).length > found.filter(isClaim).length;
        const isEmpty = log[cut] === '\n';
        if (isLost) expect([cut, head.summary.rejected > 0, tail.summary.rejected > 0 || isEmpty]).toEqual([cut, true, true]);
      }
      start += text.length;
    }
  });

  it('is read whole in two parts where the cut is between two records', () => {
    let start = 0;
    for (const text of all.slice(0, -1)) {
      start += text.length;
      const [head, tail] = [parse(log.slice(0, start)), parse(log.slice(start))];

      expect([...head.records, ...tail.records].filter(isClaim).map(keyOf)).toEqual(whole.records.filter(isClaim).map(keyOf));
      expect([...head.summary.notes, ...tail.summary.notes].filter((note) => note !== undecided)).toEqual([]);
    }
  });
});

describe('a log', () => {
  const entry = write(encrypted, 'short');
  const head = `${entry.slice(0, entry.indexOf(':LOG:'))}:LOG:  `;

  it.each([
    ['* Connected to rdsauthproxy (127.0.0.1) port 1108'],
    ['> POST /authenticateRequest HTTP/1.1'],
    ['< HTTP/1.1 403 Forbidden'],
    ['Host: rdsauthproxy:1108'],
    [''],
    ['\0\0\0'.slice(3)],
  ])('may begin with a trace of libcurl: %j', (line) => {
    expect(parse(`${line}\n${entry}`).summary).toMatchObject({ rejected: 0, notes: [] });
  });

  it.each([['rders'], ['\tSELECT 1'], ['FATAL:  x'], [']:LOG:  x'], ['onnection received: host=192.0.2.7 port=1']])(
    'may begin in the middle of a record: %j',
    (line) => {
      expect(parse(`${line}\n${entry}`).summary).toMatchObject({
        rejected: 1,
        notes: ['the end of a record whose begin is missing'],
      });
    },
  );

  it.each([
    entry.trimEnd(),
    `${head}duration: 0.1 ms`.replace('duration', 'checkpoint'),
    `${entry}${head}disconnection: session time: 0:00:00.020 user=app database=orders host=192.0.2.7 port=900`,
    `${entry}${head.replace('LOG', 'FATAL')}password authentication failed for user "app"`,
    `${entry}\n\n  `,
  ])('may end without a line feed, where its last record is whole: %j', (log) => {
    expect(parse(log).summary).toMatchObject({ rejected: 0, notes: [] });
  });

  it.each([
    ['connection auth', 'LOG', null],
    ['connection authorized: user=app', 'LOG', null],
    ['connection authorized: user=app database=orders', 'LOG', { kind: 'authorized', tls: null, application: null }],
    ['connection authorized: user=app database=orders application_name=ps', 'LOG', { kind: 'authorized', tls: null, application: null }],
    ['connection authenticated: identity="app" method=scr', 'LOG', null],
    ['no pg_hba.conf entry for host "192.0.2.7", user "app", database "orders"', 'FATAL', { kind: 'refused', tls: null }],
    ['database "orders"', 'FATAL', null],
    ['statement: ALTER ROLE b ', 'LOG', null],
  ] as const)('may end within a record, which says no more than it did so far: %j', (message, level, last) => {
    const { records, summary } = parse(`${entry}${head.replace('LOG', level)}${message}`);

    expect(records.slice(1)).toMatchObject(last === null ? [] : [last]);
    expect(summary.notes.filter((note) => note !== undecided)).toEqual(['a record that is cut off']);
  });

  it.each(['\r\n', '\n'])('may end within a record, also where each line has a time of its own before it: %j', (end) => {
    const log = [entry, `${head}connection authorized: user=app database=ord`].map((line) => `2026-05-03T10:00:00Z ${line.trimEnd()}`);
    const { records, summary } = parse(log.join(end));

    expect(records).toMatchObject([{ kind: 'authorized', tls: 'yes' }]);
    expect(summary).toMatchObject({ rejected: 1, notes: ['a record that is cut off'] });
  });

  it('of IAM errors may end within a line', () => {
    const line =
      "2026-05-03T10:00:00Z [ERROR] Failed to authenticate the connection request for user 'app' because x (Status Code: 400, Error Code: InvalidToken)";

    expect(parse(line).summary).toMatchObject({ records: 1, rejected: 0 });
    expect(parse(`${line}\n${line.slice(0, -6)}`).summary).toMatchObject({ records: 1, rejected: 1, notes: ['a line that is cut off'] });
  });
});

describe('a name of an application longer than a message that is looked at', () => {
  it('proves no plaintext', () => {
    const message = `connection authorized: user=app database=orders application_name=${'\\xff'.repeat(9000)}${tls.slice(tls.indexOf(' SSL'))}`;

    expect(parse(write({ ...encrypted, message }, 'short')).records).toMatchObject([{ kind: 'authorized', tls: null, application: null }]);
  });
});
