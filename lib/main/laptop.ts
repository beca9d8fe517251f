import { readFile } from 'node:fs/promises';
import { openActivity } from '../adapters/local/activity.ts';
import { foreignFiles } from '../adapters/local/answers.ts';
import { isMissing } from '../adapters/local/errors.ts';
import { type EvidenceFolder, openEvidenceFolder } from '../adapters/local/evidence-folder.ts';
import { checks as registry } from '../checks/registry.ts';
import { type Answer, known, unknown } from '../domain/answer.ts';
import type { Configuration } from '../domain/configuration.ts';
import { UsageError } from '../domain/errors.ts';
import type { Coverage, Report } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import type { ChangeCheck, Check } from '../evidence/check-kinds.ts';
import { listClusters } from '../evidence/clusters.ts';
import type { DatabaseRole } from '../evidence/evidence.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { newestGeneration, originsOf } from '../evidence/origin.ts';
import { commands } from '../evidence/questions.ts';
import { readDatabaseRoles } from '../intake/database-roles.ts';
import { readReport } from '../intake/report.ts';
import { collectInventory } from '../monitor/collect-inventory.ts';
import { covers, hasEnded } from '../monitor/judge.ts';
import { judgeChange } from '../monitor/judge-change.ts';
import { withLaterLogins } from '../monitor/later-logins.ts';
import { evidenceOf } from '../monitor/observe.ts';
import { type ScanInput, type ScanResult, scan } from '../monitor/scan.ts';
import type { Ask } from '../ports/ask.ts';
import { renderExplanation } from '../render/explain.ts';
import { type RenderOptions, renderers } from '../render/index.ts';
import { catalogueEntry } from './catalogue.ts';
import { checkedAsk } from './checked-ask.ts';
import { actionsOf, type CheckChoice, chooseChecks } from './choice.ts';
import { watchedFilter } from './event-rules.ts';
import type { Format } from './formats.ts';
import { version } from './version.ts';

export { loadConfiguration } from './configuration.ts';

/** What happens while a scan works, for a line on standard error. */
export type ScanProgress = (stage: string, done: number, total: number | null) => void;

