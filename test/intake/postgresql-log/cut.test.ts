import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { attackersHost, scenes } from './attackers.ts';
import { parse, parseDelivery } from './parse.ts';
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

describe('what begins or ends a log', () => {
  const cutOff = 'a record that is cut off';
  const failure = write({ ...innocent, level: 'FATAL', message: 'password authentication failed for user "app"' }, 'short');
  const before = `${failure}${'2026-05-03 10:00:00 UTC::@:[7]:LOG:  checkpoint complete: wrote 1 buffers\n'.repeat(4)}`;
  const liar = '2099-01-01 00:00:00 UTC:192.0.2.10(5003):';
  const accused = (log: string): unknown[] => parse(log).records.flatMap(({ forged, host }) => (forged === 1 ? [host] : []));

  it.each([
    ['a text that looks like a prefix', `${liar}\n${failure}`],
    ['the same, and the end within the next record', `${liar}\n${failure.slice(0, 45)}`],
  ])('accuses nobody at the begin, who may stand in a message: %s', (_, log) => {
    expect(accused(log).filter((host) => host !== null)).toEqual([]);
  });

  it('accuses nobody behind a decoy and before the end', () => {
    const decoy = `2026-05-03 10:00:00 UTC:203.0.113.66(7000):app@:[5003]:DETAIL:  x\r\n${liar}ce:[7000]:FATAL:  canceling authentication due to timeout\n`;

    expect(accused(`${before}${decoy}2026-05-03 10:00:01 UTC:192.0.2.10(5003):app@orders:[5003]:LOG:  p`)).toEqual([null]);
  });

  it('accuses nobody where the true message goes on in another object, behind the line break of a name', () => {
    const names = '\n\n2099-01-01 00:00:00 UTC:::1(1):@:[5003]:LOG:  connection received: host=::1 port=1\n';
    const parsed = parse(
      `${before}2026-05-03 10:00:06 UTC:203.0.113.66(7001):${names}:[7001]:FATAL:  PAM authentication failed for user "\n`,
    );

    expect(parsed.records.slice(1)).toMatchObject([{ kind: 'forged', host: '203.0.113.66', process: 7001 }]);
    expect(parsed.summary.notes).toContain(cutOff);
  });

  it('lets no receipt of a Unix socket confirm a lie before the end: a guessed process is all that it takes', () => {
    const receipts = [
      '2026-05-03 10:00:00 UTC:[local]:[unknown]@[unknown]:[5001]:LOG:  connection received: host=[local]\n',
      '2026-05-03 10:00:00 UTC:203.0.113.66(7000):[unknown]@[unknown]:[7000]:LOG:  connection received: host=203.0.113.66 port=7000\n',
    ].join('');
    const lie = '2026-05-03 10:00:00 UTC:[local]:c@d:[5001]:FATAL:  password authentication failed for user "c"\n';
    const names = `2026-05-03 10:00:00 UTC:203.0.113.66(7000):a@:[7000]:LOG:  x\n${lie}`;
    const { records, summary } = parse(receipts + names);

    expect(records.map(({ kind, host }) => [kind, host])).toEqual([
      ['received', '[local]'],
      ['received', '203.0.113.66'],
    ]);
    expect(summary).toMatchObject({ rejected: 1, notes: [undecided] });
    expect(parse(lie + before).records).toMatchObject([{ kind: 'failed', host: innocent.host }]);
    // Far from what others call themselves it is what it says.
    expect(parse(receipts + before + lie).records.at(-1)).toMatchObject({ kind: 'failed', host: '[local]', process: 5001 });
  });

  it('says of a user alone, as a name before the border may be his, that he failed, unconfirmed, and counts it', () => {
    const { records, summary } = parse(
      `2026-01-01 00:00:00 UTC:192.0.2.200(1):app@p:[7]:FATAL:  password authentication failed for user "app"\n${before}`,
    );

    expect(records.map(({ kind, process }) => [kind, process])).toEqual([
      ['failed', 7],
      ['failed', 835],
    ]);
    expect(summary).toMatchObject({ rejected: 1, notes: [undecided] });
  });
});

