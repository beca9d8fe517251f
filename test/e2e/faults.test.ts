import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Alert } from '../../lib/domain/alert.ts';
import type { Present } from '../../lib/ports/finding-store.ts';
import { describeWhere } from '../needs.ts';
import type { Call, Gap } from './front.ts';
import { whyNoMoto } from './moto.ts';
import { setParameters } from './seed.ts';
import { deliver, drain, sqsEvent } from './stack.ts';
import { eventNow, openWorld, type World } from './world.ts';

const long = 600_000;

/** A call of the function's own, not of the poller that feeds it. */
function isOwn({ by, action }: Call): boolean {
  return by === 'change' && !['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].includes(action);
}

/** A second look is taken over and never comes by itself: after its minute it would fall into a later case. */
const withoutSecondLooks: Gap = async ({ by, action, parameters }) => {
  if (by !== 'change' || action !== 'SendMessage') return null;
  const MD5OfMessageBody = createHash('md5').update(String(parameters.MessageBody)).digest('hex');
  return { status: 200, type: 'application/x-amz-json-1.0', body: JSON.stringify({ MessageId: randomUUID(), MD5OfMessageBody }) };
};

/** What a call does, as far as the order of steps matters: `write an alert`, `read`. */
function stepOf({ service, action, parameters }: Call): string {
  if (service === 'sns') return 'publish';
  if (action !== 'PutItem') return 'read';
  const { pk, body } = parameters.Item as { pk: { S: string }; body: { S: string } };
  if (pk.S === 'present')
    return `be ${JSON.parse(body.S)
      .present.map(({ doing }: Present) => doing)
      .join(' and ')}`;
  return pk.S.startsWith('cause#') ? `write the alert as ${JSON.parse(body.S).status}` : 'write a finding';
}

/** By their numbers from 1: of each run of equal writes the first and the last, of reads the last. */
function turningPoints(steps: readonly string[]): number[] {
  return steps.flatMap((step, index) => {
    const ends = steps[index + 1] !== step;
    const begins = steps[index - 1] !== step;
    return ends || (begins && step !== 'read') ? [index + 1] : [];
  });
}

describeWhere(whyNoMoto(), 'whatever fails, the packaged functions lose no alert and tell none twice', () => {
  let world: World;
  let count = 0;

  /** Turns TLS on or off in the group of orders, and puts the event of it on the bus. */
  const turn = async (value: '0' | '1'): Promise<string> => {
    const id = `turn-${value}-${++count}`;
    await setParameters(world.settings, 'orders', { 'rds.force_ssl': value });
    await world.put(eventNow(value === '0' ? 'rds/force-ssl-off.json' : 'rds/force-ssl-on.json', id));
    return id;
  };
  const hear = async (): Promise<readonly Alert[]> => world.alerts();
  const brief = (alerts: readonly Alert[]) => alerts.map(({ check, transition }) => `${check} ${transition}`);
  /** Lets everything be handled without a fault, and back to TLS required; forgets what was told. */
  const calm = async (): Promise<void> => {
    world.front.refuse = () => null;
    world.front.delay = () => 0;
    world.front.done = () => {};
    await turn('1');
    await world.handle();
    await drain(world.caller, world.queues.dead);
    await hear();
  };
  const stateOf = async (check: string, name: string) => {
    const { findings } = await world.table();
    return findings.find((one) => one.check === check && one.resource.name === name);
  };

  beforeAll(async () => {
    world = await openWorld(withoutSecondLooks);
    await world.functions.run('sweep', { time: new Date().toISOString() });
    await calm();
  }, long);
  afterAll(async () => {
    await world?.stop();
  });

  it(
    'when its process is killed after any step and the event is delivered again',
    async () => {
      const stepsOfOne = async (): Promise<readonly string[]> => {
        world.front.calls.length = 0;
        await turn('0');
        await world.handle();
        const steps = world.front.calls.filter(isOwn).map(stepOf);
        await calm();
        return steps;
      };
      // A call that is sent once more, as on a busy machine, is no step that every run has.
      const [one, other] = [await stepsOfOne(), await stepsOfOne()];
      const points = turningPoints(one.length < other.length ? one : other);
      const killAfter = async (point: number): Promise<boolean> => {
        let steps = 0;
        world.front.done = (call) => {
          if (isOwn(call) && ++steps === point) world.functions.kill('change');
        };
        const run = await deliver('Changes', world.queues.changes, world.caller, world.functions);
        world.front.done = () => {};
        await world.handle();
        return run?.killed === true;
      };

      const seen = [];
      for (const point of points) {
        await turn('0');
        const killed = await killAfter(point);
        const opened = await hear();
        const open = await stateOf('tls-required', 'orders');
        await turn('1');
        await killAfter(point);
        const resolved = await hear();
        const closed = await stateOf('tls-required', 'orders');
        const { alerts } = await world.table();
        seen.push({
          killed,
          opened: [...new Set(opened.map(({ id, check, transition }) => `${id} ${check} ${transition}`))],
          resolved: [...new Set(resolved.map(({ id, check, transition, openedBy }) => `${openedBy} ${check} ${transition} ${id.length}`))],
          most: Math.max(opened.length, resolved.length) <= 2,
          states: [open?.state, open?.openedBy, closed?.state],
          left: alerts.filter(({ status }) => status === 'pending' || status === 'sealed').length,
          id: opened[0]?.id,
        });
      }

      expect(points.length).toBeGreaterThanOrEqual(7);
      expect(seen).toEqual(
        seen.map(({ id }) => ({
          killed: true,
          opened: [`${id} tls-weakened happened`],
          resolved: [`${id} tls-required resolved 32`],
          most: true,
          states: ['open', id, 'resolved'],
          left: 0,
          id: expect.any(String),
        })),
      );
    },
    long,
  );

  it.each<[name: string, service: string, action: string]>([
    ['the table refuses every write', 'dynamodb', 'PutItem'],
    ['the table refuses to be read', 'dynamodb', 'BatchGetItem'],
    ['the topic refuses', 'sns', 'Publish'],
  ])(
    'when %s',
    async (_, service, action) => {
      await calm();
      const id = await turn('0');
      world.front.refuse = (call) => (call.by === 'change' && call.service === service && call.action === action ? 'AccessDenied' : null);
      const run = await deliver('Changes', world.queues.changes, world.caller, world.functions);
      const before = await hear();
      world.front.refuse = () => null;
      await world.handle();
      const after = await hear();

      expect(run?.answer).toMatchObject({ batchItemFailures: [{}] });
      expect(before).toEqual([]);
      expect(brief(after)).toEqual(['tls-weakened happened']);
      expect(after[0]?.eventId).toBe(id);
    },
    long,
  );

  it(
    'when AWS throttles, or is slow',
    async () => {
      await calm();
      let refusals = 0;
      world.front.refuse = ({ by, service }) => (by === 'change' && service === 'rds' && ++refusals <= 3 ? 'ThrottlingException' : null);
      world.front.delay = ({ by }) => (by === 'change' ? 100 : 0);
      await turn('0');
      await world.handle();

      expect(refusals).toBeGreaterThan(3);
      expect((await hear()).map(({ check, findings }) => `${check} ${findings.length}`)).toEqual(['tls-weakened 1']);
    },
    long,
  );

  it(
    'when a call hangs: the function gives up before Lambda ends it, and the message comes again',
    async () => {
      await calm();
      const id = await turn('0');
      const [message] = await drain(world.caller, world.queues.changes);
      const event = sqsEvent(message ? [message] : []);
      world.front.delay = ({ service }) => (service === 'sns' ? 20_000 : 0);
      const began = Date.now();
      const { answer, killed } = await world.functions.run('change', event, { seconds: 6 });
      const took = Date.now() - began;
      world.front.delay = () => 0;
      const before = await hear();
      const again = await world.functions.run('change', event);
      const after = await hear();

      expect(killed).toBe(false);
      expect(answer).toBeUndefined();
      expect(took).toBeLessThan(15_000);
      expect(before).toEqual([]);
      expect(again.answer).toEqual({ batchItemFailures: [] });
      expect(after.map(({ check, eventId }) => `${check} ${eventId}`)).toEqual([`tls-weakened ${id}`]);
    },
    long,
  );

  it(
    'when messages of the same batch are no events: those alone end in the queue of dead letters',
    async () => {
      await calm();
      const whole = eventNow('rds/force-ssl-off.json', 'without-fields') as { detail: Record<string, unknown> };
      const { eventSource: _source, eventName: _name, ...detail } = whole.detail;
      const poison = ['this is no JSON', '{"no": "event"}', '[]', 'null', JSON.stringify({ ...whole, detail })];
      for (const MessageBody of poison) await world.caller.json('AmazonSQS.SendMessage', { QueueUrl: world.queues.changes, MessageBody });
      const id = await turn('0');
      await world.handle();
      const told = await hear();
      const dead = await drain(world.caller, world.queues.dead);

      expect(told.map(({ check, eventId }) => `${check} ${eventId}`)).toEqual([`tls-weakened ${id}`]);
      expect(dead.map(({ Body }) => Body).sort()).toEqual([...poison].sort());
    },
    long,
  );

  it(
    'when the answer still shows the old state: it tells at once, looks again after a minute, and tells nothing more',
    async () => {
      await calm();
      world.front.calls.length = 0;
      const event = eventNow('rds/force-ssl-off.json', `early-${++count}`);
      await world.happen(event);
      const early = await hear();
      const sent = world.front.calls.find(({ by, action }) => by === 'change' && action === 'SendMessage')?.parameters;
      await setParameters(world.settings, 'orders', { 'rds.force_ssl': '0' });
      const later = { MessageId: 'later', ReceiptHandle: 'later', Body: String(sent?.MessageBody) };
      await world.functions.run('change', sqsEvent([later]));

      expect(early.map(({ check, reason }) => `${check}: ${reason}`)).toEqual([
        expect.stringMatching(/^tls-weakened: .* The effect is not yet visible\.$/),
      ]);
      expect(sent).toMatchObject({ DelaySeconds: 60 });
      expect(await hear()).toEqual([]);
      expect(await stateOf('tls-required', 'orders')).toMatchObject({ state: 'open', openedBy: early[0]?.id });
    },
    long,
  );

  it(
    'when the cluster is gone by the time it is looked up: the event tells for itself',
    async () => {
      await calm();
      const event = eventNow('rds/iam-authentication-off.json', `gone-${++count}`, (text) => text.replaceAll('orders', 'ghost'));
      const runs = await world.happen(event);

      expect(new Set(runs.map(({ answer }) => JSON.stringify(answer)))).toEqual(new Set(['{"batchItemFailures":[]}']));
      expect((await hear()).map(({ check, resources }) => `${check} ${resources.map(({ name }) => name)}`)).toEqual([
        'iam-authentication-disabled ghost',
      ]);
    },
    long,
  );

  it(
    'when calls are denied: it is blind, says so once after three sweeps, and takes it for no pass and no fail',
    async () => {
      await calm();
      await world.functions.run('sweep', { time: new Date().toISOString() });
      await hear();
      const before = await stateOf('tls-required', 'orders');
      world.front.refuse = ({ by, action }) => (by === 'sweep' && action === 'DescribeDBClusterParameters' ? 'AccessDenied' : null);
      const told: string[][] = [];
      for (let sweeps = 0; sweeps < 5; sweeps++) {
        const run = await world.functions.run('sweep', { time: new Date(Date.now() + sweeps).toISOString() });
        expect(run.answer).toMatchObject({ judged: expect.any(Number) });
        told.push((await hear()).filter(({ check }) => check === 'tls-required').map(({ transition }) => transition));
      }
      const during = await stateOf('tls-required', 'orders');
      world.front.refuse = () => null;
      await world.functions.run('sweep', { time: new Date(Date.now() + 10).toISOString() });

      expect(told).toEqual([[], [], ['blind'], [], []]);
      expect(during?.state).toBe(before?.state);
      expect((await hear()).filter(({ check }) => check === 'tls-required')).toEqual([]);
    },
    long,
  );

  it(
    'when two processes get the two halves of a burst at the same time: one message says how many there are',
    async () => {
      await calm();
      const messages = Array.from({ length: 60 }, (_, n) => {
        const named = (text: string) => text.replaceAll('orders-2026-05-01', `burst-${n}`);
        const Body = JSON.stringify(eventNow('rds/snapshot-shared-with-everybody.json', `burst-${n}`, named));
        return { MessageId: `message-${n}`, ReceiptHandle: `message-${n}`, Body };
      });
      // Whatever they ask first takes so long that the other one has begun, too.
      world.front.delay = ({ by, action }) => (by === 'change' && action === 'DescribeDBClusters' ? 2_000 : 0);
      world.front.calls.length = 0;
      const halves = [messages.slice(0, 30), messages.slice(30)];
      const runs = await Promise.all(halves.map((half) => world.functions.run('change', sqsEvent(half), { inRealTime: true })));
      world.front.delay = () => 0;
      const again = await world.functions.run('change', sqsEvent(messages));
      const told = await hear();
      const sent = world.front.calls.filter(({ action }) => action === 'Publish').map(({ parameters }) => String(parameters.Message));
      const { alerts } = await world.table();

      expect([...runs, again].map(({ answer }) => answer)).toEqual(Array(3).fill({ batchItemFailures: [] }));
      expect(told.map(({ check, standsFor, resources }) => [check, standsFor?.length, resources.length])).toEqual([
        ['snapshot-shared', 60, 60],
      ]);
      expect(sent).toHaveLength(1);
      expect(JSON.parse(sent[0] ?? '{}').email).toContain('one of 60 such alerts');
      expect(alerts.filter(({ cause }) => cause.startsWith('burst-')).map(({ status }) => status)).toEqual(Array(60).fill('sent'));
    },
    long,
  );
});
