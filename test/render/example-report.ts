import type { Alert } from '../../lib/domain/alert.ts';
import type { Finding } from '../../lib/domain/finding.ts';
import type { Access, ClusterLog, Coverage, Report, ReportedVerdict } from '../../lib/domain/report.ts';
import { accountResource, type Resource, regionResource } from '../../lib/domain/resource.ts';
import { type Severity, severities } from '../../lib/domain/severity.ts';
import type { CatalogueEntry } from '../../lib/render/catalogue.ts';
import type { Catalogue } from '../../lib/render/picture.ts';

const account = '111122223333';
const region = 'eu-central-1';
const at = '2026-05-03T12:00:00.000Z';

/** A cluster of the example account. */
export function clusterResource(name: string): Resource {
  return { arn: `arn:aws:rds:${region}:${account}:cluster:${name}`, type: 'cluster', name, region };
}

/** A role of the example account. */
export function roleResource(name: string): Resource {
  return { arn: `arn:aws:iam::${account}:role/${name}`, type: 'principal', name, region: 'global' };
}

/** A finding with everything filled in. */
export function exampleFinding(
  fields: Partial<Finding> & Pick<Finding, 'fingerprint' | 'check' | 'severity' | 'title' | 'resource' | 'reason'>,
): Finding {
  return { firstSeen: at, lastSeen: at, count: 1, evidence: {}, remediation: null, state: 'open', ...fields };
}

/** A change with everything filled in. */
export function exampleChange(fields: Partial<Alert> & Pick<Alert, 'id' | 'check' | 'severity' | 'title' | 'reason'>): Alert {
  return {
    schemaVersion: '1',
    openedBy: null,
    account,
    region,
    at,
    eventId: null,
    fingerprint: fields.id,
    transition: 'happened',
    eventTime: null,
    delaySeconds: null,
    principal: null,
    sourceAddress: null,
    userAgent: null,
    tool: null,
    resources: [],
    inEffect: null,
    findings: [],
    remediation: null,
    links: {},
    ...fields,
  };
}

const accounts = clusterResource('accounts');
const billing = clusterResource('billing');
const orders = clusterResource('orders');
const ledger = clusterResource('ledger');
const pgApp = roleResource('pg-app');
const pgReporting = roleResource('pg-reporting');
const pgMigration = roleResource('pg-migration-2024');
const pgLedger = roleResource('pg-ledger');

const titles: Readonly<Record<string, string>> = {
  'tls-required': 'Cluster accepts only connections with TLS',
  'tls-minimum-version': 'Cluster accepts TLS 1.2 and later only',
  'iam-authentication-enabled': 'IAM database authentication is on',
  'password-commands-restricted': 'Only members of rds_password may set passwords',
  'connections-logged': 'Every member logs connections and disconnections',
  'postgresql-log-exported': 'Cluster exports its PostgreSQL log to CloudWatch Logs',
  'not-publicly-accessible': 'No member is publicly accessible',
  'storage-encrypted': 'Storage is encrypted',
  'deletion-protected': 'Deletion protection is on',
  'backup-retention': 'Backups are kept for at least 7 days',
  'certificate-current': 'The certificate of every member is current',
  'grant-used': 'Principal that may connect to a database does so',
};

/** What the log of each cluster tells: of ledger nothing, of billing a session without TLS, of the others none. */
function logOf(resource: Resource): ClusterLog {
  const [from, detail] = ['2026-02-02T12:00:00.000Z', ''];
  if (resource === ledger)
    return { resource, from: null, complete: false, unbrokenFrom: null, detail: 'no log of it is in the evidence', withoutTls: [] };
  const withoutTls = resource === billing ? [{ user: 'billing_batch', sessions: 12, last: '2026-05-02T22:10:00.000Z' }] : [];
  return { resource, from, complete: true, unbrokenFrom: from, detail, withoutTls };
}

