import { setTimeout as wait } from 'node:timers/promises';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Slack took the message away, or will not take it: the reason in its own words. */
export class SlackError extends Error {
  override readonly name = 'SlackError';
}

/** How often a Slack that is broken is asked. */
const tries = 4;
/** Milliseconds after which nothing is tried again: the function ends soon, and the queue brings the message again. */
const longest = 40_000;
/** How long a webhook that was read is trusted before it is read again, in milliseconds. */
const trusted = 5 * 60_000;

/**
 * Posts messages to Slack's incoming webhook, whose address is in an SSM parameter (SecureString). Resolves with false, and posts nothing, where the
 * parameter is not there: Slack was never set up. Tries again where Slack is busy (429, after what it asks for) or broken (5xx); rejects with a
 * {@link SlackError} when it stays so for 40 seconds or four tries, or at once for another refusal.
 */
export function createSlack(
  access: AccountAccess,
  { region, parameter }: { readonly region: string; readonly parameter: string },
): (message: object, signal: AbortSignal) => Promise<boolean> {
  const client = new SSMClient(clientSettings(access, region));
  let webhook: { url: string | null; at: number } | undefined;

  const webhookUrl = async (signal: AbortSignal): Promise<string | null> => {
    if (webhook && Date.now() - webhook.at < trusted) return webhook.url;
    const url = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }), { abortSignal: signal }).then(
      ({ Parameter }) => Parameter?.Value?.trim() || null,
      (error: unknown) => {
        if (error instanceof ParameterNotFound) return null;
        throw error;
      },
    );
    webhook = { url, at: Date.now() };
    return url;
  };

  return async (message, signal) => {
    const url = await webhookUrl(signal);
    if (url === null) return false;
    const until = Date.now() + longest;
    for (let attempt = 1; ; attempt++) {
      const response = await post(url, message, signal);
      if (response.ok) return true;
      const detail = `Slack answered ${response.status}: ${(await response.text()).slice(0, 200)}`;
      const again = response.status === 429 || (response.status >= 500 && attempt < tries);
      if (!again) throw new SlackError(detail);
      const asked = Number(response.headers.get('retry-after')) * 1000;
      const pause = Number.isFinite(asked) && asked > 0 ? asked : 250 * 2 ** Math.min(attempt, 5);
      if (Date.now() + pause > until) throw new SlackError(`${detail} (asks to wait ${Math.round(pause / 1000)} s)`);
      await wait(pause, undefined, { signal });
    }
  };
}

/** The address is a secret: no error may carry it into a log. */
async function post(url: string, message: object, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const name = error instanceof Error ? error.name : 'Error';
    throw new SlackError(`Slack cannot be reached (${name}).`);
  }
}
