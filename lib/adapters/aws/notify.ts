import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Alert } from '../../domain/alert.ts';
import type { Notify } from '../../ports/notify.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** One message of SNS: `message` is JSON with a part per protocol; attributes are for filter policies. */
export interface TopicMessage {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Publishes alerts to a topic, in the form that `render` gives them. */
export function createNotify(
  access: AccountAccess,
  { region, topicArn, render }: { readonly region: string; readonly topicArn: string; readonly render: (alert: Alert) => TopicMessage },
): Notify {
  const publish = createPublish(access, { region, topicArn });
  return (alert, signal) => publish(render(alert), signal);
}

/** Publishes messages to a topic. Rejects where the topic refuses. */
export function createPublish(
  access: AccountAccess,
  { region, topicArn }: { readonly region: string; readonly topicArn: string },
): (message: TopicMessage, signal?: AbortSignal) => Promise<void> {
  const client = new SNSClient(clientSettings(access, region));
  return async ({ subject, message, attributes }, signal) => {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        Message: message,
        MessageStructure: 'json',
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes)
            .filter(([, value]) => value !== '')
            .map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
        ),
      }),
      signal ? { abortSignal: signal } : {},
    );
  };
}
