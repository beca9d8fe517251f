import { permissionsThroughGroups } from '../../../lib/checks/posture/permissions-through-groups.ts';
import { attached, details, group, inline, managed, policy, user } from '../../evidence/identities.ts';
import { testPosture } from './table.ts';

const allow = (Action: unknown, Resource: unknown = '*') => policy({ Effect: 'Allow', Action, Resource });
const jane = (override: Readonly<Record<string, unknown>>, lists: Readonly<Record<string, unknown>> = {}) =>
  details({ UserDetailList: [user(override)], GroupDetailList: [group()], ...lists });
const own = (document: unknown) => ({ UserPolicyList: [inline(document, 'own')] });

testPosture(permissionsThroughGroups, {
  passes: [
    { name: 'through a group', says: 'jane holds its RDS permissions through groups.' },
    { name: 'and another service directly', answers: jane(own(allow('s3:*'))) },
    { name: 'and everything on another service directly', answers: jane(own(allow('*', 'arn:aws:s3:::bucket/*'))) },
    {
      name: 'a direct permission that is denied',
      answers: jane(
        own(
          policy(
            { Effect: 'Allow', Action: 'rds:DeleteDBCluster', Resource: '*' },
            { Effect: 'Deny', Action: 'rds:Delete*', Resource: '*' },
          ),
        ),
      ),
    },
  ],
  fails: [
    {
      name: 'inline',
      answers: jane(own(allow('rds:ModifyDBCluster'))),
      says: 'jane holds RDS permissions directly, by policy own.',
      evidence: { user: 'arn:aws:iam::111122223333:user/jane', policies: ['own'] },
      command: 'aws iam delete-user-policy --user-name jane --policy-name own',
    },
    {
      name: 'attached',
      answers: jane({ AttachedManagedPolicies: attached('db') }, { Policies: [managed('db', allow('rds:*'))] }),
      command: 'aws iam detach-user-policy --user-name jane --policy-arn arn:aws:iam::111122223333:policy/db',
    },
    { name: 'an administrator', answers: jane({ GroupList: [], ...own(allow('*')) }) },
    { name: 'database logins', answers: jane(own(allow('rds-db:connect'))) },
    { name: 'the Data API', answers: jane(own(allow('rds-data:ExecuteStatement'))) },
    { name: 'capitals', answers: jane(own(allow('RDS:modifydbcluster'))) },
    { name: 'NotAction', answers: jane(own(policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }))) },
  ],
  unknown: [
    { name: 'the text of a policy is not there', answers: jane({ AttachedManagedPolicies: attached('gone') }), says: /policy\/gone/ },
  ],
});
