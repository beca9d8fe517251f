import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogMessages } from '../adapters/aws/log-messages.ts';
import { createLogObjects } from '../adapters/aws/log-objects.ts';
import { readLoggedFile } from '../adapters/local/read-logged-file.ts';
import { RowsByDay } from '../adapters/local/rows-by-day.ts';
import { failedObjectOf, type LogObject, logObjectOf } from '../domain/log-object.ts';
import type { Coverage } from '../domain/report.ts';
import { LogMessageError, readLogMessage, readReparse } from '../intake/log-message.ts';
import { dayOf } from '../intake/postgresql-log/record.ts';
import { type LogParsing, nameFailedObjects, parseLogObject, type ReadLogObject } from '../monitor/parse-log-object.ts';
import { type ReparseStep, reparseLogs } from '../monitor/reparse-logs.ts';
import { environmentValue, openHome } from './home.ts';

const dayLength = 86_400_000;
/** CloudWatch Logs takes no event that is more than 14 days old or 2 hours early, and Firehose tries for a day to deliver it. */
const [daysBefore, daysAfter] = [16, 1];

/** Handles one message of the queue of objects. Resolves with the coverage of what was parsed, and with a step of history. */
export async function handleLogObjects(body: string, signal: AbortSignal): Promise<{ parsed: readonly Coverage[]; step?: ReparseStep }> {
  const message = readLogMessage(body, environmentValue('LOGS'));
  if ('reparse' in message) return { parsed: [], step: await reparse(message, signal) };
  const keys = message.keys.filter((key) => !key.endsWith('/'));
  const failed = keys.flatMap((key) => failedObjectOf(key) ?? []);
  const objects = keys.filter((key) => failedObjectOf(key) === null).map(objectOf);
  const parsing = await openParsing();
  const parsed: Coverage[] = [];
  for (const object of objects) parsed.push((await parseLogObject(parsing, object, signal)).coverage);
  await nameFailedObjects(parsing.objects, failed, signal);
  return { parsed };
}

/** Parses history again: `{"reparse": {"from": "2026/05/01", "to": "2026/05/31"}}`, days of arrival in UTC. */
export async function reparse(payload: unknown, signal: AbortSignal): Promise<ReparseStep> {
  const asked = readReparse(payload);
  const { access, region } = await openHome();
  const objects = createLogObjects(access, { region, logs: environmentValue('LOGS'), queries: environmentValue('QUERIES') });
  const send = createLogMessages(access, { region, queueUrl: environmentValue('QUEUE') });
  return reparseLogs({ objects, send }, asked.reparse, signal);
}

function objectOf(key: string): LogObject {
  const object = logObjectOf(key);
  if (!object) throw new LogMessageError(`The stream writes no object with the key ${key}.`);
  return object;
}

async function openParsing(): Promise<LogParsing> {
  const { access, region } = await openHome();
  const objects = createLogObjects(access, { region, logs: environmentValue('LOGS'), queries: environmentValue('QUERIES') });
  return { objects, read: (object, signal) => readObject(object, objects.fetch, signal) };
}

/** Reads an object as a scan reads the same file of a folder: through a disk, so that its size does not matter. */
export async function readObject(
  { key, name, day }: LogObject,
  fetch: (key: string, path: string, signal?: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<ReadLogObject> {
  const folder = await mkdtemp(join(tmpdir(), 'aurora-watch-'));
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'object');
    await fetch(key, path, signal);
    const arrival = Date.parse(`${day.replaceAll('/', '-')}T00:00:00Z`);
    const rows = new RowsByDay(folder, { from: dayOf(arrival - daysBefore * dayLength), to: dayOf(arrival + daysAfter * dayLength) });
    const file = { kind: 'cloudwatch', name: key, path, bytes: (await stat(path)).size, cluster: '', instance: '' } as const;
    const { coverage, torn, foreign } = await readLoggedFile(file, rows, { watches: () => false, ...(signal ? { signal } : {}) });
    const zipped = await rows.zip(signal);
    return {
      coverage: withOutside(coverage, rows.outside),
      torn: [...new Set(torn)],
      foreign,
      rows: zipped.map((one) => ({ key: `${one.table}/${one.day}/${name}`, path: one.path })),
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

function withOutside(coverage: Coverage, outside: number): Coverage {
  if (outside === 0) return coverage;
  const detail = [coverage.detail, `${outside} rows of days far from its arrival`].filter((part) => part !== '').join('; ');
  return { ...coverage, status: coverage.status === 'missing' ? 'missing' : 'partial', detail, rejected: coverage.rejected + outside };
}
