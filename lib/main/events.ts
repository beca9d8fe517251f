import { readFile } from 'node:fs/promises';
import { openEvidenceFolder } from '../adapters/local/evidence-folder.ts';
import { unzip } from '../adapters/local/file-bytes.ts';
import { textOf } from '../adapters/local/text-file.ts';
import { checks } from '../checks/registry.ts';
import type { Alert } from '../domain/alert.ts';
import type { Configuration } from '../domain/configuration.ts';
import { UsageError } from '../domain/errors.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Finding } from '../domain/finding.ts';
import type { Question } from '../domain/question.ts';
import { atLeast } from '../domain/severity.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { Inventory } from '../evidence/inventory.ts';
import { newestGeneration, originsOf } from '../evidence/origin.ts';
import { textField } from '../evidence/request.ts';
import { readCloudTrailDocument } from '../intake/cloudtrail.ts';
import { collectInventory } from '../monitor/collect-inventory.ts';
import { judge } from '../monitor/judge.ts';
import { evidenceOf, statefulChecks } from '../monitor/observe.ts';
import { withOpened } from '../monitor/opened-findings.ts';
import { renderAlertEmail } from '../render/alert/email.ts';
import { renderAlertSlack } from '../render/alert/slack.ts';
import { renderAlertText } from '../render/alert/text.ts';
import { checkedAsk } from './checked-ask.ts';
import { actionsOf } from './choice.ts';
import { loadConfiguration } from './configuration.ts';
import { judgeChangeBy } from './judge-change.ts';

/** The forms of an alert, as `--format` takes them. */
export const alertFormats = ['text', 'json', 'slack', 'email'] as const;

/** One of {@link alertFormats}. */
export type AlertFormat = (typeof alertFormats)[number];

/** What to judge, and beside what. */
export interface EventInput {
  /** Paths; `-` is standard input. */
  readonly files: readonly string[];
  readonly standardInput: AsyncIterable<Uint8Array>;
  readonly config: string | undefined;
  /** Evidence folder, or undefined: judged from the events alone. */
  readonly evidence: string | undefined;
  /** Gets a sentence on what could not be read, or what a deployed monitor would not send. */
  readonly warn: (sentence: string) => void;
}

/** What the deployed monitor would alert for these events, in the order of their time; each event counts once. Throws a UsageError where nothing can be judged. */
export async function judgeEvents({ files, standardInput, config, evidence, warn }: EventInput): Promise<readonly Alert[]> {
  const configuration = await loadConfiguration(config);
  const events = await readEvents(files, standardInput, warn);
  const beside = evidence === undefined ? null : await openEvidence(evidence, events);
  const judgeChange = judgeChangeBy(checks, '');
  const told = events.flatMap((event) =>
    judgeChange(event, beside?.evidence ?? nothingBeside(event), { configuration, at: beside?.at ?? Number.NaN }),
  );
  const alerts = beside === null ? told : withOpened(told, findingsIn(beside, configuration), beside.at);
  if (beside !== null && events.length > 1) noteOneMoment(beside, warn);
  noteUnsent(alerts, configuration, warn);
  return alerts;
}

