import { describe, expect, it } from '@jest/globals';
import { readDatabaseRoles } from '../../lib/intake/database-roles.ts';

const app = {
  name: 'app',
  canLogin: true,
  superuser: false,
  createRole: false,
  hasPassword: null,
  validUntil: '2026-12-31T22:00:00Z',
  memberOf: ['rds_iam'],
};
const plain = JSON.stringify([app]);

describe('readDatabaseRoles', () => {
  it.each([
    ['what psql -XAtq prints', `${plain}\n`],
    ['a byte-order mark and CR LF', `\uFEFF${plain}\r\n`],
    ['what psql prints without options', `  roles  \n---------\n ${plain}\n(1 row)\n\n`],
    ['the row of a client that exports JSON', JSON.stringify([{ roles: [app] }])],
    ['the same with the column as text', JSON.stringify([{ roles: plain }])],
    ['a role met twice', JSON.stringify([app, app])],
  ])('reads %s', (_, text) => {
    expect(readDatabaseRoles(text)).toEqual({ roles: [app], rejected: 0 });
  });

  it.each([
    ['no name', { ...app, name: undefined }],
    ['a flag as something else', { ...app, canLogin: 'perhaps' }],
    ['an end that is no time', { ...app, validUntil: 'soon' }],
    ['a text', 'app'],
  ])('counts a role with %s', (_, role) => {
    expect(readDatabaseRoles(JSON.stringify([app, role]))).toEqual({ roles: [app], rejected: 1 });
  });

  it.each(['', 'null', '{}', '[]', '[1, 2]', '{"roles": "no"}', plain.slice(0, 40), 'ERROR:  permission denied [ ]'])(
    'refuses %j',
    (text) => {
      expect(readDatabaseRoles(text)).toBeNull();
    },
  );
});
