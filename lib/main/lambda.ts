import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountAccess } from '../adapters/aws/account.ts';
import { createAsk } from '../adapters/aws/ask.ts';
import { createChangeQueue } from '../adapters/aws/change-queue.ts';
import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { lookUpEvents } from '../adapters/aws/look-up-events.ts';
import { createNotify } from '../adapters/aws/notify.ts';
import { checks } from '../checks/registry.ts';
import { type Configuration, defaultConfiguration } from '../domain/configuration.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import { watchedParameters } from '../evidence/parameters.ts';
import { readCloudTrailRecord } from '../intake/cloudtrail.ts';
import { readConfiguration } from '../intake/configuration.ts';
import { type Delivery, handleEvents } from '../monitor/handle-event.ts';
import type { Mirrored } from '../monitor/mirror-findings.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { type Swept, sweep } from '../monitor/sweep.ts';
import type { Ask } from '../ports/ask.ts';
import type { Notify } from '../ports/notify.ts';
import { checkedAsk } from './checked-ask.ts';
import { environmentValue, openHome, pause } from './home.ts';
import { judgeChangeBy } from './judge-change.ts';
import { openKeptRows } from './kept-rows.ts';
import { withReportLink } from './report-link.ts';
import { mirrorToSecurityHub } from './security-hub.ts';
import { renderTopicMessage } from './topic-message.ts';

/** A message that is no event: nothing will ever make of it, so it ends in the dead-letter queue. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

/** A message of the change queue as SQS gives it: an event of EventBridge, or one that is looked at for the second time. */
export interface ChangeMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Handles the messages of a batch together. Resolves with those that must come again, and why. */
export async function handleMessages(messages: readonly ChangeMessage[], signal: AbortSignal): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  const readable = messages.flatMap(({ messageId, body }) => {
    try {
      return [{ messageId, ...readMessage(body) }];
    } catch (error) {
      failures.set(messageId, error);
      return [];
    }
  });
  const results = await handleEvents(await theMonitor(), readable, { signal });
  for (const [index, { messageId }] of readable.entries()) {
    const result = results[index];
    if (result?.status === 'rejected') failures.set(messageId, result.reason);
  }
  return failures;
}

/**
 * Runs a sweep, and tells Security Hub what came of it where that is on. `due` (ISO 8601) is when the schedule wanted it; absent: it was started by
 * hand, now. What goes wrong in one keeps nothing of the other back.
 */
export async function runSweep(due: string | undefined, signal: AbortSignal): Promise<Swept & { readonly hub: Mirrored | null }> {
  const { access, region } = await openHome();
  const monitor = { ...(await theMonitor()), kept: openKeptRows(access, region) };
  const [swept] = await Promise.allSettled([
    sweep(monitor, { due: due ?? new Date().toISOString(), readEvent: readCloudTrailRecord, signal }),
  ]);
  signal.throwIfAborted();
  const [hub] = await Promise.allSettled([mirrorToSecurityHub(signal)]);
  if (swept.status === 'fulfilled' && hub.status === 'fulfilled') return { ...swept.value, hub: hub.value };
  const reasons: unknown[] = [swept, hub].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  throw reasons.length > 1 ? new AggregateError(reasons, 'The sweep and the import into Security Hub failed.') : reasons[0];
}

function readMessage(body: string): Delivery {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch (error) {
    throw new UnreadableMessageError('The message is not JSON.', { cause: error });
  }
  if (typeof message === 'object' && message !== null && 'lookAgain' in message) {
    // Only this program writes such a message; the queue's policy lets nobody else in but EventBridge's rules.
    return { event: message.lookAgain as CloudTrailEvent, again: true };
  }
  const event = readCloudTrailRecord(message);
  if (!event) throw new UnreadableMessageError('The message is no event of CloudTrail or GuardDuty.');
  return { event, again: false };
}

/** An Ask of the live account whose answers have been checked. */
export function liveAsk(access: AccountAccess, partition: string): Ask {
  return checkedAsk(createAsk({ access, partition, only: { parameters: watchedParameters, snapshots: 'manual' } }));
}

/** The configuration that was bundled at deployment; without one the defaults. */
export async function bundledConfiguration(): Promise<Configuration> {
  const file = join(import.meta.dirname, 'aurora-watch.yaml');
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null
    ? defaultConfiguration
    : readConfiguration(
        text,
        'aurora-watch.yaml',
        checks.map(({ id }) => id),
      );
}

let monitor: Promise<Monitor> | undefined;

/** The monitor of this function's process: made at the first call, kept for the next ones. */
function theMonitor(): Promise<Monitor> {
  monitor ??= openMonitor();
  return monitor;
}

async function openMonitor(): Promise<Monitor> {
  const home = await openHome();
  const { access, region } = home;
  return {
    ...(await openTeller(home)),
    deliversLogs: process.env.LOG_DELIVERY === 'true',
    checks,
    lookUpEvents: lookUpEvents(access),
    lookAgain: createChangeQueue(access, { region, queueUrl: environmentValue('QUEUE'), delaySeconds: 60 }),
    judgeChange: judgeChangeBy(checks, process.env.DEPLOYMENT_ROLE ?? '', process.env.KEY ?? ''),
  };
}

/** What every function needs that judges and tells. */
export async function openTeller({ access, region, account, partition }: Awaited<ReturnType<typeof openHome>>) {
  const store = createFindingStore({ access, region, table: environmentValue('TABLE') });
  const publish = createNotify(access, { region, topicArn: environmentValue('TOPIC'), render: renderTopicMessage });
  const place = { region, bucket: environmentValue('BUCKET') };
  const notify: Notify = async (alert, aborting) => publish(await withReportLink(alert, store, place), aborting);
  return {
    account,
    partition,
    region,
    home: environmentValue('HOME_STACK') === 'true',
    configuration: await bundledConfiguration(),
    ask: liveAsk(access, partition),
    store,
    notify,
    now: Date.now,
    wait: pause,
  };
}
