import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { attackersHost, type Scene, scenes } from './attackers.ts';
import { parse } from './parse.ts';
import { type Attempt, type Entry, recordsOf, write } from './server.ts';

/** What claims a login or its failure; an explanation alone claims nothing. */
const genuine = (records: readonly LoginRecord[]): readonly LoginRecord[] =>
  records.filter(({ forged, kind }) => forged === 0 && kind !== 'explained');
const forged = (records: readonly LoginRecord[]): readonly LoginRecord[] => records.filter((record) => record.forged === 1);
const claims = (records: readonly LoginRecord[]): unknown[] => forged(records).map(({ claimed }) => JSON.parse(claimed ?? 'null'));
const text = (entries: readonly Entry[]): string => entries.map((entry) => write(entry, 'short')).join('');
const logOf = (attempts: readonly Attempt[]): string => text(attempts.flatMap((attempt) => recordsOf(attempt)).map(({ entry }) => entry));

const forger = { process: 28417, host: '203.0.113.66', port: 35936 } as const;
const neighbour = { process: 835, host: '192.0.2.7', port: 13708, user: 'app', database: 'orders', outcome: 'password' } as const;
const innocents = ['received', 'failed', 'received', 'failed'];

const heading = '2026-01-01 00:00:00 UTC:192.0.2.200(1):';
/** Startup packets; what they write about `ceo` or `c`, at 192.0.2.200, is false. How many lines pretend to be a record. */
const attacks: readonly (readonly [name: string, user: string, database: string, lines: number])[] = [
  ['a whole record between two traces', `a\n${heading}ceo`, 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n', 1],
  ['an orphan on the forged line', `a\n${heading}ceo`, 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"', 1],
  ['an orphan behind a tab', `a\n${heading}ceo`, 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n\t', 1],
  ['a decoy orphan before the record', `a\n:[1]:LOG:  x\n${heading}c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n', 1],
  ['a decoy orphan behind the record', `a\n${heading}c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n:[1]:LOG:\n', 1],
  ['the guessed process in the decoy', `a\n:[28417]:LOG:  x\n${heading}c`, 'd:[28417]:FATAL:  PAM authentication failed for user "c"\n', 1],
  ['the guessed process in the record', `a\n${heading}ceo`, 'prod:[28417]:FATAL:  PAM authentication failed for user "ceo"\n', 1],
  ['a decoy that completes the broken line', `a@:[1]:LOG:  x\n${heading}c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n', 1],
  [
    'a decoy of the guessed process that completes it',
    `a@:[28417]:LOG:  x\n${heading}c`,
    'd:[1]:FATAL:  PAM authentication failed for user "c"\n',
    1,
  ],
  [
    'a decoy that completes it, and no line break at the end',
    `a@:[1]:LOG:  x\n${heading}c`,
    'd:[1]:FATAL:  PAM authentication failed for user "c"',
    1,
  ],
  ['a decoy that completes it, and a tab', `a@:[1]:LOG:  x\n${heading}c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n\t', 1],
  ['a receipt', `a\n2026-01-01 00:00:00 UTC:192.0.2.6(1):[unknown]`, '[unknown]:[1]:LOG:  connection received: host=192.0.2.6 port=1\n', 1],
  ['a session', `a\n${heading}c`, 'd:[1]:LOG:  connection authorized: user=c database=d\n', 1],
  ['the prefix alone, before the true message', `a\n${heading}ceo`, 'prod', 1],
  ['the prefix alone, behind a decoy', `a@:[1]:LOG:  x\n${heading}c`, 'd', 1],
  ['a decoy before the orphan, on its line', `a\n${heading}c`, 'd:[1]:FATAL:  PAM authentication failed for user "c"\n:[1]:LOG:', 1],
  ['a decoy, a broken line and the prefix', `c@d:[1]:LOG:  \n${heading}`, `\n${heading}c@d`, 2],
  ['two lines', `a\n${heading}c`, `d:[1]:LOG:  x\n${heading}c@d`, 2],
  ['CR LF', `a\r\n${heading}ceo`, 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\r\n', 1],
  ['a false claim about the own address', 'ceo', ':[1]:FATAL:  PAM authentication failed for user "ceo"\n', 1],
];

describe.each(attacks)('%s', (_, user, database, lines) => {
  const attempt = (outcome: Attempt['outcome']): Attempt => ({ ...forger, user, database, outcome });

  it('fits into a startup packet', () => {
    expect(Math.max(user.length, database.length)).toBeLessThanOrEqual(63);
  });

  // How many records carry the names: so often is everything in them written.
  it.each([
    ['refused', 1],
    ['pam', 3],
    ['password', 2],
    ['timeout', 1],
    ['session', 3],
  ] as const)('is told by an attempt that ends as %s', (outcome, times) => {
    const { records } = parse(logOf([neighbour, attempt(outcome), { ...neighbour, process: 836, port: 13709 }]));

    expect(forged(records).map(({ host, port, process }) => [host, port, process])).toEqual(
      Array.from({ length: lines * times }, () => [forger.host, forger.port, forger.process]),
    );
    expect(
      genuine(records)
        .filter(({ host }) => host === '192.0.2.7')
        .map(({ kind }) => kind),
    ).toEqual(innocents);
    expect(
      genuine(records)
        .filter(({ host }) => host !== '192.0.2.7')
        .map(({ kind, process }) => [kind, process]),
    ).toEqual([['received', forger.process]]);
  });

  it('makes no record and no date of somebody else without receipts either', () => {
    const failures = [neighbour, attempt('pam'), { ...neighbour, process: 836, port: 13709 }].flatMap((one) => recordsOf(one, false));
    const { records, summary } = parse(text(failures.map(({ entry }) => entry)));

    expect(genuine(records).map(({ host, kind, process }) => [host, kind, process])).toEqual([
      ['192.0.2.7', 'failed', 835],
      ['192.0.2.7', 'failed', 836],
    ]);
    expect(forged(records).filter(({ host, process }) => host !== null && (host !== forger.host || process !== forger.process))).toEqual(
      [],
    );
    expect(summary.from).toBe(Date.UTC(2026, 4, 3, 10));
  });
});

describe('what a forged record claims', () => {
  it('is kept as data, with the time at which it was written', () => {
    const { records } = parse(
      logOf([
        {
          ...forger,
          user: `a\n${heading}ceo`,
          database: 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n',
          outcome: 'refused',
        },
      ]),
    );

    expect(claims(records)).toEqual([
      {
        time: '2026-01-01T00:00:00.000Z',
        source: '192.0.2.200',
        port: 1,
        names: 'ceo@prod',
        process: 1,
        level: 'FATAL',
        text: 'PAM authentication failed for user "ceo"',
      },
    ]);
    expect(forged(records)).toMatchObject([{ kind: 'forged', ts_ms: Date.UTC(2026, 4, 3, 10), user_name: null, database_name: null }]);
  });
});

describe('a line without an end of its own', () => {
  const because = (user: string, database: string): string =>
    `no pg_hba.conf entry for host "203.0.113.66", user "${user}", database "${database}", no encryption`;

  it.each([
    ['behind a decoy without a colon', 'a', `[7]:LOG:  x\n${heading}c`, 'c'],
    ['behind a decoy', `a@:[7]:LOG:  x\n${heading}c`, 'd', 'c@d'],
    ['behind a broken prefix', `a\n${heading}ceo`, 'prod', 'ceo@prod'],
  ])('claims what the server itself says behind it: %s', (_, user, database, names) => {
    const { records } = parse(logOf([{ ...forger, user, database, outcome: 'refused' }]));

    expect(claims(records)).toMatchObject([{ names, process: forger.process, level: 'FATAL', text: because(user, database) }]);
  });
});

describe('a name with line breaks that pretends nothing', () => {
  it.each([
    ['a user', 'a\nb', 'orders'],
    ['a database', 'app', 'or\nders\n'],
    ['both, with tabs', 'a\n\tb', '\n\torders'],
    ['a user like the end of a record', 'a\n:[1]:LOG:  x', 'orders'],
    ['a user like a decoy', 'a@b:[1]:LOG:  x', 'orders'],
    ['a user with an @', 'a@b', 'c@d'],
  ])('is a name: %s', (_, user, database) => {
    const { records } = parse(
      logOf([neighbour, { ...forger, user, database, outcome: 'session' }, { ...neighbour, process: 836, port: 13709 }]),
    );

    expect(forged(records)).toEqual([]);
    expect(
      genuine(records)
        .filter(({ host }) => host === forger.host)
        .slice(1),
    ).toMatchObject(
      ['authenticated', 'authorized', 'disconnected'].map((kind) => ({ kind, ...forger, user_name: user, database_name: database })),
    );
    expect(
      genuine(records)
        .filter(({ host }) => host === '192.0.2.7')
        .map(({ kind }) => kind),
    ).toEqual(innocents);
  });
});

describe('what a logged-in user writes', () => {
  const session = { ...forger, user: 'mallory', database: 'orders' } as const;
  const said = (message: string): string =>
    logOf([{ ...session, outcome: 'session' }])
      .split('\n')
      .slice(0, 3)
      .join('\n')
      .concat('\n', text([{ ...session, level: 'LOG', message }]));

  it.each([
    ['a session', 'connection authorized: user=ceo database=orders'],
    ['a session of the own name in another database', 'connection authorized: user=mallory database=prod'],
    ['an identity', 'connection authenticated: identity="ceo" method=scram-sha-256 (/config/pg_hba.conf:2)'],
    ['a trusted user', 'connection authenticated: user="ceo" method=trust (/config/pg_hba.conf:2)'],
    ['a receipt', 'connection received: host=192.0.2.200 port=1'],
    ['a disconnection', 'disconnection: session time: 0:00:00.020 user=ceo database=orders host=192.0.2.200 port=1'],
  ])('is forged where it speaks of others: %s', (_, message) => {
    const { records } = parse(said(message));

    expect(forged(records)).toMatchObject([{ ...forger, process: forger.process }]);
    expect(genuine(records).map(({ kind }) => kind)).toEqual(['received', 'authenticated', 'authorized']);
  });

  it.each([
    'x:[7]:LOG:  connection authorized: user=ceo database=orders',
    `x\n${heading}ceo@orders:[7]:FATAL:  password authentication failed for user "ceo"`,
    'x\n:[7]:FATAL:  password authentication failed for user "ceo"',
    'x:[7]:FATAL:  password authentication failed for user "mallory"',
    'password authentication failed for user "ceo"',
  ])('is text within a record: %j', (message) => {
    const { records, summary } = parse(said(message));

    expect(records.map(({ kind }) => kind)).toEqual(['received', 'authenticated', 'authorized']);
    expect(summary).toMatchObject({ records: 4, rejected: 0 });
  });

  it('may be an application name that looks like a record', () => {
    const application = 'x:[7]:FATAL:  password authentication failed for user "mallory"';
    const { records } = parse(
      text([{ ...session, level: 'LOG', message: `connection authorized: user=mallory database=orders application_name=${application}` }]),
    );

    expect(records).toMatchObject([{ kind: 'authorized', process: forger.process, application }]);
  });
});

describe('an application name like the report of TLS', () => {
  const application = 'psql SSL enabled (protocol=TLSv1.3, cipher=X, bits=256)';
  const session = { ...forger, user: 'mallory', database: 'orders', level: 'LOG' } as const;
  const entries = (ending: string): Entry[] => [
    { ...session, message: `connection authorized: user=mallory database=orders application_name=${ending}` },
    {
      ...session,
      application,
      message: 'disconnection: session time: 0:00:00.020 user=mallory database=orders host=203.0.113.66 port=35936',
    },
  ];

  it.each(['long', 'long:', 'csv 26', 'json'] as const)('is found out by the end of the session in %s', (form) => {
    const { records } = parse(
      entries(application)
        .map((entry) => write(entry, form))
        .join(''),
    );

    expect(records).toMatchObject([
      { kind: 'authorized', tls: 'yes' },
      { kind: 'disconnected', tls: 'no' },
    ]);
  });

  it.each(['long', 'long:', 'csv 26', 'json'] as const)('is no lie where TLS is reported behind it in %s', (form) => {
    const { records } = parse(
      entries(`${application} SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`)
        .map((entry) => write(entry, form))
        .join(''),
    );

    expect(records).toMatchObject([
      { kind: 'authorized', tls: 'yes' },
      { kind: 'disconnected', tls: null },
    ]);
  });

  it('is a report in the short form, which proves nothing', () => {
    expect(parse(text(entries(application))).records).toMatchObject([{ tls: 'yes', application: 'psql' }, { tls: null }]);
  });
});

describe('at the borders of a log', () => {
  const attempt = {
    ...forger,
    user: `a\n${heading}ceo`,
    database: 'prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n',
    outcome: 'refused',
  } as const;
  const lines = logOf([attempt]).split('\n');
  const [receipt = '', broken = '', claim = '', orphan = ''] = lines;

  it.each([
    ['the forged line', [receipt, broken, claim]],
    ['half of the forged line', [receipt, broken, claim.slice(0, -10)]],
    ['the broken line', [receipt, broken]],
    ['half of the broken line', [receipt, broken.slice(0, 40)]],
  ])('believes nothing when it ends with %s', (_, log) => {
    expect(genuine(parse(log.join('\n')).records)).toMatchObject([{ kind: 'received', ...forger }]);
  });

  it.each([
    ['the forged line', [claim, orphan, ...lines.slice(4)]],
    ['the orphan', [orphan, ...lines.slice(4)]],
  ])('believes nothing when it begins with %s', (_, log) => {
    const next = logOf([neighbour]);

    expect(genuine(parse(`${log.join('\n')}${next}`).records).map(({ host, kind }) => [host, kind])).toEqual([
      ['192.0.2.7', 'received'],
      ['192.0.2.7', 'failed'],
    ]);
  });

  it.each([
    ['begins', [claim, ...logOf([neighbour]).split('\n')]],
    ['ends', [...logOf([neighbour]).trimEnd().split('\n'), claim]],
  ])('dates nothing by a line that may be forged by another object: it %s with one', (_, log) => {
    const forgedTime = claim.replace('2026-01-01', '2099-01-01');

    const { summary } = parse(`${log.join('\n').replace(claim, forgedTime).trimEnd()}\n`);

    expect([summary.from, summary.to]).toEqual([Date.UTC(2026, 4, 3, 10), Date.UTC(2026, 4, 3, 10)]);
    expect(summary.hours).toHaveLength(1);
  });

  it('dates what it cannot tell the time of by its neighbours', () => {
    const { records } = parse(`${[claim, orphan, ...lines.slice(4)].join('\n')}${logOf([neighbour])}`);

    expect(forged(records).map(({ ts_ms }) => ts_ms)).toEqual([Date.UTC(2026, 4, 3, 10)]);
  });

  it('dates it by the first of them, not by one long after', () => {
    const later = logOf([neighbour]).replaceAll('2026-05-03 10', '2026-05-04 15');

    const { records } = parse(`${[claim, orphan, ...lines.slice(4)].join('\n')}${logOf([neighbour])}${later}`);

    expect(forged(records).map(({ ts_ms }) => ts_ms)).toEqual([Date.UTC(2026, 4, 3, 10)]);
  });

  it('takes a session whose begin lies before it for no forgery', () => {
    const [, , , ended] = recordsOf({ ...neighbour, outcome: 'session' });

    expect(parse(text(ended ? [ended.entry] : [])).records).toMatchObject([{ kind: 'disconnected', forged: 0 }]);
  });

  it('counts a line that is cut off inside its prefix, and reads on', () => {
    const { records, summary } = parse(`2026-05-03 10:00:00 UTC:192.0.2.9(5):ap\n${logOf([neighbour])}`);

    expect(records.map(({ kind }) => kind)).toEqual(['received', 'failed']);
    expect(summary).toMatchObject({ rejected: 1, notes: ['a line that ends inside its prefix'] });
  });
});

// Whoever guesses the own process ends his names before the border as he would without lies: what he says of others is unconfirmed then.
const told = attacks.filter(([name]) => name !== 'a decoy of the guessed process that completes it');

describe.each(told)('a log that a border cuts within an attempt, %s', (_, user, database) => {
  const isTrue = ({ host }: LoginRecord): boolean => host === neighbour.host || host === forger.host;

  it.each(['short', 'long', 'long:'] as const)('has no record of somebody else: %s', (form) => {
    for (const outcome of ['session', 'password'] as const) {
      const attempts: Attempt[] = [neighbour, { ...forger, user, database, outcome }];
      const log = attempts.flatMap((attempt) => recordsOf(attempt)).map(({ entry }) => write(entry, form));
      const whole = log.join('');
      // Bytes and lines: what delivers logs cuts at lines, what copies them anywhere.
      for (
        let cut = whole.indexOf(forger.host);
        cut < whole.length;
        cut += whole[cut] === '\n' ? 1 : Math.min(29, whole.indexOf('\n', cut) - cut)
      ) {
        const [before, after] = [parse(whole.slice(0, cut)).records, parse(whole.slice(cut)).records];

        expect([cut, genuine([...before, ...after]).filter((record) => !isTrue(record))]).toEqual([cut, []]);
        expect(
          genuine(before)
            .filter(({ host }) => host === neighbour.host)
            .map(({ kind }) => kind),
        ).toEqual(['received', 'failed']);
      }
    }
  });
});

describe('what lies within the length of names at the end of a log', () => {
  const decoy = (names: string, message: string): string => `2026-05-03 10:00:00 UTC:${forger.host}(${forger.port}):${names}${message}\n`;
  const receipt = logOf([{ ...forger, user: 'a', database: 'b', outcome: 'timeout' }]).split('\n', 1)[0] ?? '';
  const undecided = { rejected: 1, notes: ['a record that may be part of the names of another'] };
  const claim = `${heading}c@d:[1]:FATAL:  PAM authentication failed for user "c"\n`;
  const falseReceipt = '2026-01-01 00:00:00 UTC:192.0.2.6(1):[unknown]@[unknown]:[1]:LOG:  connection received: host=192.0.2.6 port=1\n';

  it.each([
    ['a claim of success', decoy('c@d:[1]:LOG:  ', 'connection authorized: user=c database=d'), 1],
    ['a failure', decoy('c@d:[1]:FATAL:  ', 'password authentication failed for user "c"'), 1],
    ['a decoy, and a claim about somebody else', decoy('a@:[1]:LOG:  ', 'x') + claim, 1],
    ['a decoy, and a receipt', decoy('a@:[1]:LOG:  ', '') + falseReceipt, 1],
  ])('is forged where the receipt names another process, %s', (_, end, records) => {
    const parsed = parse(`${logOf([neighbour])}${receipt}\n${end}`);

    expect(forged(parsed.records).map(({ host, port, process }) => [host, port, process])).toEqual(
      Array.from({ length: records }, () => [forger.host, forger.port, forger.process]),
    );
    expect(genuine(parsed.records).map(({ kind }) => kind)).toEqual(['received', 'failed', 'received']);
  });

  it.each([
    ['a claim of success', decoy('c@d:[1]:LOG:  ', 'connection authorized: user=c database=d'), ['authorized']],
    ['a claim behind a decoy', decoy('a@:[1]:LOG:  ', 'x') + claim, ['failed']],
    ['a receipt behind a decoy', decoy('a@:[1]:LOG:  ', '') + falseReceipt, []],
    ['a receipt behind a decoy of the guessed process', receipt.concat('\n', decoy('a@:[28417]:LOG:  ', ''), falseReceipt), ['received']],
  ])('is counted where nothing tells who wrote it, and a receipt confirms nothing: %s', (_, end, kinds) => {
    const { records, summary } = parse(logOf([neighbour]) + end);

    expect(forged(records)).toEqual([]);
    expect(records.map(({ kind }) => kind)).toEqual(['received', 'failed', ...kinds]);
    expect(summary).toMatchObject(undecided);
  });

  it('costs no log a word that ends with a receipt, or with a record that one speaks for', () => {
    const [received = '', rejected = ''] = logOf([{ ...neighbour, outcome: 'crowded' }]).split('\n');

    expect(parse(`${logOf([neighbour])}${received}\n`).summary).toMatchObject({ rejected: 0 });
    expect(parse(`${logOf([neighbour])}${received}\n${rejected}\n`).summary).toMatchObject({ rejected: 0 });
  });
});

describe('at the begin of a log', () => {
  it('what the server says behind names that are cut counts as undecided: it stands behind any names', () => {
    const { records, summary } = parse(`${heading}app@orders:[28417]:FATAL:  sorry, too many clients already\n${logOf([neighbour])}`);

    expect(records.map(({ kind }) => kind)).toEqual(['rejected', 'received', 'failed']);
    expect(summary).toMatchObject({ rejected: 1, notes: ['a record that may be part of the names of another'] });
  });

  it('a short record with an @ before a record that names nobody hides it, and is not silent', () => {
    const said = { process: 6000, host: '198.51.100.9', port: 6000, user: 'in', database: 'd', level: 'LOG', message: 'x@y' } as const;
    const [, rejected] = recordsOf({ ...neighbour, outcome: 'crowded' });

    const { records, summary } = parse(
      logOf([{ ...neighbour, process: 836 }]) + text([said, ...(rejected ? [rejected.entry] : [])]) + logOf([neighbour]),
    );

    expect(records.map(({ kind }) => kind)).toEqual(innocents);
    expect(summary).toMatchObject({ rejected: 1, notes: ['a record that may be part of the names of another'] });
  });

  it.each([
    '2099-01-01 00:00:00:[28417]:FATAL:  sorry, too many clients already',
    '2099-01-01 00:00:00 UTC:[28417]:LOG:  connection authorized: user=ceo database=prod',
  ])('a name that ends like a shortened line makes none: %s', (line) => {
    expect(parse(`${line}\n${logOf([neighbour])}`).records.map(({ kind }) => kind)).toEqual(['received', 'failed']);
  });
});

describe('lines without a prefix', () => {
  it('are no forgery: libcurl traces a failed IAM login', () => {
    const [receipt, pam, failed] = recordsOf({ ...neighbour, outcome: 'pam' }).map(({ entry }) => write(entry, 'short'));
    const trace = [
      '* Connected to rdsauthproxy (127.0.0.1) port 1108',
      '> POST /authenticateRequest HTTP/1.1',
      '< HTTP/1.1 403 Forbidden',
      '*',
      '',
    ].join('\n');

    const { records, summary } = parse([receipt, trace, pam, trace, failed].join(''));

    expect(records).toMatchObject([{ kind: 'received' }, { kind: 'failed', reason: 'PAM authentication failed: Permission denied' }]);
    expect(summary.rejected).toBe(0);
  });
});

describe('a record that blames nobody else', () => {
  it('is no record of another time: the own place and the guessed process do not make it one', () => {
    const [user, database] = ['c', ':[28417]:LOG:  \n2099-01-01 00:00:00 UTC:203.0.113.66(35936):c@'];

    const { records, summary } = parse(logOf([{ ...forger, user, database, outcome: 'session' }]));

    expect(database.length).toBeLessThanOrEqual(63);
    expect(genuine(records).filter(({ ts_ms }) => ts_ms !== Date.UTC(2026, 4, 3, 10))).toEqual([]);
    expect(summary.to).toBe(Date.UTC(2026, 4, 3, 10));
  });
});

describe('a short record and a failure of the same user behind it', () => {
  const first = { process: 835, host: '192.0.2.7', port: 13708, user: 'a', database: 'b', level: 'LOG' } as const;
  const second = { ...first, level: 'FATAL', message: 'password authentication failed for user "a"' } as const;

  it.each(['', 'x', '@', 'x@y'])('stay two records without receipts: %j', (message) => {
    const { records } = parse(text([{ ...first, message }, second, { ...first, message }, { ...second, process: 836, port: 13709 }]));

    expect(records.map(({ kind, process, port }) => [kind, process, port])).toEqual([
      ['failed', 835, 13708],
      ['failed', 836, 13709],
    ]);
  });

  it.each([
    ['another host', { ...second, host: '192.0.2.8' }, '2026-05-03 10:00:00'],
    ['a time before', second, '2026-05-03 09:59:59'],
    ['a time long after', second, '2026-05-03 11:00:01'],
  ])('are one forged record where they blame or date what was not: %s', (_, entry, time) => {
    const { records } = parse(write({ ...first, message: 'x' }, 'short') + write(entry, 'short', time));

    expect(records).toMatchObject([{ kind: 'forged', host: '192.0.2.7', port: 13708, process: 835 }]);
  });
});

describe('short records one after the other', () => {
  it('stay records, even when an @ in the first makes names of both possible', () => {
    const short = { process: 835, host: '192.0.2.7', port: 13708, user: 'app', database: 'orders', level: 'LOG' } as const;
    const { records, summary } = parse(
      text([
        { ...short, message: 'joe@example.com' },
        { ...short, process: 836, port: 9, message: 'x@y' },
        { ...short, process: 837, port: 10, level: 'FATAL', message: 'password authentication failed for user "app"' },
      ]),
    );

    expect(records).toMatchObject([{ kind: 'failed', process: 837 }]);
    expect(summary).toMatchObject({ records: 3, rejected: 0 });
  });
});

describe.each([
  ['with receipts', true],
  ['without receipts', false],
])('names of any kind, %s', (_, logsConnections) => {
  const scene = scenes(logsConnections);
  const wide = { numRuns: 700, seed: 20260503 };
  const keyOf = ({
    kind,
    process,
    host,
    port,
    ts_ms,
  }: Pick<LoginRecord, 'process' | 'host' | 'port' | 'ts_ms'> & { kind: string | null }): string =>
    `${kind} ${process} ${host} ${port} ${ts_ms}`;
  const truthOf = ({ written }: Scene, isWanted: (host: string) => boolean): string[] =>
    written.flatMap(({ kind, attempt, ts_ms }) => (kind !== null && isWanted(attempt.host) ? [keyOf({ ...attempt, kind, ts_ms })] : []));

  it('give no record but those that were written, and name no time that was not', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const { records, summary } = parse(one.log);
        const truth = truthOf(one, () => true);

        expect(
          genuine(records)
            .map(keyOf)
            .filter((key) => !truth.includes(key)),
        ).toEqual([]);
        expect(summary.to ?? 0).toBeLessThan(Date.UTC(2026, 4, 4));
      }),
      wide,
    );
  });

  it('cost no innocent neighbour a record', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const isInnocent = (host: string | null): boolean => host !== attackersHost;

        const kept = genuine(parse(one.log).records).filter(({ host }) => isInnocent(host));

        expect(kept.map(keyOf)).toEqual(truthOf(one, isInnocent));
        expect(kept.filter(({ user_name }) => user_name !== null && user_name !== 'app')).toEqual([]);
      }),
      wide,
    );
  });

  it('accuse nobody but those who wrote them', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const accused = forged(parse(one.log).records).map(({ host, process }) => `${host} ${host === null ? '' : process}`);

        // Process 6000 is logged in and may say the same as an attacker, under its own prefix.
        expect(accused.filter((who) => !/^(?:null |203\.0\.113\.66 (?:null|[0-9]+)|198\.51\.100\.9 6000)$/.test(who))).toEqual([]);
      }),
      wide,
    );
  });

  it('are read the same however the bytes are cut', () => {
    fc.assert(
      fc.property(scene, fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }), ({ log }, sizes) => {
        expect(parse(log, sizes)).toEqual(parse(log));
      }),
      { numRuns: 200, seed: 20260504 },
    );
  });

  it('are read the same wherever the pieces end in which a long log is read', () => {
    const line = '2026-05-03 09:59:59 UTC:192.0.2.9(999):app@orders:[999]:LOG:  duration: 0.123 ms\n';

    fc.assert(
      fc.property(scene, fc.integer({ min: 58_000, max: 66_000 }), fc.integer({ min: 500, max: 3000 }), ({ log }, before, size) => {
        const long = line.repeat(Math.floor(before / line.length)) + log + line.repeat(100);

        expect(
          parse(
            long,
            Array.from({ length: long.length / size }, () => size),
          ),
        ).toEqual(parse(long));
      }),
      { numRuns: 200, seed: 20260505 },
    );
  });
});
