import type { Reparse } from '../domain/log-object.ts';
import type { LogObjects, SendLogMessages } from '../ports/log-objects.ts';

/** What one step did: how many objects it sent, and where the next one goes on; null: that was all. */
export interface ReparseStep {
  readonly sent: number;
  readonly next: Reparse | null;
}

/**
 * Sends the next objects of these days to the queue, a thousand at most, and then a message that goes on with the rest. What is sent twice because a step ran
 * twice is parsed twice, and the same.
 */
export async function reparseLogs(
  { objects, send }: { readonly objects: Pick<LogObjects, 'list'>; readonly send: SendLogMessages },
  { from, to, after }: Reparse,
  signal?: AbortSignal,
): Promise<ReparseStep> {
  const listed = await objects.list(after ?? `cloudwatch/${from}/`, signal);
  const wanted = listed.filter((key) => key.slice('cloudwatch/'.length, 'cloudwatch/YYYY/MM/DD'.length) <= to);
  await send(
    wanted.map((key) => ({ keys: [key] })),
    signal,
  );
  const last = wanted.at(-1);
  if (last === undefined || wanted.length < listed.length) return { sent: wanted.length, next: null };
  const next = { from, to, after: last };
  await send([{ reparse: next }], signal);
  return { sent: wanted.length, next };
}
