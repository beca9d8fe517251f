import { rootLockedAway } from '../../../lib/checks/posture/root-locked-away.ts';
import { denied } from '../../evidence/answers.ts';
import { credentialReport, janeRow, rootRow } from '../../evidence/identities.ts';
import { testPosture } from './table.ts';

const root = (row: Readonly<Record<string, string>>) => ({
  'iam get-credential-report': credentialReport({ ...rootRow, ...row }, janeRow),
});
const summary = (SummaryMap: unknown) => ({ 'iam get-account-summary': { SummaryMap } });
const noSummary = { 'iam get-account-summary': undefined };
const noReport = { 'iam get-credential-report': denied };

testPosture(rootLockedAway, {
  passes: [
    { name: 'locked away', says: 'The root user has no access key. It has MFA. Nobody used it since 2025-01-01.' },
    { name: 'never used', answers: root({ password_last_used: 'no_information' }), says: /Nobody ever used it\.$/ },
    { name: 'the report alone', answers: noSummary },
    {
      name: 'no password at all',
      answers: summary({ AccountAccessKeysPresent: 0, AccountMFAEnabled: 0, AccountPasswordPresent: 0 }),
      says: /no password/,
    },
    { name: 'used 91 days ago', answers: root({ password_last_used: '2026-02-01T12:00:00+00:00' }) },
    { name: 'numbers as text', answers: summary({ AccountAccessKeysPresent: '0', AccountMFAEnabled: '1', AccountPasswordPresent: '1' }) },
  ],
  fails: [
    {
      name: 'a key',
      answers: { ...noSummary, ...root({ access_key_2_active: 'true' }) },
      says: 'The root user has an access key.',
      evidence: { accessKey: true },
    },
    {
      name: 'a key, by the summary',
      answers: { ...noReport, ...summary({ AccountAccessKeysPresent: 1, AccountMFAEnabled: 1 }) },
      evidence: { accessKey: true },
    },
    {
      name: 'no MFA',
      answers: { ...noSummary, ...root({ mfa_active: 'false' }) },
      says: 'The root user has no MFA.',
      evidence: { mfa: false },
    },
    { name: 'no MFA, by the summary', answers: summary({ AccountAccessKeysPresent: 0, AccountMFAEnabled: 0, AccountPasswordPresent: 1 }) },
    {
      name: 'used last week',
      answers: root({ password_last_used: '2026-04-26T08:00:00+00:00' }),
      says: 'The root user was used on 2026-04-26.',
      evidence: { lastUsed: '2026-04-26T08:00:00.000Z' },
    },
    { name: 'used by a key that is gone', answers: root({ access_key_1_last_used_date: '2026-04-26T08:00:00+00:00' }) },
    {
      name: 'all at once',
      answers: { ...noSummary, ...root({ access_key_1_active: 'TRUE', mfa_active: 'FALSE' }) },
      evidence: { accessKey: true, mfa: false },
      command: null,
    },
  ],
  unknown: [
    { name: 'both denied', answers: { ...noReport, 'iam get-account-summary': denied }, says: /denied/ },
    { name: 'the report denied: nobody knows of its use', answers: noReport, says: /get-credential-report/ },
    {
      name: 'the root user is not in the report',
      answers: { 'iam get-credential-report': credentialReport(janeRow) },
      says: /not in the report/,
    },
    { name: 'a time that cannot be read', answers: root({ password_last_used: 'lately' }) },
  ],
});
