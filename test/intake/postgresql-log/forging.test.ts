import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoginRecord } from '../../../lib/domain/login-record.ts';
import { PostgresqlLogParser } from '../../../lib/intake/postgresql-log/index.ts';
import { type Attempt, recordsOf, type Written } from './server.ts';

function parse(text: string, sizes: readonly number[] = []): LoginRecord[] {
  const records: LoginRecord[] = [];
  const parser = new PostgresqlLogParser({ object: 'log', cluster: 'orders', instance: 'orders-1' }, (record) => records.push(record));
  const bytes = Buffer.from(text, 'latin1');
  let from = 0;
  for (const size of sizes) {
    parser.write(bytes.subarray(from, from + size));
    from += size;
  }
  parser.write(bytes.subarray(from));
  parser.end();
  return records;
}

/** What attackers put names together from. */
const piece = fc.constantFrom(
  '\n',
  '\n\t',
  '\r',
  'a',
  '@',
  '"',
  ':',
  'ceo',
  'prod',
  '[unknown]@[unknown]',
  ':[1]:LOG:  ',
  ':[1]:FATAL:  ',
  ':[7000]:FATAL:  ',
  ':[5000]:LOG:  ',
  ':[1]:DETAIL:  ',
  '[1]:LOG:',
  '2026-05-03 10:00:00 UTC:192.0.2.200(1):',
  '2026-05-03 10:00:00 UTC:192.0.2.10(5000):',
  '2026-05-03 10:00:00 UTC::@:[1]:LOG:  x',
  'ceo@prod:[1]:LOG:  ',
  'connection received: host=192.0.2.200 port=1',
  'connection authorized: user=ceo database=prod',
  'PAM authentication failed for user "ceo"',
  'password authentication failed for user "ceo"',
  'no pg_hba.conf entry for host "192.0.2.200", user "ceo"',
  'disconnection: session time: ',
  'database "prod" does not exist',
);
const name = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join('').slice(0, 63));
const attacker = fc.record({
  user: name,
  database: name,
  outcome: fc.constantFrom('session', 'password', 'refused', 'missing-database') as fc.Arbitrary<Attempt['outcome']>,
});

/** Innocents before, between and after; ordinary records too. */
function scene(attacks: readonly Pick<Attempt, 'user' | 'database' | 'outcome'>[], order: readonly number[]): Written[] {
  const innocents = [0, 1, 2, 3].map(
    (index): Attempt => ({
      process: 5000 + index,
      host: '192.0.2.10',
      port: 5000 + index,
      user: 'app',
      database: 'orders',
      outcome: (['session', 'password', 'refused', 'session'] as const)[index] ?? 'session',
    }),
  );
  const hostile = attacks.map((attack, index): Attempt => ({ ...attack, process: 7000 + index, host: '203.0.113.66', port: 7000 + index }));
  const queues = [...innocents, ...hostile].map(recordsOf);
  const all: Written[] = [];
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const open = queues.filter((queue) => queue.length > 0);
    const next = open[(order[turn % order.length] ?? 0) % open.length]?.shift();
    if (next) all.push(next);
  }
  return all;
}

describe('names that try to forge records', () => {
  const scenes = fc.record({
    attacks: fc.array(attacker, { minLength: 1, maxLength: 3 }),
    order: fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }),
  });

  it('never pass as a record of anybody else', () => {
    fc.assert(
      fc.property(scenes, ({ attacks, order }) => {
        const written = scene(attacks, order);
        const real = new Set(written.map(({ attempt }) => `${attempt.process} ${attempt.host} ${attempt.port}`));

        const genuine = parse(written.map(({ text }) => text).join('')).filter(({ forged }) => forged === 0);

        expect(genuine.filter(({ process, host, port }) => !real.has(`${process} ${host} ${port}`))).toEqual([]);
      }),
      { numRuns: 3000, seed: 20260503 },
    );
  });

  it('cost no innocent neighbour a record', () => {
    fc.assert(
      fc.property(scenes, ({ attacks, order }) => {
        const written = scene(attacks, order);
        const wanted = written.filter(({ attempt, kind }) => attempt.user === 'app' && attempt.host === '192.0.2.10' && kind !== 'detail');

        const genuine = parse(written.map(({ text }) => text).join('')).filter(({ forged, host }) => forged === 0 && host === '192.0.2.10');

        expect(genuine.map(({ process, kind }) => `${process} ${kind}`).sort()).toEqual(
          wanted.map(({ attempt, kind }) => `${attempt.process} ${kind}`).sort(),
        );
      }),
      { numRuns: 3000, seed: 20260504 },
    );
  });

  it('read the same however the bytes are cut', () => {
    fc.assert(
      fc.property(scenes, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), ({ attacks, order }, sizes) => {
        const text = scene(attacks, order)
          .map((one) => one.text)
          .join('');

        expect(parse(text, sizes)).toEqual(parse(text));
      }),
      { numRuns: 500, seed: 20260505 },
    );
  });
});
