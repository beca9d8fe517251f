import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { gather } from '../../lib/monitor/burst.ts';
import { send, tell } from '../../lib/monitor/tell.ts';
import { createPlace } from '../../lib/monitor/turn.ts';
import type { StoredAlert } from '../../lib/ports/finding-store.ts';
import { happened } from '../render/alert/alerts.ts';
import { telling } from './deployed.ts';

const region = 'eu-central-1';

/** The n-th alert: n-th cluster, n minutes after noon. */
function alertNumber(n: number, more: Partial<Alert> = {}): StoredAlert {
  const name = `cluster-${String(n).padStart(2, '0')}`;
  return {
    cause: `event-${n}`,
    key: 'tls-weakened',
    status: 'sealed',
    alert: {
      ...happened,
      id: `id-${n}`,
      eventId: `event-${n}`,
      eventTime: `2026-05-03T12:${String(n).padStart(2, '0')}:00Z`,
      resources: [{ arn: `arn:aws:rds:${region}:111122223333:cluster:${name}`, type: 'cluster', name, region }],
      findings: [`finding-${n}`],
      reason: `TLS of ${name} was turned off.`,
      remediation: { command: `aws rds fix ${name}`, effect: 'at once' },
      ...more,
    },
    intended: [`finding-${n}`],
    ofChange: true,
    revision: 2,
  };
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);
const somebody = (arn: string) => ({
  principal: { ...(happened.principal ?? { type: null }), arn, issuer: null } as NonNullable<Alert['principal']>,
});

describe('alerts that are told together', () => {
  it('are one message where they are a burst, which says how many, on what, and how to undo all', () => {
    const messages = gather(numbers(50).map((n) => alertNumber(n)));

    expect(messages).toHaveLength(1);
    const [message] = messages;
    expect(message?.of).toHaveLength(50);
    expect(message?.alert).toMatchObject({
      id: 'id-0',
      eventId: 'event-0',
      check: 'tls-weakened',
      transition: 'happened',
      reason: 'This is one of 50 such alerts that came together: TLS of cluster-00 was turned off.',
    });
    expect(message?.alert.standsFor).toEqual(numbers(50).map((n) => `id-${n}`));
    expect(message?.alert.resources.map(({ name }) => name)).toEqual(numbers(50).map((n) => `cluster-${String(n).padStart(2, '0')}`));
    expect(message?.alert.findings).toHaveLength(50);
    expect(message?.alert.remediation?.command.split('\n')).toHaveLength(50);
  });

  it('have the id of the worst, of equal ones the first, whatever order they come in', () => {
    const alerts = [5, 1, 9, 3].map((n) => alertNumber(n, n > 4 ? { severity: 'critical' } : {}));

    expect(gather(alerts).map(({ alert }) => [alert.id, alert.severity])).toEqual([['id-5', 'critical']]);
    expect(gather(alerts.toReversed()).map(({ alert }) => alert.id)).toEqual(['id-5']);
  });

  it.each<[name: string, alerts: readonly StoredAlert[], messages: number]>([
    ['few of a kind', numbers(3).map((n) => alertNumber(n)), 3],
    ['many', numbers(4).map((n) => alertNumber(n)), 1],
    ['of two checks', numbers(6).map((n) => alertNumber(n, { check: n < 3 ? 'made-public' : 'tls-weakened' })), 6],
    ['by two callers', numbers(6).map((n) => alertNumber(n, somebody(`arn:aws:iam::111122223333:user/${n % 2}`))), 6],
    ['by two callers, many', numbers(8).map((n) => alertNumber(n, somebody(`arn:aws:iam::111122223333:user/${n % 2}`))), 2],
    ['of two transitions', numbers(6).map((n) => alertNumber(n, { transition: n < 3 ? 'resolved' : 'opened' })), 6],
    ['by nobody', numbers(6).map((n) => alertNumber(n, { principal: null })), 1],
    ['the same one', numbers(6).map(() => alertNumber(1)), 1],
    ['none', [], 0],
  ])('are apart where they are not: %s', (_, alerts, messages) => {
    expect(gather(alerts)).toHaveLength(messages);
  });

  it('stay as they are, one by one', () => {
    const alerts = numbers(3).map((n) => alertNumber(n));

    expect(gather(alerts)).toEqual(alerts.map((one) => ({ alert: one.alert, of: [one] })));
  });

  it('say in effect, when and what to do only where it holds for all', () => {
    const alerts = numbers(4).map((n) =>
      alertNumber(
        n,
        n === 3 ? { inEffect: false, remediation: { command: 'aws rds fix cluster-00', effect: 'after a reboot', note: 'x' } } : {},
      ),
    );

    expect(gather(alerts)[0]?.alert).toMatchObject({
      inEffect: null,
      remediation: {
        command: 'aws rds fix cluster-00\naws rds fix cluster-01\naws rds fix cluster-02',
        effect: 'at once or after a reboot',
        note: 'x',
      },
    });
  });
});

