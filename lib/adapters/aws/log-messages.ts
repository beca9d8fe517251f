import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SendLogMessages } from '../../ports/log-objects.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** SQS takes no more at once. */
const mostAtOnce = 10;

/** Puts messages into the queue of objects to be parsed. */
export function createLogMessages(
  access: AccountAccess,
  { region, queueUrl }: { readonly region: string; readonly queueUrl: string },
): SendLogMessages {
  const client = new SQSClient(clientSettings(access, region));
  return async (messages, signal) => {
    for (let at = 0; at < messages.length; at += mostAtOnce) {
      const Entries = messages.slice(at, at + mostAtOnce).map((body) => ({ Id: randomUUID(), MessageBody: JSON.stringify(body) }));
      const batch = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed = [] } = await client.send(batch, signal ? { abortSignal: signal } : {});
      if (Failed[0]) throw new Error(`SQS did not take ${Failed.length} messages: ${Failed[0].Message ?? Failed[0].Code}.`);
    }
  };
}
