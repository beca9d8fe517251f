import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../lib/domain/alert.ts';
import { NoAlertError, toldIn } from '../../../lib/main/slack.ts';
import { emailBody } from '../../../lib/render/alert/email.ts';
import { topicMessage } from '../../../lib/render/alert/message.ts';
import { renderAlertText } from '../../../lib/render/alert/text.ts';
import { happened, hostile, resolved } from './alerts.ts';

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** A group that 500 clusters with long names use. */
const crowd: Alert = {
  ...happened,
  resources: Array.from({ length: 500 }, (_, index) => {
    const name = `cluster-${String(index).padStart(4, '0')}-${'x'.repeat(50)}`;
    return { arn: `arn:aws:rds:eu-central-1:111122223333:cluster:${name}`, type: 'cluster', name, region: 'eu-central-1' };
  }),
  findings: Array.from({ length: 2000 }, (_, index) => index.toString(16).padStart(32, '0')),
  remediation: {
    command: Array.from(
      { length: 3000 },
      (_, index) => `aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier member-${index}`,
    ).join('\n'),
    effect: 'after a reboot',
  },
};

describe('a message of the topic', () => {
  it('has a part for each protocol, and attributes for filters', () => {
    const { subject, message, attributes } = topicMessage(happened);
    const parts: Readonly<Record<string, string>> = JSON.parse(message);

    expect(subject).toBe('[high] TLS was weakened: orders and payments');
    expect(Object.keys(parts).sort()).toEqual(['default', 'email', 'sqs']);
    expect(parts.default).toBe(renderAlertText([happened]));
    expect(parts.email).toBe(emailBody(happened));
    expect(JSON.parse(parts.sqs ?? '')).toEqual(happened);
    expect(attributes).toEqual({
      severity: 'high',
      check: 'tls-weakened',
      transition: 'happened',
      account: '111122223333',
      region: 'eu-central-1',
    });
  });

  it('is cut to what SNS takes, and says how many more there are', () => {
    const { message } = topicMessage(crowd);
    const parts: Readonly<Record<string, string>> = JSON.parse(message);
    const alert: Alert = JSON.parse(parts.sqs ?? '');

    expect(bytes(JSON.stringify(crowd))).toBeGreaterThan(256 * 1024);
    expect(bytes(message)).toBeLessThanOrEqual(256 * 1024);
    expect(alert).toMatchObject({ id: crowd.id, eventId: crowd.eventId, check: crowd.check });
    expect(alert.resources.length).toBeGreaterThan(9);
    expect(alert.resources.length === 500 || alert.reason.endsWith(` And ${500 - alert.resources.length} more resources.`)).toBe(true);
    expect(/\n# and (\d+) more$/.exec(alert.remediation?.command ?? '')?.[1]).toBe(
      String(3000 - (alert.remediation?.command.split('\n').length ?? 0) + 1),
    );
  });

  it.each([
    ['a reason without an end', { ...happened, reason: '\u0000<&"'.repeat(200_000) }],
    ['values without an end', { ...happened, before: { x: 'ä'.repeat(400_000) }, after: { x: '\u0001'.repeat(300_000) } }],
    ['one command without an end', { ...happened, remediation: { command: 'x'.repeat(600_000), effect: 'at once' } }],
  ])('is cut where there is %s', (_name, alert) => {
    const { message } = topicMessage(alert);

    expect(bytes(message)).toBeLessThanOrEqual(256 * 1024);
  });
});

describe('what Slack is given of it', () => {
  it.each([
    ['a change', happened],
    ['what is put right', resolved],
  ])('reads the queue part in the envelope of SNS: %s', (_name, alert) => {
    const parts: Readonly<Record<string, string>> = JSON.parse(topicMessage(alert).message);

    const read = toldIn(JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-central-1:111122223333:x', Message: parts.sqs }));

    expect(read).toEqual(alert);
  });

  it('reads it without an envelope', () => {
    expect(toldIn(JSON.stringify(resolved))).toEqual(resolved);
  });

  it.each([
    ['no JSON', 'hello'],
    ['another message', '{"Type": "Notification", "Message": "hello"}'],
    ['a part of an alert', JSON.stringify({ ...hostile, severity: 'urgent' })],
  ])('refuses %s', (_name, body) => {
    expect(() => toldIn(body)).toThrow(NoAlertError);
  });
});
