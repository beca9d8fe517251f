import fc from 'fast-check';
import { type Attempt, type Form, recordsOf, type Written, write } from './server.ts';

/** Where the attackers of a scene really are. */
export const attackersHost = '203.0.113.66';

/** A scene: what really happened, in the order of the log. */
export interface Scene {
  readonly written: readonly (Written & { readonly ts_ms: number })[];
  readonly log: string;
  readonly form: Form;
}

interface Names {
  readonly user: string;
  readonly database: string;
}

// What they pretend is later than all that happened, so that a forged time shows.
const places = ['192.0.2.200(1)', '::1(1)', '192.0.2.10(5000)', '192.0.2.10(5003)', '[local]', `${attackersHost}(7000)`];
const headings = fc.constantFrom(...places.map((place) => `2099-01-01 00:00:00 UTC:${place}:`), '2099-01-01 00:00:00 UTC::@:');
const markers = fc
  .tuple(fc.constantFrom('1', '5000', '5003', '7000', '7001'), fc.constantFrom('LOG', 'FATAL', 'DETAIL'))
  .map(([process, level]) => `:[${process}]:${level}:  `);
const messages = fc.constantFrom(
  'x',
  '',
  'PAM authentication failed for user "c"',
  'PAM authentication failed for user "ceo"',
  'connection received: host=::1 port=1',
  'connection authorized: user=c database=d',
  'disconnection: session time: 0:00:00.001 user=c database=d host=::1 port=1',
  'no pg_hba.conf entry for host "1", user "c", database "d"',
  'database "d" does not exist',
  'sorry, too many clients already',
  'pam_authenticate failed: lies',
);
const breaks = fc.constantFrom('\n', '\n\t', '\r\n', '\n\n', '');
const pairs = fc.constantFrom('c@d', 'ceo@p', 'c@', '@', '[unknown]@[unknown]', 'app@orders');

/** Anything, from the pieces that matter. */
const loose = fc.record({
  user: fc.array(fc.oneof(breaks, headings, markers, messages, pairs, fc.constantFrom('a', '"', '@', 'app')), {
    minLength: 1,
    maxLength: 7,
  }),
  database: fc.array(fc.oneof(breaks, headings, markers, messages, pairs, fc.constantFrom('d', '"', 'orders')), {
    minLength: 1,
    maxLength: 7,
  }),
});
/** A forged record as a whole, with or without a decoy before and behind it, cut into user and database where it can be. */
const aimed = fc
  .tuple(
    fc.constantFrom('a', '', 'a@', 'ceo@', 'app@'),
    fc.option(fc.tuple(markers, messages), { nil: null }),
    breaks,
    headings,
    pairs,
    fc.option(fc.tuple(markers, messages), { nil: null }),
    fc.constantFrom('', '\n', '\n\t', '\n:[1]:LOG:  x\n', '"\n'),
    fc.nat(5),
  )
  .map(([before, decoy, line, heading, pair, forged, behind, choice]) => {
    const text = [before, decoy?.join('') ?? '', line, heading, pair, forged?.join('') ?? '', behind].join('');
    const cuts = [...text].flatMap((letter, at) => (letter === '@' && at <= 63 && text.length - at - 1 <= 63 ? [at] : []));
    const cut = cuts[choice % Math.max(1, cuts.length)] ?? Math.max(0, text.indexOf('@'));
    return { user: text.slice(0, cut), database: text.slice(cut + 1) };
  });

/** PostgreSQL cuts each at 63 bytes; a client that names no user gets no further. */
const names: fc.Arbitrary<Names> = fc
  .oneof(
    loose.map(({ user, database }) => ({ user: user.join(''), database: database.join('') })),
    { weight: 3, arbitrary: aimed },
  )
  .map(({ user, database }) => ({ user: user.slice(0, 63) || 'u', database: database.slice(0, 63) || 'b' }));

const outcomes = ['session', 'replication', 'password', 'pam', 'refused', 'missing-database', 'timeout', 'crowded'] as const;

/** Attackers among innocents, in any order; sessions speak between them. */
export function scenes(logsConnections: boolean, forms: readonly Form[] = ['short', 'short', 'long', 'long:']): fc.Arbitrary<Scene> {
  return fc
    .record({
      attacks: fc.array(fc.record({ names, outcome: fc.constantFrom(...outcomes) }), { minLength: 1, maxLength: 3 }),
      isSamePort: fc.boolean(),
      order: fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }),
      form: fc.constantFrom(...forms),
      said: fc.array(fc.option(fc.array(fc.oneof(breaks, headings, markers, messages, pairs), { maxLength: 5 }), { nil: null }), {
        maxLength: 6,
      }),
    })
    .map(({ attacks, isSamePort, order, form, said }) => {
      const innocent = (outcome: Attempt['outcome'], index: number): Attempt => {
        const isLocal = outcome === 'replication';
        return {
          process: 5000 + index,
          host: isLocal ? '[local]' : '192.0.2.10',
          port: isLocal ? null : 5000 + index,
          user: 'app',
          database: 'orders',
          outcome,
        };
      };
      const hostile = attacks.map(
        (attack, index): Attempt => ({
          process: 7000 + index,
          host: attackersHost,
          port: isSamePort ? 7000 : 7000 + index,
          ...attack.names,
          outcome: attack.outcome,
        }),
      );
      // Without receipts a rejection that names nobody, or the database alone, cannot be told from a forged one.
      const usual = logsConnections ? outcomes : (['session', 'password', 'refused', 'pam'] as const);
      const queues = [...usual.map(innocent), ...hostile].map((attempt) => recordsOf(attempt, logsConnections));
      const written: (Written & { ts_ms: number })[] = [];
      let log = '';
      for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
        const open = queues.filter((queue) => queue.length > 0);
        const next = open[(order[turn % order.length] ?? 0) % open.length]?.shift();
        const second = new Date(Date.UTC(2026, 4, 3, 10, 0, turn));
        const time = second.toISOString().slice(0, 19).replace('T', ' ');
        const text = said[turn % Math.max(1, said.length)];
        if (text) {
          // A user who is logged in writes what he likes, behind a tab after each line break.
          const speaker = { process: 6000, host: '198.51.100.9', port: 6000, user: 'in', database: 'd', level: 'LOG' } as const;
          log += write({ ...speaker, message: text.join('') }, form, time);
        }
        if (!next) continue;
        log += write(next.entry, form, time);
        written.push({ ...next, ts_ms: second.getTime() + (form === 'short' ? 0 : 123) });
      }
      return { written, log, form };
    });
}
