type Json = Readonly<Record<string, unknown>>;

const owner = '111122223333';

/** `arn:…:dbuser:<resource id>/<user>` on cluster orders of the fine region. */
export function dbuser(user: string, id = 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ'): string {
  return `arn:aws:rds-db:eu-central-1:${owner}:dbuser:${id}/${user}`;
}

/** A policy of these statements, as the AWS CLI prints it. */
export function policy(...Statement: readonly Json[]): Json {
  return { Version: '2012-10-17', Statement };
}

/** A statement that allows `rds-db:connect` on these resources. */
export function connect(Resource: string | readonly string[], override: Json = {}): Json {
  return { Effect: 'Allow', Action: 'rds-db:connect', Resource, ...override };
}

/** A statement that denies `rds-db:connect` on these resources. */
export function deny(Resource: string | readonly string[], override: Json = {}): Json {
  return connect(Resource, { Effect: 'Deny', ...override });
}

/** A trust policy for these principals. */
export function trust(Principal: unknown, override: Json = {}): Json {
  return policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...override });
}

/** An inline policy called `connect`. */
export function inline(document: unknown, PolicyName = 'connect'): Json {
  return { PolicyName, PolicyDocument: document };
}

/** A role that EC2 assumes, last used the day before the evidence, with one inline policy. */
export function role(document: unknown, override: Json = {}): Json {
  const { RoleName = 'orders-app' } = override;
  return {
    Path: '/',
    RoleName,
    RoleId: 'AROAEXAMPLE',
    Arn: `arn:aws:iam::${owner}:role/${String(RoleName)}`,
    CreateDate: '2025-01-10T08:00:00Z',
    AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }),
    InstanceProfileList: [],
    RolePolicyList: document === undefined ? [] : [inline(document)],
    AttachedManagedPolicies: [],
    Tags: [],
    RoleLastUsed: { LastUsedDate: '2026-05-02T09:00:00Z', Region: 'eu-central-1' },
    ...override,
  };
}

/** User jane of group dba, without policies of her own. */
export function user(override: Json = {}): Json {
  const { UserName = 'jane' } = override;
  return {
    Path: '/',
    UserName,
    UserId: 'AIDAEXAMPLE',
    Arn: `arn:aws:iam::${owner}:user/${String(UserName)}`,
    CreateDate: '2025-01-10T08:00:00Z',
    GroupList: ['dba'],
    AttachedManagedPolicies: [],
    Tags: [],
    ...override,
  };
}

/** Group dba, which may look at RDS. */
export function group(override: Json = {}): Json {
  return {
    Path: '/',
    GroupName: 'dba',
    GroupId: 'AGPAEXAMPLE',
    Arn: `arn:aws:iam::${owner}:group/dba`,
    GroupPolicyList: [inline(policy({ Effect: 'Allow', Action: 'rds:Describe*', Resource: '*' }), 'look')],
    AttachedManagedPolicies: [],
    ...override,
  };
}

/** A managed policy with versions v1 (nothing) and v2, the default. */
export function managed(PolicyName: string, document: unknown, override: Json = {}): Json {
  return {
    PolicyName,
    PolicyId: 'ANPAEXAMPLE',
    Arn: `arn:aws:iam::${owner}:policy/${PolicyName}`,
    Path: '/',
    DefaultVersionId: 'v2',
    PolicyVersionList: [
      { VersionId: 'v2', IsDefaultVersion: true, Document: document },
      { VersionId: 'v1', IsDefaultVersion: false, Document: policy() },
    ],
    ...override,
  };
}

/** What names a managed policy of {@link managed}. */
export function attached(...names: readonly string[]): readonly Json[] {
  return names.map((PolicyName) => ({ PolicyName, PolicyArn: `arn:aws:iam::${owner}:policy/${PolicyName}` }));
}

/** The answer with these identities; what is not named is empty. */
export function details(lists: Json): Json {
  return {
    'iam get-account-authorization-details': { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [], ...lists },
  };
}

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
];

/** The root user's row: MFA, no key, not used since 2025. */
export const rootRow: Readonly<Record<string, string>> = {
  user: '<root_account>',
  arn: `arn:aws:iam::${owner}:root`,
  password_enabled: 'not_supported',
  password_last_used: '2025-01-01T00:00:00+00:00',
  password_last_changed: 'not_supported',
  mfa_active: 'true',
  access_key_1_active: 'false',
  access_key_1_last_rotated: 'N/A',
  access_key_1_last_used_date: 'N/A',
  access_key_2_active: 'false',
  access_key_2_last_rotated: 'N/A',
  access_key_2_last_used_date: 'N/A',
};

/** Jane's row: one key, a month old and used lately; no password. */
export const janeRow: Readonly<Record<string, string>> = {
  ...rootRow,
  user: 'jane',
  arn: `arn:aws:iam::${owner}:user/jane`,
  password_enabled: 'false',
  password_last_used: 'N/A',
  password_last_changed: 'N/A',
  mfa_active: 'false',
  access_key_1_active: 'true',
  access_key_1_last_rotated: '2026-04-01T08:00:00+00:00',
  access_key_1_last_used_date: '2026-05-01T08:00:00+00:00',
};

/** A credential report of these rows, as the AWS CLI prints it: CSV in base64. */
export function credentialReport(...rows: readonly Readonly<Record<string, string>>[]): Json {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? 'N/A'))].map((fields) => fields.join(','));
  return { Content: Buffer.from(lines.join('\n')).toString('base64'), ReportFormat: 'text/csv', GeneratedTime: '2026-05-03T11:00:00Z' };
}
