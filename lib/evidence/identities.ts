import type {
  AttachedPolicy,
  AuthorizationDetails,
  GroupDetail,
  InlinePolicy,
  ManagedPolicy,
  RoleLastUsed,
} from '../domain/account-answers.ts';
import type { Answer, Cause } from '../domain/answer.ts';
import { known } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import { questionText } from '../domain/question.ts';
import type { Inventory } from './inventory.ts';
import type { ManagedBy } from './managed-by.ts';
import { managedBy } from './managed-by.ts';
import type { Statement } from './policy.ts';
import { readPolicy } from './policy.ts';
import { lacking, unreadable } from './told.ts';

/** An IAM user or role with everything that decides what it may do, as far as the account itself tells (no organization's policies). */
export interface Identity {
  readonly kind: 'role' | 'user';
  readonly arn: string;
  readonly name: string;
  /** Its own policies and, of a user, those of its groups. */
  readonly policies: readonly IdentityPolicy[];
  /** The permissions boundary, or null. */
  readonly boundary: IdentityPolicy | null;
  /** ISO 8601, or null. */
  readonly createdAt: string | null;
  readonly managedBy: ManagedBy | null;
  /** Of a role: whom it trusts, as AWS prints it. */
  readonly trust: unknown;
  /** Of a role; undefined where the answer does not say it. */
  readonly lastUsed: RoleLastUsed | undefined;
}

/** One policy of an identity. */
export interface IdentityPolicy {
  readonly name: string;
  /** Null: an inline policy. */
  readonly arn: string | null;
  /** The group that a user has it through, or null. */
  readonly group: string | null;
  /** Unknown: its text is not in the evidence, or cannot be read. */
  readonly statements: Answer<readonly Statement[]>;
}

/** Where identities are asked for. */
export const identitiesQuestion: Question = {
  region: 'global',
  service: 'iam',
  command: 'get-account-authorization-details',
  key: null,
};

/** All users and roles, each once, in the order of their ARNs; and why some could not be listed, or null. */
export function listIdentities(inventory: Inventory): { readonly identities: readonly Identity[]; readonly cause: Cause | null } {
  const answer = inventory.answer<AuthorizationDetails>('global', 'iam', 'get-account-authorization-details');
  if (!answer.known) return { identities: [], cause: answer.cause };
  const { UserDetailList, RoleDetailList } = answer.value;
  const policies = policyReader(answer.value);
  const identities = new Map<string, Identity>();
  for (const user of UserDetailList ?? []) {
    identities.set(user.Arn, {
      kind: 'user',
      arn: user.Arn,
      name: user.UserName,
      policies: [
        ...policies.own(user.UserPolicyList, user.AttachedManagedPolicies, null),
        ...(user.GroupList ?? []).flatMap((group) => policies.ofGroup(group)),
      ],
      boundary: user.PermissionsBoundary ? policies.managed(user.PermissionsBoundary.PermissionsBoundaryArn, undefined, null) : null,
      createdAt: user.CreateDate ?? null,
      managedBy: managedBy(user.Tags),
      trust: undefined,
      lastUsed: undefined,
    });
  }
  for (const role of RoleDetailList ?? []) {
    identities.set(role.Arn, {
      kind: 'role',
      arn: role.Arn,
      name: role.RoleName,
      policies: policies.own(role.RolePolicyList, role.AttachedManagedPolicies, null),
      boundary: role.PermissionsBoundary ? policies.managed(role.PermissionsBoundary.PermissionsBoundaryArn, undefined, null) : null,
      createdAt: role.CreateDate ?? null,
      managedBy: managedBy(role.Tags),
      trust: role.AssumeRolePolicyDocument,
      lastUsed: role.RoleLastUsed,
    });
  }
  return {
    identities: [...identities.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1)),
    cause: missingPart(answer.value, answer.rejected ?? 0),
  };
}

function missingPart({ UserDetailList, RoleDetailList }: AuthorizationDetails, rejected: number): Cause | null {
  const missing = UserDetailList === undefined ? 'UserDetailList' : RoleDetailList === undefined ? 'RoleDetailList' : null;
  if (missing !== null) return lacking(`the answer lacks ${missing}`, identitiesQuestion).cause;
  if (rejected === 0) return null;
  return { kind: 'unreadable', question: questionText(identitiesQuestion), detail: 'part of the answer is missing or could not be read' };
}

interface PolicyReader {
  readonly own: (
    inline: readonly InlinePolicy[] | undefined,
    attached: readonly AttachedPolicy[] | undefined,
    group: string | null,
  ) => readonly IdentityPolicy[];
  readonly ofGroup: (name: string) => readonly IdentityPolicy[];
  readonly managed: (arn: string | undefined, name: string | undefined, group: string | null) => IdentityPolicy;
}

/** Reads each managed policy once, however many identities name it. */
function policyReader({ GroupDetailList, Policies }: AuthorizationDetails): PolicyReader {
  const groups = new Map((GroupDetailList ?? []).map((group) => [group.GroupName, group]));
  const documents = new Map((Policies ?? []).map((policy) => [policy.Arn, policy]));
  const texts = new Map<string, IdentityPolicy['statements']>();
  const ofGroup = new Map<string, readonly IdentityPolicy[]>();

  const managed: PolicyReader['managed'] = (arn, name, group) => {
    const key = arn ?? '';
    const statements = texts.get(key) ?? managedStatements(key, documents.get(key));
    texts.set(key, statements);
    return { name: name ?? key.split('/').at(-1) ?? key, arn: key, group, statements };
  };
  const own: PolicyReader['own'] = (inline, attached, group) => [
    ...(inline ?? []).map((policy) => inlinePolicy(policy, group)),
    ...(attached ?? []).map(({ PolicyArn, PolicyName }) => managed(PolicyArn, PolicyName, group)),
  ];
  const readGroup = (name: string, group: GroupDetail | undefined): readonly IdentityPolicy[] => {
    if (group) return own(group.GroupPolicyList, group.AttachedManagedPolicies, name);
    return [
      { name: `of group ${name}`, arn: null, group: name, statements: lacking(`group ${name} is not in the answer`, identitiesQuestion) },
    ];
  };
  return {
    managed,
    own,
    ofGroup(name) {
      const policies = ofGroup.get(name) ?? readGroup(name, groups.get(name));
      ofGroup.set(name, policies);
      return policies;
    },
  };
}

function inlinePolicy({ PolicyName = 'without a name', PolicyDocument }: InlinePolicy, group: string | null): IdentityPolicy {
  return { name: PolicyName, arn: null, group, statements: statementsOf(PolicyDocument, `inline policy ${PolicyName}`) };
}

function managedStatements(arn: string, policy: ManagedPolicy | undefined): IdentityPolicy['statements'] {
  if (!policy) return lacking(`the text of policy ${arn || 'without an ARN'} is not in the answer`, identitiesQuestion);
  const versions = policy.PolicyVersionList ?? [];
  const version =
    versions.find(({ IsDefaultVersion }) => IsDefaultVersion === true) ??
    versions.find(({ VersionId }) => VersionId !== undefined && VersionId === policy.DefaultVersionId);
  if (!version) return lacking(`the default version of policy ${arn} is not in the answer`, identitiesQuestion);
  return statementsOf(version.Document, `policy ${arn}`);
}

function statementsOf(document: unknown, what: string): IdentityPolicy['statements'] {
  const statements = readPolicy(document);
  return statements === null ? unreadable(`the text of ${what}`, identitiesQuestion) : known(statements);
}
