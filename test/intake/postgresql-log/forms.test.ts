import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from './parse.ts';
import { type Attempt, forms, recordsOf, write } from './server.ts';

const start = Date.UTC(2026, 4, 3, 10);
const attempt = (outcome: Attempt['outcome'], index = 0): Attempt => ({
  process: 835 + index,
  host: '192.0.2.7',
  port: 13708 + index,
  user: 'app',
  database: 'orders',
  outcome,
});
const entries = (['session', 'password', 'pam', 'refused'] as const).flatMap((outcome, index) => recordsOf(attempt(outcome, index)));
const logIn = (form: (typeof forms)[number]): string => entries.map(({ entry }) => write(entry, form)).join('');
const kinds = [
  'received',
  'authenticated',
  'authorized',
  'disconnected',
  'received',
  'failed',
  'received',
  'failed',
  'received',
  'refused',
];
const kindsOf = (log: string | Uint8Array): string[] => parse(log).records.map(({ kind }) => kind);
const mark = '\u00ef\u00bb\u00bf';

describe.each(forms)('%s', (form) => {
  const log = logIn(form);

  it('gives each record its own place, and the same one again', () => {
    const { records } = parse(log);

    expect(new Set(records.map(({ id }) => id)).size).toBe(kinds.length);
    expect(records.map(({ position }) => position)).toEqual(records.map(({ position }) => position).sort((a, b) => a - b));
    expect(parse(log).records).toEqual(records);
  });

  it.each([
    ['LF', log],
    ['CR LF', log.replaceAll('\n', '\r\n')],
    ['a byte-order mark', mark + log],
    ['a byte-order mark and CR LF', mark + log.replaceAll('\n', '\r\n')],
    ['no line feed at the end', log.slice(0, -1)],
    ['empty lines before and behind', `\n\n${log}\n\n`],
  ])('reads it with %s', (_, text) => {
    const { records, summary } = parse(text);

    expect(records.map(({ kind }) => kind)).toEqual(kinds);
    expect(records).toMatchObject(parse(log).records.map(({ id, position, ...rest }) => rest));
    expect(summary.rejected).toBe(0);
  });

  it('reads it the same however the bytes are cut', () => {
    const odd = write(
      {
        ...attempt('session'),
        user: 'a\nb',
        database: '"x"\n,\n',
        level: 'FATAL',
        message: 'password authentication failed for user "a\nb"',
      },
      form,
    );

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 100 }), (sizes) => {
        expect(parse(mark + log + odd + log, sizes)).toEqual(parse(mark + log + odd + log));
      }),
      { numRuns: 60, seed: 20260503 },
    );
  });

  it('reads it byte by byte', () => {
    expect(
      parse(
        log,
        Array.from(log, () => 1),
      ),
    ).toEqual(parse(log));
  });

  it('loses nothing beside bytes that are not UTF-8', () => {
    // A name is cut at 63 bytes, within a character or not.
    const name = `${'x'.repeat(62)}\u00c3`;
    const failed = {
      ...attempt('session', 7),
      user: name,
      database: name,
      level: 'FATAL',
      message: `password authentication failed for user "${name}"`,
    };

    const { records, summary } = parse(log + write(failed, form) + log);

    expect(records.map(({ kind }) => kind)).toEqual([...kinds, 'failed', ...kinds]);
    expect(records[kinds.length]).toMatchObject({ user_name: `${'x'.repeat(62)}\ufffd`, database_name: `${'x'.repeat(62)}\ufffd` });
    expect(summary.rejected).toBe(0);
  });

  it('reads names as they were although a download has replaced bytes that were not UTF-8', () => {
    const name = `${'x'.repeat(62)}\u00ef\u00bf\u00bd`;
    const failed = {
      ...attempt('session', 7),
      user: name,
      database: name,
      level: 'FATAL',
      message: `password authentication failed for user "${name}"`,
    };

    expect(parse(write(failed, form)).records).toMatchObject([
      { kind: 'failed', user_name: `${'x'.repeat(62)}\ufffd`, database_name: `${'x'.repeat(62)}\ufffd` },
    ]);
  });

  it.each([
    'q"uo%te',
    "o'brien; DROP TABLE x",
    'a,b',
    '[7]:LOG:  x',
    'c\rr',
    'e\u001b[31msc',
    'sch\u00c3\u00b6n',
    'u\u00e2\u0080\u00a8x',
    '__proto__',
    'a@b',
    ' spaces ',
    '\\x41',
    '<script>',
  ])('keeps the name %j as it is', (name) => {
    const text = entriesOf(name)
      .map(({ entry }) => write(entry, form))
      .join('');
    const expected = Buffer.from(name, 'latin1').toString('utf8');

    const { records } = parse(text);

    expect(records.map(({ kind, user_name, database_name, forged }) => [kind, user_name, database_name, forged])).toEqual([
      ['received', null, null, 0],
      ['authenticated', expected, expected, 0],
      ['authorized', expected, expected, 0],
      ['disconnected', expected, expected, 0],
      ['received', null, null, 0],
      ['refused', expected, expected, 0],
    ]);
  });

  it('tells processes apart that speak at the same time', () => {
    const queues = [recordsOf(attempt('session', 0)), recordsOf(attempt('session', 1)), recordsOf(attempt('pam', 2))];
    const woven = [0, 1, 2, 3].flatMap((turn) => queues.flatMap((queue) => queue[turn] ?? []));

    const { records } = parse(woven.map(({ entry }) => write(entry, form)).join(''));

    expect(records.map(({ process, kind }) => `${process} ${kind}`)).toEqual(
      woven.flatMap(({ kind, attempt: { process } }) => (kind === null ? [] : [`${process} ${kind}`])),
    );
  });

  it('takes a process id that comes back for another session', () => {
    const again = { ...attempt('session'), host: '198.51.100.3', port: 777, user: 'batch' };

    const { records } = parse([...recordsOf(attempt('session')), ...recordsOf(again)].map(({ entry }) => write(entry, form)).join(''));

    expect(records.map(({ process, host, user_name }) => [process, host, user_name])).toEqual([
      [835, '192.0.2.7', null],
      ...Array.from({ length: 3 }, () => [835, '192.0.2.7', 'app']),
      [835, '198.51.100.3', null],
      ...Array.from({ length: 3 }, () => [835, '198.51.100.3', 'batch']),
    ]);
  });

  it('takes the reason of a PAM failure from no other session', () => {
    const entry = { user: 'app', database: 'orders', level: 'LOG', message: 'pam_authenticate failed: Permission denied' } as const;
    const log =
      write({ ...attempt('pam'), ...entry, host: '198.51.100.3' }, form) +
      write({ ...attempt('pam'), ...entry, level: 'FATAL', message: 'PAM authentication failed for user "app"' }, form);

    expect(parse(log).records).toMatchObject([{ kind: 'failed', host: '192.0.2.7', reason: 'PAM authentication failed' }]);
  });

  it.each([
    '9999-99-99 10:00:00',
    '0000-00-00 10:00:00',
    '1969-12-31 23:59:59',
    '2026-02-30 10:00:00',
    '2026-05-03 24:00:00',
    '2026-05-03 10:60:00',
  ])('counts a record of a time that no calendar has, and reads the rest: %s', (never) => {
    const odd = logIn(form).replaceAll('2026-05-03 10:00:00', never);

    const { records, summary } = parse(log + odd);

    expect(records).toHaveLength(kinds.length);
    expect(summary.rejected).toBeGreaterThan(0);
    expect(summary.notes.join()).toContain('or none at all');
    expect([summary.from, summary.to].map((time) => new Date(time ?? 0).toISOString().slice(0, 10))).toEqual(['2026-05-03', '2026-05-03']);
  });

  it('counts a record of another time zone and reads the rest', () => {
    const elsewhere = logIn(form).replaceAll(' UTC', ' CEST');

    const { records, summary } = parse(log + elsewhere);

    expect(records).toHaveLength(kinds.length);
    expect(summary.rejected).toBeGreaterThan(0);
    expect(summary.notes.join()).toContain('a time that is not UTC');
    expect(summary.to).toBeLessThan(start + 1000);
  });

  it('counts a line of more than 10 MB and reads the rest', () => {
    const long = write({ ...attempt('session', 9), level: 'LOG', message: `statement: ${'x'.repeat(10_500_000)}` }, form);

    const { records, summary } = parse(
      log + long + log,
      Array.from({ length: 170 }, () => 65_536),
    );

    expect(records.map(({ kind }) => kind)).toEqual([...kinds, ...kinds]);
    expect(summary).toMatchObject({ rejected: 1, notes: ['a line of more than 10 MB'] });
  });
});

