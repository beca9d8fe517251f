import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AccountAccess, AccountOptions } from '../adapters/aws/account.ts';
import { createAsk } from '../adapters/aws/ask.ts';
import { logFilesOf } from '../adapters/aws/log-files.ts';
import { recordAnswers } from '../adapters/local/answers.ts';
import type { DbInstances } from '../domain/cluster-answers.ts';
import type { Inventory } from '../evidence/inventory.ts';
import { commands } from '../evidence/questions.ts';
import { clustersInScope } from '../evidence/scope.ts';
import { collectInventory } from '../monitor/collect-inventory.ts';
import { checkedAsk } from './checked-ask.ts';
import { actionsOf, type CheckChoice, chooseChecks } from './choice.ts';
import type { ScanProgress } from './laptop.ts';
import { openLiveAccount, writeHistory } from './live.ts';

/** What is collected, and where it goes. */
export interface CollectOptions extends AccountOptions {
  readonly folder: string;
  readonly choice: CheckChoice;
  readonly regions?: readonly string[];
  /** Days of CloudTrail's LookupEvents; absent: none. */
  readonly historyDays?: number;
  /** Days of PostgreSQL's logs; absent: none. */
  readonly logDays?: number;
  readonly progress?: ScanProgress;
  readonly warn: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

/** What was collected. */
export interface Collected {
  readonly answers: number;
  readonly refused: number;
  readonly logFiles: number;
}

const dayLength = 86_400_000;

/** Saves the live account's answers (and its history and logs) as an evidence folder, by read-only calls. Throws a UsageError without credentials or region. */
export async function collect(options: CollectOptions): Promise<Collected> {
  const { folder, progress, signal } = options;
  const { access, identity, regions } = await openLiveAccount(options);
  const at = Date.now();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'evidence.json'), `${JSON.stringify({ account: identity.account, at: new Date(at).toISOString() })}\n`);
  const ask = recordAnswers(folder, createAsk({ access, partition: identity.partition }));
  const inventory = await collectInventory(checkedAsk(ask), regions, actionsOf(chooseChecks(options.choice)), {
    progress: (done, total) => progress?.('questions', done, total),
    ...(signal ? { signal } : {}),
  });
  if (options.historyDays !== undefined) {
    const window = { from: at - options.historyDays * dayLength, to: at };
    await writeHistory(join(folder, 'cloudtrail'), options, access, regions, window);
  }
  const logFiles = options.logDays === undefined ? 0 : await collectLogs(inventory, access, at - options.logDays * dayLength, options);
  const entries = inventory.entries();
  const refused = entries.filter(({ answer }) => !answer.known).length;
  return { answers: entries.length - refused, refused, logFiles };
}

/** The calls that a collection makes, as commands of the AWS CLI; nothing is called for it. */
export function listCalls(choice: CheckChoice, regions: readonly string[]): string {
  const actions = actionsOf(chooseChecks(choice));
  const lines = commands
    .filter((command) => actions.has(command.actions[0]))
    .flatMap(({ service, command, global, keys }) =>
      (global ? ['global'] : regions).map((region) => {
        const where = region === 'global' ? '' : ` --region ${region}`;
        return `aws ${service} ${command}${where}${keys ? '   # once for each that the answers before it name' : ''}`;
      }),
    );
  return `${[...new Set(lines)].join('\n')}\n`;
}

async function collectLogs(
  inventory: Inventory,
  access: AccountAccess,
  since: number,
  { folder, progress, warn, signal }: CollectOptions,
): Promise<number> {
  let files = 0;
  for (const { region, cluster, instance } of instancesOf(inventory)) {
    try {
      for await (const { name, portions } of logFilesOf(access, { region, instance, since }, signal)) {
        const target = join(folder, 'logs', encodeURIComponent(cluster), encodeURIComponent(instance));
        await mkdir(target, { recursive: true });
        await pipeline(portions(), createWriteStream(join(target, encodeURIComponent(name))));
        progress?.('log files', ++files, null);
      }
    } catch (error) {
      signal?.throwIfAborted();
      warn(`The log of ${instance} could not be downloaded: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return files;
}

function instancesOf(inventory: Inventory): { readonly region: string; readonly cluster: string; readonly instance: string }[] {
  return inventory.regions.flatMap((region) => {
    const { singles, members } = clustersInScope(inventory, region);
    return [...members, ...singles].map(
      (one: Pick<DbInstances['DBInstances'][number], 'DBInstanceIdentifier' | 'DBClusterIdentifier'>) => ({
        region,
        cluster: one.DBClusterIdentifier ?? one.DBInstanceIdentifier ?? '',
        instance: one.DBInstanceIdentifier ?? '',
      }),
    );
  });
}