const denied =
  'access denied to rds describe-db-cluster-parameters/ledger-aurora-pg15 (eu-central-1): User: arn:aws:sts::111122223333:assumed-role/aurora-watch-scan/local is not authorized to perform: rds:DescribeDBClusterParameters';

function verdictsOf(
  cluster: Resource,
  special: Readonly<Record<string, Pick<ReportedVerdict, 'verdict' | 'reason' | 'inEffect'>>>,
): ReportedVerdict[] {
  return Object.keys(titles)
    .filter((check) => check !== 'grant-used')
    .map((check) => ({ check, resource: cluster, ...(special[check] ?? { verdict: 'pass', reason: 'As it should be.' }) }));
}

const verdicts: readonly ReportedVerdict[] = [
  ...verdictsOf(accounts, {
    'tls-required': { verdict: 'pass', reason: 'rds.force_ssl is on and in effect on both members.', inEffect: true },
  }),
  ...verdictsOf(billing, {
    'tls-required': { verdict: 'fail', reason: 'rds.force_ssl is 0 in billing-aurora-pg15: sessions without TLS are accepted.' },
    'password-commands-restricted': { verdict: 'fail', reason: 'rds.restrict_password_commands is off.' },
    'deletion-protected': { verdict: 'fail', reason: 'Deletion protection is off.' },
  }),
  ...verdictsOf(orders, {
    'tls-required': {
      verdict: 'fail',
      reason: 'rds.force_ssl is 1, but not in effect on orders-2: its group waits for a reboot.',
      inEffect: false,
    },
  }),
  ...verdictsOf(ledger, {
    'tls-required': { verdict: 'unknown', reason: denied },
    'tls-minimum-version': { verdict: 'unknown', reason: denied },
    'password-commands-restricted': { verdict: 'unknown', reason: denied },
    'connections-logged': { verdict: 'unknown', reason: denied },
  }),
  {
    check: 'grant-used',
    resource: pgApp,
    verdict: 'pass',
    reason: 'The role is used, and app_rw logged in on orders: possibly by this role.',
  },
  {
    check: 'grant-used',
    resource: pgReporting,
    verdict: 'fail',
    reason: 'The role is used, but nobody logged in as report_ro on billing in 90 days.',
  },
  {
    check: 'grant-used',
    resource: pgMigration,
    verdict: 'fail',
    reason: 'Nobody assumed the role in 90 days, so nobody can have connected with it.',
  },
  {
    check: 'grant-used',
    resource: pgLedger,
    verdict: 'unknown',
    reason: 'The role is used; the log of ledger was not collected, so logins are not known.',
  },
  { check: 'guardduty-rds-protection', resource: regionResource(account, region), verdict: 'pass', reason: 'RDS login events are on.' },
  {
    check: 'security-hub-enabled',
    resource: regionResource(account, region),
    verdict: 'not-applicable',
    reason: 'Not subscribed on purpose.',
  },
  { check: 'root-locked-away', resource: accountResource(account), verdict: 'pass', reason: 'No access key, MFA on, not used in 90 days.' },
];

const tlsWeakened = '5d1c0b0c3a9e4d1e8a5f6b7c8d9e0f12';