describe('a burst that is sent', () => {
  async function stored(count: number) {
    const store = createMemoryStore();
    for (const one of numbers(count).map((n) => alertNumber(n))) {
      await store.saveAlert({ ...one, status: 'pending', revision: 1 });
      await store.saveAlert(one);
    }
    return store;
  }

  it('is sent once, and leaves nothing to send', async () => {
    const store = await stored(50);
    const sent: string[] = [];

    await tell(
      telling(store, async ({ id }) => void sent.push(id)),
      await store.listUnsent(),
    );

    expect(sent).toEqual(['id-0']);
    expect(await store.listUnsent()).toEqual([]);
  });

  it('is all unsent where the topic refuses', async () => {
    const store = await stored(5);
    const refusal = new Error('The topic refuses.');
    const refuse = async () => Promise.reject(refusal);

    const failures = await send(telling(store, refuse), await store.listUnsent(), createPlace(telling(store, refuse)));

    expect([...failures]).toEqual(numbers(5).map((n) => [`id-${n}`, refusal]));
    await expect(tell(telling(store, refuse), await store.listUnsent())).rejects.toThrow('5 of 5 alerts could not be sent.');
    expect(await store.listUnsent()).toHaveLength(5);
  });

  it('has the same id where the process died while it marked what it had sent', async () => {
    for (let dieAt = 7; dieAt <= 12; dieAt++) {
      const store = await stored(6);
      const sent: string[] = [];
      let saves = 0;
      const dying = {
        ...store,
        saveAlert: async (next: StoredAlert) => {
          if (++saves >= dieAt) throw new Error('killed');
          return store.saveAlert(next);
        },
      };

      const teller = telling(dying, async ({ id }) => void sent.push(id));
      await send(teller, await store.listUnsent(), createPlace(teller));
      const left = await store.listUnsent();
      await tell(
        telling(store, async ({ id }) => void sent.push(id)),
        left,
      );

      expect(sent).toEqual(['id-0', 'id-0']);
      expect(await store.listUnsent()).toEqual([]);
    }
  });

  it('is sent by one of those who have it at the same time, once', async () => {
    const store = await stored(5);
    const sent: string[] = [];
    const slowly = telling(store, async ({ id }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      sent.push(id);
    });
    const unsent = await store.listUnsent();

    await Promise.all([1, 2, 3].map(() => tell({ ...slowly, wait: () => new Promise((resolve) => setTimeout(resolve, 2)) }, unsent)));

    expect(sent).toEqual(['id-0']);
    expect(await store.listUnsent()).toEqual([]);
  });

  it('is sent by who finds it claimed by somebody who is gone', async () => {
    const store = await stored(1);
    const [one] = await store.listUnsent();
    if (one) await store.saveAlert({ ...one, status: 'sending', revision: one.revision + 1 });
    const sent: string[] = [];

    await tell(
      telling(store, async ({ id }) => void sent.push(id)),
      await store.listUnsent(),
    );

    expect(sent).toEqual(['id-0']);
  });
});
