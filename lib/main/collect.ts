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
import { searchesOf, writeHistory } from './history.ts';
import type { ScanProgress } from './laptop.ts';
import { openLiveAccount } from './live.ts';

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
    await writeHistory(join(folder, 'cloudtrail'), access, {
      ...options,
      regions,
      partition: identity.partition,
      from: at - options.historyDays * dayLength,
      to: at,
    });
  }
  const logFiles = options.logDays === undefined ? 0 : await collectLogs(inventory, access, at - options.logDays * dayLength, options);
  const entries = inventory.entries();
  const refused = entries.filter(({ answer }) => !answer.known).length;
  return { answers: entries.length - refused, refused, logFiles };
}

/** What decides the calls of a collection. */
export type CallsOptions = Pick<CollectOptions, 'choice' | 'historyDays' | 'logDays' | 'roleArn'> & { readonly regions: readonly string[] };

/** The calls that a collection makes, as commands of the AWS CLI; nothing is called for it. */
export function listCalls({ choice, regions, historyDays, logDays, roleArn }: CallsOptions): string {
  const actions = actionsOf(chooseChecks(choice));
  const each = '   # once for each that the answers before it name';
  const asked = commands
    .filter((command) => actions.has(command.actions[0]))
    .flatMap(({ service, command, actions: [, ...before], global, keys }) =>
      (global ? [''] : regions.map((region) => ` --region ${region}`)).flatMap((where) =>
        [...before.map(commandOf), command].map((name) => `aws ${service} ${name}${where}${keys ? each : ''}`),
      ),
    );
  const history = historyDays === undefined ? [] : searchesOf({ choice, regions, partition: partitionOf(regions) });
  const lines = [
    ...(roleArn === undefined ? [] : ['aws sts assume-role']),
    'aws sts get-caller-identity',
    ...asked,
    ...history.filter(isAsked).map(({ region }) => `aws cloudtrail lookup-events --region ${region}   # two a second`),
    ...(logDays === undefined ? [] : regions.flatMap((region) => logCalls.map((name) => `aws rds ${name} --region ${region}${each}`))),
  ];
  return `${[...new Set(lines)].join('\n')}\n`;
}

const logCalls = ['describe-db-log-files', 'download-db-log-file-portion'];

/** Nothing is called that would tell it. */
function partitionOf([region = '']: readonly string[]): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function isAsked({ sources = [], names = [], users = [] }: ReturnType<typeof searchesOf>[number]): boolean {
  return sources.length + names.length + users.length > 0;
}

/** `iam:GenerateCredentialReport` → `generate-credential-report` */
function commandOf(action: string): string {
  return action
    .slice(action.indexOf(':') + 1)
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
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
