import type { AttachedPolicy, AuthorizationDetails, InlinePolicy } from '../../domain/account-answers.ts';
import { known } from '../../domain/answer.ts';
import type { Resource } from '../../domain/resource.ts';
import { shellCommand } from '../../domain/shell.ts';
import type { Remediation } from '../../domain/verdict.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import type { JudgeContext } from '../../evidence/evidence.ts';
import { isAdministrators, partsOf } from '../../evidence/grants.ts';
import type { Identity, IdentityPolicy } from '../../evidence/identities.ts';
import { listIdentities } from '../../evidence/identities.ts';
import type { Statement } from '../../evidence/policy.ts';
import { policyText, readPolicy, readStatements } from '../../evidence/policy.ts';
import type { Allowance } from '../../evidence/policy-allowances.ts';
import { allowancesFor } from '../../evidence/policy-allowances.ts';
import { field, flagField, textField } from '../../evidence/request.ts';
import type { TrustedParty } from '../../evidence/trust.ts';
import { trustedParties } from '../../evidence/trust.ts';
import { isAny } from '../principals.ts';
import { listed } from '../sentences.ts';
import { undo } from './undo.ts';

/** Somebody may connect to databases who could not before. */
export const iamGrantAdded = {
  kind: 'change',
  id: 'iam-grant-added',
  title: 'Database access through IAM was granted',
  severity: 'medium',
  rationale:
    'rds-db:connect is a login: with it a role or user becomes a database user, without a password that anybody could change. A wide grant is every database and every user, the master user too.',
  judged:
    "Reads policies that are put, attached or given a new default version and that allow rds-db:connect after their own denies (the denies and the boundary of the holder too, where they are known), and trust policies of roles that hold it. Wildcards for the database or the user are wide: high, unless the holder is in allowed.wideGrants. Of AWS's own policies, AdministratorAccess and PowerUserAccess hold it; one whose text nobody knows is no alert.",
  fix: 'Take the policy away again (of a new version, set the one before as the default: aws iam list-policy-versions names it), or narrow it to dbuser:<resource id>/<database user>.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html'],
  controls: ['NIST 800-53 AC-2(4)', 'NIST 800-53 AC-6', 'PCI DSS 4.0 7.2.2'],
  falsePositives: ['A grant that was asked for and approved.'],
  needs: ['iam:GetAccountAuthorizationDetails'],
  events: [
    {
      source: 'iam.amazonaws.com',
      names: [
        'PutRolePolicy',
        'PutUserPolicy',
        'PutGroupPolicy',
        'CreatePolicyVersion',
        'SetDefaultPolicyVersion',
        'AttachRolePolicy',
        'AttachUserPolicy',
        'AttachGroupPolicy',
        'UpdateAssumeRolePolicy',
      ],
    },
  ],
  evaluate(change, context) {
    const { eventName } = change.event;
    if (eventName === 'UpdateAssumeRolePolicy') return judgeTrust(change, context);
    const given = givenPolicy(change);
    return given === null ? null : judgePolicy(change, given, context);
  },
} satisfies ChangeCheck;

/** What the event gives, to whom, and how it is taken away again. */
interface Given {
  readonly on: Resource;
  readonly kind: 'role' | 'user' | 'group' | 'policy';
  readonly policy: string;
  readonly policyArn: string | null;
  readonly statements: readonly Statement[];
  /** What the same policy said before, where that is known. */
  readonly before: readonly Statement[] | null;
  readonly undo: Remediation | null;
}

const everything: readonly Statement[] = [
  { allow: true, actions: { negated: false, patterns: ['*'] }, resources: { negated: false, patterns: ['*'] }, conditions: [] },
];

/** Policies of AWS's own that hold `rds-db:connect`. */
const managedByAws = /^arn:aws[a-z-]{0,20}:iam::aws:policy\/(?:AdministratorAccess|PowerUserAccess)$/;

