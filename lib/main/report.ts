import type { AccountAccess } from '../adapters/aws/account.ts';
import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { lookUpEvents } from '../adapters/aws/look-up-events.ts';
import { createPublish } from '../adapters/aws/notify.ts';
import { createObjects } from '../adapters/aws/objects.ts';
import { checks as registry } from '../checks/registry.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Coverage, Report } from '../domain/report.ts';
import type { ReportObject } from '../domain/report-notice.ts';
import type { Check } from '../evidence/check-kinds.ts';
import { readCloudTrailRecord } from '../intake/cloudtrail.ts';
import { collectInventory } from '../monitor/collect-inventory.ts';
import { linkToObject } from '../monitor/console-links.ts';
import { recordedEvents, searchesFor, watchedBy } from '../monitor/event-searches.ts';
import { openKeptActivity } from '../monitor/kept-activity.ts';
import { scan } from '../monitor/scan.ts';
import type { Activity } from '../ports/activity.ts';
import type { FindingStore } from '../ports/finding-store.ts';
import { reportMessage } from '../render/alert/report.ts';
import { renderers } from '../render/index.ts';
import { catalogueEntry } from './catalogue.ts';
import { actionsOf } from './choice.ts';
import type { Format } from './formats.ts';
import { environmentValue, openHome } from './home.ts';
import { judgeChangeBy } from './judge-change.ts';
import { openKeptRows } from './kept-rows.ts';
import { bundledConfiguration, liveAsk } from './lambda.ts';
import { latestReport } from './report-link.ts';
import { type InvalidRequest, type ReportAnswer, type ReportRequest, readReportRequest, usualWindow } from './report-request.ts';
import { version } from './version.ts';

/** The report does not wait longer for CloudTrail, which answers two calls a second; what is missing is said in its coverage. */
const longestLook = 5 * 60_000;

/** Judges the account now, writes the report in the wanted formats, and says so where it is wanted. A bad payload changes nothing. */
export async function runReport(payload: unknown, signal: AbortSignal): Promise<ReportAnswer | InvalidRequest> {
  const at = Date.now();
  const request = readReportRequest(payload, at);
  if ('error' in request) return request;
  return writeReport(request, { at, weekly: false, store: openStore(await openHome(), signal), signal });
}

/** The event by which the schedule asks for the weekly report. */
export interface Scheduled {
  readonly 'detail-type': 'Scheduled Event';
  /** When it was due (ISO 8601, UTC). */
  readonly time: string;
}

/** True for the schedule's event; everything else is a payload. */
export function isScheduled(event: unknown): event is Scheduled {
  if (typeof event !== 'object' || event === null || !('time' in event)) return false;
  return (event as Partial<Scheduled>)['detail-type'] === 'Scheduled Event' && !Number.isNaN(Date.parse(String(event.time)));
}

/**
 * Writes the weekly report that was due then and tells of it, unless that was done: the schedule may ask twice, and asks again after a failure. Null: it
 * was done. A crash between telling and remembering tells of it once more.
 */
export async function runWeeklyReport({ time }: Scheduled, signal: AbortSignal): Promise<ReportAnswer | null> {
  const store = openStore(await openHome(), signal);
  const due = new Date(time).toISOString();
  const last = await store.watermark('weekly-report');
  if (last !== null && last >= due) return null;
  const at = Date.now();
  const request: ReportRequest = { formats: ['html', 'json'], checks: registry, from: at - usualWindow, notify: true };
  const answer = await writeReport(request, { at, weekly: true, store, signal });
  await store.moveWatermark('weekly-report', due);
  return answer;
}

async function writeReport(
  request: ReportRequest,
  {
    at,
    weekly,
    store,
    signal,
  }: { readonly at: number; readonly weekly: boolean; readonly store: FindingStore; readonly signal: AbortSignal },
): Promise<ReportAnswer> {
  const { access, region, account, partition } = await openHome();
  const report = await makeReport(request, { access, region, account, partition, at, signal });
  const files = createObjects(access, { region, bucket: environmentValue('BUCKET') });
  const time = new Date(at).toISOString();
  const folder = `reports/${time.replaceAll(':', '-')}`;
  const objects: ReportObject[] = [];
  for (const format of request.formats) {
    const { extension, render } = renderers[format];
    const text = render(report, { colour: false, width: 120, details: true, catalogue });
    const { bucket, key, url, until } = await files.put(`${folder}/report.${extension}`, text, contentTypes[format], signal);
    objects.push({ format, bucket, key, url, until: new Date(until).toISOString(), console: linkToObject(region, bucket, key) });
  }
  const page = objects.find(({ format }) => format === 'html');
  // What alerts lead to is the whole picture, not some checks.
  if (page && request.checks.length === registry.length) await store.moveWatermark(latestReport, page.key);
  const { summary } = report;
  if (request.notify) {
    const notice = {
      schemaVersion: '1',
      kind: 'report',
      account,
      region,
      at: time,
      weekly,
      summary,
      unread: unreadIn(report),
      objects,
    } as const;
    await createPublish(access, { region, topicArn: environmentValue('TOPIC') })(reportMessage(notice), signal);
  }
  return { summary, objects };
}

