import { setTimeout as wait } from 'node:timers/promises';
import { type AwsSecurityFinding, BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { HubFinding, ImportFindings } from '../../ports/security-hub.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** What one call takes. */
const most = { findings: 100, bytes: 5_000_000 };
/** How often a finding is tried that was refused for no fault of its own. */
const tries = 3;
const passing = /throttl|too.?many|limit|internal|unavailable|timeout/i;

/** Imports findings into the Security Hub of a region. A call that is throttled is tried again by the SDK, six times. */
export function createImportFindings(access: AccountAccess, { region }: { readonly region: string }): ImportFindings {
  const client = new SecurityHubClient(clientSettings(access, region));
  return async (findings, signal) => {
    const refused = new Map<string, string>();
    let waiting = findings;
    for (let attempt = 1; waiting.length > 0; attempt++) {
      const again: HubFinding[] = [];
      for (const batch of batchesOf(waiting)) {
        for (const [fingerprint, why] of await send(client, batch, signal)) {
          refused.set(fingerprint, why);
          if (passing.test(why)) again.push(...batch.filter((one) => one.fingerprint === fingerprint));
        }
      }
      if (attempt === tries) break;
      if (again.length > 0) await wait(1000 * 2 ** attempt, undefined, signal ? { signal } : {});
      for (const { fingerprint } of again) refused.delete(fingerprint);
      waiting = again;
    }
    return refused;
  };
}

/** What was refused of one batch; all of it where the call itself failed. */
async function send(
  client: SecurityHubClient,
  batch: readonly HubFinding[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  try {
    // The renderer writes AWS's own format, and a test holds it against AWS's limits.
    const Findings = batch.map(({ body }) => body as AwsSecurityFinding);
    const { FailedFindings = [] } = await client.send(new BatchImportFindingsCommand({ Findings }), signal ? { abortSignal: signal } : {});
    const byId = new Map(batch.map(({ body, fingerprint }) => [body.Id, fingerprint]));
    return new Map(
      FailedFindings.flatMap(({ Id, ErrorCode, ErrorMessage }) => {
        const fingerprint = byId.get(Id ?? '');
        return fingerprint === undefined ? [] : [[fingerprint, `${ErrorCode ?? 'Error'}: ${ErrorMessage ?? ''}`] as const];
      }),
    );
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return new Map(batch.map(({ fingerprint }) => [fingerprint, why]));
  }
}

function batchesOf(findings: readonly HubFinding[]): HubFinding[][] {
  const batches: HubFinding[][] = [];
  let bytes = 0;
  for (const finding of findings) {
    const size = Buffer.byteLength(JSON.stringify(finding.body));
    const last = batches.at(-1);
    if (last && last.length < most.findings && bytes + size <= most.bytes) {
      last.push(finding);
      bytes += size;
    } else {
      batches.push([finding]);
      bytes = size;
    }
  }
  return batches;
}
