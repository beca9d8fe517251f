import { describe, expect, it } from '@jest/globals';
import { renderAlertText } from '../../../lib/render/alert/text.ts';
import { happened, hostile, resolved } from './alerts.ts';

describe('an alert on a terminal', () => {
  it('has everything in rows, commands and addresses in one piece', () => {
    const text = renderAlertText([happened]);

    expect(text).toBe(`HIGH  TLS was weakened: orders and payments (tls-weakened)
  what    rds.force_ssl was set to 0 (1 before) in group shared-pg16. orders and payments may accept
          connections without TLS. It is in effect at once.
  who     alice (role/dba-oncall) from 203.0.113.40 with the AWS CLI
  when    2026-05-03 11:58 UTC, told after 12 s
  where   eu-central-1, account 111122223333
  on      orders and payments
  changed rds.force_ssl: 1 → 0
  effect  in effect
  opened  1c52d9a0e6b14f6f8d2a3b4c5d6e7f80
  undo    ${happened.remediation?.command}
          effective at once
  event   aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
  see     the event: ${happened.links.event}
          the cluster: ${happened.links.cluster}
`);
  });

  it('leaves out what is not known', () => {
    const text = renderAlertText([{ ...resolved, inEffect: null, account: null, findings: [] }]);

    expect(text).not.toMatch(/^ {2}(?:who|when|undo|event|effect|finding) |undefined|null/m);
  });

  it('says what to do where no command is known', () => {
    const fix = 'Start the trail again.\u001b[2J';
    const without = renderAlertText([{ ...happened, remediation: null, fix }]);
    const beside = renderAlertText([{ ...happened, fix }]);

    expect(without).toContain('\n  fix     Start the trail again.\\x1b[2J\n');
    expect(beside).not.toContain('Start the trail');
  });

  it('says whose account it was where it was another', () => {
    const principal = { arn: null, type: 'AWSAccount', account: '444455556666', issuer: null, session: null, invokedBy: null };

    const text = renderAlertText([{ ...happened, principal }]);

    expect(text).toContain('444455556666');
  });

  it('names root, and the service that acted', () => {
    const nobody = { arn: null, account: '111122223333', issuer: null, session: null };
    const byRoot = renderAlertText([{ ...happened, principal: { ...nobody, type: 'Root', invokedBy: null } }]);
    const byService = renderAlertText([{ ...happened, principal: { ...nobody, type: 'AWSService', invokedBy: 'backup.amazonaws.com' } }]);

    expect(byRoot).toContain('who     root from');
    expect(byService).toContain('who     backup.amazonaws.com from');
  });

  it('writes out control characters and drops none', () => {
    const text = renderAlertText([hostile]);

    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(text).toContain('\\x1b]0;x\\x07');
    expect(text).toContain('\\r\\nBcc');
    expect(text).toContain('\\u202e');
  });

  it('divides several by an empty line', () => {
    const text = renderAlertText([happened, resolved]);

    expect(text).toContain('is-cluster=true\n\nHIGH  Resolved: tls-required on orders and payments (tls-required)');
    expect(renderAlertText([])).toBe('');
  });
});
