import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import type { SuppressionNote } from '../../lib/domain/finding.ts';
import { rendererFor } from '../../lib/main/security-hub.ts';
import { mirrorFindings } from '../../lib/monitor/mirror-findings.ts';
import type { KnownFinding } from '../../lib/ports/finding-store.ts';
import type { HubFinding, Imported } from '../../lib/ports/security-hub.ts';
import { clusterResource, exampleFinding } from '../render/example-report.ts';
import { knownFinding } from './known-finding.ts';

const day = 86_400_000;
const start = Date.parse('2026-05-03T12:00:00Z');
const render = rendererFor({ account: '111122223333', region: 'eu-central-1' });

/** A finding of cluster `name`, as the store knows it. */
function known(name: string, more: Partial<KnownFinding> = {}): KnownFinding {
  const [fingerprint, resource] = [`f-${name}`, clusterResource(name)];
  const finding = exampleFinding({
    fingerprint,
    check: 'tls-required',
    severity: 'high',
    title: 'TLS',
    resource,
    reason: 'rds.force_ssl is 0.',
  });
  return knownFinding({ fingerprint, resource, knownAt: start }, { finding, ...more });
}

/** A store, and a Security Hub that takes everything but what `refuses` names. */
function world() {
  const store = createMemoryStore();
  const log = new Map<string, Imported>();
  const calls: HubFinding[][] = [];
  const it = { store, calls, log, now: start, refuses: new Map<string, string>() };
  const mirror = (other: Partial<Parameters<typeof mirrorFindings>[0]> = {}) =>
    mirrorFindings({
      store,
      log: {
        listActive: async () => [...log.values()].filter(({ archived }) => !archived),
        save: async (next, before) => {
          const there = log.get(next.fingerprint);
          if ((there?.archived === false ? there.at : null) !== (before?.at ?? null)) return false;
          log.set(next.fingerprint, next);
          return true;
        },
        forget: async (one) => void log.set(one.fingerprint, { ...one, content: '', archived: false }),
      },
      importFindings: async (findings) => {
        calls.push([...findings]);
        return it.refuses;
      },
      render,
      now: () => it.now,
      ...other,
    });
  /** Brings the store to know the finding so, whatever it knew. */
  const learn = async (next: KnownFinding) => {
    const before = store.findings.get(next.fingerprint)?.revision ?? 0;
    expect(await store.save({ ...next, revision: before + 1 })).toBe(true);
  };
  return Object.assign(it, { mirror, learn });
}

/** What was sent in a call: name, record state, workflow and compliance. */
function sentIn(call: readonly HubFinding[] | undefined): readonly string[] {
  return (call ?? []).map(({ fingerprint, body }) => {
    const { RecordState, Workflow, Compliance } = body as unknown as Record<string, { Status: string } & string>;
    return `${fingerprint} ${RecordState} ${Workflow?.Status} ${Compliance?.Status}`;
  });
}

const quiet: SuppressionNote = { by: 'jane', reason: 'client without TLS', until: '2026-05-10' };

describe('Security Hub', () => {
  it('is told once of what is open, again when it changes, and after a month', async () => {
    const here = world();
    await here.learn(known('orders'));
    await here.learn(known('ledger', { state: 'unseen', finding: null }));
    await here.learn(known('catalog', { state: 'passing', finding: null }));
    await here.mirror();
    here.now = start + day;
    await here.learn(
      known('orders', { knownAt: here.now, finding: { ...known('orders').finding, lastSeen: '2026-05-04T12:00:00.000Z' } as never }),
    );
    await here.mirror();
    await here.learn(known('orders', { severity: 'critical', finding: { ...known('orders').finding, severity: 'critical' } as never }));
    await here.mirror();
    here.now = start + 40 * day;
    await here.mirror();

    expect(here.calls.map(sentIn)).toEqual([
      ['f-orders ACTIVE NEW FAILED'],
      ['f-orders ACTIVE NEW FAILED'],
      ['f-orders ACTIVE NEW FAILED'],
    ]);
    expect(here.calls[1]?.[0]?.body).toMatchObject({
      Id: 'aurora-watch/f-orders',
      FindingProviderFields: { Severity: { Label: 'CRITICAL' } },
    });
    expect(here.calls[2]?.[0]?.body).toMatchObject({ UpdatedAt: '2026-06-12T12:00:00.000Z' });
  });

  it('archives what is over, and has it back when it opens again', async () => {
    const here = world();
    await here.learn(known('orders'));
    await here.mirror();
    await here.learn(known('orders', { state: 'resolved' }));
    await here.mirror();
    await here.mirror();
    await here.learn(known('orders'));
    await here.mirror();

    expect(here.calls.map(sentIn)).toEqual([
      ['f-orders ACTIVE NEW FAILED'],
      ['f-orders ARCHIVED RESOLVED PASSED'],
      ['f-orders ACTIVE NEW FAILED'],
    ]);
  });

  it('archives what is suppressed, with who and why, until the suppression ends', async () => {
    const here = world();
    await here.learn(known('orders'));
    await here.mirror();
    await here.learn(known('orders', { state: 'suppressed', suppression: quiet }));
    await here.mirror();
    here.now = Date.parse('2026-05-11T00:00:01Z');
    await here.mirror();

    expect(here.calls.map(sentIn)).toEqual([
      ['f-orders ACTIVE NEW FAILED'],
      ['f-orders ARCHIVED SUPPRESSED FAILED'],
      ['f-orders ACTIVE NEW FAILED'],
    ]);
    expect(here.calls[1]?.[0]?.body).toMatchObject({ Note: { UpdatedBy: 'jane', Text: 'client without TLS (until 2026-05-10)' } });
  });

  it('never hears of what was suppressed before it could: its workflow would stay suppressed for good', async () => {
    const here = world();
    await here.learn(known('orders', { state: 'suppressed', suppression: quiet }));
    await here.mirror();

    expect(here.calls).toEqual([]);
  });

  it('is told again what it did not take, and the sweep says how much that was', async () => {
    const here = world();
    await here.learn(known('orders'));
    await here.learn(known('billing'));
    here.refuses = new Map([['f-billing', 'InvalidInput: no']]);
    const failed = await here.mirror().catch(String);
    here.refuses = new Map();
    await here.mirror();

    expect(failed).toBe('ImportError: Security Hub did not take 1 of 2 findings: InvalidInput: no');
    expect(sentIn(here.calls[1])).toEqual(['f-billing ACTIVE NEW FAILED']);
  });

  it('hears again of what two sweeps told it at once, for nobody knows whose word came last', async () => {
    const here = world();
    await here.learn(known('orders'));
    await here.mirror();
    await here.learn(known('orders', { state: 'resolved' }));
    const other = { fingerprint: 'f-orders', content: 'of another sweep', at: start + 1, archived: false };
    const send = here.calls.push.bind(here.calls);
    here.calls.push = (...calls) => {
      here.log.set('f-orders', other);
      return send(...calls);
    };
    here.now = start + 2;
    await here.mirror();
    here.calls.push = send;
    await here.mirror();

    expect(here.calls.map(sentIn)).toEqual([
      ['f-orders ACTIVE NEW FAILED'],
      ['f-orders ARCHIVED RESOLVED PASSED'],
      ['f-orders ARCHIVED RESOLVED PASSED'],
    ]);
  });

  it('takes no finding for over that a list of a moment ago leaves out', async () => {
    const here = world();
    await here.learn(known('orders'));
    await here.mirror();
    await here.mirror({ store: { ...here.store, listOpen: async () => [] } });

    expect(here.calls).toHaveLength(1);
  });
});
