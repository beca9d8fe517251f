import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesWildcard } from '../../lib/domain/wildcard.ts';
import { listIdentities } from '../../lib/evidence/identities.ts';
import { allowancesFor, allows } from '../../lib/evidence/policy-allowances.ts';
import { inventoryOf } from './answers.ts';
import { attached, dbuser, details, inline, managed, policy, role } from './identities.ts';

interface Words {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
}

const clusters = ['cluster-A', 'cluster-B', 'db-A'];
const users = ['app', 'admin', 'a'];
const resources = clusters.flatMap((cluster) => users.map((user) => dbuser(user, cluster)));

const actions = ['rds-db:connect', 'RDS-DB:Connect', 'rds-db:*', '*', 'rds-db:con?ect', 'rds:*', 's3:GetObject'];
const patterns = [
  '*',
  'arn:aws:s3:::bucket/*',
  ...['*', 'cluster-*', 'cluster-A', 'cluster-?', 'db-A'].flatMap((id) => ['*', 'app', 'a*', 'a??', '?'].map((user) => dbuser(user, id))),
  'arn:aws:rds-db:*:*:dbuser:cluster-B/*',
  'arn:*:rds-db:*',
  'arn:aws:rds-db:eu-central-1:111122223333:*',
  '*/app',
  '*A/a*',
];

const someOf = (from: readonly string[]) => fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 2 });
const statement: fc.Arbitrary<Words> = fc
  .record({
    allow: fc.boolean(),
    actions: someOf(actions),
    resources: someOf(patterns),
    notAction: fc.integer({ min: 0, max: 4 }),
    notResource: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ allow, actions: which, resources: on, notAction, notResource }) => ({
    Effect: allow ? 'Allow' : 'Deny',
    ...(notAction === 0 ? { NotAction: which } : { Action: which }),
    ...(notResource === 0 ? { NotResource: on } : { Resource: on }),
  }));
const statements = fc.array(statement, { minLength: 1, maxLength: 3 });

/** As the IAM User Guide words it: an explicit deny wins, the boundary must allow too, and nothing is allowed by itself. */
function isAllowed(policies: readonly Words[], boundary: readonly Words[] | null, resource: string): boolean {
  const speaks = ({ Action, NotAction, Resource, NotResource }: Words): boolean => {
    const named = (Action ?? NotAction ?? []).some((one) => matchesWildcard(one.toLowerCase(), 'rds-db:connect'));
    const on = (Resource ?? NotResource ?? []).some((one) => matchesWildcard(one, resource));
    return named === (Action !== undefined) && on === (Resource !== undefined);
  };
  const allowed = (words: readonly Words[]): boolean => words.some((one) => one.Effect === 'Allow' && speaks(one));
  const denied = [...policies, ...(boundary ?? [])].some((one) => one.Effect === 'Deny' && speaks(one));
  return !denied && allowed(policies) && (boundary === null || allowed(boundary));
}

it('allows exactly what IAM allows, whatever the policies and the boundary are', () => {
  fc.assert(
    fc.property(statements, statements, fc.option(statements), (own, shared, boundary) => {
      const [identity] = listIdentities(
        inventoryOf(
          details({
            RoleDetailList: [
              role(undefined, {
                RolePolicyList: [inline(policy(...(own as never[])))],
                AttachedManagedPolicies: attached('shared'),
                ...(boundary ? { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary' } } : {}),
              }),
            ],
            Policies: [managed('shared', policy(...(shared as never[]))), managed('boundary', policy(...((boundary ?? []) as never[])))],
          }),
        ),
      ).identities;
      if (!identity) throw new Error('There is no role.');
      const allowances = allowancesFor(identity, 'rds-db:connect', 'arn:aws:rds-db:*:*:dbuser:*/*');
      if (!allowances.known) throw new Error(allowances.cause.detail);

      const found = resources.filter((resource) => allowances.value.some((one) => allows(one, resource)));

      expect(found).toEqual(resources.filter((resource) => isAllowed([...own, ...shared], boundary, resource)));
    }),
    { numRuns: 400 },
  );
});
