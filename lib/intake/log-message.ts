import { z } from 'zod/mini';
import type { Reparse } from '../domain/log-object.ts';

/** What a message wants: objects of the stream parsed, or history parsed again. */
export type LogMessage = { readonly keys: readonly string[] } | { readonly reparse: Reparse };

/** A message that nothing will ever be made of: it ends in the dead-letter queue. */
export class LogMessageError extends Error {
  override readonly name = 'LogMessageError';
}

const day = z.string().check(z.regex(/^\d{4}\/\d\d\/\d\d$/));
const reparseSchema = z.object({ reparse: z.object({ from: day, to: day, after: z.optional(z.string()) }) });
const ownSchema = z.object({ keys: z.array(z.string()) });
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const notificationSchema = z.object({
  Records: z.array(z.object({ s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }) })),
});
const testSchema = z.object({ Event: z.literal('s3:TestEvent') });

/** Reads the body of a message; `bucket` is the one whose notifications are meant. Throws a {@link LogMessageError}. */
export function readLogMessage(body: string, bucket: string): LogMessage {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch (cause) {
    throw new LogMessageError('The message is not JSON.', { cause });
  }
  const notification = z.safeParse(notificationSchema, message);
  if (notification.success) {
    const keys = notification.data.Records.map(({ s3 }) => {
      if (s3.bucket.name !== bucket) throw new LogMessageError('The message is of another bucket.');
      return decodeKey(s3.object.key);
    });
    return { keys };
  }
  const own = z.safeParse(ownSchema, message);
  if (own.success) return own.data;
  // What S3 sends when its notifications are set up.
  if (z.safeParse(testSchema, message).success) return { keys: [] };
  return readReparse(message);
}

/** Reads what asks for history. Throws a {@link LogMessageError}. */
export function readReparse(message: unknown): { readonly reparse: Reparse } {
  const asked = z.safeParse(reparseSchema, message);
  if (!asked.success)
    throw new LogMessageError('The message wants neither objects parsed nor {"reparse": {"from": "YYYY/MM/DD", "to": "YYYY/MM/DD"}}.');
  return asked.data;
}

/** Notifications write keys as forms do. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (cause) {
    throw new LogMessageError('The message names a key that cannot be read.', { cause });
  }
}
