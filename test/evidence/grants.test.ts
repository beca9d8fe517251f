import { describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { accessesOf, holdersOf, listPrincipals } from '../../lib/evidence/grants.ts';
import { commands, nextQuestions } from '../../lib/evidence/questions.ts';
import type { Answers } from './answers.ts';
import { account, at, denied, evidenceOf, fine, inventoryOf, single } from './answers.ts';
import { attached, connect, dbuser, deny, details, group, inline, managed, policy, role, user } from './identities.ts';

const app = dbuser('app');
const userName = ['$', '{aws:username}'].join('');
const userTag = ['$', '{aws:PrincipalTag/db}'].join('');
const orders = 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const url = (document: unknown) => encodeURIComponent(JSON.stringify(document));

/** Patterns that the only principal holds; null: nobody knows; none: it is not listed. */
function patternsOf(lists: Readonly<Record<string, unknown>>): readonly string[] | null {
  const [principal] = listPrincipals(evidenceOf({ ...fine, ...details(lists) })).subjects;
  if (!principal) return [];
  return principal.grants.known ? principal.grants.value.map(({ resource }) => resource).sort() : null;
}

const roleWith = (document: unknown, override: Readonly<Record<string, unknown>> = {}) => ({ RoleDetailList: [role(document, override)] });
const allow = (Action: unknown, Resource: unknown = app) => policy({ Effect: 'Allow', Action, Resource });
const admin = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
const byAttached = (override: Readonly<Record<string, unknown>>, Policies: readonly unknown[]) => ({
  RoleDetailList: [role(undefined, override)],
  Policies,
});
const boundary = (name: string) => ({ PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${account}:policy/${name}` } });
const bounded = (document: unknown, by: unknown) => ({
  RoleDetailList: [role(document, boundary('limit'))],
  Policies: [managed('limit', by)],
});

describe('who holds rds-db:connect', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[] | null]>([
    ['inline', roleWith(policy(connect(app))), [app]],
    ['one statement that stands for itself', roleWith({ Version: '2012-10-17', Statement: connect(app) }), [app]],
    ['several resources', roleWith(policy(connect([app, dbuser('other')]))), [app, dbuser('other')]],
    ['the document as text', roleWith(JSON.stringify(policy(connect(app)))), [app]],
    ['the document URL-encoded, as the SDK returns it', roleWith(url(policy(connect(app)))), [app]],
    ['the action in other capitals', roleWith(allow('RDS-DB:Connect')), [app]],
    ['rds-db:*', roleWith(allow('rds-db:*')), [app]],
    ['rds-db:con?ect', roleWith(allow('rds-db:con?ect')), [app]],
    ['rds*', roleWith(allow('rds*')), [app]],
    ['an administrator', roleWith(admin), ['*']],
    ['rds:*, which is another service', roleWith(allow('rds:*', '*')), []],
    ['rds-data:*', roleWith(allow('rds-data:*', '*')), []],
    ['another action', roleWith(allow('s3:GetObject', '*')), []],
    ['all actions on something else', roleWith(allow('*', 'arn:aws:s3:::bucket/*')), []],
    ['an ARN of RDS instead of rds-db', roleWith(allow('rds-db:connect', `arn:aws:rds:eu-central-1:${account}:cluster:orders`)), []],
    ['NotAction that leaves it', roleWith(policy({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' })), ['*']],
    ['NotAction that names it', roleWith(policy({ Effect: 'Allow', NotAction: ['rds-db:*'], Resource: '*' })), []],
    ['NotAction that names it in capitals', roleWith(policy({ Effect: 'Allow', NotAction: 'RDS-DB:CONNECT', Resource: '*' })), []],
    ['NotResource that leaves it', roleWith(policy({ Effect: 'Allow', Action: 'rds-db:connect', NotResource: 'arn:aws:s3:::*' })), ['*']],
    ['NotResource that names all databases', roleWith(policy({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:rds-db:*' })), []],
    ['NotResource that names everything', roleWith(policy({ Effect: 'Allow', Action: '*', NotResource: '*' })), []],
    ['a deny of everything', roleWith(policy(connect(app), deny('*'))), []],
    ['a deny of the same', roleWith(policy(connect(app), deny(app))), []],
    ['a deny by wildcard', roleWith(policy(connect(app), deny(dbuser('*', '*')))), []],
    ['a deny of rds-db:*', roleWith(policy(connect(app), deny('*', { Action: 'rds-db:*' }))), []],
    ['a deny of all but other actions', roleWith(policy(connect(app), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' })), []],
    ['a deny of another user', roleWith(policy(connect(app), deny(dbuser('other')))), [app]],
    ['a deny of another action', roleWith(policy(connect(app), deny('*', { Action: 'rds:*' }))), [app]],
    [
      'a deny under a condition',
      roleWith(policy(connect(app), deny('*', { Condition: { Bool: { 'aws:ViaAWSService': 'true' } } }))),
      [app],
    ],
    [
      'a deny of all but one of two',
      roleWith(policy(connect([app, dbuser('other')]), { Effect: 'Deny', Action: '*', NotResource: app })),
      [app],
    ],
    ['a wide grant and a deny of all but one', roleWith(policy(connect('*'), { Effect: 'Deny', Action: '*', NotResource: app })), [app]],
    [
      'a deny in another policy',
      {
        RoleDetailList: [role(policy(connect(app)), { AttachedManagedPolicies: attached('no') })],
        Policies: [managed('no', policy(deny('*')))],
      },
      [],
    ],
    ['attached', byAttached({ AttachedManagedPolicies: attached('db') }, [managed('db', policy(connect(app)))]), [app]],
    ['attached, URL-encoded', byAttached({ AttachedManagedPolicies: attached('db') }, [managed('db', url(policy(connect(app))))]), [app]],
    [
      'attached, in a version that is not the default',
      byAttached({ AttachedManagedPolicies: attached('db') }, [
        managed('db', policy(), {
          PolicyVersionList: [
            { VersionId: 'v2', IsDefaultVersion: true, Document: policy() },
            { VersionId: 'v1', IsDefaultVersion: false, Document: policy(connect(app)) },
          ],
        }),
      ]),
      [],
    ],
    ['attached, and the text is not there', byAttached({ AttachedManagedPolicies: attached('db') }, []), null],
    [
      "AWS's AdministratorAccess, and the text is not there",
      byAttached(
        { AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] },
        [],
      ),
      null,
    ],
    [
      'attached, and the default version is not there',
      byAttached({ AttachedManagedPolicies: attached('db') }, [managed('db', policy(), { PolicyVersionList: [] })]),
      null,
    ],
    ['one policy known, another not: it may deny', roleWith(policy(connect(app)), { AttachedManagedPolicies: attached('db') }), null],
    ['a text that is no policy', roleWith('{"Version": "2012-'), null],
    ['another partition', roleWith(policy(connect(app.replace('arn:aws:', 'arn:aws-cn:')))), []],
    ['a statement without an effect', roleWith(policy({ Action: '*', Resource: '*' })), null],
    ['a list of policies that is none', roleWith(undefined, { RolePolicyList: 'garbage' }), null],
    ['a list of attached policies that is none', roleWith(undefined, { AttachedManagedPolicies: 'garbage' }), null],
    ['within a boundary that allows all', bounded(policy(connect(app)), admin), [app]],
    ['outside a boundary', bounded(policy(connect(app)), allow('s3:*', '*')), []],
    ['a wide grant within a narrow boundary', bounded(policy(connect('*')), policy(connect(app))), [app]],
    ['a boundary that denies', bounded(policy(connect(app)), policy({ Effect: 'Allow', Action: '*', Resource: '*' }, deny('*'))), []],
    ['a boundary gives nothing by itself', bounded(policy(), admin), []],
    ['a boundary whose text is not there', { RoleDetailList: [role(policy(connect(app)), boundary('limit'))] }, null],
    ['a user, inline', { UserDetailList: [user({ GroupList: [], UserPolicyList: [inline(policy(connect(app)))] })] }, [app]],
    [
      'a user through a group',
      { UserDetailList: [user()], GroupDetailList: [group({ GroupPolicyList: [inline(policy(connect(app)))] })] },
      [app],
    ],
    [
      'a user through a policy attached to a group',
      {
        UserDetailList: [user()],
        GroupDetailList: [group({ AttachedManagedPolicies: attached('db') })],
        Policies: [managed('db', policy(connect(app)))],
      },
      [app],
    ],
    ['a group without members', { GroupDetailList: [group({ GroupPolicyList: [inline(policy(connect(app)))] })] }, []],
    ['a user of a group that is not there', { UserDetailList: [user()] }, null],
    [
      'a policy variable that is the user',
      { UserDetailList: [user({ GroupList: [], UserPolicyList: [inline(policy(connect(dbuser(userName))))] })] },
      [dbuser(userName)],
    ],
    ['a role has no user name', roleWith(policy(connect(dbuser(userName)))), []],
    ['a policy variable that only the request tells', roleWith(policy(connect(dbuser(userTag)))), [dbuser(userTag)]],
  ])('%s', (_, lists, expected) => {
    expect(patternsOf(lists)).toEqual(expected);
  });

  it('knows nothing where the call was denied', () => {
    const { subjects, unlisted } = listPrincipals(evidenceOf({ ...fine, 'iam get-account-authorization-details': denied }));

    expect(subjects).toEqual([]);
    expect(unlisted).toMatchObject([{ resource: { type: 'account', arn: `arn:aws:iam::${account}:root` }, cause: { kind: 'denied' } }]);
  });

  it.each([
    ['a page that is missing', { IsTruncated: true, Marker: 'next' }],
    ['a role that cannot be read', { RoleDetailList: [{ RoleName: 'without an ARN' }] }],
    ['no list of roles', { RoleDetailList: undefined }],
  ])('says that somebody may be missing: %s', (_, lists) => {
    expect(listPrincipals(evidenceOf({ ...fine, ...details(lists) })).unlisted).toHaveLength(1);
  });

  it('counts a role once that is listed twice', () => {
    const twice = role(policy(connect(app)));

    expect(listPrincipals(evidenceOf({ ...fine, ...details({ RoleDetailList: [twice, twice] }) })).subjects).toHaveLength(1);
  });
});

describe('what a grant reaches', () => {
  const both: Answers = {
    ...fine,
    'rds describe-db-instances': { DBInstances: [single()] },
    'rds describe-db-proxies': {
      DBProxies: [
        {
          DBProxyName: 'front',
          DBProxyArn: `arn:aws:rds:eu-central-1:${account}:db-proxy:prx-0123456789abcdef0`,
          EngineFamily: 'POSTGRESQL',
        },
      ],
    },
    'rds describe-db-proxy-targets front': { Targets: [{ TrackedClusterId: 'orders', RdsResourceId: 'orders-1', Type: 'RDS_INSTANCE' }] },
  };

  it.each<[string, unknown, readonly string[], readonly string[]]>([
    ['a cluster and a user', app, ['orders'], ['app']],
    ['every database', '*', ['billing', 'orders'], ['*']],
    ['every database user', dbuser('*', '*'), ['billing', 'orders'], ['*']],
    ['all after dbuser', `arn:aws:rds-db:eu-central-1:${account}:dbuser:*`, ['billing', 'orders'], ['*']],
    ['one user everywhere', dbuser('app', '*'), ['billing', 'orders'], ['app']],
    ['any region and account', `arn:aws:rds-db:*:*:dbuser:${orders}/app`, ['orders'], ['app']],
    ['a single instance', dbuser('app', 'db-BILLING'), ['billing'], ['app']],
    ['a proxy', dbuser('app', 'prx-0123456789abcdef0'), ['orders'], ['app']],
    ['question marks', dbuser('ap?', `${orders.slice(0, -1)}?`), ['orders'], ['ap?']],
    ['the id in other capitals', dbuser('app', orders.toLowerCase()), [], ['app']],
    ['a cluster that is gone', dbuser('app', 'cluster-GONE'), [], ['app']],
    ['another account', `arn:aws:rds-db:eu-central-1:444455556666:dbuser:${orders}/app`, [], ['app']],
    ['another region', `arn:aws:rds-db:eu-west-1:${account}:dbuser:${orders}/app`, [], ['app']],
  ])('%s', (_, resource, clusters, databaseUsers) => {
    const evidence = evidenceOf({ ...both, ...details(roleWith(policy(connect(String(resource))))) });

    const [access] = accessesOf(evidence, { configuration: defaultConfiguration, at });

    expect(access?.databaseUsers).toEqual(databaseUsers);
    expect(access?.grants).toEqual([{ resource, policy: 'connect', clusters, databaseUsers, condition: null }]);
  });

  it('names the database user of a user whose own name a policy stands for', () => {
    const holder = user({ GroupList: [], UserPolicyList: [inline(policy(connect(dbuser(`app_${userName}`))))] });

    const [access] = accessesOf(evidenceOf({ ...both, ...details({ UserDetailList: [holder] }) }), {
      configuration: defaultConfiguration,
      at,
    });

    expect(access).toMatchObject({
      databaseUsers: ['app_jane'],
      grants: [{ resource: dbuser(`app_${userName}`), databaseUsers: ['app_jane'] }],
    });
  });

  it('leaves out what a deny takes away whole', () => {
    const document = policy(connect(dbuser('*', '*')), deny(dbuser('*', 'db-BILLING')));
    const evidence = evidenceOf({ ...both, ...details(roleWith(document)) });

    expect(accessesOf(evidence, { configuration: defaultConfiguration, at })[0]?.grants[0]?.clusters).toEqual(['orders']);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string | null]>([
    ['none', {}, null],
    [
      'one that is not judged',
      { Condition: { StringEquals: { 'aws:PrincipalTag/team': ['data', 'ops'] } } },
      'StringEquals aws:PrincipalTag/team = data or ops',
    ],
    ['one without effect', { Condition: { IpAddress: { 'AWS:SourceIp': '192.0.2.0/24' } } }, null],
    [
      'one of each',
      { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
      'Bool aws:MultiFactorAuthPresent = true',
    ],
  ])('condition: %s', (_, override, condition) => {
    const evidence = evidenceOf({ ...both, ...details(roleWith(policy(connect(app, override)))) });

    expect(accessesOf(evidence, { configuration: defaultConfiguration, at })[0]?.grants[0]?.condition).toBe(condition);
  });
});

describe('holdersOf', () => {
  const arn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  const roles = {
    RoleDetailList: [role(policy(connect(app)), { RoleName: 'one' }), role(policy(connect(dbuser('*')), deny(app)), { RoleName: 'two' })],
  };

  it('names those who may be that database user there', () => {
    const holders = holdersOf(evidenceOf({ ...fine, ...details(roles) }));

    expect(holders('orders', 'app')).toEqual({ known: true, value: [arn('one')] });
    expect(holders('orders', 'other')).toEqual({ known: true, value: [arn('two')] });
    expect(holders('elsewhere', 'app')).toEqual({ known: true, value: [] });
  });

  it('does not know where somebody may hold it', () => {
    const maybe = { RoleDetailList: [role(undefined, { AttachedManagedPolicies: attached('gone') })] };

    const holders = holdersOf(evidenceOf({ ...fine, ...details(maybe) }));

    expect(holders('orders', 'app')).toMatchObject({ known: false, cause: { kind: 'not-collected' } });
  });
});

describe('questions', () => {
  it('asks access advisor about those who hold a grant, and about nobody else', () => {
    const roles = { RoleDetailList: [role(policy(connect(app))), role(allow('s3:*', '*'), { RoleName: 'other' })] };
    const inventory = inventoryOf({ ...fine, ...details(roles) });

    const asked = commands.find(({ command }) => command === 'get-service-last-accessed-details')?.keys?.(inventory, 'global');

    expect(asked).toEqual([`arn:aws:iam::${account}:role/orders-app`]);
  });

  it('asks about a trail once, by name at home', () => {
    const actions = new Set(['cloudtrail:GetTrailStatus']);
    const inventory = inventoryOf({ 'cloudtrail describe-trails': fine['cloudtrail describe-trails'] });

    expect(nextQuestions(inventory, actions).map(({ key }) => key)).toEqual(['main']);
  });
});