/** How a scan is wanted. Times are milliseconds since 1970. */
export interface ScanOptions {
  readonly choice: CheckChoice;
  readonly configuration: Configuration;
  readonly regions?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly progress?: ScanProgress;
  readonly warn: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

const dayLength = 86_400_000;
const usualWindow = 90 * dayLength;

/** Where a scan's evidence comes from: a folder, or the live account. */
export interface ScanSource {
  /** What it is called in messages. */
  readonly name: string;
  readonly ask: Ask;
  readonly regions: readonly string[];
  /** Regions of which there is evidence that nobody asked for. */
  readonly otherRegions?: readonly string[];
  /** Null: the listed resources tell it. */
  readonly account: string | null;
  readonly partition?: string;
  /** Milliseconds since 1970; null: the newest evidence tells it. */
  readonly at: number | null;
  /** Folder with `logs/`, `cloudtrail/` and `cloudwatch/`. */
  readonly logged: string;
  /** Files of the inventory that are no answer of a known command. */
  readonly foreign: () => Promise<readonly string[]>;
  readonly databaseRoles: EvidenceFolder['databaseRoles'];
  /** What could not be had while the evidence was gathered. */
  readonly coverage?: readonly Coverage[];
}

/** Judges an evidence folder. Throws a UsageError when there is nothing to judge. */
export async function scanFolder(path: string, options: ScanOptions): Promise<ScanResult> {
  const folder = await openEvidenceFolder(path);
  const isKnown = (service: string, command: string): boolean => commands.some((one) => one.service === service && one.command === command);
  const regions = options.regions ?? folder.regions;
  for (const region of regions.filter((one) => !folder.regions.includes(one)))
    options.warn(`${path} holds nothing of region ${region}${folder.regions.length > 0 ? `, only of ${folder.regions.join(', ')}` : ''}.`);
  const otherRegions = folder.regions.filter((region) => !regions.includes(region));
  return scanSource({ ...folder, name: path, regions, otherRegions, logged: path, foreign: () => foreignFiles(path, isKnown) }, options);
}

/** Asks, reads and judges. Throws a UsageError when the evidence is of several accounts. */
export async function scanSource(source: ScanSource, options: ScanOptions): Promise<ScanResult> {
  const { configuration, progress, signal } = options;
  const chosen = chooseChecks(options.choice);
  const ask = checkedAsk(source.ask);
  const inventory = await collectInventory(ask, source.regions, actionsOf(chosen), {
    progress: (done, total) => progress?.('questions', done, total),
    ...(signal ? { signal } : {}),
  });
  // Whose evidence it is, and its moment, must not depend on the checks that are chosen.
  const isTold = source.account !== null && source.at !== null;
  const all = isTold || chosen.length === registry.length ? inventory : await collectInventory(ask, source.regions, actionsOf(registry));
  const { accounts, partitions } = originsOf(all);
  const owners = [...new Set([...(source.account ? [source.account] : []), ...accounts])];
  if (owners.length > 1) {
    throw new UsageError(
      `${source.name} mixes evidence of several accounts (${owners.join(', ')}); put each account into a folder of its own.`,
    );
  }

  const activity = await openActivity({
    folder: source.logged,
    watched: watchedFilter(chosen),
    progress: (done, total) => progress?.('MB of logs', Math.round(done / 1e6), Math.round(total / 1e6)),
    grouping: (done, total) => progress?.('parts of logins grouped', done, total),
    ...(signal ? { signal } : {}),
  });
  try {
    const at = source.at ?? newest(newestGeneration(all), activity.newestEvent) ?? activity.newestLogRecord;
    const elsewhere = await listElsewhere(ask, source.otherRegions ?? [], owners[0] ?? '');
    const here = new Set(clustersOf(inventory, owners[0] ?? '').map(({ name }) => name));
    const away = new Set(elsewhere.map(({ name }) => name).filter((name) => !here.has(name)));
    const { roles, coverage } = readRoles(new Map([...source.databaseRoles].filter(([cluster]) => !away.has(cluster))));
    const window = windowOf(at, options);
    // Who chose where the window ends knows it.
    const logged = options.to === undefined ? await withLaterLogins(activity, window, signal) : activity.coverage;
    const result = await scan({
      checks: chosen,
      configuration,
      account: owners[0] ?? activity.account,
      partition: source.partition ?? partitions[0] ?? 'aws',
      at,
      window,
      inventory,
      foreign: await source.foreign(),
      databaseRoles: roles,
      activity: { ...activity, coverage: logged },
      elsewhere,
      moreCoverage: [...coverage, ...(source.coverage ?? [])],
      judgeChange: judgeBy(changeChecks(chosen)),
      version,
      ...(signal ? { signal } : {}),
    });
    warnOfSuppressions(result, options, at);
    return result;
  } finally {
    await activity.close();
  }
}

/** The clusters and instances of regions that are not looked at. */
async function listElsewhere(ask: Ask, regions: readonly string[], account: string): Promise<readonly Resource[]> {
  return clustersOf(await collectInventory(ask, regions, new Set(['rds:DescribeDBClusters', 'rds:DescribeDBInstances'])), account);
}

function clustersOf(inventory: Inventory, account: string): readonly Resource[] {
  return listClusters(evidenceOf({ account, partition: 'aws' }, inventory)).subjects.map(({ resource }) => resource);
}

function changeChecks(checks: readonly Check[]): readonly ChangeCheck[] {
  return checks.filter((check) => check.kind === 'change');
}

function windowOf(at: number | null, { from, to }: Pick<ScanOptions, 'from' | 'to'>): { from: number; to: number } | null {
  // The moment itself is in the window, and `to` is not.
  const end = to ?? (at === null ? null : at + 1);
  if (end === null) return null;
  const start = from ?? (to ?? at ?? end) - usualWindow;
  if (start >= end)
    throw new UsageError(`--from must be before --to: ${new Date(start).toISOString()} is not before ${new Date(end).toISOString()}.`);
  return { from: start, to: end };
}

function newest(...times: readonly (number | null)[]): number | null {
  const there = times.filter((time) => time !== null);
  return there.length === 0 ? null : Math.max(...there);
}

function readRoles(files: ReadonlyMap<string, { readonly file: string; readonly text: string | null }>): {
  roles: Map<string, Answer<readonly DatabaseRole[]>>;
  coverage: Coverage[];
} {
  const roles = new Map<string, Answer<readonly DatabaseRole[]>>();
  const coverage: Coverage[] = [];
  for (const [cluster, { file, text }] of files) {
    const read = text === null ? null : readDatabaseRoles(text);
    const line = { source: `database:${file}`, from: null, to: null };
    if (read === null) {
      const detail = text === null ? 'the file cannot be read' : 'not what docs/roles.sql prints';
      roles.set(cluster, unknown({ kind: 'unreadable', question: file, detail }));
      coverage.push({ ...line, status: 'missing', detail, records: 0, rejected: 1 });
    } else {
      roles.set(cluster, known(read.roles, read.rejected));
      const status = read.rejected === 0 ? 'complete' : 'partial';
      coverage.push({ ...line, status, detail: '', records: read.roles.length, rejected: read.rejected });
    }
  }
  return { roles, coverage };
}

function warnOfSuppressions({ report, judged }: ScanResult, { configuration, warn }: ScanOptions, at: number | null): void {
  for (const suppression of configuration.suppressions) {
    const what = `The suppression of ${suppression.check} on ${suppression.resource}`;
    // Of checks that were not chosen nothing was found, whatever there is.
    const isJudged = [...judged].some((id) => matchesWildcard(suppression.check, id));
    if (hasEnded(suppression, at)) warn(`${what} ended on ${suppression.until}.`);
    else if (isJudged && !report.findings.some((finding) => covers(suppression, finding))) warn(`${what} matches no finding.`);
  }
}

/** The report as text of a format. */
export function renderReport(report: Report, format: Format, options: Omit<RenderOptions, 'catalogue'>): string {
  return renderers[format].render(report, { ...options, catalogue });
}

const catalogue = new Map(registry.map((check) => [check.id, catalogueEntry(check)]));

/** Reads a `report.json`. Throws a UsageError with a sentence where it is none. */
export async function loadReport(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const hint = isMissing(error) ? ' "aurora-watch scan DIR --format json --output report.json" writes one.' : '';
    throw new UsageError(`The report ${path} cannot be read.${hint}`, { cause: error });
  });
  return readReport(text, path);
}

/** What `aurora-watch explain` prints. Throws a UsageError where no finding of the report, or several, begin so. */
export async function explainFinding(
  path: string,
  start: string,
  options: { readonly colour: boolean; readonly width: number },
): Promise<string> {
  const report = await loadReport(path);
  const found = report.findings.filter(({ fingerprint }) => fingerprint.startsWith(start));
  const [only] = found;
  if (!only) throw new UsageError(`No finding of ${path} has a fingerprint that begins with "${start}".`);
  if (found.length > 1) throw new UsageError(`${found.length} findings of ${path} begin with "${start}"; give more of it.`);
  return renderExplanation(report, only.fingerprint, { ...options, catalogue });
}

function judgeBy(checks: readonly ChangeCheck[]): ScanInput['judgeChange'] {
  return (event, evidence, context) => judgeChange(event, evidence, checks, context);
}
