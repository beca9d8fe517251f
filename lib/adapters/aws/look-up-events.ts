import { setTimeout as wait } from 'node:timers/promises';
import { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import type { LookUpEvents } from '../../ports/look-up-events.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** CloudTrail allows two calls a second in a region. */
const pause = 500;

/** Asks CloudTrail's LookupEvents, one source, name or user after the other (it filters by one attribute only), within its rate. */
export function lookUpEvents(access: AccountAccess): LookUpEvents {
  const nextCall = new Map<string, number>();
  return async function* lookUp({ region, sources = [], names = [], users = [], from, to }, signal) {
    const client = new CloudTrailClient(clientSettings(access, region));
    const sending = signal ? { abortSignal: signal } : {};
    const turn = async () => {
      const now = Date.now();
      const at = Math.max(now, nextCall.get(region) ?? 0);
      nextCall.set(region, at + pause);
      if (at > now) await wait(at - now, undefined, signal ? { signal } : {});
    };
    const attributes = [
      ...sources.map((value) => ({ AttributeKey: 'EventSource', AttributeValue: value }) as const),
      ...names.map((value) => ({ AttributeKey: 'EventName', AttributeValue: value }) as const),
      ...users.map((value) => ({ AttributeKey: 'Username', AttributeValue: value }) as const),
    ];
    for (const attribute of attributes) {
      await turn();
      const pages = paginateLookupEvents(
        { client, pageSize: 50 },
        { LookupAttributes: [attribute], StartTime: new Date(from), EndTime: new Date(to) },
        sending,
      );
      for await (const page of pages) {
        for (const event of page.Events ?? []) yield parsed(event.CloudTrailEvent);
        if (page.NextToken) await turn();
      }
    }
  };
}

/** CloudTrail gives the record as text; what is none is handed on as it is, so that who reads it can name it. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return text;
  }
}
