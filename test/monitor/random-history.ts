// An account that people change at random, and a deployed monitor in it whose events come late, twice, in any order or never, and whose processes
// work at the same time and die between any two steps. Everything follows from the seed.
import { checks } from '../../lib/checks/registry.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import type { Answer } from '../../lib/domain/answer.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { CloudTrailEvent } from '../../lib/domain/event.ts';
import type { Question } from '../../lib/domain/question.ts';
import { readAnswer } from '../../lib/intake/answers/index.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { judgeChangeBy } from '../../lib/main/judge-change.ts';
import { type Delivery, handleEvents } from '../../lib/monitor/handle-event.ts';
import type { Monitor } from '../../lib/monitor/monitor.ts';
import { evidenceOf, observe, statefulChecks } from '../../lib/monitor/observe.ts';
import { sweep } from '../../lib/monitor/sweep.ts';
import type { FindingStore } from '../../lib/ports/finding-store.ts';
import { alice, recordOf } from '../checks/change/table.ts';
import { type Answers, account, cluster, fine, inventoryOf, member, parameters, region, strict } from '../evidence/answers.ts';

const second = 1000;
const minute = 60 * second;
const ids = ['tls-required', 'iam-authentication-enabled', 'deletion-protected', 'snapshots-private'];
const changeIds = ['tls-weakened', 'iam-authentication-disabled', 'protection-removed', 'snapshot-shared'];
const chosen = checks.filter(({ id }) => ids.includes(id) || changeIds.includes(id));
const deployer = 'arn:aws:iam::111122223333:role/deployer';

/** What happens, how often. */
export interface Chances {
  readonly events: number;
  /** That a call takes its process with it. */
  readonly death: number;
  /** That an event never reaches the bus. */
  readonly lost: number;
  /** That one more copy of an event comes. */
  readonly repeated: number;
  /** Milliseconds until what was changed can be seen, at most. */
  readonly invisible: number;
}

/** What was told, when, and by which process. */
export interface Told {
  readonly alert: Alert;
  readonly at: number;
  readonly by: { readonly dead: boolean };
}

/** How it ended. */
export interface Ended {
  /** Ids of the events that somebody must be told of, with the check of each. */
  readonly weakening: ReadonlyMap<string, string>;
  readonly told: readonly Told[];
  /** Fingerprints of what is wrong at the end. */
  readonly wrong: readonly string[];
  readonly deaths: number;
  readonly deliveries: number;
}

/** A message of the queue. */
interface Message {
  readonly delivery: Delivery;
  /** When it is visible. */
  readonly at: number;
  /** How often it was given back. */
  readonly deaths: number;
}

/** The process was killed. */
class Killed extends Error {}