function givenPolicy(change: Change): Given | null {
  const { eventName, requestParameters: request } = change.event;
  const [, verb, word] = /^(Put|Attach)(Role|User|Group)Policy$/.exec(eventName) ?? [];
  if (verb === undefined || word === undefined) return givenVersion(change);
  const kind = word === 'Role' ? 'role' : word === 'User' ? 'user' : 'group';
  const name = textField(request, `${kind}Name`);
  if (name === null) return null;
  const on = principal(change, kind, name);
  if (verb === 'Put') {
    const policy = textField(request, 'policyName') ?? 'without a name';
    const statements = readPolicy(field(request, 'policyDocument'));
    const known = change.seen === 'before' ? inlineDocument(change, kind, name, policy) : undefined;
    const before = known === undefined ? null : readPolicy(known);
    const back = undoInline(change, kind, name, policy, known);
    return statements === null ? null : { on, kind, policy, policyArn: null, statements, before, undo: back };
  }
  const arn = textField(request, 'policyArn');
  const statements = arn === null ? null : managedByAws.test(arn) ? everything : managedText(change, arn, null);
  if (arn === null || statements === null) return null;
  const command = shellCommand('aws', 'iam', `detach-${kind}-policy`, `--${kind}-name`, name, '--policy-arn', arn);
  const policy = arn.split('/').at(-1) ?? arn;
  const repeats = change.seen === 'before' && isAttached(change, kind, name, arn);
  return { on, kind, policy, policyArn: arn, statements, before: repeats ? statements : null, undo: undo(change, command, 'at once') };
}

function givenVersion(change: Change): Given | null {
  const { eventName, requestParameters: request } = change.event;
  const arn = textField(request, 'policyArn');
  if (arn === null || (eventName === 'CreatePolicyVersion' && flagField(request, 'setAsDefault') !== true)) return null;
  const version = eventName === 'SetDefaultPolicyVersion' ? textField(request, 'versionId') : null;
  const statements = version === null ? readPolicy(field(request, 'policyDocument')) : managedText(change, arn, version);
  if (statements === null) return null;
  const name = arn.split('/').at(-1) ?? arn;
  const on: Resource = { arn, type: 'policy', name, region: 'global' };
  const previous = change.seen === 'before' ? defaultVersion(change, arn) : null;
  const command =
    previous === null ? null : shellCommand('aws', 'iam', 'set-default-policy-version', '--policy-arn', arn, '--version-id', previous);
  return {
    on,
    kind: 'policy',
    policy: name,
    policyArn: arn,
    statements,
    before: previous === null ? null : managedText(change, arn, previous),
    undo: command === null ? null : undo(change, command, 'at once'),
  };
}

function judgePolicy(change: Change, given: Given, { configuration }: JudgeContext): ChangeVerdict | null {
  const { on, kind, policy, statements, before } = given;
  const allowances = connects(change, given, statements);
  const had = new Set(before === null ? [] : connects(change, given, before).map(({ resource }) => resource));
  const added = allowances.filter(({ resource }) => !had.has(resource));
  if (added.length === 0) return null;
  const holders = holdersOf(change, given);
  const resources = [on, ...holders];
  const wide = added.filter(isWide);
  const allowed = (kind === 'policy' ? holders : [on]).every(({ arn }) =>
    configuration.allowed.wideGrants.some((one) => matchesWildcard(one, arn)),
  );
  const severity = wide.length > 0 && (!allowed || (kind === 'policy' && holders.length === 0)) ? 'high' : 'medium';
  const patterns = [...new Set(added.map(({ resource }) => resource))].sort();
  const conditions = [...new Set(added.flatMap(({ condition }) => condition ?? []))];
  return {
    severity,
    reason: [
      `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${on.name} ${kind === 'policy' ? 'now gives' : 'now holds'} rds-db:connect on ${listed(patterns)}${kind === 'policy' ? '' : ` by policy ${policy}`}.`,
      ...(wide.length > 0
        ? [
            added.every(isAdministrators)
              ? 'It comes with the rights of an administrator: every database and every database user.'
              : 'That is wide: any database, or any database user.',
          ]
        : []),
      ...(conditions.length > 0 ? [`It is conditional, which is not judged here: ${listed(conditions)}.`] : []),
      ...holdersSentence(change, given, holders),
    ].join(' '),
    on,
    resources,
    before: before === null ? {} : { grants: [...had].sort() },
    after: { grants: patterns },
    inEffect: true,
    remediation: given.undo,
  };
}

/** What the statements allow after their own denies, and after the denies and the boundary of the holder where they are known. */
function connects(change: Change, { on, kind, policy, policyArn }: Given, statements: readonly Statement[]): readonly Allowance[] {
  const own =
    kind === 'role' || kind === 'user' ? listIdentities(change.inventory).identities.find(({ arn }) => arn === on.arn) : undefined;
  const given: IdentityPolicy = { name: policy, arn: policyArn, group: null, statements: known(statements) };
  const denies = (own?.policies ?? []).flatMap((one): IdentityPolicy[] =>
    one.statements.known ? [{ ...one, statements: known(one.statements.value.filter(({ allow }) => !allow)) }] : [],
  );
  const boundary = own?.boundary?.statements.known ? own.boundary : null;
  const identity: Identity = {
    kind: kind === 'user' ? 'user' : 'role',
    arn: on.arn,
    name: on.name,
    policies: [given, ...denies],
    boundary,
    createdAt: null,
    managedBy: null,
    trust: undefined,
    lastUsed: undefined,
  };
  const answer = allowancesFor(identity, 'rds-db:connect', `arn:${change.partition}:rds-db:*:*:dbuser:*/*`);
  return answer.known ? answer.value : [];
}

