import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { CloudTrailEvent } from '../../domain/event.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Puts an event into the queue of changes once more, to be seen after `delaySeconds`. */
export function createChangeQueue(
  access: AccountAccess,
  { region, queueUrl, delaySeconds }: { readonly region: string; readonly queueUrl: string; readonly delaySeconds: number },
): (event: CloudTrailEvent, signal?: AbortSignal) => Promise<void> {
  const client = new SQSClient(clientSettings(access, region));
  return async (event, signal) => {
    const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify({ lookAgain: event }), DelaySeconds: delaySeconds };
    await client.send(new SendMessageCommand(message), signal ? { abortSignal: signal } : {});
  };
}
