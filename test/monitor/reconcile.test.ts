import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import type { Finding } from '../../lib/domain/finding.ts';
import type { Resource } from '../../lib/domain/resource.ts';
import type { Severity } from '../../lib/domain/severity.ts';
import { finishAlerts, type Look, reconcile } from '../../lib/monitor/reconcile.ts';
import { tell } from '../../lib/monitor/tell.ts';
import type { Observation } from '../../lib/monitor/transition.ts';
import type { FindingStore } from '../../lib/ports/finding-store.ts';
import type { Notify } from '../../lib/ports/notify.ts';
import { telling } from './deployed.ts';

const minute = 60_000;
const start = Date.parse('2026-05-03T12:00:00Z');

function clusterNamed(name: string): Resource {
  return { arn: `arn:aws:rds:eu-central-1:111122223333:cluster:${name}`, type: 'cluster', name, region: 'eu-central-1' };
}

function observed(
  name: string,
  seen: Observation['seen'],
  at: number,
  {
    severity = 'high',
    sweep = null,
    check = 'tls-required',
    finding = {},
  }: { severity?: Severity; sweep?: string | null; check?: string; finding?: Partial<Finding> } = {},
): Observation {
  const resource = clusterNamed(name);
  const fingerprint = `${check}/${name}`;
  const title = 'Cluster requires TLS';
  const whole: Finding = {
    fingerprint,
    check,
    severity,
    title,
    resource,
    reason: `${name} accepts plaintext.`,
    firstSeen: new Date(at).toISOString(),
    lastSeen: new Date(at).toISOString(),
    count: 1,
    evidence: {},
    remediation: { command: `aws rds fix ${name}`, effect: 'at once' },
    state: 'open',
    ...finding,
  };
  return {
    fingerprint,
    check,
    title,
    resource,
    severity,
    at,
    seen,
    reason: `${name}: ${seen}`,
    finding: seen === 'fail' ? whole : null,
    sweep,
  };
}

function change(check: string, resources: readonly Resource[], severity: Severity = 'high'): Alert {
  return {
    schemaVersion: '1',
    id: 'made-by-the-change',
    openedBy: null,
    check,
    severity,
    title: 'TLS was weakened',
    account: '111122223333',
    region: 'eu-central-1',
    at: new Date(start).toISOString(),
    eventId: 'event-1',
    fingerprint: 'change',
    transition: 'happened',
    eventTime: new Date(start).toISOString(),
    delaySeconds: 3,
    principal: null,
    sourceAddress: null,
    userAgent: null,
    tool: null,
    resources,
    inEffect: true,
    findings: [],
    reason: 'somebody set rds.force_ssl to 0.',
    remediation: null,
    links: {},
  };
}

function look(cause: string, observations: readonly Observation[], more: Partial<Look> = {}): Look {
  return {
    cause,
    eventTime: null,
    account: '111122223333',
    region: 'eu-central-1',
    observations,
    changes: [],
    minimumSeverity: 'medium',
    now: start,
    ...more,
  };
}

/** Looks and tells; gives what was told, in words. */
async function lookAndTell(store: FindingStore, one: Look): Promise<string[]> {
  const told: string[] = [];
  const { alerts } = await reconcile(store, one);
  const notify: Notify = async ({ transition, check, resources }) => {
    told.push(`${transition} ${check} ${resources.map(({ name }) => name).join('+')}`);
  };
  await tell(telling(store, notify), alerts);
  return told;
}

