import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type AccountOptions, identify, openAccount } from '../adapters/aws/account.ts';
import { createAsk } from '../adapters/aws/ask.ts';
import { lookUpEvents } from '../adapters/aws/look-up-events.ts';
import { UsageError } from '../domain/errors.ts';
import type { ChangeCheck } from '../evidence/check-kinds.ts';
import type { ScanResult } from '../monitor/scan.ts';
import { chooseChecks } from './choice.ts';
import { type ScanOptions, scanSource } from './laptop.ts';

/** How a live scan is wanted. */
export interface LiveOptions extends ScanOptions, AccountOptions {
  /** Days of CloudTrail's LookupEvents to look through; absent: none. */
  readonly historyDays?: number;
}

/** Judges the account of the current credentials by read-only calls. Throws a UsageError where there are no credentials or no region. */
export async function scanLive(options: LiveOptions): Promise<ScanResult> {
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

  const at = Date.now();
  const logged = await mkdtemp(join(tmpdir(), 'aurora-watch-live-'));
  try {
    if (options.historyDays !== undefined) {
      await mkdir(join(logged, 'cloudtrail'));
      const events = history(options, access, regions, { from: at - options.historyDays * 86_400_000, to: at });
      await pipeline(events, createWriteStream(join(logged, 'cloudtrail', 'LookupEvents.json')));
    }
    return await scanSource(
      {
        name: `account ${identity.account}`,
        ask: createAsk({ access, partition: identity.partition }),
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

/** One event a line. */
async function* history(
  { choice, progress, signal }: LiveOptions,
  access: Awaited<ReturnType<typeof openAccount>>,
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