/** An id is random, so any wildcard in it stands for any database. */
function isWide({ resource }: Allowance): boolean {
  const { resourceId, databaseUser } = partsOf(resource);
  return /[*?]/.test(resourceId) || isAny(databaseUser);
}

/** Who has the policy, or is in the group. */
function holdersOf(change: Change, { kind, on, policyArn }: Given): readonly Resource[] {
  if (kind !== 'policy' && kind !== 'group') return [];
  const { UserDetailList = [], RoleDetailList = [], GroupDetailList = [] } = detailsOf(change) ?? {};
  const has = (attached: readonly { readonly PolicyArn?: string | undefined }[] | undefined): boolean =>
    (attached ?? []).some(({ PolicyArn }) => PolicyArn === policyArn);
  const groups =
    kind === 'group' ? [on.name] : GroupDetailList.filter((one) => has(one.AttachedManagedPolicies)).map(({ GroupName }) => GroupName);
  const users = UserDetailList.filter(
    (one) => (kind === 'policy' && has(one.AttachedManagedPolicies)) || (one.GroupList ?? []).some((group) => groups.includes(group)),
  );
  const roles = kind === 'policy' ? RoleDetailList.filter((one) => has(one.AttachedManagedPolicies)) : [];
  return [
    ...users.map(({ Arn, UserName }) => ({ arn: Arn, type: 'principal' as const, name: UserName, region: 'global' })),
    ...roles.map(({ Arn, RoleName }) => ({ arn: Arn, type: 'principal' as const, name: RoleName, region: 'global' })),
  ];
}

function holdersSentence(change: Change, { kind }: Given, holders: readonly Resource[]): readonly string[] {
  if (kind !== 'policy' && kind !== 'group') return [];
  if (holders.length > 0) return [`${listed(holders.map(({ name }) => name))} ${holders.length === 1 ? 'has' : 'have'} it through that.`];
  return [detailsOf(change) !== null ? 'Nobody has it through that today.' : 'Who has it through that is not known.'];
}

function judgeTrust(change: Change, { configuration }: JudgeContext): ChangeVerdict | null {
  const { requestParameters: request } = change.event;
  const name = textField(request, 'roleName');
  if (name === null) return null;
  const on = principal(change, 'role', name);
  const role = listIdentities(change.inventory).identities.find(
    ({ arn, kind, name: own }) => arn === on.arn || (kind === 'role' && own === name),
  );
  if (role === undefined) return null;
  const grants = allowancesFor(role, 'rds-db:connect', `arn:${change.partition}:rds-db:*:*:dbuser:*/*`);
  if (!grants.known || grants.value.length === 0) return null;
  const document = field(request, 'policyDocument');
  const parties = trustedParties({ ...role, trust: document });
  if (!parties.known) return null;
  const { before, repeats } = earlier<unknown>(change, role.trust, document, isSameTrust);
  if (repeats) return null;
  const partiesBefore = before === null ? null : trustedParties({ ...role, trust: before });
  const outsiders = parties.value.filter(
    ({ kind, account }) =>
      kind === 'anyone' || (account !== null && account !== change.account && !configuration.trustedAccounts.includes(account)),
  );
  const anyone = outsiders.some(({ kind }) => kind === 'anyone');
  const whom = listed(namesOf(parties.value));
  const patterns = [...new Set(grants.value.map(({ resource }) => resource))].sort();
  return {
    severity: outsiders.length > 0 || grants.value.some(isWide) ? 'high' : 'medium',
    reason: [
      `The trust policy of role ${role.name}, which holds rds-db:connect on ${listed(patterns)}, was changed: ${whom === '' ? 'only AWS services' : whom} may assume it.`,
      ...(anyone ? ['That is anyone.'] : outsiders.length > 0 ? ['That is outside this account and the trusted ones.'] : []),
    ].join(' '),
    on: { ...on, arn: role.arn },
    resources: [{ ...on, arn: role.arn }],
    ...(partiesBefore?.known ? { before: { trusts: namesOf(partiesBefore.value) } } : {}),
    after: { trusts: namesOf(parties.value) },
    inEffect: true,
    remediation: before === null ? null : undoTrust(change, role.name, before),
  };
}