describe('the life of a finding', () => {
  it.each<[name: string, looks: readonly Observation[], told: readonly string[]]>([
    ['opens', [observed('orders', 'fail', start)], ['opened tls-required orders']],
    ['is told once', [observed('orders', 'fail', start), observed('orders', 'fail', start + minute)], ['opened tls-required orders']],
    [
      'resolves',
      [observed('orders', 'fail', start), observed('orders', 'pass', start + minute)],
      ['opened tls-required orders', 'resolved tls-required orders'],
    ],
    [
      'resolves with its resource',
      [observed('orders', 'fail', start), observed('orders', 'gone', start + minute)],
      ['opened tls-required orders', 'resolved tls-required orders'],
    ],
    [
      'reopens',
      [observed('orders', 'fail', start), observed('orders', 'pass', start + minute), observed('orders', 'fail', start + 2 * minute)],
      ['opened tls-required orders', 'resolved tls-required orders', 'reopened tls-required orders'],
    ],
    [
      'worsens',
      [observed('orders', 'fail', start, { severity: 'medium' }), observed('orders', 'fail', start + minute, { severity: 'critical' })],
      ['opened tls-required orders', 'worsened tls-required orders'],
    ],
    [
      'says nothing when it gets better without being well',
      [observed('orders', 'fail', start), observed('orders', 'fail', start + minute, { severity: 'medium' })],
      ['opened tls-required orders'],
    ],
    [
      'stays silent below the minimum severity',
      [observed('orders', 'fail', start, { severity: 'low' }), observed('orders', 'pass', start + minute)],
      [],
    ],
    [
      'is told when it rises to the minimum severity, and when it is over',
      [
        observed('orders', 'fail', start, { severity: 'low' }),
        observed('orders', 'fail', start + minute, { severity: 'high' }),
        observed('orders', 'pass', start + 2 * minute),
      ],
      ['worsened tls-required orders', 'resolved tls-required orders'],
    ],
    [
      'stays silent while suppressed',
      [observed('orders', 'fail', start, { finding: { state: 'suppressed' } }), observed('orders', 'pass', start + minute)],
      [],
    ],
    [
      'is told when its suppression ends',
      [observed('orders', 'fail', start, { finding: { state: 'suppressed' } }), observed('orders', 'fail', start + minute)],
      ['reopened tls-required orders'],
    ],
    ['ignores what is older than what is known', [observed('orders', 'pass', start), observed('orders', 'fail', start - minute)], []],
    [
      'keeps its state while nobody can see it',
      [observed('orders', 'fail', start), observed('orders', 'unknown', start + minute), observed('orders', 'fail', start + 2 * minute)],
      ['opened tls-required orders'],
    ],
    [
      'tells blindness once, after three sweeps in a row',
      [1, 2, 3, 4, 5].map((n) => observed('orders', 'unknown', start + n * minute, { sweep: `2026-05-0${n}` })),
      ['blind tls-required orders'],
    ],
    [
      'counts a repeated sweep once',
      [1, 2, 2, 2].map((n) => observed('orders', 'unknown', start + n * minute, { sweep: `2026-05-0${n}` })),
      [],
    ],
    [
      'starts counting again when a sweep could see',
      [
        observed('orders', 'unknown', start, { sweep: '2026-05-01' }),
        observed('orders', 'unknown', start + minute, { sweep: '2026-05-02' }),
        observed('orders', 'pass', start + 2 * minute, { sweep: '2026-05-03' }),
        observed('orders', 'unknown', start + 3 * minute, { sweep: '2026-05-04' }),
      ],
      [],
    ],
  ])('%s', async (_, looks, expected) => {
    const store = createMemoryStore();
    const told: string[] = [];

    for (const [index, seen] of looks.entries()) told.push(...(await lookAndTell(store, look(`look-${index}`, [seen], { now: seen.at }))));

    expect(told).toEqual(expected);
  });

  it('tells many resources with the same problem in one alert', async () => {
    const store = createMemoryStore();

    const { alerts } = await reconcile(store, look('sweep', [observed('billing', 'fail', start), observed('orders', 'fail', start)]));

    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.alert).toMatchObject({
      transition: 'opened',
      resources: [clusterNamed('billing'), clusterNamed('orders')],
      findings: ['tls-required/billing', 'tls-required/orders'],
      reason: 'billing: fail. And 1 more resource like it.',
    });
  });

  it('says what to do where no command is known, and nothing of it once it is put right', async () => {
    const store = createMemoryStore();
    const fix = 'Turn it off.';
    const failing = { ...observed('orders', 'fail', start, { finding: { remediation: null } }), fix };

    const [opened] = (await reconcile(store, look('first', [failing]))).alerts;
    const [resolved] = (await reconcile(store, look('second', [observed('orders', 'pass', start + minute)]))).alerts;
    const [commanded] = (await reconcile(store, look('third', [{ ...observed('payments', 'fail', start), fix }]))).alerts;

    expect(opened?.alert).toMatchObject({ remediation: null, fix });
    expect(resolved?.alert).toMatchObject({ transition: 'resolved', remediation: null });
    expect(resolved?.alert).not.toHaveProperty('fix');
    expect(commanded?.alert).toMatchObject({ remediation: { effect: 'at once' } });
    expect(commanded?.alert).not.toHaveProperty('fix');
  });

  it('names in resolved the alert that opened it, and how long it was open', async () => {
    const store = createMemoryStore();
    const opened = await reconcile(store, look('sweep', [observed('orders', 'fail', start)]));
    await tell(
      telling(store, async () => {}),
      opened.alerts,
    );

    const { alerts } = await reconcile(store, look('fix', [observed('orders', 'pass', start + 5 * minute)], { now: start + 5 * minute }));

    expect(alerts[0]?.alert).toMatchObject({
      transition: 'resolved',
      openedBy: opened.alerts[0]?.alert.id,
      reason: 'orders: pass. It was open for 5 minutes.',
    });
  });
});

