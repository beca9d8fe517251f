// The whole: emulator, front, the stack of the template, two clusters, and a queue that hears what the topic says.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '../../lib/domain/alert.ts';
import type { KnownFinding, StoredAlert } from '../../lib/ports/finding-store.ts';
import { topicMessage } from '../../lib/render/alert/message.ts';
import { type Caller, createCaller } from './caller.ts';
import { type Front, type Gap, startFront } from './front.ts';
import { type Functions, openFunctions, type Run } from './functions.ts';
import { fillGaps, type Said } from './gaps.ts';
import { createGrants, type Grants } from './grants.ts';
import { account, startMoto } from './moto.ts';
import { packageService } from './packaged.ts';
import { type Settings, seed } from './seed.ts';
import { deliver, deploy, drain } from './stack.ts';
import type { Template } from './template.ts';

export const region = 'eu-central-1';

/** Everything that a test of the whole needs. */
export interface World {
  readonly template: Template;
  readonly caller: Caller;
  /** For clients of the SDK, as who sets the scene. */
  readonly settings: Settings;
  readonly front: Front;
  readonly functions: Functions;
  readonly said: Said;
  readonly grants: Grants;
  /** Addresses of the queues: of changes, of dead letters, of Slack, of log groups, of delivered logs, of queries, and the one that hears the topic. */
  readonly queues: {
    readonly changes: string;
    readonly dead: string;
    readonly slack: string;
    readonly logGroups: string;
    readonly logObjects: string;
    readonly activity: string;
    readonly heard: string;
  };
  /** An event goes on the bus. */
  put(event: Readonly<Record<string, unknown>>): Promise<void>;
  /** An event goes on the bus, and the function handles what the queue delivers until nothing is left; gives its runs. */
  happen(event: Readonly<Record<string, unknown>>): Promise<readonly Run[]>;
  /** Delivers the queue of changes until it is empty, or as often as a message is tried. */
  handle(): Promise<readonly Run[]>;
  /** The topic is told an alert, in the form that the functions give it. */
  publish(alert: unknown): Promise<void>;
  /** Alerts that the topic told since the last time. */
  alerts(): Promise<readonly Alert[]>;
  /** Everything in the table, by what it is kept as. */
  table(): Promise<{ readonly findings: readonly KnownFinding[]; readonly alerts: readonly StoredAlert[] }>;
  stop(): Promise<void>;
}

/** Packages the service, deploys it into an emulator, and seeds it. `gap` answers more of what the emulator cannot. */
export async function openWorld(gap: Gap = async () => null, given: Parameters<typeof packageService>[0] = 'everything'): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-packaged-'));
  const [moto, packaged] = await Promise.all([startMoto(), packageService(given)]);
  cpSync(packaged.folder, folder, { recursive: true });
  const said: Said = { events: [], pending: new Set(), fields: new Map() };
  const holder: { grants?: Grants } = {};
  const known = fillGaps(said);
  const both: Gap = async (call, pass) => (await gap(call, pass)) ?? known(call, pass);
  const front = await startFront(moto.port, both, (call) => holder.grants?.refusalOf(call) ?? null);
  const { endpoint } = front;
  const template = packaged.resolved({ account, region, endpoint });
  const caller = createCaller(endpoint, region);
  const grants = createGrants(template, account);
  holder.grants = grants;
  await deploy(template, caller);
  const settings = { endpoint, region, credentials: { accessKeyId: 'setting-the-scene', secretAccessKey: 'none' } };
  await seed(settings, account);
  await caller.json('AmazonSQS.CreateQueue', { QueueName: 'heard' });
  const topic = String(template.resolve({ Ref: 'Alerts' }));
  await caller.form('sns', 'Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint: `arn:aws:sqs:${region}:${account}:heard` });
  const functions = openFunctions(folder, template, { endpoint, region });
  const url = (name: string): string => String(template.resolve({ Ref: name }));
  const queues = {
    changes: url('Changes'),
    dead: url('DeadLetters'),
    slack: url('SlackMessages'),
    logGroups: url('LogGroups'),
    logObjects: url('LogObjects'),
    activity: url('QueryEvents'),
    heard: `${endpoint}/${account}/heard`,
  };
  const handle = async (): Promise<readonly Run[]> => {
    const runs: Run[] = [];
    for (let tries = 0; tries < 10; tries++) {
      const run = await deliver('Changes', queues.changes, caller, functions);
      if (run === null) break;
      runs.push(run);
    }
    return runs;
  };
  return {
    template,
    caller,
    settings,
    front,
    functions,
    said,
    grants,
    queues,
    put: (event) => putEvent(caller, event),
    async happen(event) {
      await putEvent(caller, event);
      return handle();
    },
    handle,
    async table() {
      const { Items } = await caller.json<{ Items: readonly { pk: { S: string }; body?: { S: string } }[] }>('DynamoDB_20120810.Scan', {
        TableName: String(template.resolve({ Ref: 'Table' })),
      });
      const bodies = (start: string) => Items.filter(({ pk }) => pk.S.startsWith(start)).map(({ body }) => JSON.parse(body?.S ?? 'null'));
      return { findings: bodies('finding#'), alerts: bodies('cause#') };
    },
    async publish(alert) {
      const { subject, message, attributes } = topicMessage(alert as Alert);
      const named = Object.entries(attributes).flatMap(([name, value], index) => {
        const entry = `MessageAttributes.entry.${index + 1}`;
        return [
          [`${entry}.Name`, name],
          [`${entry}.Value.DataType`, 'String'],
          [`${entry}.Value.StringValue`, value],
        ];
      });
      const form = { TopicArn: topic, Subject: subject, Message: message, MessageStructure: 'json', ...Object.fromEntries(named) };
      await caller.form('sns', 'Publish', form);
    },
    async alerts() {
      const messages = await drain(caller, queues.heard);
      return messages.map(({ Body }) => JSON.parse(JSON.parse(Body).Message));
    },
    async stop() {
      functions.close();
      await front.stop();
      await moto.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const events = join(import.meta.dirname, '..', '..', 'events');

/** An event of events/, as it happened just now, in the account of the emulator. `change` alters its detail. */
export function eventNow(file: string, eventID: string, change: (text: string) => string = (text) => text): Record<string, unknown> {
  const text = readFileSync(join(events, file), 'utf8').replaceAll('111122223333', account);
  const event = JSON.parse(change(text));
  const eventTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...event, time: eventTime, detail: { ...event.detail, eventID, eventTime } };
}

/** Puts an event on the bus, as CloudTrail does. */
async function putEvent({ json }: Caller, event: Readonly<Record<string, unknown>>): Promise<void> {
  const entry = { Source: event.source, DetailType: event['detail-type'], Detail: JSON.stringify(event.detail), Resources: [] };
  const { FailedEntryCount } = await json<{ FailedEntryCount: number }>('AWSEvents.PutEvents', { Entries: [entry] });
  if (FailedEntryCount > 0) throw new Error('The bus did not take the event.');
}