const findings: readonly Finding[] = [
  exampleFinding({
    fingerprint: '9a1f6c02b7d84e53a1b0c9d8e7f60512',
    check: 'log-forgery',
    severity: 'high',
    title: 'Log holds records that PostgreSQL cannot have written',
    resource: billing,
    reason: '2 records claim a login of billing_admin from 192.0.2.10, but were written by a client at 203.0.113.77.',
    firstSeen: '2026-05-02T22:41:07.000Z',
    lastSeen: '2026-05-02T22:41:07.000Z',
    count: 2,
    evidence: {
      source: '203.0.113.77',
      cluster: 'billing',
      records: 2,
      first: '2026-05-02T22:41:07Z',
      last: '2026-05-02T22:41:07Z',
      claimed: ['connection authorized: user=billing_admin database=billing SSL enabled (protocol=TLSv1.3)'],
    },
    remediation: {
      command:
        'aws ec2 revoke-security-group-ingress --region eu-central-1 --group-id sg-0123456789abcdef0 --protocol tcp --port 5432 --cidr 203.0.113.77/32',
      effect: 'at once',
    },
  }),
  exampleFinding({
    fingerprint: '1c52d9a0e6b14f6f8d2a3b4c5d6e7f80',
    check: 'tls-required',
    severity: 'high',
    title: titles['tls-required'] ?? '',
    resource: billing,
    reason: 'rds.force_ssl is 0 in billing-aurora-pg15: sessions without TLS are accepted.',
    firstSeen: '2026-04-28T09:12:44.000Z',
    evidence: {
      group: 'billing-aurora-pg15',
      value: '0',
      source: 'user',
      members: [{ instance: 'billing-1', status: 'in-sync' }],
    },
    remediation: {
      command:
        "aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name 'billing-aurora-pg15' --parameters 'ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate'",
      effect: 'at once',
      note: 'Terraform manages this group: change it there, or the next apply takes it back.',
    },
  }),
  exampleFinding({
    fingerprint: '77e0a4b3c2d14d0c9b8a7f6e5d4c3b21',
    check: 'tls-required',
    severity: 'high',
    title: titles['tls-required'] ?? '',
    resource: orders,
    reason: 'rds.force_ssl is 1, but not in effect on orders-2: its group waits for a reboot.',
    inEffect: false,
    firstSeen: '2026-05-01T16:03:00.000Z',
    evidence: {
      group: 'orders-aurora-pg16',
      value: '1',
      members: [
        { instance: 'orders-1', status: 'in-sync' },
        { instance: 'orders-2', status: 'pending-reboot' },
      ],
    },
    remediation: {
      command: "aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier 'orders-2'",
      effect: 'after a reboot',
    },
  }),
  exampleFinding({
    fingerprint: 'e3b0c44298fc1c149afbf4c8996fb924',
    check: 'failed-iam-logins',
    severity: 'medium',
    title: 'IAM logins to the database fail',
    resource: orders,
    reason: '14 attempts to log in as app_rw on orders from 198.51.100.23 failed: PAM authentication failed.',
    firstSeen: '2026-05-02T03:14:00.000Z',
    lastSeen: '2026-05-02T03:19:42.000Z',
    count: 14,
    evidence: {
      user: 'app_rw',
      database: 'orders',
      source: '198.51.100.23',
      cluster: 'orders',
      attempts: 14,
      unconfirmed: 0,
      first: '2026-05-02T03:14:00Z',
      last: '2026-05-02T03:19:42Z',
      reasons: ['PAM authentication failed for user "app_rw"'],
      callers: ['arn:aws:sts::111122223333:assumed-role/batch-worker/i-0abc'],
    },
    remediation: {
      command:
        "aws iam put-role-policy --role-name 'batch-worker' --policy-name 'connect-orders' --policy-document file://connect-orders.json",
      effect: 'within a minute',
    },
  }),
  exampleFinding({
    fingerprint: 'b5bb9d8014a0f9b1d61e21e796d78dcc',
    check: 'grant-used',
    severity: 'medium',
    title: titles['grant-used'] ?? '',
    resource: pgMigration,
    reason: 'Nobody assumed the role in 90 days, so nobody can have connected with it.',
    evidence: {
      principal: pgMigration.arn,
      grants: ['arn:aws:rds-db:eu-central-1:111122223333:dbuser:*/*'],
      databaseUsers: ['*'],
      use: 'role-never-used',
      lastUsed: null,
      signs: {
        roleLastUsed: 'never in 400 days',
        cloudtrail: 'no AssumeRole in 90 days',
        accessAdvisor: 'no access',
        logins: 'not looked at',
      },
    },
    remediation: {
      command: "aws iam delete-role-policy --role-name 'pg-migration-2024' --policy-name 'connect-everywhere'",
      effect: 'at once',
    },
  }),
  exampleFinding({
    fingerprint: '7d865e959b2466918c9863afca942d0f',
    check: 'grant-used',
    severity: 'medium',
    title: titles['grant-used'] ?? '',
    resource: pgReporting,
    reason: 'The role is used, but nobody logged in as report_ro on billing in 90 days.',
    evidence: {
      principal: pgReporting.arn,
      grants: ['arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-BILLINGEXAMPLE/report_ro'],
      databaseUsers: ['report_ro'],
      use: 'never-logged-in',
      lastUsed: '2026-04-30T07:00:00Z',
      signs: { roleLastUsed: '2026-04-30', cloudtrail: '61 AssumeRole', accessAdvisor: 'unknown', logins: 'none in a complete log' },
    },
    remediation: { command: "aws iam delete-role-policy --role-name 'pg-reporting' --policy-name 'connect-billing'", effect: 'at once' },
  }),
  exampleFinding({
    fingerprint: '4355a46b19d348dc2f57c046f8ef63d4',
    check: 'plaintext-sessions',
    severity: 'medium',
    title: 'Sessions without TLS',
    resource: billing,
    reason: 'invoice on billing connects without TLS from 10.0.3.17: 212 sessions, the last on 2026-05-03.',
    firstSeen: '2026-02-03T06:00:10.000Z',
    lastSeen: '2026-05-03T06:00:11.000Z',
    count: 212,
    evidence: {
      user: 'invoice',
      database: 'billing',
      source: '10.0.3.17',
      cluster: 'billing',
      sessions: 212,
      first: '2026-02-03T06:00:10Z',
      last: '2026-05-03T06:00:11Z',
      applications: ['invoice-batch 2.1'],
    },
    remediation: {
      command: 'psql "host=… user=invoice dbname=billing sslmode=verify-full sslrootcert=eu-central-1-bundle.pem"',
      effect: 'at the client’s next connection',
    },
  }),
  exampleFinding({
    fingerprint: '53c234e5e8472b6ac51c1ae1cab3fe06',
    check: 'password-commands-restricted',
    severity: 'medium',
    title: titles['password-commands-restricted'] ?? '',
    resource: billing,
    reason: 'rds.restrict_password_commands is off.',
    evidence: { group: 'billing-aurora-pg15', value: null },
    remediation: {
      command:
        "aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name 'billing-aurora-pg15' --parameters 'ParameterName=rds.restrict_password_commands,ParameterValue=1,ApplyMethod=pending-reboot'\naws rds reboot-db-instance --region eu-central-1 --db-instance-identifier 'billing-1'",
      effect: 'after a reboot',
    },
  }),
  exampleFinding({
    fingerprint: 'a3a5e715f0cc574a73c3f9bebb6bc24f',
    check: 'deletion-protected',
    severity: 'medium',
    title: titles['deletion-protected'] ?? '',
    resource: billing,
    reason: 'Deletion protection is off.',
    evidence: { deletionProtection: false },
    remediation: {
      command: "aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier 'billing' --deletion-protection",
      effect: 'at once',
    },
    state: 'suppressed',
    suppression: { by: 'jane', reason: 'The cluster is rebuilt every night until the migration ends.', until: '2026-09-30' },
  }),
  exampleFinding({
    fingerprint: '0263829989b6fd954f72baaf2fc64bc2',
    check: 'failed-iam-logins',
    severity: 'info',
    title: 'IAM logins to the database fail',
    resource: accounts,
    reason: '1 attempt to log in as ops_ro on accounts from 203.0.113.5 failed: PAM authentication failed.',
    firstSeen: '2026-04-20T10:02:00.000Z',
    lastSeen: '2026-04-20T10:02:00.000Z',
    evidence: {
      user: 'ops_ro',
      database: 'accounts',
      source: '203.0.113.5',
      cluster: 'accounts',
      attempts: 1,
      unconfirmed: 1,
      first: '2026-04-20T10:02:00Z',
      last: '2026-04-20T10:02:00Z',
      reasons: ['PAM authentication failed for user "ops_ro"'],
      callers: [],
    },
  }),
];

