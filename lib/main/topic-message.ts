import type { TopicMessage } from '../adapters/aws/notify.ts';
import type { Alert } from '../domain/alert.ts';

/** Stub until the renderers are there. */
export function renderTopicMessage(alert: Alert): TopicMessage {
  const { severity, check, transition, account, region } = alert;
  const json = JSON.stringify(alert);
  return {
    subject: `${severity}: ${alert.title}`.slice(0, 100),
    message: JSON.stringify({ default: alert.reason, email: alert.reason, sqs: json }),
    attributes: { severity, check, transition, account: account ?? '', region },
  };
}