describe('one incident, one alert', () => {
  it('tells the findings that a change opened with the change alone', async () => {
    const store = createMemoryStore();
    const changes = [change('tls-weakened', [clusterNamed('orders')])];

    const { alerts } = await reconcile(
      store,
      look('event-1', [observed('orders', 'fail', start)], { changes, eventTime: changes[0]?.eventTime ?? null }),
    );

    expect(alerts.map(({ alert }) => [alert.transition, alert.check, alert.findings])).toEqual([
      ['happened', 'tls-weakened', ['tls-required/orders']],
    ]);
  });

  it('names the change in resolved when the problem is over', async () => {
    const store = createMemoryStore();
    const changes = [change('tls-weakened', [clusterNamed('orders')])];
    const first = await reconcile(store, look('event-1', [observed('orders', 'fail', start)], { changes }));
    await tell(
      telling(store, async () => {}),
      first.alerts,
    );

    const { alerts } = await reconcile(store, look('event-2', [observed('orders', 'pass', start + minute)]));

    expect(alerts.map(({ alert }) => [alert.transition, alert.openedBy])).toEqual([['resolved', first.alerts[0]?.alert.id]]);
  });

  it('tells nothing for the same event again, and lets a later look refer to its alert', async () => {
    const store = createMemoryStore();
    const changes = [change('tls-weakened', [clusterNamed('orders')])];
    const first = await lookAndTell(store, look('event-1', [observed('orders', 'pass', start)], { changes }));

    const again = await lookAndTell(store, look('event-1', [observed('orders', 'pass', start + 1)], { changes }));
    const visible = await lookAndTell(store, look('event-1', [observed('orders', 'fail', start + minute)], { changes }));
    const fixed = await reconcile(store, look('event-2', [observed('orders', 'pass', start + 2 * minute)]));

    expect(first).toEqual(['happened tls-weakened orders']);
    expect([...again, ...visible]).toEqual([]);
    expect(fixed.alerts[0]?.alert.openedBy).toBe(store.alerts.find(({ cause }) => cause === 'event-1')?.alert.id);
  });

  it('gives what somebody opens to no change whose own problem was put right, however often that happened meanwhile', async () => {
    const store = createMemoryStore();
    const changes = [change('tls-weakened', [clusterNamed('orders')])];
    for (let times = 0; times < 12; times++) {
      await lookAndTell(store, look(`off-${times}`, [observed('orders', 'fail', start + 2 * times * 1000)], { changes }));
      await lookAndTell(store, look(`on-${times}`, [observed('orders', 'pass', start + (2 * times + 1) * 1000)]));
    }

    const secondLook = await lookAndTell(store, look('off-0', [observed('orders', 'fail', start + minute)], { changes }));

    expect(secondLook).toEqual(['reopened tls-required orders']);
  });

  it('gives a problem that the change does not open to the change that names its resource', async () => {
    const store = createMemoryStore();
    const changes = [
      change('protection-removed', [clusterNamed('orders')], 'medium'),
      change('tls-weakened', [clusterNamed('orders')], 'high'),
    ];
    const seen = [observed('orders', 'fail', start, { check: 'deletion-protected' }), observed('orders', 'fail', start)];

    const { alerts } = await reconcile(store, look('event-1', seen, { changes }));

    expect(alerts.map(({ alert }) => [alert.check, alert.findings])).toEqual([
      ['tls-weakened', ['tls-required/orders']],
      ['protection-removed', ['deletion-protected/orders']],
    ]);
  });
});

