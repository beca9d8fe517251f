import { createSlack } from '../adapters/aws/slack.ts';
import { environmentValue, openHome } from './home.ts';

let slack: Promise<ReturnType<typeof createSlack>> | undefined;

/** Posts one message of the topic, as SNS puts it into a queue. Rejects where it could not be posted. */
export async function postToSlack(body: string, signal: AbortSignal): Promise<void> {
  slack ??= openSlack();
  const post = await slack;
  await post({ text: body }, signal);
}

async function openSlack(): Promise<ReturnType<typeof createSlack>> {
  const { access, region } = await openHome();
  return createSlack(access, { region, parameter: environmentValue('WEBHOOK_PARAMETER') });
}
