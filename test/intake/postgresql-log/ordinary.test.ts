import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { OrdinaryRecords } from '../../../lib/intake/postgresql-log/ordinary.ts';
import { RecordWriter } from '../../../lib/intake/postgresql-log/record.ts';
import { type Skipping, TextLog } from '../../../lib/intake/postgresql-log/text.ts';
import { scenes } from './attackers.ts';

const source = { object: 'postgresql.log', cluster: 'orders', instance: 'orders-1' };
/** So much is read at once. */
const piece = 65_536;

/** Skips nothing: every record is read. */
const readAll: Skipping = { time: 0, count: 0, look: () => undefined, skip: (start) => start };

/** Skips, and knows how much. */
class Counting extends OrdinaryRecords {
  total = 0;

  override skip(start: number, last: number): number {
    const behind = super.skip(start, last);
    this.total += this.count;
    return behind;
  }
}

function read(log: string, skipping: Skipping): unknown {
  const records: LoginRecord[] = [];
  const writer = new RecordWriter(source, (record) => records.push(record));
  const text = new TextLog(writer, skipping);
  text.write(log);
  text.end();
  return { records, summary: writer.summary('text') };
}

/** Parts of a line; the first of each is what an ordinary record has. */
const parts = [
  ['2026-05-03 10:00:00', '2026-05-03 10:00:01', '2026-13-03 10:00:00', '\xff'.repeat(19), '\0'.repeat(19)],
  [' UTC:', ' CET:', ' GMT:', '.123 UTC:', ' UTC '],
  ['192.0.2.7(13708):', '2001:db8::7(1):', '[local]:', ':', 'host.example.com(5):', '192.0.2.7(123456):', '(1):', '192.0.2.7():'],
  ['app@orders', 'a@b@c', `${'u'.repeat(63)}@${'d'.repeat(63)}`, 'app', 'a:[1]:LOG:  x@b', '@', 'a\nb@c', 'a@b:[1]:FATAL:  x'],
  [':[7]:', ':[835]:', ':[1234567890]:', ':[]:', '[7]:'],
  ['LOG:  ', 'LOG: ', 'LOG:', 'ERROR:  ', 'FATAL:  ', 'DETAIL:  ', 'STATEMENT:  '],
  [
    'duration: ',
    "statement: ALTER ROLE a PASSWORD 'x'",
    'connection received: host=::1 port=1',
    'disconnection: ',
    'pam_',
    'statement: ALTER ROLE a ',
    'Role "a" does not exist',
    'x',
  ],
  ['z'.repeat(130), ''],
  ['', "PASSWORD 'x'", "PassWord 'x'", 'RDSADMIN', 'passwor', 'x'.repeat(90), `${'x'.repeat(90)}[`, ':[1]:LOG:  ', '\xef\xbf\xbd', '\r'],
  ['\n', "\n\tPASSWORD 'x'\n", '\n\n', '\r\n', '', '\n:[7]:LOG:  x\n'],
] as const;
/** Lines that differ from an ordinary one in two parts at most. */
const odd = fc.array(fc.tuple(fc.nat(parts.length - 1), fc.nat(9)), { maxLength: 2 }).map((changes) => {
  const chosen = new Map(changes);
  return parts.map((forms, part) => forms[(chosen.get(part) ?? 0) % forms.length] ?? '').join('');
});
const usual = fc
  .tuple(fc.constantFrom('00', '00', '01', '02'), fc.nat(9), fc.constantFrom('x'.repeat(130), 'SELECT 1', `y${'y'.repeat(200)}`))
  .map(
    ([second, user, what]) =>
      `2026-05-03 10:00:${second} UTC:192.0.2.${user}(${user}):app${user}@orders:[83${user}]:LOG:  duration: ${what}\n`,
  );
const head = '2026-05-03 10:00:00 UTC:192.0.2.7(13708):a@orders:[7]:';
const split = usual.map(
  (line) => `${head}FATAL:  password authentication failed for user "a"\n${line}${head}DETAIL:  Role "a" does not exist.\n`,
);
const logs = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: usual },
      { weight: 8, arbitrary: odd },
      split,
      scenes(true).map(({ log }) => log),
    ),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((lines) => lines.join(''));
const line = `2026-05-03 10:00:00 UTC:192.0.2.7(1):app@orders:[1]:LOG:  duration: ${'z'.repeat(150)}`;
/** Enough that what stands before is not at the end. */
const more = `${line}\n`.repeat(20);

/** Logs in which one mistake shows. */
const exact = {
  'a statement that goes on behind a tab': `${line}\n${head}LOG:  statement: ALTER ROLE a ${'x'.repeat(130)}\n\tPASSWORD 'x'\n`,
  'a failure whose detail does not follow': `${line}\n${head}FATAL:  password authentication failed for user "a"\n${line}\n${head}DETAIL:  Role "a" does not exist.\n`,
  'no time at all': `2026-05-03 10:00:00 UTC::@:[7]:LOG:  ${'x'.repeat(130)}\n${'\0'.repeat(19)}${line.slice(19)}\n`,
};

describe('skipping ordinary records', () => {
  it.each(Object.entries(exact))('gives what reading gives: %s', (_, log) => {
    expect(read(log + more, new OrdinaryRecords())).toEqual(read(log + more, readAll));
  });

  it('gives what reading them gives', () => {
    const counting = new Counting();
    fc.assert(
      fc.property(logs, (log) => {
        expect(read(more + log + more, counting)).toEqual(read(more + log + more, readAll));
      }),
      { numRuns: 300, seed: 6 },
    );
    expect(counting.total).toBeGreaterThan(1000);
  });

  it('gives it wherever the log is cut into pieces', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const short = log.slice(0, 2500);
        for (let at = 0; at <= short.length; at += 1 + (short.length >> 5)) {
          const before = `${line.padEnd(piece - at - 1, 'z')}\n`;
          expect(read(before + short + more, new OrdinaryRecords())).toEqual(read(before + short + more, readAll));
        }
      }),
      { numRuns: 10, seed: 6 },
    );
    const attack = 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo@prod:[1]:FATAL:  PAM authentication failed for user "ceo"\n';
    const forged = `${line}\n2026-05-03 10:00:00 UTC:203.0.113.66(2):${attack}:[2]:FATAL:  PAM authentication failed for user "${attack.slice(0, 63)}"\n${line}\n`;
    for (let at = 0; at <= forged.length; at++) {
      const before = `${line.padEnd(piece - at - 1, 'z')}\n`;
      expect(read(before + forged + more, new OrdinaryRecords())).toEqual(read(before + forged + more, readAll));
    }
  });
});