const changes: readonly Alert[] = [
  exampleChange({
    id: '2f7d5a9c11e04b5f9e0d7c6b5a493827',
    check: 'iam-grant-added',
    severity: 'medium',
    title: 'Somebody may connect to databases who could not before',
    eventId: '0f6f5b52-2f6a-4a7c-9d55-1f0a7a5d3e01',
    eventTime: '2026-03-11T14:25:09.000Z',
    principal: {
      arn: 'arn:aws:sts::111122223333:assumed-role/platform-admin/jane',
      type: 'AssumedRole',
      account,
      issuer: 'arn:aws:iam::111122223333:role/platform-admin',
      session: 'jane',
      invokedBy: null,
    },
    sourceAddress: '198.51.100.9',
    userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.5',
    tool: 'terraform',
    resources: [pgReporting],
    after: { grants: ['arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-BILLINGEXAMPLE/report_ro'] },
    reason: 'The role pg-reporting may now connect to billing as report_ro.',
    remediation: { command: "aws iam delete-role-policy --role-name 'pg-reporting' --policy-name 'connect-billing'", effect: 'at once' },
  }),
  exampleChange({
    id: tlsWeakened,
    check: 'tls-weakened',
    severity: 'high',
    title: 'TLS requirement was weakened',
    eventId: '7b1c1f3e-9a55-4d42-8c1b-3f0e9f6a2b02',
    eventTime: '2026-04-28T09:12:44.000Z',
    principal: {
      arn: 'arn:aws:sts::111122223333:assumed-role/dba-oncall/alice',
      type: 'AssumedRole',
      account,
      issuer: 'arn:aws:iam::111122223333:role/dba-oncall',
      session: 'alice',
      invokedBy: null,
    },
    sourceAddress: '203.0.113.40',
    userAgent: 'signin.amazonaws.com',
    tool: 'console',
    resources: [billing],
    before: { 'rds.force_ssl': '1' },
    after: { 'rds.force_ssl': '0' },
    inEffect: true,
    findings: ['1c52d9a0e6b14f6f8d2a3b4c5d6e7f80'],
    reason: 'rds.force_ssl of billing-aurora-pg15 went from 1 to 0.',
    remediation: {
      command:
        "aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name 'billing-aurora-pg15' --parameters 'ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate'",
      effect: 'at once',
    },
  }),
];

