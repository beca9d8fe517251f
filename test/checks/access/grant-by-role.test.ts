import { grantByRole } from '../../../lib/checks/access/grant-by-role.ts';
import { denied } from '../../evidence/answers.ts';
import { connect, credentialReport, dbuser, details, group, inline, janeRow, policy, rootRow, user } from '../../evidence/identities.ts';
import { testPosture } from '../posture/table.ts';

const jane = details({ UserDetailList: [user({ GroupList: [], UserPolicyList: [inline(policy(connect(dbuser('app'))))] })] });
const report = (row: Readonly<Record<string, string>>) => ({
  ...jane,
  'iam get-credential-report': credentialReport(rootRow, { ...janeRow, ...row }),
});

testPosture(grantByRole, {
  passes: [
    { name: 'a role', says: 'role orders-app is a role: its credentials are temporary.' },
    {
      name: 'a user without an active key',
      answers: report({ access_key_1_active: 'false' }),
      says: 'user jane has no active access key.',
    },
  ],
  fails: [
    {
      name: 'a user with a key',
      answers: jane,
      says: 'user jane holds the grant with a long-lived access key.',
      evidence: { principal: 'arn:aws:iam::111122223333:user/jane', grants: [dbuser('app')], databaseUsers: ['app'] },
      command: 'aws iam list-access-keys --user-name jane',
    },
    { name: 'the second key', answers: report({ access_key_1_active: 'false', access_key_2_active: 'true' }) },
    {
      name: 'through a group',
      answers: details({
        UserDetailList: [user()],
        GroupDetailList: [group({ GroupPolicyList: [inline(policy(connect(dbuser('app'))))] })],
      }),
    },
  ],
  unknown: [
    { name: 'the report is denied', answers: { ...jane, 'iam get-credential-report': denied }, says: /denied/ },
    { name: 'the report is not collected', answers: { ...jane, 'iam get-credential-report': undefined }, says: /not collected/ },
    {
      name: 'the report is no CSV',
      answers: { ...jane, 'iam get-credential-report': { Content: 'bm90IGEgcmVwb3J0' } },
      says: /unreadable/,
    },
  ],
});
