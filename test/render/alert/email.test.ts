import { describe, expect, it } from '@jest/globals';
import { emailBody, emailSubject, renderAlertEmail } from '../../../lib/render/alert/email.ts';
import { happened, hostile, resolved } from './alerts.ts';

describe('an e-mail', () => {
  it('reads like a colleague wrote it', () => {
    const body = emailBody(happened);

    expect(body).toBe(`Hello,

TLS was weakened: orders and payments. It was alice (role/dba-oncall) from
203.0.113.40 with the AWS CLI, on 3 May 2026 at 11:58 UTC in account
111122223333.

rds.force_ssl was set to 0 (1 before) in group shared-pg16. orders and
payments may accept connections without TLS. It is in effect at once.

Before and after:
  rds.force_ssl: 1 → 0

Affected in eu-central-1: orders and payments. It is in effect now.

It opened the finding 1c52d9a0e6b14f6f8d2a3b4c5d6e7f80.

To undo it:

    ${happened.remediation?.command}

That is effective at once.

To look at it in the console:
  the event: ${happened.links.event}
  the cluster: ${happened.links.cluster}

--
Aurora Watch, check tls-weakened, alert 0123456789abcdef0123456789abcdef,
event aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee, told 12 s after the call
`);
  });

  it('says what to do where no command is known', () => {
    const email = renderAlertEmail([{ ...happened, remediation: null, fix: 'Start the trail again.\u202e' }]);

    expect(email).toContain('\n\nWhat to do: Start the trail again.\\u202e\n\n');
    expect(email).not.toContain('To undo it');
  });

  it('says when it is put right', () => {
    const body = emailBody(resolved);

    expect(body).toContain('this has been put right in account 111122223333: tls-required on orders and\npayments.');
    expect(body).toContain('It was\nopen for 3 hours.');
    expect(body).toContain('This is about the finding 1c52d9a0e6b14f6f8d2a3b4c5d6e7f80.');
    expect(body).not.toMatch(/undo|undefined|null/);
  });

  it('names what CloudFormation did for somebody once', () => {
    const body = emailBody({
      ...happened,
      tool: 'cloudformation',
      sourceAddress: 'cloudformation.amazonaws.com',
      principal: happened.principal && { ...happened.principal, invokedBy: 'cloudformation.amazonaws.com' },
    });

    expect(body).toContain('It was alice (role/dba-oncall) with\nCloudFormation, on 3 May 2026');
  });

  it('writes a list as words', () => {
    const body = emailBody({ ...happened, before: { restore: [] }, after: { restore: ['all', '444455556666'], nested: [{ a: 1 }] } });

    expect(body).toContain('  restore: empty → all, 444455556666\n  nested: not known → a 1');
  });

  it('says that a change waits', () => {
    const body = emailBody({ ...happened, inEffect: false, reason: 'It waits.' });

    expect(body).toContain('It is not in effect yet.');
  });

  it.each([
    ['a change', happened, '[high] TLS was weakened: orders and payments'],
    ['what is put right', resolved, '[high] Resolved: tls-required on orders and payments'],
    ['a finding that opened', { ...resolved, transition: 'opened' } as const, '[high] tls-required fails on orders and payments'],
  ])('has a subject for %s', (_name, alert, subject) => {
    expect(emailSubject(alert)).toBe(subject);
  });

  it.each([
    ['hostile', hostile],
    ['long', { ...happened, title: 'x'.repeat(500) }],
    ['not ASCII', { ...happened, title: 'Größe → \u{1f4a5}\n' }],
  ])('has a subject that SNS takes: %s', (_name, alert) => {
    expect(emailSubject(alert)).toMatch(/^[\x20-\x7e]{1,99}$/);
  });

  it('writes out what would move or hide text, and lets nothing start a line of its own', () => {
    const text = renderAlertEmail([hostile]);

    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(text).toContain('\\x1b[31m');
    expect(text).toContain('\\u202e');
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text).not.toContain('javascript:');
  });

  it('divides several', () => {
    const text = renderAlertEmail([happened, resolved]);

    expect(text.match(/^Subject: /gm)).toHaveLength(2);
    expect(text.match(/^={78}$/gm)).toHaveLength(1);
    expect(renderAlertEmail([])).toBe('');
  });
});
