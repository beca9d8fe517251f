import { rdsAdminLimited } from '../../../lib/checks/posture/rds-admin-limited.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { denied } from '../../evidence/answers.ts';
import { attached, details, managed, policy, role, user } from '../../evidence/identities.ts';
import { testPosture } from './table.ts';

const allow = (Action: unknown, Resource: unknown = '*') => ({ Effect: 'Allow', Action, Resource });
const roles = (...statements: readonly Readonly<Record<string, unknown>>[]) =>
  details({ RoleDetailList: [role(policy(...statements), { RoleName: 'platform-admin' })] });
const arn = 'arn:aws:iam::111122223333:role/platform-admin';
const listedRole = { allowed: { ...defaultConfiguration.allowed, rdsAdministrators: ['arn:aws:iam::*:role/platform-admin'] } };

testPosture(rdsAdminLimited, {
  passes: [
    { name: 'nobody' },
    { name: 'on the allowed list', answers: roles(allow('rds:*')), configuration: listedRole },
    { name: 'one cluster', answers: roles(allow('rds:*', 'arn:aws:rds:eu-central-1:111122223333:cluster:orders')) },
    { name: 'some actions', answers: roles(allow(['rds:Describe*', 'rds:ModifyDBCluster'])) },
    { name: 'denied', answers: roles(allow('rds:*'), { Effect: 'Deny', Action: 'rds:*', Resource: '*' }) },
    {
      name: 'all that changes is denied',
      answers: roles(allow('*'), { Effect: 'Deny', Action: ['rds:Modify*', 'rds:Delete*'], Resource: '*' }),
    },
    { name: 'NotAction that leaves RDS out', answers: roles({ Effect: 'Allow', NotAction: ['rds:*', 'iam:*'], Resource: '*' }) },
    {
      name: 'within a boundary without RDS',
      answers: details({
        RoleDetailList: [
          role(policy(allow('*')), { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/limit' } }),
        ],
        Policies: [managed('limit', policy(allow('s3:*')))],
      }),
    },
  ],
  fails: [
    {
      name: 'rds:* on everything',
      answers: roles(allow('rds:*')),
      says: `1 principal may change everything in RDS and is not on the allowed list: ${arn}.`,
      evidence: { principals: [{ arn, policy: 'connect', condition: null }] },
      command: null,
    },
    { name: 'an administrator', answers: roles(allow('*')) },
    { name: 'capitals', answers: roles(allow('RDS:*')) },
    { name: 'all ARNs of RDS', answers: roles(allow('rds:*', 'arn:aws:rds:*:*:*')) },
    { name: 'all ARNs of this account', answers: roles(allow('rds:*', 'arn:aws:rds:*:111122223333:*')) },
    { name: 'a power user', answers: roles({ Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }) },
    { name: 'only deletions are denied', answers: roles(allow('rds:*'), { Effect: 'Deny', Action: 'rds:Delete*', Resource: '*' }) },
    {
      name: 'conditional, said so',
      answers: roles({ ...allow('rds:*'), Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      says: /only if Bool aws:MultiFactorAuthPresent = true/,
    },
    {
      name: 'a user by an attached policy',
      answers: details({
        UserDetailList: [user({ GroupList: [], AttachedManagedPolicies: attached('db') })],
        Policies: [managed('db', policy(allow('rds:*')))],
      }),
      says: /user\/jane/,
    },
    {
      name: 'one is known, of another nobody can say',
      answers: details({
        RoleDetailList: [role(policy(allow('rds:*'))), role(undefined, { RoleName: 'x', AttachedManagedPolicies: attached('gone') })],
      }),
    },
  ],
  unknown: [
    { name: 'denied', answers: { 'iam get-account-authorization-details': denied }, says: /denied/ },
    {
      name: 'the text of a policy is not there',
      answers: details({ RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('gone') })] }),
      says: /policy\/gone/,
    },
    {
      name: 'on the list, but of another nobody can say',
      answers: details({
        RoleDetailList: [
          role(policy(allow('rds:*')), { RoleName: 'platform-admin' }),
          role(undefined, { RoleName: 'x', AttachedManagedPolicies: attached('gone') }),
        ],
      }),
      configuration: listedRole,
    },
  ],
});