const coverage: readonly Coverage[] = [
  { source: 'cloudtrail', status: 'complete', detail: '3 files', from: '2026-02-02T12:00:00.000Z', to: at, records: 1842, rejected: 0 },
  {
    source: 'database',
    status: 'missing',
    detail: 'no database/<cluster>/roles.json was collected',
    from: null,
    to: null,
    records: 0,
    rejected: 0,
  },
  { source: 'inventory', status: 'partial', detail: '17 of 18 questions answered', from: null, to: null, records: 17, rejected: 0 },
  {
    source: 'inventory:rds:describe-db-cluster-parameters',
    status: 'partial',
    detail: denied,
    from: null,
    to: null,
    records: 3,
    rejected: 0,
  },
  { source: 'inventory:rds:describe-db-clusters', status: 'complete', detail: '', from: null, to: null, records: 1, rejected: 0 },
  {
    source: 'log',
    status: 'partial',
    detail: '3 of 4 clusters have a log',
    from: '2026-02-02T12:00:00.000Z',
    to: at,
    records: 48_210,
    rejected: 1,
  },
  {
    source: 'log:logs/accounts/accounts-1/postgresql.log.2026-05-03-00',
    status: 'complete',
    detail: '',
    from: '2026-02-02T12:00:00.000Z',
    to: at,
    records: 11_021,
    rejected: 0,
  },
  {
    source: 'log:logs/billing/billing-1/postgresql.log.2026-05-02-2200',
    status: 'partial',
    detail: 'the gzip ends early, after 3 102 lines',
    from: '2026-02-02T12:00:00.000Z',
    to: at,
    records: 3102,
    rejected: 1,
  },
  {
    source: 'log:logs/orders/orders-1/postgresql.log.2026-05-03-00',
    status: 'complete',
    detail: '',
    from: '2026-02-02T12:00:00.000Z',
    to: at,
    records: 34_087,
    rejected: 0,
  },
];