function entriesOf(name: string): ReturnType<typeof recordsOf> {
  return [
    ...recordsOf({ ...attempt('session'), user: name, database: name }),
    ...recordsOf({ ...attempt('refused', 1), user: name, database: name }),
  ];
}

describe('text', () => {
  it.each([
    ['a time and a space before each line', (line: string) => `2026-05-03T10:00:00.000Z ${line}`],
    ['the same with CR LF', (line: string) => `2026-05-03T10:00:00.000Z ${line}\r`],
    ['one space behind the level', (line: string) => line.replace(/(LOG|FATAL|DETAIL): {2}/, '$1: ')],
  ])('is read with %s', (_, change) => {
    const log = logIn('short')
      .split('\n')
      .map((line) => (line === '' ? '' : change(line)))
      .join('\n');

    expect(kindsOf(log)).toEqual(kinds);
    expect(parse(log).summary.rejected).toBe(0);
  });

  it.each(['\r\n', '\n'])('tells a forged record under a time before each line (%j)', (end) => {
    const [receipt, refused] = recordsOf({
      ...attempt('refused'),
      user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo',
      database: 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\n',
    });
    const text = `${receipt ? write(receipt.entry, 'short') : ''}${refused ? write(refused.entry, 'short') : ''}`;
    const log = text
      .split('\n')
      .map((line) => (line === '' ? '' : `2026-05-03T10:00:00.000Z ${line}`))
      .join(end);

    expect(parse(log).records).toMatchObject([{ kind: 'received' }, { kind: 'forged', host: '192.0.2.7', port: 13708, process: 835 }]);
  });

  it('tells a forged record with names as long as they can be, although CR LF makes them longer', () => {
    const user = `${'a'.repeat(13)}\n2026-01-01 00:00:00 UTC:192.0.2.6(1):[unknown]`;
    const database = '[unknown]:[1]:LOG:  connection received: host=192.0.2.6 port=1\n';
    const log = recordsOf({ ...attempt('pam'), user, database })
      .map(({ entry }) => write(entry, 'short'))
      .join('');

    const { records } = parse(log.replaceAll('\n', '\r\n'));

    expect(database).toHaveLength(63);
    expect(records.map(({ kind, host, process }) => [kind, host, process])).toEqual([
      ['received', '192.0.2.7', 835],
      ...Array.from({ length: 3 }, () => ['forged', '192.0.2.7', 835]),
    ]);
  });

  it.each([
    ['a byte-order mark, where files were put together', '\xef\xbb\xbf', 0, []],
    ['zero bytes that a crash left', '\0'.repeat(200_000), 1, ['zero bytes, as a crash leaves them']],
    ['both', '\0\xef\xbb\xbf', 1, ['zero bytes, as a crash leaves them']],
  ])('loses no record behind %s', (_, padding, rejected, notes) => {
    const said = (one: Attempt): string =>
      recordsOf(one)
        .map(({ entry: { detail: _, ...entry } }) => write(entry, 'short'))
        .join('');
    const log = said({ ...attempt('password'), process: 835 }) + padding + said({ ...attempt('password'), process: 836, port: 13709 });
    const pieces = Array.from({ length: 40 }, () => 10_000);

    const { records, summary } = parse(log, pieces);

    expect(records.map(({ kind, process }) => [kind, process])).toEqual(
      [835, 836].flatMap((process) => ['received', 'failed'].map((kind) => [kind, process])),
    );
    expect(summary).toMatchObject({ rejected, notes });
    expect(parse(log)).toEqual({ records, summary });
  });

  it('is read in the shortened form of samples, where address and user are not known', () => {
    const { records, summary } = parse(
      [
        '2019-09-29 10:13:24[29443]:LOG: connection authorized: user=app database=orders SSL enabled (protocol=TLSv1.2, cipher=ECDHE-RSA-AES256-GCM-SHA384, bits=256, compression=off)',
        '2019-09-29 10:13:25[29444]:FATAL: PAM authentication failed for user "app"',
        '2019-09-29 10:13:25[29444]:DETAIL: Connection matched pg_hba.conf line 13: "hostssl all +rds_iam all pam"',
        '2019-09-29 10:13:26 UTC:[29445]:FATAL:  no pg_hba.conf entry for host "192.0.2.7", user "app", database "orders", SSL off',
        '',
      ].join('\n'),
    );

    expect(records).toMatchObject([
      {
        kind: 'authorized',
        process: 29443,
        host: null,
        port: null,
        user_name: 'app',
        database_name: 'orders',
        tls: 'yes',
        protocol: 'TLSv1.2',
      },
      { kind: 'failed', process: 29444, host: null, user_name: 'app', database_name: null, method: 'pam' },
      { kind: 'refused', process: 29445, user_name: 'app', database_name: 'orders', tls: 'no', ts_ms: Date.UTC(2019, 8, 29, 10, 13, 26) },
    ]);
    expect(summary).toMatchObject({ format: 'text', records: 4, rejected: 0 });
  });

  it('believes no shortened line once there was a whole one', () => {
    const sample = '2019-09-29 10:13:25[29444]:FATAL: PAM authentication failed for user "ceo"\n';

    expect(kindsOf(logIn('short') + sample)).toEqual(kinds);
  });

  it('begins in the middle of a record', () => {
    expect(kindsOf(`\tFROM orders\n\tWHERE id = 1\n${logIn('short')}`)).toEqual(kinds);
  });

  it('counts each record once, continuation lines with it, and the hours they were written in', () => {
    const statement = { ...attempt('session'), level: 'ERROR', message: 'syntax error\nat line 2' };
    const log =
      write(statement, 'short', '2026-05-03 10:59:59') +
      write(statement, 'short', '2026-05-03 11:00:00') +
      write(statement, 'short', '2026-05-03 11:30:00');

    expect(parse(log).summary).toEqual({
      format: 'text',
      records: 3,
      rejected: 0,
      from: Date.UTC(2026, 4, 3, 10, 59, 59),
      to: Date.UTC(2026, 4, 3, 11, 30),
      hours: [
        { cluster: 'orders', instance: 'orders-1', hour: start, records: 1, rejected: 0 },
        { cluster: 'orders', instance: 'orders-1', hour: start + 3_600_000, records: 2, rejected: 0 },
      ],
      notes: [],
    });
  });

  it('reads a message over many lines, and a record behind it', () => {
    const long = write({ ...attempt('session'), level: 'LOG', message: `statement: ${'SELECT 1,\n'.repeat(200_000)}` }, 'short');

    expect(kindsOf(long + logIn('short'))).toEqual(kinds);
  });
});

