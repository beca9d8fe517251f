import { databaseUsersInStep } from '../../../lib/checks/posture/database-users-in-step.ts';
import { denied } from '../../evidence/answers.ts';
import { databaseRole, partOf, rolesOf } from '../../evidence/database-roles.ts';
import { attached, connect, dbuser, details, policy, role } from '../../evidence/identities.ts';
import { testPosture } from './table.ts';

const app = databaseRole('orders_app');
const holding = (...resources: readonly string[]) => details({ RoleDetailList: [role(policy(connect(resources)))] });
const maybe = role(undefined, { RoleName: 'maybe', AttachedManagedPolicies: attached('gone') });

testPosture(databaseUsersInStep, {
  passes: [
    {
      name: 'one member, one grant',
      databaseRoles: rolesOf(app),
      says: 'Somebody holds a grant for every member of rds_iam (1). Every user that a grant names is in rds_iam. None of them has a password.',
    },
    {
      name: 'through a group',
      databaseRoles: rolesOf(databaseRole('team', { canLogin: false }), databaseRole('orders_app', { memberOf: ['team'] })),
    },
    { name: 'a grant for any user', answers: holding(dbuser('*')), databaseRoles: rolesOf(app, databaseRole('other')) },
    {
      name: 'an administrator',
      answers: details({ RoleDetailList: [role(policy({ Effect: 'Allow', Action: '*', Resource: '*' }))] }),
      databaseRoles: rolesOf(app),
    },
    {
      name: 'a grant for a user of another cluster',
      answers: holding(dbuser('orders_app'), dbuser('x', 'cluster-OTHER')),
      databaseRoles: rolesOf(app),
    },
  ],
  fails: [
    {
      name: 'a member without a grant',
      databaseRoles: rolesOf(app, databaseRole('left')),
      says: /^Nobody holds a grant for left, a member of rds_iam\./,
      evidence: { withoutGrant: ['left'] },
    },
    { name: 'a member without a grant, whatever could not be read', databaseRoles: partOf(1, app, databaseRole('left')) },
    {
      name: 'names compare with case',
      answers: holding(dbuser('ORDERS_APP')),
      databaseRoles: rolesOf(app),
      evidence: { withoutGrant: ['orders_app'], notInRdsIam: ['ORDERS_APP'] },
    },
    {
      name: 'a grant for a user outside rds_iam',
      databaseRoles: rolesOf(databaseRole('orders_app', { memberOf: [] })),
      evidence: { notInRdsIam: ['orders_app'] },
    },
    { name: 'a grant for a user that is not there', databaseRoles: rolesOf(), evidence: { notInRdsIam: ['orders_app'] } },
    {
      name: 'a password beside rds_iam',
      databaseRoles: rolesOf(databaseRole('orders_app', { hasPassword: true })),
      evidence: { withPassword: ['orders_app'] },
    },
    {
      name: 'a grant that is out of step, and of another role nobody can say',
      answers: details({ RoleDetailList: [role(policy(connect(dbuser('x')))), maybe] }),
      databaseRoles: rolesOf(app),
      evidence: { notInRdsIam: ['x'] },
    },
  ],
  unknown: [
    { name: 'roles not collected', says: /^not collected: database\/orders\/roles\.json/, severity: 'low' },
    {
      name: 'identities denied',
      answers: { 'iam get-account-authorization-details': denied },
      databaseRoles: rolesOf(app),
      says: /denied/,
      severity: 'low',
    },
    {
      name: 'a member that somebody may hold a grant for',
      answers: details({ RoleDetailList: [maybe] }),
      databaseRoles: rolesOf(app),
      says: /policy\/gone/,
    },
    {
      name: 'nobody may read whether it has a password',
      databaseRoles: rolesOf(databaseRole('orders_app', { hasPassword: null })),
      says: /could not be read/,
    },
    {
      name: 'a grant for a user who may be the role that could not be read',
      answers: holding(dbuser('orders_app'), dbuser('other')),
      databaseRoles: partOf(1, app),
      says: 'unreadable: database/orders/roles.json: 1 of its roles could not be read',
      severity: 'low',
    },
  ],
});
