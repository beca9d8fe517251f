import { credentialsRotated } from '../../../lib/checks/posture/credentials-rotated.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { denied } from '../../evidence/answers.ts';
import { attached, credentialReport, details, janeRow, rootRow, user } from '../../evidence/identities.ts';
import { testPosture } from './table.ts';

const jane = (row: Readonly<Record<string, string>>) => ({
  'iam get-credential-report': credentialReport(rootRow, { ...janeRow, ...row }),
});
const password = {
  password_enabled: 'true',
  password_last_changed: '2026-04-01T00:00:00+00:00',
  password_last_used: '2026-05-01T00:00:00+00:00',
};

testPosture(credentialsRotated, {
  passes: [
    { name: 'a young key in use', says: "jane's access key 1 is 32 days old and in use." },
    {
      name: 'a young key that nobody used yet',
      answers: jane({ access_key_1_last_used_date: 'N/A' }),
      says: "jane's access key 1 is 32 days old and was not used yet.",
    },
    {
      name: 'an old key that is not active',
      answers: jane({ access_key_1_active: 'false', access_key_1_last_rotated: '2020-01-01T00:00:00+00:00' }),
      says: 'jane has no active key and no console password.',
    },
    { name: 'a young password in use', answers: jane(password) },
    {
      name: 'a key made last week, never used',
      answers: jane({ access_key_1_last_rotated: '2026-04-26T00:00:00+00:00', access_key_1_last_used_date: 'N/A' }),
    },
    { name: 'exactly 90 days old', answers: jane({ access_key_1_last_rotated: '2026-02-02T12:00:00+00:00' }) },
    {
      name: 'another limit',
      answers: jane({ access_key_1_last_rotated: '2025-12-01T00:00:00+00:00' }),
      configuration: { thresholds: { ...defaultConfiguration.thresholds, keyAgeDays: 365 } },
    },
  ],
  fails: [
    {
      name: 'an old key',
      answers: jane({ access_key_1_last_rotated: '2026-01-03T12:00:00+00:00' }),
      says: "jane's access key 1 is 120 days old.",
      evidence: { 'access key 1': { changed: '2026-01-03T12:00:00.000Z', lastUsed: '2026-05-01T08:00:00.000Z' } },
      command: 'aws iam list-access-keys --user-name jane',
    },
    {
      name: 'an old second key',
      answers: jane({
        access_key_2_active: 'true',
        access_key_2_last_rotated: '2025-01-03T12:00:00+00:00',
        access_key_2_last_used_date: '2026-05-01T08:00:00+00:00',
      }),
      says: /access key 2/,
    },
    {
      name: 'a key that nobody uses',
      answers: jane({ access_key_1_last_rotated: '2026-03-01T00:00:00+00:00', access_key_1_last_used_date: '2026-03-10T00:00:00+00:00' }),
      says: "jane's access key 1 was last used on 2026-03-10.",
    },
    {
      name: 'a key that was never used',
      answers: jane({ access_key_1_last_rotated: '2026-03-01T00:00:00+00:00', access_key_1_last_used_date: 'N/A' }),
      says: /was never used/,
    },
    {
      name: 'an old password',
      answers: jane({ ...password, password_last_changed: '2025-01-01T00:00:00+00:00' }),
      says: /console password is/,
    },
    {
      name: 'a password that nobody uses',
      answers: jane({ ...password, password_last_changed: '2026-03-01T00:00:00+00:00', password_last_used: 'no_information' }),
      says: /console password was never used/,
    },
  ],
  unknown: [
    { name: 'the report denied', answers: { 'iam get-credential-report': denied }, says: /denied/ },
    { name: 'jane is not in the report', answers: { 'iam get-credential-report': credentialReport(rootRow) }, says: /not in the report/ },
    { name: 'an age that cannot be read', answers: jane({ access_key_1_last_rotated: 'long ago' }), says: /access key 1/ },
    {
      name: 'the text of a policy is not there',
      answers: details({ UserDetailList: [user({ GroupList: [], AttachedManagedPolicies: attached('gone') })] }),
      says: /policy\/gone/,
    },
  ],
});
