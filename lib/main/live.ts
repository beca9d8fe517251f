import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccountAccess, type AccountOptions, type Identity, identify, openAccount } from '../adapters/aws/account.ts';
import { createAsk } from '../adapters/aws/ask.ts';
import { UsageError } from '../domain/errors.ts';
import { watchedParameters } from '../evidence/parameters.ts';
import type { ScanResult } from '../monitor/scan.ts';
import { writeHistory } from './history.ts';
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
    const { partition } = identity;
    const coverage =
      options.historyDays === undefined
        ? []
        : await writeHistory(join(logged, 'cloudtrail'), access, {
            ...options,
            regions,
            partition,
            from: at - options.historyDays * 86_400_000,
            to: at,
          });
    return await scanSource(
      {
        name: `account ${identity.account}`,
        ask: createAsk({ access, partition, only: { parameters: watchedParameters, snapshots: 'manual' } }),
        regions,
        account: identity.account,
        partition,
        at,
        logged,
        foreign: async () => [],
        databaseRoles: new Map(),
        coverage,
      },
      options,
    );
  } finally {
    await rm(logged, { recursive: true, force: true });
  }
}
