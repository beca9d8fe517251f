import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { checks } from '../../lib/checks/registry.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { CloudTrailEvent } from '../../lib/domain/event.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { judgeChangeBy } from '../../lib/main/judge-change.ts';
import type { Monitor } from '../../lib/monitor/monitor.ts';
import type { Teller } from '../../lib/monitor/tell.ts';
import type { FindingStore } from '../../lib/ports/finding-store.ts';
import type { Notify } from '../../lib/ports/notify.ts';
import { recordOf } from '../checks/change/table.ts';
import { type Answers, account, fine, inventoryOf, parameters, region, strict } from '../evidence/answers.ts';

/** What the world answers at the moment; the test changes it as it goes. */
export interface AccountNow {
  answers: Answers;
  /** Milliseconds since 1970. */
  now: number;
  /** What LookupEvents gives: CloudTrail's records, or an error that it ends with. */
  remembered: readonly unknown[];
  /** Set: the topic refuses. */
  topic: Error | null;
}

/** A monitor that runs on memory, what it told, what it wants to look at again, and how often it asked. */
export function deployed(world: AccountNow, ids: readonly string[]) {
  const told: Alert[] = [];
  const again: string[] = [];
  const asked: string[] = [];
  const chosen = checks.filter(({ id }) => ids.includes(id));
  const monitor: Monitor = {
    account,
    partition: 'aws',
    region,
    home: true,
    configuration: defaultConfiguration,
    checks: chosen,
    ask: async ({ region: where, service, command, key }) => {
      asked.push(`${service} ${command}`);
      return inventoryOf(world.answers).answer(where, service, command, key);
    },
    store: createMemoryStore(),
    notify: async (alert) => {
      if (world.topic) throw world.topic;
      told.push(alert);
    },
    async *lookUpEvents() {
      for (const one of world.remembered) {
        if (one instanceof Error) throw one;
        yield one;
      }
    },
    lookAgain: async ({ eventId }) => {
      again.push(eventId);
    },
    judgeChange: judgeChangeBy(chosen, 'arn:aws:iam::111122223333:role/deployer'),
    now: () => world.now,
    wait: async () => {},
  };
  return { monitor, told, again, asked };
}

/** What tells through `notify` what is in the store, without pauses. */
export function telling(store: FindingStore, notify: Notify): Teller {
  return { store, notify, wait: async () => {}, now: () => 0 };
}

/** The record of a change of rds.force_ssl in the group of cluster orders. */
export function forceSsl(value: string, eventID: string, eventTime: string, more: object = {}): unknown {
  return recordOf({
    name: 'ModifyDBClusterParameterGroup',
    request: {
      dBClusterParameterGroupName: 'orders-pg16',
      parameters: [{ parameterName: 'rds.force_ssl', parameterValue: value, applyMethod: 'immediate' }],
    },
    record: { eventID, eventTime, ...more },
  });
}

/** The record, read. */
export function eventIn(record: unknown): CloudTrailEvent {
  const event = readCloudTrailRecord(record);
  if (event === null) throw new TypeError('The record is no event.');
  return event;
}

/** The account where cluster orders does not require TLS, and nothing else is wrong. */
export const weak: Answers = { ...fine, 'rds describe-db-cluster-parameters orders-pg16': parameters({ ...strict, 'rds.force_ssl': '0' }) };

/** `check transition`, in the order told. */
export function inWords(told: readonly Alert[]): string[] {
  return told.map(({ check, transition }) => `${check} ${transition}`);
}