describe.each(forms)('a first line that tells nothing, %s', (form) => {
  const log = logIn(form);
  const ofLast = log.length - (log.slice(0, -1).lastIndexOf('\n') + 1);

  it.each([
    ['of 3 MB', `${'x'.repeat(3_000_000)}\n`, []],
    ['of 11 MB', `${'x'.repeat(11_000_000)}\n`, ['a line of more than 10 MB']],
    ['of 30 MB', `${'x'.repeat(30_000_000)}\n`, ['a line of more than 10 MB']],
    ['of 8 MB, twice', `${'x'.repeat(8_000_000)}\n`.repeat(2), []],
  ])('costs no record behind it: %s', (_, before, notes) => {
    const { records, summary } = parse(before + log, [700_000, 1_500_000, 9_000_000]);

    expect(records.map(({ kind }) => kind)).toEqual(kinds);
    expect(records.at(-1)?.position).toBe(before.length + log.length - ofLast);
    expect(summary.notes).toEqual(expect.arrayContaining(notes));
    expect(summary.notes.join()).not.toContain('nothing in it');
  });
});

describe('a name with a replacement character for one byte', () => {
  it.each(Array.from({ length: 9 }, (_, index) => index))('is as long as it was, wherever the log is cut while it is read: %d', (shift) => {
    const user = `${'u'.repeat(62)}\xef\xbf\xbd`;
    const ordinary = '2026-05-03 10:00:00 UTC:192.0.2.7(1):app@orders:[1]:LOG:  ';
    const head = '2026-05-03 10:00:01 UTC:192.0.2.7(2):';
    const before = `${ordinary.padEnd(65_536 - head.length - user.length - 1 - 4 + shift, 'x')}\n`;

    const { records } = parse(
      `${before}${head}${user}@orders:[2]:FATAL:  password authentication failed for user "${user}"\n${`${ordinary}x\n`.repeat(50)}`,
    );

    expect(records).toMatchObject([{ kind: 'failed', user_name: `${'u'.repeat(62)}\ufffd`, database_name: 'orders' }]);
  });
});