/** The alerts as text of a format; json is one array. */
export function renderAlerts(alerts: readonly Alert[], format: AlertFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(alerts, null, 2)}\n`;
    case 'slack':
      return renderAlertSlack(alerts);
    case 'email':
      return renderAlertEmail(alerts);
    case 'text':
      return alerts.length === 0 ? 'Nothing to tell.\n' : renderAlertText(alerts);
  }
}

async function readEvents(
  files: readonly string[],
  standardInput: AsyncIterable<Uint8Array>,
  warn: (sentence: string) => void,
): Promise<readonly CloudTrailEvent[]> {
  const events = new Map<string, CloudTrailEvent>();
  let digests = 0;
  for (const file of new Set(files)) {
    const name = file === '-' ? 'standard input' : file;
    const text = await unzipped(file === '-' ? await readAll(standardInput) : await readBytes(file), name, warn);
    const document = readCloudTrailDocument(text);
    if (document.digest) digests += 1;
    for (const note of document.notes) warn(`${name}: ${note}`);
    for (const event of document.events) if (!events.has(event.eventId)) events.set(event.eventId, event);
  }
  if (events.size === 0) {
    const what = files.map((file) => (file === '-' ? 'standard input' : file)).join(', ');
    const digest = digests > 0 ? ' (a digest file holds none)' : '';
    throw new UsageError(
      `There is no event in ${what}${digest}; it takes an EventBridge event, a CloudTrail record, {"Records": […]}, a JSON array or one JSON object a line.`,
    );
  }
  return [...events.values()].sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** More than this comes out of no file that a person wants to look at. */
const mostBytes = 256 * 1024 * 1024;

/** The text of plain bytes or gzip, told by the first bytes; of a gzip that is cut off or damaged, what stands before that. */
async function unzipped(bytes: Buffer, name: string, warn: (sentence: string) => void): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const take = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > mostBytes) throw new UsageError(`${name}: it unzips to more than ${mostBytes / 1024 / 1024} MB.`);
    pieces.push(piece);
  };
  async function* whole(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  const problem = await unzip(whole, take);
  if (problem !== null) warn(`${name}: ${problem}.`);
  return textOf(Buffer.concat(pieces));
}

interface Beside {
  readonly evidence: Evidence;
  /** Milliseconds since 1970; NaN: nothing tells. */
  readonly at: number;
}

async function openEvidence(path: string, events: readonly CloudTrailEvent[]): Promise<Beside> {
  const folder = await openEvidenceFolder(path);
  const ask = checkedAsk(folder.ask);
  const inventory = await collectInventory(ask, folder.regions, actionsOf(checks));
  for (const question of groupQuestions(events)) if (!inventory.has(question)) inventory.add(question, await ask(question));
  const { accounts, partitions } = originsOf(inventory);
  if (folder.account === null && accounts.length > 1) {
    throw new UsageError(`${path} mixes evidence of several accounts (${accounts.join(', ')}); put each account into a folder of its own.`);
  }
  return {
    evidence: evidenceOf({ account: folder.account ?? accounts[0] ?? '', partition: partitions[0] ?? 'aws' }, inventory),
    at: folder.at ?? newestGeneration(inventory) ?? Number.NaN,
  };
}

/** Questions about the parameter groups that the events name: in evidence from before, nobody may use them yet. */
function groupQuestions(events: readonly CloudTrailEvent[]): Question[] {
  const names = { 'describe-db-cluster-parameters': 'dBClusterParameterGroupName', 'describe-db-parameters': 'dBParameterGroupName' };
  return events.flatMap(({ region, requestParameters }) =>
    Object.entries(names).flatMap(([command, name]) => {
      const key = textField(requestParameters, name)?.toLowerCase();
      return key === undefined ? [] : [{ region, service: 'rds', command, key }];
    }),
  );
}

/** What is wrong in the evidence: where it is from after an event, the event may have opened it. */
function findingsIn({ evidence, at }: Beside, configuration: Configuration): readonly Finding[] {
  return judge(statefulChecks(checks), evidence, { configuration, at: Number.isNaN(at) ? null : at }).findings;
}

function nothingBeside({ account }: CloudTrailEvent): Evidence {
  return evidenceOf({ account: account ?? '', partition: 'aws' }, new Inventory([]));
}

/** Events that follow each other are judged beside the same answers: what one of them changed is not in what the next one is told to have found. */
function noteOneMoment({ at }: Beside, warn: (sentence: string) => void): void {
  const from = Number.isNaN(at) ? 'one moment' : new Date(at).toISOString();
  warn(
    `All events are judged beside the same evidence, of ${from}; of values that several of them changed, "before" may be what a later one left.`,
  );
}

function noteUnsent(alerts: readonly Alert[], { alerts: { minimumSeverity } }: Configuration, warn: (sentence: string) => void): void {
  const quiet = alerts.filter(({ severity }) => !atLeast(severity, minimumSeverity)).length;
  if (quiet === 0) return;
  const verb = quiet === 1 ? 'is' : 'are';
  warn(
    `${quiet} of ${alerts.length} alerts ${verb} below alerts.minimumSeverity (${minimumSeverity}): a deployed monitor would not send ${quiet === 1 ? 'it' : 'them'}.`,
  );
}
