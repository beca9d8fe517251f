import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { UsageError } from '../domain/errors.ts';
import type { Resource } from '../domain/resource.ts';
import { liftSuppression, listSuppressed, type Suppressed, suppressFinding } from '../monitor/suppress.ts';
import { visible } from '../render/visible.ts';
import { openLiveAccount } from './live.ts';

/** Which deployed monitor is meant, and how to reach its account. */
export interface MonitorPlace {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly signal?: AbortSignal;
}

/** What is wanted of it. */
export type SuppressRequest =
  | { readonly do: 'list' }
  | { readonly do: 'remove'; readonly fingerprint: string }
  /** `until`: the last day that it holds, `YYYY-MM-DD`. */
  | { readonly do: 'suppress'; readonly fingerprint: string; readonly until: string; readonly reason: string };

/** Does it in the deployed monitor's table, as the caller of the AWS credentials, and gives what to print. `at`: milliseconds since 1970. */
export async function suppress(request: SuppressRequest, place: MonitorPlace, at: number): Promise<string> {
  const { access, identity, regions } = await openLiveAccount({
    ...(place.region === undefined ? {} : { regions: [place.region] }),
    ...(place.profile === undefined ? {} : { profile: place.profile }),
    ...(place.roleArn === undefined ? {} : { roleArn: place.roleArn }),
    ...(place.signal ? { signal: place.signal } : {}),
  });
  const [region = ''] = regions;
  const table = `aurora-watch-${place.stage}-findings`;
  const store = createFindingStore({ access, region, table, ...(place.signal ? { signal: place.signal } : {}) });
  try {
    if (request.do === 'list') return listText(await listSuppressed(store, at));
    if (request.do === 'remove') {
      const { fingerprint, check, resource } = await liftSuppression(store, request.fingerprint);
      return `${fingerprint} is no longer suppressed: ${nameOf(check, resource)} is told again by the next sweep if it is still there.\n`;
    }
    const note = { by: identity.arn, reason: request.reason, until: request.until };
    const { fingerprint, check, resource } = await suppressFinding(store, request.fingerprint, note);
    return `${fingerprint} is suppressed until the end of ${request.until} (UTC): ${nameOf(check, resource)}, by ${visible(identity.arn)}.\n`;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    throw new UsageError(
      `There is no monitor of stage "${place.stage}" in ${region} of account ${identity.account} (no table ${table}); give --stage or --region.`,
      { cause: error },
    );
  }
}

function listText(suppressed: readonly Suppressed[]): string {
  if (suppressed.length === 0) return 'Nothing is suppressed.\n';
  return suppressed
    .map(({ known, note: { until, by, reason } }) => {
      const end = until === null ? 'for ever' : `until the end of ${until}`;
      return `${known.fingerprint}  ${nameOf(known.check, known.resource)}, ${end}\n    ${visible(by ?? 'the configuration')}: ${visible(reason)}\n`;
    })
    .join('');
}

function nameOf(check: string, { name }: Resource): string {
  return `${check} on ${visible(name)}`;
}
