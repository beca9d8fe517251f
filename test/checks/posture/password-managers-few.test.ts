import { passwordManagersFew } from '../../../lib/checks/posture/password-managers-few.ts';
import { unknown } from '../../../lib/domain/answer.ts';
import { cluster } from '../../evidence/answers.ts';
import { databaseRole, partOf, rolesOf } from '../../evidence/database-roles.ts';
import { testPosture } from './table.ts';

const manager = (name: string, override: Parameters<typeof databaseRole>[1] = {}) =>
  databaseRole(name, { createRole: true, memberOf: ['rds_password', 'rds_iam'], ...override });
const withPassword = (override: Parameters<typeof databaseRole>[1] = {}) =>
  databaseRole('old', { hasPassword: true, memberOf: [], ...override });
const master = databaseRole('orders_owner', { createRole: true, hasPassword: null, memberOf: ['rds_superuser'] });

testPosture(passwordManagersFew, {
  passes: [
    {
      name: 'nobody beside rds_superuser, IAM users only',
      databaseRoles: rolesOf(databaseRole('app'), master),
      says: '0 roles besides rds_superuser may set passwords. Every password has an end.',
    },
    { name: 'three who can create roles', databaseRoles: rolesOf(manager('a'), manager('b'), manager('c')) },
    { name: 'a password that ends', databaseRoles: rolesOf(withPassword({ validUntil: '2026-12-31T00:00:00Z' })) },
    { name: 'no password', databaseRoles: rolesOf(withPassword({ hasPassword: false })) },
    { name: 'a password that rds_iam makes void', databaseRoles: rolesOf(withPassword({ memberOf: ['rds_iam'] })) },
    { name: 'Kerberos', databaseRoles: rolesOf(withPassword({ memberOf: ['rds_ad'] })) },
    {
      name: 'rds_iam through a group',
      databaseRoles: rolesOf(databaseRole('team', { canLogin: false }), withPassword({ memberOf: ['team'] })),
    },
    {
      name: 'roles that belong to each other',
      databaseRoles: rolesOf(databaseRole('a', { memberOf: ['b'] }), databaseRole('b', { memberOf: ['a'] })),
    },
  ],
  fails: [
    {
      name: 'four',
      databaseRoles: rolesOf(manager('a'), manager('b'), manager('c'), manager('d')),
      says: '4 roles may set passwords: a, b, c and d.',
      evidence: { passwordManagers: ['a', 'b', 'c', 'd'] },
    },
    {
      name: 'one who cannot create roles',
      databaseRoles: rolesOf(manager('a', { createRole: false })),
      says: 'a may set passwords, but cannot create roles.',
    },
    {
      name: 'through a group',
      databaseRoles: rolesOf(
        databaseRole('team', { canLogin: false, memberOf: ['rds_password'] }),
        databaseRole('app', { memberOf: ['team', 'rds_iam'] }),
      ),
      evidence: { passwordManagers: ['app'] },
    },
    {
      name: 'a password without an end',
      databaseRoles: rolesOf(withPassword()),
      says: 'The password of old has no end.',
      evidence: { withoutEnd: ['old'] },
    },
    { name: 'nobody may read whether it has one', databaseRoles: rolesOf(withPassword({ hasPassword: null })) },
    {
      name: 'a master user whose password nobody rotates',
      answers: { 'rds describe-db-clusters': { DBClusters: [cluster({ MasterUserSecret: undefined })] } },
      databaseRoles: rolesOf(master),
      evidence: { withoutEnd: ['orders_owner'] },
    },
  ],
  unknown: [
    { name: 'not collected', says: /^not collected: database\/orders\/roles\.json/, severity: 'low' },
    {
      name: 'one that may be a master user whose password RDS rotates',
      answers: { 'rds describe-db-clusters': { DBClusters: [] } },
      databaseRoles: rolesOf(master),
      says: /orders is not in the answer/,
    },
    { name: 'one of the roles could not be read', databaseRoles: partOf(1), says: /1 of its roles could not be read$/, severity: 'low' },
    {
      name: 'unreadable',
      databaseRoles: new Map([['orders', unknown({ kind: 'unreadable', question: 'database/orders/roles.json', detail: '' })]]),
    },
  ],
});
