import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoginRecord } from '../../lib/domain/login-record.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import { attackersHost, type Scene, scenes } from '../intake/postgresql-log/attackers.ts';
import { parse, parseDelivery } from '../intake/postgresql-log/parse.ts';
import type { Attempt, Form } from '../intake/postgresql-log/server.ts';
import { extract } from './extract.ts';
import { randomNumbers } from './random.ts';

/** What a scene's login rows must show: an attempt that is authorized and then turned away is a session where the border hides its end. */
const outcomes: Record<Attempt['outcome'], string> = {
  session: 'session',
  replication: 'session',
  password: 'failed',
  pam: 'failed',
  refused: 'refused',
  'missing-database': 'rejected',
  timeout: 'open',
  crowded: 'rejected',
};

/** Who got in: the last of them lacks a database, and may hide by its name that it was turned away for that. */
const mayBeIn: readonly Attempt['outcome'][] = ['session', 'replication', 'missing-database'];

/** A scene as objects hold it, cut at one or two of its lines. */
interface Told {
  readonly scene: Scene;
  readonly log: readonly string[];
  /** What could not be read or decided, in all of them. */
  readonly undecided: number;
  readonly rows: readonly QueryRow[];
}

/** More than fits into the names of one login: with both borders within one name nothing tells. */
const least = 128;

function cutsOf(log: string, random: () => number): number[][] {
  const lines = [...log.matchAll(/\n/g)].map(({ index }) => index + 1).slice(0, -1);
  const some = (): number => lines[Math.floor(random() * lines.length)] ?? 0;
  // Attackers fill most of a log; a border of each kind is where they are.
  const cuts = [
    [],
    ...Array.from({ length: 8 }, () => [some()]),
    ...Array.from({ length: 4 }, () => [some(), some()].sort((a, b) => a - b)),
  ];
  return cuts.filter((cut) => partsOf(log, cut).every(({ length }) => length >= least));
}

function partsOf(log: string, cut: readonly number[]): string[] {
  return [0, ...cut].map((from, index) => log.slice(from, cut[index] ?? log.length));
}

/** An object of the stream that delivers text logs; what writes csv and json is copied as files. */
function read(part: string, form: Form): ReturnType<typeof parse> {
  if (form.startsWith('csv') || form === 'json') return parse(part);
  const logEvents = [{ id: '1', timestamp: 1, message: part.replace(/\n$/, '') }];
  const group = { messageType: 'DATA_MESSAGE', logGroup: '/aws/rds/cluster/orders/postgresql', logStream: 'orders-1' };
  return parseDelivery(JSON.stringify({ ...group, logEvents }));
}

async function tell(forms: readonly Form[], logsConnections: boolean, seed: number): Promise<Told[]> {
  const random = randomNumbers(seed);
  const told: Omit<Told, 'rows'>[] = [];
  const records: LoginRecord[] = [];
  for (const scene of fc.sample(scenes(logsConnections, forms), { numRuns: 80, seed })) {
    for (const cut of cutsOf(scene.log, random)) {
      const log = partsOf(scene.log, cut);
      const parsed = log.map((part) => read(part, scene.form));
      const own = parsed.flatMap((one, object) =>
        one.records.map((record) => ({ ...record, object: `${object}`, id: `${object}:${record.id}` })),
      );
      records.push(...own.map((record) => ({ ...record, cluster: `${told.length}`, id: `${told.length}:${record.id}` })));
      told.push({ scene, log, undecided: parsed.reduce((sum, { summary }) => sum + summary.rejected, 0) });
    }
  }
  const rows = new Map<string, QueryRow[]>();
  for (const row of await extract('login', { records })) rows.set(String(row.cluster), [...(rows.get(String(row.cluster)) ?? []), row]);
  return told.map((one, index) => ({ ...one, rows: rows.get(`${index}`) ?? [] }));
}

const text = ['short', 'short', 'long', 'long:'] as const;
const columns = ['csv 23', 'csv 24', 'csv 26', 'json'] as const;
const attemptsOf = ({ written }: Scene): Attempt[] => [...new Set(written.map(({ attempt }) => attempt))];
const isOf = (row: QueryRow, { process, host, port }: Attempt): boolean =>
  row.process === process && row.host === host && row.port === port;

describe.each([
  ['text, with receipts', text, true],
  ['text, without receipts', text, false],
  ['csv and json', columns, true],
] as const)('logins of a log into which somebody forges, cut into objects: %s', (_, forms, logsConnections) => {
  const isColumns = forms === columns;
  let all: Told[];

  beforeAll(async () => {
    all = await tell(forms, logsConnections, 20260507);
  });

  it('are confirmed only where they were', () => {
    const wrong = all.flatMap(({ scene, log, undecided, rows }) => {
      const attempts = attemptsOf(scene);
      return rows.flatMap((row) => {
        const attempt = attempts.find((one) => isOf(row, one));
        // At a border, who guesses his own process can say of himself what he likes: the connection is his.
        const isOwn = attempt?.host === attackersHost && (row.outcome !== 'session' || log.length > 1 || mayBeIn.includes(attempt.outcome));
        // Cut off from its end, an attempt is open, or a session.
        const isPart = row.outcome === 'open' || (row.outcome === 'session' && attempt?.outcome === 'missing-database' && undecided > 0);
        const isTold = attempt !== undefined && (row.outcome === outcomes[attempt.outcome] || isPart) && (row.user_name ?? 'app') === 'app';
        const isTrue = logsConnections && (isOwn || (isTold && attempt.host !== attackersHost));
        return row.confirmed === 0 || isTrue ? [] : [{ row, log }];
      });
    });

    expect(wrong.slice(0, 1)).toEqual([]);
  });

  it('of others are there, once, or the coverage counts what is undecided', () => {
    let whole = 0;
    const wrong = all.flatMap(({ scene, log, undecided, rows }) => {
      const innocents = attemptsOf(scene).filter(
        ({ host, outcome }) => host !== attackersHost && (logsConnections || outcome !== 'session'),
      );
      return innocents.flatMap((attempt) => {
        const found = rows.filter((row) => isOf(row, attempt));
        const isTold = found.length === 1 && found[0]?.outcome === outcomes[attempt.outcome] && (found[0]?.user_name ?? 'app') === 'app';
        if (isTold) whole++;
        // In text a record that repeats its names is never in doubt.
        const mayLack = undecided > 0 && (isColumns || !['password', 'refused', 'pam'].includes(attempt.outcome));
        return isTold || mayLack ? [] : [{ attempt, found, log }];
      });
    });

    expect(wrong.slice(0, 1)).toEqual([]);
    expect(whole).toBeGreaterThan(1000);
  });

  it('that were not are unconfirmed and counted as undecided, or blame nobody but who wrote them for a failure', () => {
    const silent = all.flatMap(({ scene, log, undecided, rows }) => {
      const attempts = attemptsOf(scene);
      return rows.flatMap((row) => {
        const isTrue = attempts.some((one) => isOf(row, one));
        // Who is logged in may say why a login of his own failed, which makes none.
        const isOwnFailure = (row.host === attackersHost && row.outcome !== 'session') || (row.process === 6000 && row.outcome === 'open');
        return isTrue || isOwnFailure || undecided > 0 ? [] : [{ row, log }];
      });
    });

    expect(silent.slice(0, 1)).toEqual([]);
  });

  it('need no doubt where names are fields and nothing is cut', () => {
    const doubted = all.filter(
      ({ scene, undecided, log }) => (columns as readonly Form[]).includes(scene.form) && undecided > 0 && log.length === 1,
    );

    expect(doubted.slice(0, 1)).toEqual([]);
  });
});
