import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LoginRecord } from '../../lib/domain/login-record.ts';
import {
  logIn,
  type MajorVersion,
  type PostgresqlServer,
  prefixes,
  sendStartup,
  startPostgresql,
  whyNoPostgresql,
} from '../../scripts/postgresql.ts';
import { parse, parseDelivery } from '../intake/postgresql-log/parse.ts';
import { describeWhere } from '../needs.ts';

const forger = '127.0.0.66';
const neighbour = '127.0.0.12';
const heading = '2026-01-01 00:00:00 UTC:192.0.2.200(1):';
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Startup packets aimed at what a reader of the log may believe; `next` is the process that a server will probably give the connection. */
const attacks: readonly ((next: number) => { readonly user: string; readonly database?: string; readonly replication?: string })[] = [
  // Decoys that end the names, of any process, of the own one and of its neighbours, before and behind the claim.
  () => ({ user: `a@:[1]:LOG:  x\n${heading}c`, database: 'd:[1]:FATAL:  PAM authentication failed for user "c"\n' }),
  (next) => ({ user: `a@:[${next}]:LOG:  x\n${heading}c`, database: 'd:[1]:FATAL:  PAM authentication failed for user "c"' }),
  (next) => ({ user: `a\n:[${next}]:LOG:  x\n${heading}c`, database: `d:[${next}]:FATAL:  PAM authentication failed for user "c"\n` }),
  (next) => ({ user: `a\n${heading}ceo`, database: `p:[${next - 1}]:FATAL:  PAM authentication failed for user "ceo"\n` }),
  (next) => ({ user: `a\n${heading}ceo`, database: `p:[${next + 1}]:LOG:  connection authorized: user=ceo database=p\n` }),
  () => ({ user: `a\n${heading}ceo`, database: 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\n\t' }),
  () => ({ user: `a\n${heading}ceo`, database: 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\n:[1]:LOG:\n' }),
  () => ({
    user: 'a\r\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo',
    database: 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\r\n',
  }),
  // A receipt, which would confirm what else is forged.
  () => ({
    user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):[unknown]',
    database: '[unknown]:[1]:LOG:  connection received: host=192.0.2.200 port=1\n',
  }),
  () => ({
    user: 'a@:[1]:LOG:  \n2026-01-01 00:00:00 UTC:192.0.2.6(1):[unknown]',
    database: '[unknown]:[1]:LOG:  connection received: host=192.0.2.6 port=1\n',
  }),
  // What a server writes behind a failure.
  () => ({ user: `a\n${heading}ceo`, database: 'p:[1]:DETAIL:  Role "ceo" does not exist.\n' }),
  () => ({ user: `a\n${heading}ceo`, database: 'p:[1]:STATEMENT:  ALTER ROLE rdsadmin NOLOGIN\n' }),
  () => ({ user: `a\n${heading}ceo`, database: "p:[1]:LOG:  statement: ALTER ROLE b PASSWORD 'x'\n" }),
  // The shortened prefix, and the other forms of log: records of csvlog and jsonlog.
  () => ({ user: 'a', database: '\n2026-01-01 00:00:00' }),
  () => ({
    user: 'a\n2026-01-01 00:00:00 UTC,"ceo","p",7,"192.0.2.200:1",6.1,1,',
    database: '"authentication",,,0,FATAL,28000,"x",,,,,,,,,""\n',
  }),
  () => ({ user: 'a"\n"', database: '","ceo","p",7,"192.0.2.200:1"\n' }),
  () => ({
    user: 'a\n{"timestamp":"2026-01-01 00:00:00.000 UTC","user":"ceo","pid":7,',
    database: '"error_severity":"FATAL","message":"x"}\n',
  }),
  // Replication, control bytes, names that are cut within a letter, and names without end.
  () => ({ user: `a\n${heading}ceo`, replication: 'true' }),
  () => ({ user: `a\n${heading}ceo`, database: 'p', replication: 'database' }),
  () => ({ user: '\x01\x1b[31m\x7f\x0b\x0c\x85\xff', database: '\x08\t\r\x1e\xfe' }),
  () => ({ user: '\xc3\xa9'.repeat(40), database: `${'\xf0\x9f\x98\x80'.repeat(15)}\xf0\x9f\n${heading}ceo@p:[1]:LOG:  x` }),
  // Markers of the long prefix, without a level too: the next that follows is the server's.
  () => ({ user: 'a@:[1]:1:00000:2026-01-01 00:00:00 UTC::0:1.1:', database: `\n${heading}c@d` }),
  () => ({ user: `a\n${heading}c`, database: 'd:[1]:1:28P01:2026-01-01 00:00:00 UTC::0:1.1:' }),
  (next) => ({ user: `a@:[${next}]:1:0:2026-01-01 00:00:00 UTC::0:1.1:LOG:  x`, database: `\n${heading}c@d:[1]:FATAL:  x` }),
  () => ({ user: `${'u'.repeat(30)}\n${heading}ceo:[1]:LOG:  x`, database: `${'d'.repeat(62)}\n${heading}ceo@p:[1]:LOG:  x` }),
];

/** Names of an application; what the server logs of their sessions they set themselves. */
const applications = [
  'aLOG:  x',
  'FATAL:  the database system is ',
  'LOG:  pam_authenticate failed: ',
  `\n${heading}ceo@p:[1]:LOG:  x`,
  'LOG:  connection authorized: user=ceo database=p',
  'LOG:  disconnection: session time: 0:00:00.001 user=',
  'FATAL:  password authentication failed for user "ceo',
  // From 16 on the prefix writes four bytes for each of these.
  '\u0436'.repeat(31),
];

/** Not its time: the text log reads another clock than the csv log. */
const keyOf = ({ kind, process, host, port, user_name }: LoginRecord): string => JSON.stringify([kind, process, host, port, user_name]);
/** What claims a login, or that one failed. */
const claimsOf = (records: readonly LoginRecord[]): LoginRecord[] =>
  records.filter(({ forged, kind }) => forged === 0 && kind !== 'explained');

describeWhere(whyNoPostgresql(), 'a real PostgreSQL', () => {
  describe.each([
    [13, 'usual'],
    [14, 'usual'],
    [15, 'usual'],
    [16, 'usual'],
    [17, 'usual'],
    [18, 'usual'],
    [14, 'long'],
    [18, 'long'],
  ] as const satisfies readonly (readonly [MajorVersion, keyof typeof prefixes])[])(
    '%s, into whose log (%s prefix) somebody forges',
    (version, prefix) => {
      let server: PostgresqlServer;
      let text: string;
      /** What really happened, as csvlog tells it, where names are data. */
      let truth: readonly LoginRecord[];
      let csv: Buffer;
      let json: Buffer | null;

      beforeAll(async () => {
        server = await startPostgresql(version, {
          hba: ['hostssl all all 127.0.0.0/8 md5', 'host all plain 127.0.0.0/8 md5'],
          settings: {
            log_destination: hasJson(version) ? 'stderr,csvlog,jsonlog' : 'stderr,csvlog',
            log_line_prefix: prefixes[prefix],
            log_statement: 'all',
            ...(version === 18 ? { log_connections: 'all' } : {}),
          },
        });
        try {
          await server.run("CREATE ROLE app LOGIN PASSWORD 'p'; CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'p'");
          for (const attack of attacks) {
            const { user, database, replication } = attack(processOf(await server.log()) + 1);
            const raw = {
              user: bytes(user),
              ...(database ? { database: bytes(database) } : {}),
              ...(replication ? { replication: bytes(replication) } : {}),
            };
            await sendStartup(server, { ...raw, from: forger });
            await logIn(server, { user: 'app', database: 'postgres', password: 'wrong', from: neighbour, tls: true });
          }
          for (const application of applications) {
            await logIn(server, { user: 'plain', database: 'postgres', password: 'p', from: '127.0.0.11', application });
            const said = 'x\n:[7]:FATAL:  password authentication failed for user "ceo"';
            const first = `SET application_name = '${application}'; /* ${said}\n${heading}ceo@p:[1]:FATAL:  x */`;
            await server.run(`${first} SELECT 1`);
            await server.run(`SET application_name = '${application}'`);
            await server.run(`ALTER ROLE plain PASSWORD 'p' /* ${said} */`);
          }
          await server.shutDown();
          text = (await server.log()).toString('latin1');
          csv = await server.log('csv');
          truth = parse(csv).records;
          json = hasJson(version) ? await server.log('json') : null;
        } finally {
          await server.stop();
        }
      }, 120_000);

      it('believes of the text what the csv log says, and names the forger', () => {
        const { records } = parse(text);

        const known = new Set(claimsOf(truth).map(keyOf));
        expect(claimsOf(records).filter((record) => !known.has(keyOf(record)))).toEqual([]);
        expect(
          claimsOf(records)
            .filter(({ host }) => host !== forger)
            .map(keyOf),
        ).toEqual(
          claimsOf(truth)
            .filter(({ host }) => host !== forger)
            .map(keyOf),
        );
        expect(new Set(records.filter(({ forged }) => forged === 1).map(({ host }) => host))).toEqual(new Set([forger]));
        const started = Math.min(...truth.map(({ ts_ms }) => ts_ms)) - 1000;
        expect(claimsOf(records).filter(({ ts_ms }) => ts_ms < started)).toEqual([]);
        expect(truth.filter(({ forged }) => forged === 1)).toEqual([]);
        expect(truth.filter(({ kind }) => kind === 'password-set').length).toBeGreaterThanOrEqual(applications.length);
      });

      it('says the same in csvlog and jsonlog, where names are data and nothing is forged', () => {
        expect(parse(csv).summary).toMatchObject({ format: 'csv', rejected: 0 });
        if (json === null) return;
        const parsed = parse(json);

        expect(parsed.records.filter(({ forged }) => forged === 1)).toEqual([]);
        expect(claimsOf(parsed.records).map(keyOf)).toEqual(claimsOf(truth).map(keyOf));
        expect(parsed.summary).toMatchObject({ format: 'json', rejected: 0 });
      });

      it('is told whole, and what a byte cuts is counted, accuses nobody and makes nobody say anything else', () => {
        const { summary } = parse(text);
        // One of the applications looks like a record of somebody else in the long prefix.
        expect(summary).toMatchObject(
          prefix === 'usual' ? { rejected: 0, notes: [] } : { notes: [expect.stringMatching('name of an application')] },
        );
        const known = new Set(claimsOf(truth).map(keyOf));
        const lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
        const wrong: unknown[] = [];

        for (let cut = 53; cut < text.length; cut += 53) {
          const from = lines.findLast((line) => line <= Math.max(0, cut - 1500)) ?? 0;
          const to = lines.find((line) => line >= cut + 1500) ?? text.length;
          const whole = parse(text.slice(from, to));
          const parts = [text.slice(from, cut), text.slice(cut, to)].map((part) => parse(part));
          const found = parts.flatMap(({ records }) => records);
          const isCounted = parts.reduce((sum, one) => sum + one.summary.rejected, 0) > whole.summary.rejected;
          const accused = found.filter(({ forged, host }) => forged === 1 && host !== null && host !== forger);
          const lies = claimsOf(found).filter((record) => !known.has(keyOf(record)));
          const keys = new Set(claimsOf(found).map(keyOf));
          const lost = claimsOf(whole.records).filter((record) => known.has(keyOf(record)) && !keys.has(keyOf(record)));
          // A cut behind a line that a name breaks leaves each part whole by its looks.
          const isSilent = !isCounted && text[cut - 1] !== '\n' && lost.length > 0;
          if (accused.length > 0 || (lies.length > 0 && !isCounted) || isSilent) wrong.push({ cut, accused, lies, lost });
        }

        expect(wrong.slice(0, 2)).toEqual([]);
      });

      it('confirms nothing else, wherever a border of objects cuts a line from the next', () => {
        const lines = [...text.matchAll(/\n/g)].map(({ index }) => index + 1).slice(0, -1);
        const known = new Set(claimsOf(truth).map(keyOf));
        const failures = claimsOf(truth)
          .filter(({ host, kind }) => host === neighbour && kind === 'failed')
          .map(keyOf);
        expect(failures).toHaveLength(attacks.length);

        const wrong = lines.flatMap((cut, index) => {
          // Every border, and with it one a few lines on.
          const second = lines[index + 3 + (index % 7)] ?? text.length;
          // What is delivered holds whole lines.
          const [first = 0, last = text.length] = [lines[index - 40], lines[index + 50]];
          const parsed = [text.slice(first, cut), text.slice(cut, second), text.slice(second, last)].map(delivered);
          const found = claimsOf(parsed.flatMap(({ records }) => records));
          const undecided = parsed.reduce((sum, { summary }) => sum + summary.rejected, 0);
          const receipts = new Set(
            found.filter(({ kind }) => kind === 'received').map(({ process, host, port }) => `${process} ${host} ${port}`),
          );
          const lies = found.filter((record) => !known.has(keyOf(record)) && record.host !== forger);
          return lies
            .filter(({ kind, process, host, port }) => undecided === 0 || kind === 'received' || receipts.has(`${process} ${host} ${port}`))
            .map((record) => ({ record, cut }));
        });
        expect(wrong.slice(0, 2)).toEqual([]);

        const lost = lines.filter((cut) => {
          const found = new Set([text.slice(0, cut), text.slice(cut)].flatMap((part) => claimsOf(delivered(part).records)).map(keyOf));
          return failures.some((failure) => !found.has(failure));
        });
        expect(lost).toEqual([]);
      }, 120_000);
    },
  );
});

function hasJson(version: MajorVersion): boolean {
  return version >= 15;
}

/** The process of the last client: the next gets one of the numbers behind it. */
function processOf(log: Buffer): number {
  const all = [...log.toString('latin1').matchAll(/:\[(\d+)\]:/g)];
  return Number(all.at(-1)?.[1] ?? 0);
}

function delivered(part: string): ReturnType<typeof parse> {
  const logEvents =
    part.trimEnd() === '' ? [] : [{ id: '1', timestamp: 1, message: Buffer.from(part.replace(/\n$/, ''), 'latin1').toString('utf8') }];
  return parseDelivery(
    JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: '/aws/rds/cluster/orders/postgresql', logStream: 'orders-1', logEvents }),
  );
}