describe.each([
  ['with receipts', true],
  ['without receipts', false],
])('a log with forged records that is cut anywhere, %s', (_, logsConnections) => {
  it('confirms nothing of others that was not, says nothing of them uncounted, and accuses nobody but who wrote', () => {
    const isOther = ({ host, process }: LoginRecord): boolean => host !== attackersHost && process !== 6000;
    const placeOf = ({ process, host, port }: LoginRecord): string => `${process} ${host} ${port}`;
    const cuts = fc.array(fc.noBias(fc.nat(99_999)), { minLength: 1, maxLength: 2 });
    // No port is that of two connections at once.
    const scene = scenes(logsConnections).filter(({ written }) => {
      const open = new Map(written.map(({ attempt }) => [attempt.process, `${attempt.host} ${attempt.port ?? attempt.process}`]));
      return new Set(open.values()).size === open.size;
    });
    fc.assert(
      fc.property(scene, fc.array(fc.tuple(cuts, fc.boolean()), { minLength: 6, maxLength: 6 }), ({ log, written }, all) => {
        const truth = new Set(
          written.map(({ kind, attempt, ts_ms }) => `${kind} ${attempt.process} ${attempt.host} ${attempt.port} ${ts_ms}`),
        );
        const lines = [...log.matchAll(/\n/g)].map(({ index }) => index + 1);
        for (const [where, atLine] of all) {
          const offsets = where.map((number) => (atLine ? (lines[number % lines.length] ?? 0) : number % log.length));
          const borders = [0, ...offsets.sort((a, b) => a - b), log.length];
          const parts = borders.slice(1).map((to, index) => (atLine ? deliver : parse)(log.slice(borders[index], to)));
          const received = new Set(parts.flatMap(({ records }) => records.filter(({ kind }) => kind === 'received').map(placeOf)));
          for (const { records, summary } of parts) {
            const accused = records.filter(
              (record) => record.forged === 1 && record.host !== null && isOther(record) && record.host !== '198.51.100.9',
            );
            expect([borders, accused]).toEqual([borders, []]);
            const lies = records.filter(
              (record) =>
                record.forged === 0 &&
                isClaim(record) &&
                isOther(record) &&
                !truth.has(`${record.kind} ${placeOf(record)} ${record.ts_ms}`),
            );
            expect([borders, lies.filter((lie) => lie.kind === 'received' || received.has(placeOf(lie)))]).toEqual([borders, []]);
            if (lies.length > 0) expect([borders, summary.rejected, lies]).not.toEqual([borders, 0, lies]);
          }
        }
      }),
      { numRuns: 300, seed: 20260508 },
    );
  });
});

function deliver(part: string): ReturnType<typeof parse> {
  const logEvents = part === '' ? [] : [{ id: '1', timestamp: 1, message: part.replace(/\n$/, '') }];
  const group = { messageType: 'DATA_MESSAGE', logGroup: '/aws/rds/cluster/orders/postgresql', logStream: 'orders-1' };
  return parseDelivery(JSON.stringify({ ...group, logEvents }));
}

describe.each(['long', 'long:'] as const)('a name of an application that looks like the begin of a message: %s', (form) => {
  const session = { ...innocent, process: 900, port: 900, level: 'LOG' } as const;
  const ended: Entry = { ...session, message: 'disconnection: session time: 0:00:00.020 user=app database=orders host=192.0.2.7 port=900' };

  it.each([
    'aLOG:  x',
    'LOG:  ',
    'FATAL:  the database system is ',
    'LOG:  pam_authenticate failed: ',
    'LOG:  connection authorized: user=ceo database=p',
    'LOG:  disconnection: session time: 0:00:00.001 user=',
    'FATAL:  password authentication failed for user "app',
    'ERROR:  aLOG:  bDETAIL:  Role "app" does not exist',
    '\\xd0\\xb6'.repeat(31),
  ])('hides no end of the session: %j', (application) => {
    const { records, summary } = parse(write(encrypted, form) + write({ ...ended, application }, form));

    expect(records).toMatchObject([{ kind: 'authorized' }, { kind: 'disconnected', process: 900, user_name: 'app', application }]);
    expect(summary).toMatchObject({ records: 2, rejected: 0 });
  });

  it('speaks of nobody else, and is counted', () => {
    const application = 'LOG:  connection authorized: user=ceo database=p';
    const { records, summary } = parse(write(encrypted, form) + write({ ...session, application, message: 'duration: 1 ms' }, form));

    expect(records).toMatchObject([{ kind: 'authorized', user_name: 'app' }]);
    expect(summary).toMatchObject({ rejected: 1, notes: ['a record that looks as if the name of an application began another'] });
  });

  it('is none where there is no name: what is said then is forged', () => {
    const { records } = parse(write(encrypted, form) + write({ ...session, message: 'connection authorized: user=ceo LOG:  x' }, form));

    expect(records).toMatchObject([{ kind: 'authorized' }, { kind: 'forged' }]);
  });
});