/** Plays a history from its beginning until nothing is left to be delivered, and two sweeps more. */
export async function play(seed: number, chances: Chances, store: FindingStore): Promise<Ended> {
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const start = Date.parse('2026-05-03T12:00:00Z');
  let now = start;
  const world = createAccount();
  const { records, weakening } = makeHistory();

  const told: Told[] = [];
  let deaths = 0;
  let deliveries = 0;
  const waiting: (() => void)[] = [];
  const sleeping: { readonly until: number; readonly resolve: () => void }[] = [];
  const turn = () => new Promise<void>((resolve) => waiting.push(resolve));
  const queue: Message[] = [];
  const sweeps: { readonly due: string; readonly at: number; readonly deaths: number }[] = [];
  let working = 0;

  for (const { event, at, lost } of records) {
    if (lost) continue;
    for (let copies = 1; copies === 1 || random() < chances.repeated; copies++)
      queue.push({ delivery: { event, again: false }, at: at + delay(), deaths: 0 });
  }
  const last = records.at(-1)?.at ?? start;
  for (let at = start + 7 * minute; at < last + 180 * minute; at += 60 * minute)
    sweeps.push({ due: new Date(at).toISOString(), at, deaths: 0 });

  while (queue.length > 0 || sweeps.length > 0 || working > 0) {
    await settled();
    if (random() < 0.1) startSomething();
    for (const [index, { until, resolve }] of [...sleeping.entries()].reverse()) {
      if (until > now) continue;
      sleeping.splice(index, 1);
      resolve();
    }
    const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
    if (next) {
      now += Math.floor(random() * 40);
      next();
    } else if (!startSomething()) {
      const later = [...[...queue, ...sweeps].map(({ at }) => at), ...sleeping.map(({ until }) => until)].filter((at) => at > now);
      if (later.length > 0 && (working === 0 || sleeping.length > 0)) now = Math.min(...later);
    }
  }
  const evidence = evidenceOf({ account, partition: 'aws' }, inventoryOf(world.answersAt(Number.POSITIVE_INFINITY)));
  const options = { configuration: defaultConfiguration, at: now, sweep: null };
  const wrong = observe(statefulChecks(chosen), evidence, options).filter(({ seen }) => seen === 'fail');
  return { weakening, told, wrong: wrong.map(({ fingerprint }) => fingerprint).sort(), deaths, deliveries };

  /** Some come at once, some late, so that they overtake each other. */
  function delay(): number {
    return random() < 0.8 ? 2 * second + random() * 5 * second : random() * 40 * minute;
  }

  function startSomething(): boolean {
    const due = sweeps.findIndex(({ at }) => at <= now);
    if (due >= 0 && working < 4) {
      const [one] = sweeps.splice(due, 1);
      if (one)
        run(
          one.deaths,
          async (monitor) => void (await sweep(monitor, { due: one.due, readEvent: readCloudTrailRecord })),
          () => {
            sweeps.push({ due: one.due, at: now + 2 * minute, deaths: one.deaths + 1 });
          },
        );
      return true;
    }
    const batch = queue.filter(({ at }) => at <= now).slice(0, 1 + Math.floor(random() * 10));
    if (batch.length === 0 || working >= 4) return false;
    for (const one of batch) queue.splice(queue.indexOf(one), 1);
    deliveries += batch.length;
    const again = (some: typeof batch) =>
      queue.push(...some.map(({ delivery, deaths }) => ({ delivery, at: now + 6 * minute, deaths: deaths + 1 })));
    run(
      Math.max(...batch.map(({ deaths: before }) => before)),
      async (monitor) => {
        const results = await handleEvents(
          monitor,
          batch.map(({ delivery }) => delivery),
        );
        again(batch.filter((_, index) => results[index]?.status === 'rejected'));
      },
      () => again(batch),
    );
    return true;
  }

  /** A process: it works until it is done or killed. */
  function run(tries: number, work: (monitor: Monitor) => Promise<void>, failed: () => void): void {
    working += 1;
    const process = { dead: false, mortal: tries < 3 };
    const monitor = monitorOf(process);
    const end = (whole: boolean) => {
      working -= 1;
      if (!whole || process.dead) failed();
    };
    work(monitor).then(
      () => end(true),
      () => end(false),
    );
  }

  function monitorOf(process: { dead: boolean; readonly mortal: boolean }): Monitor {
    /** A step outside: it takes its turn, and the process may die before or after it. */
    const step = async <T>(work: () => T | Promise<T>): Promise<T> => {
      if (process.dead) throw new Killed();
      await turn();
      if (process.dead) throw new Killed();
      const dies = process.mortal && random() < chances.death;
      if (dies) {
        process.dead = true;
        deaths += 1;
      }
      if (dies && random() < 0.5) throw new Killed();
      const result = await work();
      if (dies) throw new Killed();
      return result;
    };
    const slow = Object.fromEntries(
      Object.entries(store)
        .filter(([, value]) => typeof value === 'function')
        .map(([name, method]) => [
          name,
          (...given: unknown[]) => step(() => (method as (...all: unknown[]) => Promise<unknown>)(...given)),
        ]),
    ) as unknown as FindingStore;
    return {
      account,
      partition: 'aws',
      region,
      home: true,
      configuration: defaultConfiguration,
      checks: chosen,
      ask: (question) => step(() => world.answerAt(question, now)),
      store: slow,
      notify: (alert) => step(() => void told.push({ alert, at: now, by: process })),
      async *lookUpEvents({ from, to }) {
        // CloudTrail lists what happened some minutes later.
        const listed = records.filter(({ at }) => at >= from && at <= to && at <= now - 5 * minute);
        yield* await step(() => listed.toReversed().map(({ record }) => record));
      },
      lookAgain: (event) => step(() => void queue.push({ delivery: { event, again: true }, at: now + minute, deaths: 0 })),
      judgeChange: judgeChangeBy(chosen, deployer),
      now: () => now,
      wait: async (milliseconds) => {
        await new Promise<void>((resolve) => sleeping.push({ until: now + milliseconds, resolve }));
        if (process.dead) throw new Killed();
      },
    };
  }

  /** Changes by several people, some of them denied; each is recorded, and can be seen a while later. */
  function makeHistory() {
    const records: { readonly event: CloudTrailEvent; readonly record: unknown; readonly at: number; readonly lost: boolean }[] = [];
    const weakening = new Map<string, string>();
    let at = start;
    for (let number = 0; number < chances.events; number++) {
      // Bursts, and long breaks between them.
      at += random() < 0.85 ? random() * 3 * second : random() * 10 * minute;
      const { thing, good, call, check } = pick(world.things)();
      const denied = random() < 0.05;
      const eventID = `event-${number}`;
      const eventTime = new Date(Math.floor(at / second) * second).toISOString();
      const who = pick(['alice', 'bob', 'carol']);
      const userIdentity = { ...alice, arn: alice.arn.replace('alice', who) };
      const refused = denied ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {};
      const record = recordOf({ ...call, record: { eventID, eventTime, userIdentity, ...refused } });
      const event = readCloudTrailRecord(record);
      if (event === null) throw new TypeError('The record is no event.');
      records.push({ event, record, at, lost: random() < chances.lost });
      if (denied) continue;
      world.change(thing, good, at, at + random() * chances.invisible);
      if (!good) weakening.set(eventID, check);
    }
    return { records, weakening };
  }

  /** Six clusters, of which two each share a group, and four snapshots. */
  function createAccount() {
    const history = new Map<string, { readonly from: number; readonly good: boolean }[]>();
    const groups = ['group-a', 'group-b', 'group-c'];
    const clusters = groups.flatMap((group) => [1, 2].map((number) => ({ name: `${group.at(-1)}-cluster-${number}`, group })));
    const snapshots = ['may-1', 'may-2', 'may-3', 'may-4'];
    const good = (thing: string, at: number): boolean => history.get(thing)?.findLast(({ from }) => from <= at)?.good ?? true;
    const flip = (thing: string) => {
      const next = random() < 0.5;
      return { thing, good: next };
    };
    const things = [
      () => {
        const group = pick(groups);
        const one = flip(`tls ${group}`);
        const values = [{ parameterName: 'rds.force_ssl', parameterValue: one.good ? '1' : '0', applyMethod: 'immediate' }];
        return {
          ...one,
          check: 'tls-weakened',
          call: { name: 'ModifyDBClusterParameterGroup', request: { dBClusterParameterGroupName: group, parameters: values } },
        };
      },
      () => {
        const { name } = pick(clusters);
        const one = flip(`iam ${name}`);
        const request = { dBClusterIdentifier: name, enableIAMDatabaseAuthentication: one.good, applyImmediately: true };
        return { ...one, check: 'iam-authentication-disabled', call: { name: 'ModifyDBCluster', request } };
      },
      () => {
        const { name } = pick(clusters);
        const one = flip(`protection ${name}`);
        return {
          ...one,
          check: 'protection-removed',
          call: { name: 'ModifyDBCluster', request: { dBClusterIdentifier: name, deletionProtection: one.good } },
        };
      },
      () => {
        const name = pick(snapshots);
        const one = flip(`private ${name}`);
        const request = {
          dBClusterSnapshotIdentifier: name,
          attributeName: 'restore',
          [one.good ? 'valuesToRemove' : 'valuesToAdd']: ['all'],
        };
        return { ...one, check: 'snapshot-shared', call: { name: 'ModifyDBClusterSnapshotAttribute', request } };
      },
    ];
    const answersAt = (at: number): Answers => ({
      ...fine,
      'rds describe-db-clusters': {
        DBClusters: clusters.map(({ name, group }) =>
          cluster({
            DBClusterIdentifier: name,
            DBClusterArn: `arn:aws:rds:${region}:${account}:cluster:${name}`,
            DbClusterResourceId: `cluster-${name.toUpperCase()}`,
            DBClusterParameterGroup: group,
            DBClusterMembers: [member(`${name}-writer`, { IsClusterWriter: true })],
            IAMDatabaseAuthenticationEnabled: good(`iam ${name}`, at),
            DeletionProtection: good(`protection ${name}`, at),
          }),
        ),
      },
      'rds describe-db-instances': { DBInstances: [] },
      ...Object.fromEntries(
        groups.map((group) => [
          `rds describe-db-cluster-parameters ${group}`,
          parameters({ ...strict, 'rds.force_ssl': good(`tls ${group}`, at) ? '1' : '0' }),
        ]),
      ),
      'rds describe-db-cluster-snapshots': {
        DBClusterSnapshots: snapshots.map((name) => ({
          DBClusterSnapshotIdentifier: name,
          DBClusterSnapshotArn: `arn:aws:rds:${region}:${account}:cluster-snapshot:${name}`,
          DBClusterIdentifier: clusters[0]?.name,
          Engine: 'aurora-postgresql',
          SnapshotType: 'manual',
          Status: 'available',
          StorageEncrypted: true,
        })),
      },
      ...Object.fromEntries(
        snapshots.map((name) => [
          `rds describe-db-cluster-snapshot-attributes ${name}`,
          {
            DBClusterSnapshotAttributesResult: {
              DBClusterSnapshotIdentifier: name,
              DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: good(`private ${name}`, at) ? [] : ['all'] }],
            },
          },
        ]),
      ),
    });
    const states = new Map<number, { readonly answers: Answers; readonly read: Map<string, Answer<unknown>> }>();
    return {
      things,
      answersAt,
      /** Each answer is read once for every state of the account. */
      answerAt(question: Question, at: number): Answer<unknown> {
        let changes = 0;
        for (const values of history.values()) changes += values.filter(({ from }) => from <= at).length;
        const state = states.get(changes) ?? { answers: answersAt(at), read: new Map() };
        states.set(changes, state);
        const name = [question.service, question.command, question.key].filter((part) => part !== null).join(' ');
        const json = state.answers[name];
        const answer =
          state.read.get(name) ??
          (json === undefined
            ? inventoryOf({}).answer(question.region, question.service, question.command, question.key)
            : readAnswer(question, json));
        state.read.set(name, answer);
        return answer;
      },
      change(thing: string, value: boolean, _at: number, from: number) {
        const before = history.get(thing) ?? [];
        history.set(thing, [...before, { from: Math.max(from, before.at(-1)?.from ?? 0), good: value }]);
      },
    };
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Until every process waits for its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