/** A store whose process dies at its n-th write or message, before or after it is done. */
function dyingStore(store: FindingStore, dieAt: number, after: boolean) {
  let steps = 0;
  const step = async <T>(run: () => Promise<T>): Promise<T> => {
    const dies = ++steps === dieAt;
    if (dies && !after) throw new Error('killed');
    const result = await run();
    if (dies) throw new Error('killed');
    return result;
  };
  return {
    store: {
      ...store,
      save: (next) => step(() => store.save(next)),
      saveAlert: (next) => step(() => store.saveAlert(next)),
    } satisfies FindingStore,
    step,
    steps: () => steps,
  };
}

describe('a process that dies', () => {
  const changes = [change('tls-weakened', [clusterNamed('orders'), clusterNamed('billing')])];
  const first = look('event-1', [observed('orders', 'fail', start), observed('billing', 'fail', start)], { changes });
  const second = look('event-2', [observed('orders', 'pass', start + minute), observed('billing', 'pass', start + minute)]);

  it.each([false, true])('loses no alert and ends in the same state, whatever step it dies at (after the step: %s)', async (after) => {
    for (let dieAt = 1; ; dieAt++) {
      const memory = createMemoryStore();
      const dying = dyingStore(memory, dieAt, after);
      const told: string[] = [];
      const deliver = async (store: FindingStore, one: Look, step: <T>(run: () => Promise<T>) => Promise<T>) => {
        const { alerts } = await reconcile(store, one);
        await tell(
          telling(store, (alert) => step(async () => void told.push(`${alert.transition} ${alert.id}`))),
          alerts,
        );
      };

      for (const one of [first, second]) {
        await deliver(dying.store, one, dying.step).catch(() => undefined);
        await deliver(memory, { ...one, observations: one.observations.map((seen) => ({ ...seen, at: seen.at + 1000 })) }, (run) => run());
      }

      expect([...memory.findings.values()].map(({ state }) => state)).toEqual(['resolved', 'resolved']);
      expect(memory.alerts.map(({ status }) => status).sort()).toEqual(['sent', 'sent']);
      expect(new Set(told).size).toBe(2);
      expect(told.length).toBeLessThanOrEqual(3);
      if (dying.steps() < dieAt) break;
    }
  });

  it('has its alert finished by the sweep when nothing is delivered again', async () => {
    const memory = createMemoryStore();
    const told: string[] = [];
    await reconcile(dyingStore(memory, 4, false).store, first).catch(() => undefined);

    const alerts = await finishAlerts(memory, await memory.listUnsent());
    await tell(
      telling(memory, async (alert) => void told.push(`${alert.transition} ${alert.findings.length}`)),
      alerts,
    );

    expect(told).toEqual(['happened 2']);
  });
});

describe('events and sweeps in any order', () => {
  const looks = fc.array(
    fc.record({
      moment: fc.integer({ min: 0, max: 40 }),
      sweep: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it('converge to what the newest look saw, and tell nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        looks,
        fc.array(fc.constantFrom('fail', 'pass', 'unknown'), { minLength: 41, maxLength: 41 }),
        fc.infiniteStream(fc.nat()),
        async (order, history, picks) => {
          const store = createMemoryStore();
          const told: string[] = [];
          const delivered = [...order, ...order];
          for (let left = delivered.length; left > 0; left--) {
            const [one] = delivered.splice(picks.next().value % left, 1);
            if (!one) continue;
            const at = start + one.moment * minute;
            const sweep = one.sweep ? new Date(at).toISOString() : null;
            const seen = history[one.moment] as Observation['seen'];
            const { alerts } = await reconcile(
              store,
              look(`${one.sweep ? 'sweep' : 'event'}-${one.moment}`, [observed('orders', seen, at, { sweep })]),
            );
            await tell(
              telling(store, async (alert) => void told.push(alert.id)),
              alerts,
            );
            if (sweep !== null) await store.moveWatermark('sweep', sweep);
          }

          const newest = [...order].sort((a, b) => b.moment - a.moment).find(({ moment }) => history[moment] !== 'unknown');
          const state = [...store.findings.values()][0]?.state;
          const problem = state === 'open';
          expect(problem).toBe(newest !== undefined && history[newest.moment] === 'fail');
          expect(new Set(told).size).toBe(told.length);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