function namesOf(parties: readonly TrustedParty[]): readonly string[] {
  return [...new Set(parties.map(({ who }) => who))].sort();
}

function isSameTrust(a: unknown, b: unknown): boolean {
  const [one, other] = [readStatements(a), readStatements(b)];
  return one !== null && other !== null && JSON.stringify(one) === JSON.stringify(other);
}

function undoTrust(change: Change, name: string, trust: unknown): Remediation | null {
  const text = policyText(trust);
  if (text === null) return null;
  const words = ['--role-name', name, '--policy-document', text];
  return undo(change, shellCommand('aws', 'iam', 'update-assume-role-policy', ...words), 'at once');
}

function principal(change: Change, kind: 'role' | 'user' | 'group', name: string): Resource {
  const details = detailsOf(change) ?? {};
  const found =
    kind === 'role'
      ? details.RoleDetailList?.find(({ RoleName }) => RoleName === name)?.Arn
      : kind === 'user'
        ? details.UserDetailList?.find(({ UserName }) => UserName === name)?.Arn
        : details.GroupDetailList?.find(({ GroupName }) => GroupName === name)?.Arn;
  return { arn: found ?? `arn:${change.partition}:iam::${change.account}:${kind}/${name}`, type: 'principal', name, region: 'global' };
}

/** What IAM says of itself; null: nobody could ask. */
function detailsOf({ inventory }: Change): AuthorizationDetails | null {
  const answer = inventory.answer<AuthorizationDetails>('global', 'iam', 'get-account-authorization-details');
  return answer.known ? answer.value : null;
}

function managedText(change: Change, arn: string, version: string | null): readonly Statement[] | null {
  const policy = detailsOf(change)?.Policies?.find(({ Arn }) => Arn === arn);
  const wanted = version ?? policy?.DefaultVersionId;
  const found = policy?.PolicyVersionList?.find((one) => (wanted === undefined ? one.IsDefaultVersion === true : one.VersionId === wanted));
  return found === undefined ? null : readPolicy(found.Document);
}

function defaultVersion(change: Change, arn: string): string | null {
  const policy = detailsOf(change)?.Policies?.find(({ Arn }) => Arn === arn);
  return (
    policy?.DefaultVersionId ?? policy?.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.VersionId ?? null
  );
}

/** The text of an inline policy as IAM has it; undefined: there is none, or nobody could ask. */
function inlineDocument(change: Change, kind: 'role' | 'user' | 'group', name: string, policy: string): unknown {
  return policiesOf(change, kind, name).inline?.find(({ PolicyName }) => PolicyName === policy)?.PolicyDocument;
}

/** Puts back what the policy said before (undefined: nothing, or nobody knows); where that cannot be read, it goes as a whole. */
function undoInline(change: Change, kind: 'role' | 'user' | 'group', name: string, policy: string, before: unknown): Remediation {
  const words = [`--${kind}-name`, name, '--policy-name', policy];
  const text = policyText(before);
  if (text === null) {
    const isNew = before === undefined && change.seen === 'before' && detailsOf(change) !== null;
    const effect = isNew ? 'at once' : 'at once, with whatever else the policy gives';
    return undo(change, shellCommand('aws', 'iam', `delete-${kind}-policy`, ...words), effect);
  }
  return undo(change, shellCommand('aws', 'iam', `put-${kind}-policy`, ...words, '--policy-document', text), 'at once');
}

function isAttached(change: Change, kind: 'role' | 'user' | 'group', name: string, policyArn: string): boolean {
  return policiesOf(change, kind, name).attached?.some(({ PolicyArn }) => PolicyArn === policyArn) ?? false;
}

function policiesOf(
  change: Change,
  kind: 'role' | 'user' | 'group',
  name: string,
): { readonly inline: readonly InlinePolicy[] | undefined; readonly attached: readonly AttachedPolicy[] | undefined } {
  const { RoleDetailList, UserDetailList, GroupDetailList } = detailsOf(change) ?? {};
  if (kind === 'role') {
    const role = RoleDetailList?.find(({ RoleName }) => RoleName === name);
    return { inline: role?.RolePolicyList, attached: role?.AttachedManagedPolicies };
  }
  if (kind === 'user') {
    const user = UserDetailList?.find(({ UserName }) => UserName === name);
    return { inline: user?.UserPolicyList, attached: user?.AttachedManagedPolicies };
  }
  const group = GroupDetailList?.find(({ GroupName }) => GroupName === name);
  return { inline: group?.GroupPolicyList, attached: group?.AttachedManagedPolicies };
}
