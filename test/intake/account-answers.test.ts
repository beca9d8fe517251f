import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../../lib/intake/answers/index.ts';
import { questionOf } from '../evidence/answers.ts';
import { credentialReport, janeRow, rootRow } from '../evidence/identities.ts';

const read = (name: string, json: unknown) => readAnswer(questionOf(name), json);

describe('get-credential-report', () => {
  const jane = {
    user: 'jane',
    arn: 'arn:aws:iam::111122223333:user/jane',
    passwordEnabled: false,
    passwordLastUsed: 'never',
    passwordLastChanged: 'never',
    mfaActive: false,
    keys: [
      { active: true, lastRotated: '2026-04-01T08:00:00.000Z', lastUsed: '2026-05-01T08:00:00.000Z' },
      { active: false, lastRotated: 'never', lastUsed: 'never' },
    ],
  };
  const csv = Buffer.from(String(credentialReport(janeRow).Content), 'base64').toString();

  it.each([
    ['base64', credentialReport(janeRow).Content],
    ['the CSV itself', csv],
    ['CR LF and an empty line', Buffer.from(`${csv.replaceAll('\n', '\r\n')}\r\n\r\n`).toString('base64')],
  ])('reads %s', (_, Content) => {
    expect(read('iam get-credential-report', { Content })).toEqual({ known: true, value: { GeneratedTime: undefined, Rows: [jane] } });
  });

  it('keeps a comma and quotes in a quoted name', () => {
    const Content = csv.replace('\njane,', '\n"ja,""ne""",');

    expect(read('iam get-credential-report', { Content })).toMatchObject({ value: { Rows: [{ user: 'ja,"ne"', arn: jane.arn }] } });
  });

  it('counts a row without an ARN', () => {
    expect(read('iam get-credential-report', credentialReport(rootRow, { user: 'x', arn: '' }))).toMatchObject({
      known: true,
      rejected: 1,
    });
  });

  it.each([{}, { Content: 7 }, { Content: 'AAAA' }, [], null])('refuses %j', (json) => {
    expect(read('iam get-credential-report', json)).toMatchObject({ known: false, cause: { kind: 'unreadable' } });
  });
});

describe('other answers about the account', () => {
  it.each([
    ['iam get-account-authorization-details', {}],
    ['iam get-account-summary', { SummaryMap: [] }],
    ['iam get-service-last-accessed-details x', []],
    ['cloudtrail describe-trails', { trailList: 'x' }],
    ['cloudtrail get-trail-status main', {}],
    ['cloudtrail get-event-selectors main', {}],
    ['guardduty list-detectors', {}],
    ['guardduty get-detector x', {}],
    ['securityhub describe-hub', {}],
  ])('%s: another shape is unreadable', (name, json) => {
    expect(read(name, json)).toMatchObject({ known: false, cause: { kind: 'unreadable' } });
  });

  it('counts roles and trails that have no ARN, and keeps the rest', () => {
    const roles = { RoleDetailList: [{ RoleName: 'x' }, { RoleName: 'y', Arn: 'arn:aws:iam::111122223333:role/y' }] };

    expect(read('iam get-account-authorization-details', roles)).toMatchObject({ known: true, rejected: 1 });
    expect(read('cloudtrail describe-trails', { trailList: [{ Name: 'x' }] })).toMatchObject({ known: true, rejected: 1 });
  });

  it('does not take a time that it cannot read for never', () => {
    const services = { ServicesLastAccessed: [{ ServiceNamespace: 'rds-db', LastAuthenticated: 'lately' }] };

    expect(read('iam get-service-last-accessed-details x', services)).toMatchObject({ rejected: 1, value: { ServicesLastAccessed: [] } });
  });
});