describe('a line with longer names than PostgreSQL takes', () => {
  it.each([
    ['the user', `${'u'.repeat(64)}@orders`],
    ['the database', `app@${'d'.repeat(64)}`],
    ['both together', `${'u'.repeat(60)}${'x'.repeat(60)}@${'d'.repeat(60)}`],
  ])('is no record, whatever it says: %s', (_, names) => {
    const odd = `2026-05-03 10:00:01 UTC:192.0.2.7(1):${names}:[1]:LOG:  duration: ${'1'.repeat(200)} ms\n`;

    const { summary } = parse(logIn('short') + odd + logIn('short'));

    expect(summary).toMatchObject({ records: 2 * parse(logIn('short')).summary.records, rejected: 1 });
  });
});

describe('csv', () => {
  it('may begin and end in the middle of a record', () => {
    const log = logIn('csv 26');
    const { records, summary } = parse(`and "so", on\nSELECT 1",,,,,,,,"psql","client backend",,0\n${log}${log.slice(0, 200)}`);

    expect(records.map(({ kind }) => kind)).toEqual(kinds);
    expect(summary).toMatchObject({ rejected: 2, notes: ['the end of a record whose begin is missing', 'a record that is cut off'] });
  });

  it('counts a record with another number of columns', () => {
    const log = logIn('csv 26');
    const { summary } = parse(`${log}2026-05-03 10:00:00.123 UTC,"app","orders",7,"192.0.2.7:5",x\n${log}`);

    expect(summary).toMatchObject({ records: 2 * entries.length, rejected: 1 });
  });

  it('keeps line breaks in names as data', () => {
    const user = 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo';
    const database = 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\n';

    expect(
      parse(
        recordsOf({ ...attempt('refused'), user, database })
          .map(({ entry }) => write(entry, 'csv 26'))
          .join(''),
      ).records,
    ).toMatchObject([{ kind: 'received' }, { kind: 'refused', user_name: user, database_name: database, forged: 0 }]);
  });
});

