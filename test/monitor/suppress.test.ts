import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import type { Finding } from '../../lib/domain/finding.ts';
import { reconcile } from '../../lib/monitor/reconcile.ts';
import { liftSuppression, listSuppressed, suppressFinding } from '../../lib/monitor/suppress.ts';
import type { Observation } from '../../lib/monitor/transition.ts';
import type { FindingStore } from '../../lib/ports/finding-store.ts';

const day = 86_400_000;
const start = Date.parse('2026-05-03T12:00:00Z');
const resource = {
  arn: 'arn:aws:rds:eu-central-1:111122223333:cluster:orders',
  type: 'cluster',
  name: 'orders',
  region: 'eu-central-1',
} as const;
const note = { by: 'arn:aws:iam::111122223333:user/jane', reason: 'client without TLS', until: '2026-05-05' };
const fingerprint = `3f2a9c01${'0'.repeat(24)}`;

function observed(seen: Observation['seen'], at: number, sweep: string | null = null, id = fingerprint): Observation {
  const about = { fingerprint: id, check: 'tls-required', severity: 'high', title: 'Cluster requires TLS', resource } as const;
  const time = new Date(at).toISOString();
  const finding: Finding = {
    ...about,
    reason: 'orders accepts plaintext.',
    firstSeen: time,
    lastSeen: time,
    count: 1,
    evidence: {},
    remediation: null,
    state: 'open',
  };
  return { ...about, at, seen, reason: 'orders accepts plaintext.', finding: seen === 'fail' ? finding : null, sweep };
}

/** Looks once; gives the transitions that are told. */
async function look(store: FindingStore, seen: Observation): Promise<string[]> {
  const { alerts } = await reconcile(store, {
    cause: `look at ${seen.at} for ${seen.fingerprint}`,
    eventTime: null,
    account: '111122223333',
    region: 'eu-central-1',
    observations: [seen],
    changes: [],
    minimumSeverity: 'medium',
    now: seen.at,
  });
  return alerts.map(({ alert }) => alert.transition);
}

describe('a suppressed finding', () => {
  it('tells nothing to the end of its last day, and then that it is open again', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));

    await suppressFinding(store, fingerprint, note);
    const quiet = await look(store, observed('fail', Date.parse('2026-05-05T23:59:59Z')));
    const after = await look(store, observed('fail', Date.parse('2026-05-06T00:00:00Z')));

    expect([quiet, after]).toEqual([[], ['reopened']]);
    expect(store.findings.get(fingerprint)).toMatchObject({ state: 'open', suppression: note });
  });

  it('is quiet before the next look', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));

    const known = await suppressFinding(store, fingerprint, note);

    expect(known).toMatchObject({ state: 'suppressed', suppression: note });
    expect(await listSuppressed(store, start)).toEqual([{ known, note }]);
    expect(await listSuppressed(store, start + 3 * day)).toEqual([]);
  });

  it('ends in silence, and stays quiet when it comes back before its last day', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));
    await suppressFinding(store, fingerprint, note);

    const told = [await look(store, observed('pass', start + 1000)), await look(store, observed('fail', start + 2000))];

    expect(told).toEqual([[], []]);
  });

  it('does not tell either that it cannot be seen any more, until its last day is over', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));
    await suppressFinding(store, fingerprint, note);
    const sweep = async (hours: number) => {
      const at = start + hours * 3_600_000;
      return look(store, observed('unknown', at, new Date(at).toISOString()));
    };

    const during = [await sweep(1), await sweep(2), await sweep(3), await sweep(4)];
    const after = [await sweep(72), await sweep(73)];

    expect(during.flat()).toEqual([]);
    expect(after).toEqual([['blind'], []]);
  });

  it('may get another date and reason', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));
    await suppressFinding(store, fingerprint, note);

    await suppressFinding(store, fingerprint, { ...note, until: '2026-06-30' });

    expect((await listSuppressed(store, start)).map((one) => one.note.until)).toEqual(['2026-06-30']);
  });

  it('is told by the next look when the suppression is taken back', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));
    await suppressFinding(store, fingerprint, note);

    await liftSuppression(store, fingerprint);

    expect(await listSuppressed(store, start)).toEqual([]);
    expect(await look(store, observed('fail', start + 1000))).toEqual(['reopened']);
  });
});

describe('which finding is meant', () => {
  it('is said by the first characters, where no other begins so', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));
    await look(store, observed('fail', start, null, `3f2b${'0'.repeat(28)}`));

    const known = await suppressFinding(store, '3f2a', note);

    expect(known.fingerprint).toBe(fingerprint);
    await expect(suppressFinding(store, '3f2', note)).rejects.toThrow('2 findings begin with "3f2"; give more of it.');
  });

  it.each<[name: string, given: readonly Observation[], start: string, sentence: string]>([
    ['nobody knows', [], fingerprint, `The monitor knows no finding with the fingerprint ${fingerprint}.`],
    ['nobody knows by its beginning', [], '3f2a', 'The monitor knows no open finding whose fingerprint begins with "3f2a".'],
    [
      'is over',
      [observed('fail', start), observed('pass', start + 1000)],
      fingerprint,
      `The finding ${fingerprint} is resolved: there is nothing to quiet.`,
    ],
    ['never was one', [observed('pass', start)], fingerprint, `${fingerprint} is no finding: nothing was ever wrong there.`],
  ])('is refused where it %s', async (_, given, which, sentence) => {
    const store = createMemoryStore();
    for (const seen of given) await look(store, seen);

    await expect(suppressFinding(store, which, note)).rejects.toThrow(sentence);
    expect(await listSuppressed(store, start)).toEqual([]);
  });

  it('is refused where nobody suppressed what is to be lifted', async () => {
    const store = createMemoryStore();
    await look(store, observed('fail', start));

    await expect(liftSuppression(store, fingerprint)).rejects.toThrow(`Nobody suppressed the finding ${fingerprint}.`);
  });
});

it('keeps what a look wrote at the same time', async () => {
  const store = createMemoryStore();
  await look(store, observed('fail', start));
  let raced = false;
  const racing: FindingStore = {
    ...store,
    async save(next) {
      if (!raced) {
        raced = true;
        await look(store, { ...observed('fail', start + 1000), severity: 'critical' });
      }
      return store.save(next);
    },
  };

  await suppressFinding(racing, fingerprint, note);

  expect(store.findings.get(fingerprint)).toMatchObject({ state: 'suppressed', severity: 'critical', knownAt: start + 1000 });
});