const accesses: readonly Access[] = [
  {
    principal: pgApp.arn,
    grants: [
      {
        resource: 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-ORDERSEXAMPLE/app_rw',
        policy: 'connect-orders (inline)',
        clusters: ['orders'],
        databaseUsers: ['app_rw'],
        condition: null,
      },
    ],
    databaseUsers: ['app_rw'],
    lastUsed: '2026-05-03T11:58:00.000Z',
    by: 'login as app_rw on orders',
  },
  {
    principal: pgLedger.arn,
    grants: [
      {
        resource: 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-LEDGEREXAMPLE/ledger_rw',
        policy: 'connect-ledger (inline)',
        clusters: ['ledger'],
        databaseUsers: ['ledger_rw'],
        condition: null,
      },
    ],
    databaseUsers: ['ledger_rw'],
    lastUsed: '2026-05-03T10:00:00.000Z',
    by: 'RoleLastUsed',
  },
  {
    principal: pgMigration.arn,
    grants: [
      {
        resource: 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:*/*',
        policy: 'connect-everywhere (inline)',
        clusters: ['accounts', 'billing', 'ledger', 'orders'],
        databaseUsers: ['*'],
        condition: null,
      },
    ],
    databaseUsers: ['*'],
    lastUsed: null,
    by: null,
  },
  {
    principal: pgReporting.arn,
    grants: [
      {
        resource: 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-BILLINGEXAMPLE/report_ro',
        policy: 'connect-billing (inline)',
        clusters: ['billing'],
        databaseUsers: ['report_ro'],
        condition: '{"Bool":{"aws:MultiFactorAuthPresent":"true"}}',
      },
    ],
    databaseUsers: ['report_ro'],
    lastUsed: '2026-04-30T07:00:00.000Z',
    by: 'AssumeRole',
  },
];

/** The report with numbers that agree with its lists. */
export function withSummary(report: Omit<Report, 'summary'>): Report {
  const count = (verdict: ReportedVerdict['verdict']): number => report.verdicts.filter((one) => one.verdict === verdict).length;
  const open = (severity: Severity): number => report.findings.filter((one) => one.state === 'open' && one.severity === severity).length;
  const [critical, high, medium, low, info] = severities.map(open);
  return {
    ...report,
    summary: {
      resources: new Set([...report.verdicts, ...report.findings].map(({ resource }) => `${resource.arn} ${resource.type}`)).size,
      pass: count('pass'),
      fail: count('fail'),
      notApplicable: count('not-applicable'),
      unknown: count('unknown'),
      findings: { critical: critical ?? 0, high: high ?? 0, medium: medium ?? 0, low: low ?? 0, info: info ?? 0 },
    },
  };
}

/**
 * A report with one of everything: a cluster that is fine, one with TLS off, one whose reader waits for a reboot, one that could not be read,
 * failed logins from two sources, a role that never connected, a change and who made it, a forged record, a suppressed finding.
 */
export const exampleReport: Report = withSummary({
  schemaVersion: '1',
  generator: { name: 'aurora-watch', version: '0.1.0' },
  account,
  regions: [region],
  at,
  window: { from: '2026-02-02T12:00:00.000Z', to: at },
  verdicts,
  findings,
  coverage,
  changes,
  accesses,
  logs: [accounts, billing, ledger, orders].map(logOf),
});

/** The same, compared with a report of the week before. */
export const comparedReport: Report = {
  ...exampleReport,
  comparison: {
    since: '2026-04-26T12:00:00.000Z',
    new: ['1c52d9a0e6b14f6f8d2a3b4c5d6e7f80', '9a1f6c02b7d84e53a1b0c9d8e7f60512'],
    gone: [
      exampleFinding({
        fingerprint: 'd4735e3a265e16eee03f59718b9b5d03',
        check: 'certificate-current',
        severity: 'high',
        title: titles['certificate-current'] ?? '',
        resource: orders,
        reason: 'The certificate of orders-1 ends on 2026-06-01.',
        firstSeen: '2026-03-01T12:00:00.000Z',
        lastSeen: '2026-04-26T12:00:00.000Z',
      }),
    ],
    unchanged: findings.map((finding) => finding.fingerprint).filter((one) => !one.startsWith('1c52') && !one.startsWith('9a1f')),
  },
};

/** A report of many clusters and findings, spread over all severities and sixty checks. */
export function largeReport(clusters: number, count: number): Report {
  const resources = Array.from({ length: clusters }, (_, index) => clusterResource(`cluster-${String(index).padStart(4, '0')}`));
  const many = Array.from({ length: count }, (_, index) => {
    const template = exampleReport.findings[index % exampleReport.findings.length];
    const cluster = resources[index % clusters];
    if (!template || !cluster) throw new Error('a report without clusters');
    const severity = severities[index % severities.length] ?? 'info';
    const check = `${template.check}-${Math.floor(index / severities.length) % 60}`;
    return { ...template, check, severity, resource: cluster, fingerprint: index.toString(16).padStart(32, '0') };
  });
  return withSummary({ ...exampleReport, verdicts: resources.flatMap((resource) => verdictsOf(resource, {})), findings: many });
}

/** What the checks of the example say about themselves, in part. */
export const exampleCatalogue: Catalogue = new Map(
  (
    [
      {
        kind: 'posture',
        id: 'tls-required',
        title: 'Cluster accepts only connections with TLS',
        severity: 'high',
        rationale:
          'Without TLS, passwords and data cross the network readable, and a client cannot tell the server from somebody in between.',
        judged: 'Reads rds.force_ssl of the cluster parameter group, and whether the group is in sync on every member.',
        fix: 'Set rds.force_ssl to 1 in the cluster parameter group, and reboot the members whose group is pending.',
        references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html'],
        controls: ['NIST 800-53 SC-8', 'PCI DSS 4.0 4.2.1'],
        falsePositives: [],
        needs: ['rds:DescribeDBClusters', 'rds:DescribeDBClusterParameters'],
      },
      {
        kind: 'access',
        id: 'grant-used',
        title: 'Principal that may connect to a database does so',
        severity: 'medium',
        rationale: 'Access that nobody uses is access that nobody misses when it is stolen.',
        judged: 'Looks for uses of the role, and for logins as the users that it grants.',
        fix: 'Remove the statement that grants rds-db:connect.',
        references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html'],
        controls: ['NIST 800-53 AC-6'],
        falsePositives: ['A break-glass role that is meant to rest: suppress it with a date.'],
        needs: ['iam:GetAccountAuthorizationDetails'],
      },
      {
        kind: 'activity',
        id: 'failed-iam-logins',
        title: 'IAM logins to the database fail',
        severity: 'medium',
        rationale: 'Somebody tries names or tokens that are not theirs, or an application has lost its grant.',
        judged: 'Counts failed attempts with PAM per cluster, user, database and source.',
        fix: 'Grant rds-db:connect to the caller, or find out who it is.',
        references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html'],
        controls: ['NIST 800-53 AC-7'],
        falsePositives: [],
        needs: [],
      },
    ] satisfies readonly CatalogueEntry[]
  ).map((entry) => [entry.id, entry] as const),
);
