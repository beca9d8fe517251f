import type { TopicMessage } from '../adapters/aws/notify.ts';
import type { Alert } from '../domain/alert.ts';
import { topicMessage } from '../render/alert/message.ts';

/** The alert as a message of the topic. */
export function renderTopicMessage(alert: Alert): TopicMessage {
  return topicMessage(alert);
}