describe('json', () => {
  it('may begin and end in the middle of a record', () => {
    const log = logIn('json');
    const { records, summary } = parse(`error_severity":"LOG","message":"x"}\n${log}${log.slice(0, 100)}`);

    expect(records.map(({ kind }) => kind)).toEqual(kinds);
    expect(summary).toMatchObject({ format: 'json', rejected: 2 });
  });
});

describe('what is no log of PostgreSQL', () => {
  it.each([
    ['the log of another program', 'May  3 10:00:00 host sshd[7]: Accepted publickey for app\n'.repeat(20)],
    ['a log of MySQL', '2026-05-03T10:00:00.000000Z 7 [Note] Access denied for user app\n'.repeat(20)],
    ['JSON of another kind', '{"level":"info","msg":"started"}\n{"level":"info","msg":"stopped"}\n'],
    ['a table', 'id,name\n1,"app"\n2,"orders"\n'],
    ['zeros', '\0'.repeat(5000)],
    ['one endless line', 'x'.repeat(3_000_000)],
  ])('has no format: %s', (_, log) => {
    expect(parse(log)).toEqual({
      records: [],
      summary: {
        format: null,
        records: 0,
        rejected: 1,
        from: null,
        to: null,
        hours: [],
        notes: ['nothing in it looks like a log of PostgreSQL'],
      },
    });
  });

  it.each([
    ['an empty file', ''],
    ['empty lines', '\n\r\n\n'],
  ])('says nothing of %s', (_, log) => {
    expect(parse(log).summary).toMatchObject({ format: null, records: 0, rejected: 0, notes: [] });
  });
});
