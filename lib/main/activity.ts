import { createExecutions } from '../adapters/aws/athena.ts';
import { createRunStore } from '../adapters/aws/run-store.ts';
import { loadQuery } from '../adapters/local/query-files.ts';
import { checks } from '../checks/registry.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { ActivityCheck } from '../evidence/check-kinds.ts';
import { windowParameters } from '../evidence/window.ts';
import { literal } from '../intake/query-file.ts';
import { factQueries } from '../monitor/activity-facts.ts';
import type { Delivered } from '../monitor/kept-activity.ts';
import { hourly, windowBack, windowOf, windowSince } from '../monitor/query-window.ts';
import { remembering } from '../monitor/remember.ts';
import { type ActivityMonitor, collectExecution, type Ran, runQueries, type ScheduledQuery } from '../monitor/run-queries.ts';
import { environmentValue, openHome } from './home.ts';
import { deliveredHere } from './kept-rows.ts';
import { type ChangeMessage, openTeller, UnreadableMessageError } from './lambda.ts';
import { apiCallMerge, printQueryText } from './query-text.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** API calls are kept as long as logs. */
const kept = 400 * day;

/** What came of a message of the queue: what ran, or why it must come again. */
export type Handled = { readonly messageId: string; readonly ran: Ran } | { readonly messageId: string; readonly error: unknown };

/** Handles messages of the queue of queries, one after the other: the schedule's, and those that an execution has ended. */
export async function handleActivityMessages(messages: readonly ChangeMessage[], signal: AbortSignal): Promise<readonly Handled[]> {
  const open = await theMonitor();
  // What one batch asks about the account, it asks once.
  const monitor = { ...open, ask: remembering(open.ask) };
  const handled: Handled[] = [];
  for (const { messageId, body } of messages) {
    try {
      const message = readActivityMessage(body);
      const running = 'due' in message ? runQueries(monitor, message.due, signal) : collectExecution(monitor, message.execution, signal);
      handled.push({ messageId, ran: await running });
    } catch (error) {
      handled.push({ messageId, error });
    }
  }
  return handled;
}

/** What a message says: when the schedule wanted a run, or which execution has ended. Throws an {@link UnreadableMessageError}. */
export function readActivityMessage(body: string): { readonly due: number } | { readonly execution: string } {
  const message = fieldsOf(parsed(body));
  const due = typeof message.time === 'string' ? Date.parse(message.time) : Number.NaN;
  if (message['detail-type'] === 'Scheduled Event' && !Number.isNaN(due)) return { due };
  const { queryExecutionId } = fieldsOf(message.detail);
  if (message.source === 'aws.athena' && typeof queryExecutionId === 'string') return { execution: queryExecutionId };
  throw new UnreadableMessageError('The message is neither an event of Athena nor of the schedule.');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new UnreadableMessageError('The message is not JSON.', { cause: error });
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** All that runs by schedule: the extract of CloudTrail, the queries of the activity checks over what is delivered, and the upkeep of the extract. */
export async function scheduledQueries({ logs, trail }: Delivered, configuration: Configuration): Promise<readonly ScheduledQuery[]> {
  const activity = checks.filter((check): check is ActivityCheck => check.kind === 'activity');
  const found = await Promise.all(activity.map(async (check) => queryOf(check, { logs, trail }, configuration)));
  const upkeep: readonly [id: string, sql: (at: number) => string][] = [
    ['api-call-expired', (at) => `DELETE FROM api_call WHERE day < ${literal(dayOf(at - kept))}`],
    ['api-call-compacted', () => 'OPTIMIZE api_call REWRITE DATA USING BIN_PACK'],
    ['api-call-vacuumed', () => 'VACUUM api_call'],
  ];
  const extract: readonly ScheduledQuery[] = [
    {
      id: extractId,
      check: null,
      after: null,
      writes: extractId,
      window: (run, due) => windowSince(run, due, { every: hour, first: 8 * day, daily: 3 * day }),
      sql: apiCallMerge,
    },
    ...upkeep.map(
      ([id, sql]): ScheduledQuery => ({
        id,
        check: null,
        after: extractId,
        writes: extractId,
        window: (run, due) => windowSince(run, due, { every: 7 * day, first: 0 }),
        sql: async ({ to }) => sql(to),
      }),
    ),
  ];
  const facts = await Promise.all(Object.keys(factQueries).map((id) => factQuery(id, { logs, trail }, configuration)));
  return [...(trail ? extract : []), ...[...found, ...facts].filter((one) => one !== null)];
}

const extractId = 'api_call';

/** The check's query; null: nothing that it reads is delivered. */
function queryOf(check: ActivityCheck, delivered: Delivered, configuration: Configuration): Promise<ScheduledQuery | null> {
  return reading(check.id, check, delivered, configuration, (run, due) => windowOf(check.rhythm ?? hourly, run, due));
}

/** A query whose rows the sweep and the report read: about as long as the longest threshold. Long to read, so once a day; a run that failed has two more tries before its rows are too old. */
function factQuery(id: string, delivered: Delivered, configuration: Configuration): Promise<ScheduledQuery | null> {
  const back = Math.max(configuration.thresholds.unusedDays, 30) * day + hour;
  // What the last objects hold is under way.
  const settles = id === 'log-reach' ? 2 * hour : 0;
  return reading(id, null, delivered, configuration, (run, due) => windowBack(run, due, { every: 22 * hour, back, settles }));
}

async function reading(
  id: string,
  check: ActivityCheck | null,
  { logs, trail }: Delivered,
  configuration: Configuration,
  window: ScheduledQuery['window'],
): Promise<ScheduledQuery | null> {
  const { reads } = await loadQuery('check', id);
  const isDelivered = (table: string): boolean => (table === extractId ? trail : logs);
  if (!reads.some(isDelivered)) return null;
  return {
    id,
    check,
    // What the extract brought is looked at as soon as it is there.
    after: trail && reads.includes(extractId) ? extractId : null,
    writes: null,
    window,
    sql: ({ from, to }) => printQueryText(id, { now: to, from, to, configuration }),
  };
}

function dayOf(time: number): string {
  return windowParameters({ from: time, to: time }).from_day;
}

let monitor: Promise<ActivityMonitor> | undefined;

function theMonitor(): Promise<ActivityMonitor> {
  monitor ??= openMonitor();
  return monitor;
}

async function openMonitor(): Promise<ActivityMonitor> {
  const home = await openHome();
  const { access, region } = home;
  const teller = await openTeller(home);
  return {
    ...teller,
    runs: createRunStore({ access, region, table: environmentValue('TABLE') }),
    executions: createExecutions(access, { region, workgroup: environmentValue('WORKGROUP'), database: environmentValue('DATABASE') }),
    queries: await scheduledQueries(deliveredHere(), teller.configuration),
  };
}