const mostUnread = 5;

/** What of the logs could not be read, as a message says it. What is not delivered at all is no news. */
function unreadIn({ coverage }: Report): readonly string[] {
  return coverage
    .filter(
      ({ source, status, detail }) =>
        /^(?:cloudwatch$|cloudtrail$|query:)/.test(source) && status !== 'complete' && detail !== 'not collected',
    )
    .map(({ source, detail }) => `${source} (${detail})`)
    .slice(0, mostUnread);
}

function openStore({ access, region }: { readonly access: AccountAccess; readonly region: string }, signal: AbortSignal): FindingStore {
  return createFindingStore({ access, region, table: environmentValue('TABLE'), signal });
}

const catalogue = new Map(registry.map((check) => [check.id, catalogueEntry(check)]));

const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json',
  markdown: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  asff: 'application/json',
  ocsf: 'application/json',
};

interface Home {
  readonly access: AccountAccess;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly at: number;
  readonly signal: AbortSignal;
}

async function makeReport({ checks, from }: ReportRequest, home: Home): Promise<Report> {
  const { access, region, account, partition, at, signal } = home;
  const window = { from, to: at + 1 };
  const [inventory, activity, configuration] = await Promise.all([
    collectInventory(liveAsk(access, partition), [region], actionsOf(checks), { signal }),
    withKeptRows(lookedUp(checks, window, home), home),
    bundledConfiguration(),
  ]);
  const { report } = await scan({
    checks,
    configuration,
    account,
    partition,
    at,
    window,
    inventory,
    foreign: [],
    databaseRoles: new Map(),
    activity,
    deliversLogs: process.env.LOG_DELIVERY === 'true',
    moreCoverage: [],
    judgeChange: judgeChangeBy(checks, process.env.DEPLOYMENT_ROLE ?? '', process.env.KEY ?? ''),
    version,
    signal,
  });
  return report;
}

/** What the function `activity` found in the logs, beside the changes. */
async function withKeptRows(
  changes: Promise<Pick<Activity, 'coverage' | 'events'>>,
  { access, region, at, signal }: Home,
): Promise<Activity> {
  const [{ coverage, events }, activity] = await Promise.all([changes, openKeptActivity(openKeptRows(access, region), at, signal)]);
  return { ...activity, events, coverage: [...coverage, ...activity.coverage] };
}

/** The changes that CloudTrail's own memory holds. */
async function lookedUp(
  checks: readonly Check[],
  { from, to }: { readonly from: number; readonly to: number },
  { access, region, partition, signal }: Home,
): Promise<Pick<Activity, 'coverage' | 'events'>> {
  const watched = recordedEvents(checks);
  const isWatched = watchedBy(watched);
  const searches = searchesFor(watched, [region], { partition, everywhere: environmentValue('HOME_STACK') === 'true' });
  const events: CloudTrailEvent[] = [];
  let rejected = 0;
  let status: Coverage['status'] = 'partial';
  let detail = 'what CloudTrail remembers of the watched changes';
  try {
    const looking = AbortSignal.any([signal, AbortSignal.timeout(longestLook)]);
    const look = lookUpEvents(access);
    for (const search of searches) {
      for await (const record of look({ ...search, from, to }, looking)) {
        const event = readCloudTrailRecord(record);
        if (!event) rejected += 1;
        else if (isWatched(event)) events.push(event);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    if (name === 'AccessDeniedException') status = 'denied';
    detail = `it ended early: ${message}`;
  }
  const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const coverage: Coverage = { source: 'cloudtrail:LookupEvents', status, detail, ...period, records: events.length, rejected };
  return { coverage: [coverage], events };
}
