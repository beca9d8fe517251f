import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type AccountAccess, type AccountOptions, type Identity, identify, openAccount } from '../adapters/aws/account.ts';
import { createAsk } from '../adapters/aws/ask.ts';
import { lookUpEvents } from '../adapters/aws/look-up-events.ts';
import { UsageError } from '../domain/errors.ts';
import type { ChangeCheck } from '../evidence/check-kinds.ts';
import { watchedParameters } from '../evidence/parameters.ts';
import type { ScanResult } from '../monitor/scan.ts';
import { chooseChecks } from './choice.ts';
import { type ScanOptions, scanSource } from './laptop.ts';

/** How a live scan is wanted. */
export interface LiveOptions extends ScanOptions, AccountOptions {
  /** Days of CloudTrail's LookupEvents to look through; absent: none. */
  readonly historyDays?: number;
}

/** The account, who asks, and the regions that are asked. */
export interface LiveAccount {
  readonly access: AccountAccess;
  readonly identity: Identity;
  readonly regions: readonly string[];
}

/** Opens the account of the current credentials. Throws a UsageError where there are no credentials or no region. */
export async function openLiveAccount(
  options: AccountOptions & { readonly regions?: readonly string[]; readonly signal?: AbortSignal },
): Promise<LiveAccount> {
  const access = await openAccount(options);
  const identity = await identify(access, options.signal).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(`There are no AWS credentials that work: ${detail} Try "aws sts get-caller-identity", or give --profile.`, {
      cause: error,
    });
  });
  const regions = options.regions ?? (access.region ? [access.region] : []);
  if (regions.length === 0) throw new UsageError('No region: give --region, or set AWS_REGION.');
  return { access, identity, regions };
}

/** Judges the account of the current credentials by read-only calls. Throws a UsageError where there are no credentials or no region. */
export async function scanLive(options: LiveOptions): Promise<ScanResult> {
  const { access, identity, regions } = await openLiveAccount(options);
  const at = Date.now();
  const logged = await mkdtemp(join(tmpdir(), 'aurora-watch-live-'));
  try {
    if (options.historyDays !== undefined) {
      const window = { from: at - options.historyDays * 86_400_000, to: at };
      await writeHistory(join(logged, 'cloudtrail'), options, access, regions, window);
    }
    return await scanSource(
      {
        name: `account ${identity.account}`,
        ask: createAsk({ access, partition: identity.partition, parameters: watchedParameters }),
        regions,
        account: identity.account,
        partition: identity.partition,
        at,
        logged,
        foreign: async () => [],
        databaseRoles: new Map(),
      },
      options,
    );
  } finally {
    await rm(logged, { recursive: true, force: true });
  }
}

/** Writes what LookupEvents tells of the watched sources into the folder, one event a line. */
export async function writeHistory(
  folder: string,
  options: Pick<LiveOptions, 'choice' | 'progress' | 'signal'>,
  access: AccountAccess,
  regions: readonly string[],
  window: { readonly from: number; readonly to: number },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await pipeline(history(options, access, regions, window), createWriteStream(join(folder, 'LookupEvents.json')));
}

/** One event a line. */
async function* history(
  { choice, progress, signal }: Pick<LiveOptions, 'choice' | 'progress' | 'signal'>,
  access: AccountAccess,
  regions: readonly string[],
  window: { readonly from: number; readonly to: number },
): AsyncGenerator<string> {
  const watched = chooseChecks(choice)
    .filter((check): check is ChangeCheck => check.kind === 'change')
    .flatMap(({ events }) => events.map(({ source }) => source));
  const sources = [...new Set([...watched, 'sts.amazonaws.com'])].filter((source) => source !== 'aws.guardduty').sort();
  let done = 0;
  for (const region of regions) {
    for await (const event of lookUpEvents(access)({ region, sources, ...window }, signal)) {
      progress?.('events', ++done, null);
      yield `${JSON.stringify(event)}\n`;
    }
  }
}
