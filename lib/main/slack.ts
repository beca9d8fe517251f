import { z } from 'zod/mini';
import { createSlack } from '../adapters/aws/slack.ts';
import type { Alert } from '../domain/alert.ts';
import type { Digest } from '../domain/digest.ts';
import type { ReportNotice } from '../domain/report-notice.ts';
import { digestSchema } from '../intake/digest.ts';
import { alertSchema } from '../intake/report.ts';
import { reportNoticeSchema } from '../intake/report-notice.ts';
import { slackDigest } from '../render/alert/digest.ts';
import { slackReport } from '../render/alert/report.ts';
import { slackMessage } from '../render/alert/slack.ts';
import { environmentValue, openHome } from './home.ts';

let slack: Promise<ReturnType<typeof createSlack>> | undefined;

/** A message of the queue that holds no alert, no digest and no word of a report: nothing will ever make of it, so it ends in the dead-letter queue. */
export class NoAlertError extends Error {
  override readonly name = 'NoAlertError';
}

/** Posts one message of the topic, as SNS puts it into a queue. Rejects where it could not be posted. */
export async function postToSlack(body: string, signal: AbortSignal): Promise<void> {
  const told = toldIn(body);
  const message = slackMessageOf(told);
  slack ??= openSlack();
  const post = await slack;
  await post(message, signal);
}

function slackMessageOf(told: Alert | Digest | ReportNotice): object {
  if (!('kind' in told)) return slackMessage(told);
  return told.kind === 'digest' ? slackDigest(told) : slackReport(told);
}

/** What people are told in a message that SNS put into a queue: the queue's part of it, with or without SNS's envelope. Throws a {@link NoAlertError}. */
export function toldIn(body: string): Alert | Digest | ReportNotice {
  const outer = parse(body);
  const inner =
    typeof outer === 'object' && outer !== null && 'Message' in outer && typeof outer.Message === 'string' ? parse(outer.Message) : outer;
  const read = z.safeParse(z.union([digestSchema, reportNoticeSchema, alertSchema]), inner);
  if (!read.success) throw new NoAlertError('The message is no alert, no digest and no word of a report.', { cause: read.error });
  return read.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoAlertError('The message is not JSON.', { cause: error });
  }
}

async function openSlack(): Promise<ReturnType<typeof createSlack>> {
  const { access, region } = await openHome();
  return createSlack(access, { region, parameter: environmentValue('WEBHOOK_PARAMETER') });
}
