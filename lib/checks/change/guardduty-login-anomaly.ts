import type { Severity } from '../../domain/severity.ts';
import type { Change } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import type { Words } from '../../evidence/request.ts';
import { numberField, objectField, objectsField, textField } from '../../evidence/request.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { isOutOfScope, touchedCluster, touchedInstance } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { counted, listed } from '../sentences.ts';
import { engineNote } from './undo.ts';

/** GuardDuty saw a login that does not fit. */
export const guarddutyLoginAnomaly = {
  kind: 'change',
  id: 'guardduty-login-anomaly',
  title: 'GuardDuty reports an unusual database login',
  severity: 'high',
  rationale:
    'GuardDuty learns who logs in to a database from where, and reports what does not fit: guessing, an address with a bad name, a user who never came from there. Somebody may hold a password or token that is not theirs.',
  judged:
    "Takes GuardDuty's findings CredentialAccess:RDS/* and Discovery:RDS/* with GuardDuty's own severity, and adds what is known of the cluster and the user: whether it is the master user, whether TLS was used, and how the cluster authenticates and is reached.",
  fix: 'Ask the owner of the user. If nobody knows the login: end its sessions, change its password or take its grant away, and close the way it came.',
  references: ['https://docs.aws.amazon.com/guardduty/latest/ug/findings-rds-protection.html'],
  controls: ['PCI DSS 4.0 10.4.1', 'NIST 800-53 AC-2(12)', 'NIST 800-53 SI-4'],
  falsePositives: ['A new job or a new office: GuardDuty learns it after a while.'],
  needs: clusterNeeds,
  events: [{ source: 'aws.guardduty', names: ['GuardDuty Finding'] }],
  evaluate(change) {
    const { requestParameters: finding } = change.event;
    const type = textField(finding, 'type');
    if (type === null || !/^(?:CredentialAccess|Discovery):RDS\//.test(type)) return null;
    const resource = objectField(finding, 'resource');
    const details = objectField(resource, 'rdsDbInstanceDetails');
    const database = databaseOf(change, details);
    if (database === null || isOutOfScope(database)) return null;
    const user = objectField(resource, 'rdsDbUserDetails');
    return {
      severity: severityOf(numberField(finding, 'severity')),
      reason: [
        `${type}: ${textField(finding, 'title') ?? 'an unusual login'}${/[.!?]$/.test(textField(finding, 'title') ?? '') ? '' : '.'}`,
        ...loginSentences(finding, user, database),
        ...clusterSentences(database),
        ...engineNote(database),
      ].join(' '),
      on: database.resource,
      resources: [database.resource],
      after: factsOf(finding, user),
      inEffect: null,
      remediation: null,
    };
  },
} satisfies ChangeCheck;

/** GuardDuty's numbers: 9 and above critical, 7 high, 4 medium, 1 low. */
function severityOf(number: number | null): Severity {
  if (number === null) return 'high';
  if (number >= 9) return 'critical';
  if (number >= 7) return 'high';
  return number >= 4 ? 'medium' : 'low';
}

function databaseOf(change: Change, details: Words | null): TouchedDatabase | null {
  const engine = textField(details, 'engine')?.toLowerCase().replaceAll(' ', '-') ?? null;
  const cluster = textField(details, 'dbClusterIdentifier');
  const instance = textField(details, 'dbInstanceIdentifier');
  const found = cluster !== null ? touchedCluster(change, cluster) : instance !== null ? touchedInstance(change, instance) : null;
  if (found === null || found.engine !== null || engine === null) return found;
  return {
    ...found,
    engine: engine.startsWith('aurora-postgres') ? 'aurora-postgresql' : engine.startsWith('postgres') ? 'postgres' : engine,
  };
}

function loginsOf(finding: Words | null): {
  readonly address: string | null;
  readonly place: string | null;
  readonly logins: readonly Words[];
} {
  const action = objectField(objectField(finding, 'service'), 'action');
  const attempt = objectField(action, 'rdsLoginAttemptAction');
  const remote = objectField(attempt, 'remoteIpDetails');
  const country = textField(objectField(remote, 'country'), 'countryName');
  const organisation = textField(objectField(remote, 'organization'), 'org');
  const place = [country, organisation].filter((part) => part !== null).join(', ');
  return {
    address: textField(remote, 'ipAddressV4') ?? textField(remote, 'ipAddressV6'),
    place: place === '' ? null : place,
    logins: objectsField(attempt, 'loginAttributes'),
  };
}

function loginSentences(finding: Words | null, user: Words | null, database: TouchedDatabase): readonly string[] {
  const { address, place, logins } = loginsOf(finding);
  const sum = (name: string): number => logins.reduce((total, login) => total + (numberField(login, name) ?? 0), 0);
  const [failed, succeeded] = [sum('failedLoginAttempts'), sum('successfulLoginAttempts')];
  const users = [
    ...new Set([textField(user, 'user'), ...logins.map((login) => textField(login, 'user'))].filter((name) => name !== null)),
  ].sort();
  const tries = [
    ...(failed > 0 ? [counted(failed, 'failed login')] : []),
    ...(succeeded > 0 ? [counted(succeeded, 'successful login')] : []),
  ];
  const from = address === null ? '' : ` from ${address}${place === null ? '' : ` (${place})`}`;
  const who = users.length === 0 ? '' : ` as ${listed(users)}`;
  const master = (database.cluster ?? database.instance)?.MasterUsername;
  const ssl = textField(user, 'ssl')?.toLowerCase();
  return [
    ...(tries.length > 0 || who !== '' || from !== ''
      ? [`${tries.length === 0 ? 'A login' : listed(tries)} on ${database.resource.name}${who}${from}.`]
      : []),
    ...(master !== undefined && users.includes(master) ? [`${master} is its master user.`] : []),
    ...(ssl === 'off' || ssl === 'false' || ssl === 'disabled' ? ['It came without TLS.'] : []),
  ];
}

function clusterSentences({ cluster, instance, resource }: TouchedDatabase): readonly string[] {
  const known = cluster ?? instance;
  if (known === null) return [`Nothing more is known of ${resource.name}.`];
  const iam = known.IAMDatabaseAuthenticationEnabled;
  const isPublic = cluster?.PubliclyAccessible === true || instance?.PubliclyAccessible === true;
  return [
    ...(iam === undefined ? [] : [`IAM database authentication of ${resource.name} is ${iam ? 'on' : 'off'}.`]),
    ...(isPublic ? ['It has a public address.'] : []),
  ];
}

function factsOf(finding: Words | null, user: Words | null): Readonly<Record<string, unknown>> {
  const { address } = loginsOf(finding);
  const entries = [
    ['type', textField(finding, 'type')],
    ['user', textField(user, 'user')],
    ['database', textField(user, 'database')],
    ['application', textField(user, 'application')],
    ['source', address],
  ] as const;
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}
