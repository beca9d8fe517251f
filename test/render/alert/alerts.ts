import type { Alert } from '../../../lib/domain/alert.ts';

/** TLS turned off by alice, who assumed a role: what a change check says. */
export const happened: Alert = {
  schemaVersion: '1',
  id: '0123456789abcdef0123456789abcdef',
  openedBy: null,
  check: 'tls-weakened',
  severity: 'high',
  title: 'TLS was weakened',
  account: '111122223333',
  region: 'eu-central-1',
  at: '2026-05-03T11:58:12.000Z',
  eventId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  fingerprint: 'fedcba9876543210fedcba9876543210',
  transition: 'happened',
  eventTime: '2026-05-03T11:58:00Z',
  delaySeconds: 12,
  principal: {
    arn: 'arn:aws:sts::111122223333:assumed-role/dba-oncall/alice',
    type: 'AssumedRole',
    account: '111122223333',
    issuer: 'arn:aws:iam::111122223333:role/dba-oncall',
    session: 'alice',
    invokedBy: null,
  },
  sourceAddress: '203.0.113.40',
  userAgent: 'aws-cli/2.17.32',
  tool: 'aws-cli',
  resources: ['orders', 'payments'].map((name) => ({
    arn: `arn:aws:rds:eu-central-1:111122223333:cluster:${name}`,
    type: 'cluster',
    name,
    region: 'eu-central-1',
  })),
  before: { 'rds.force_ssl': '1' },
  after: { 'rds.force_ssl': '0' },
  inEffect: true,
  findings: ['1c52d9a0e6b14f6f8d2a3b4c5d6e7f80'],
  reason:
    'rds.force_ssl was set to 0 (1 before) in group shared-pg16. orders and payments may accept connections without TLS. It is in effect at once.',
  remediation: {
    command:
      'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name shared-pg16 --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate',
    effect: 'at once',
  },
  links: {
    event: 'https://eu-central-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-central-1#/events/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    cluster: 'https://eu-central-1.console.aws.amazon.com/rds/home?region=eu-central-1#database:id=orders;is-cluster=true',
  },
};

/** What a sweep says when it was put right: nobody is known to have done it. */
export const resolved: Alert = {
  ...happened,
  id: 'abcdef0123456789abcdef0123456789',
  openedBy: happened.id,
  check: 'tls-required',
  title: 'Cluster requires TLS of every client, in effect on every member',
  transition: 'resolved',
  eventId: null,
  eventTime: null,
  delaySeconds: null,
  principal: null,
  sourceAddress: null,
  userAgent: null,
  tool: null,
  before: {},
  after: {},
  reason: 'rds.force_ssl is 1 in group shared-pg16, in effect on all 2 members. It was open for 3 hours.',
  remediation: null,
  links: {},
};

/** Names and texts that try to be more than text. */
export const hostile: Alert = {
  ...happened,
  title: 'TLS <!channel> was & weakened',
  reason: 'group "a</p>\u001b[31m" <https://evil.example|click> & more\nSecond line \u202egnp.exe ```',
  resources: [
    { arn: 'arn:aws:rds:eu-central-1:111122223333:cluster:x', type: 'cluster', name: '<@U123> & \u001b]0;x\u0007', region: 'eu-central-1' },
  ],
  principal: { ...(happened.principal ?? nobody()), session: '<!here>\r\nBcc: all@example.com' },
  sourceAddress: '<script>',
  tool: 'constructor',
  before: { ['__proto__']: '<a>', 'x<y': { nested: '\u0000' } },
  after: { 'x<y': null },
  remediation: {
    command: "aws rds modify-db-cluster --db-cluster-identifier 'a```b<c'\naws rds two",
    effect: 'at <once>',
    note: 'note & <note>',
  },
  links: { event: 'javascript:alert(1)', cluster: 'https://example.com/|<x>', logStream: 'https://example.com/a&b' },
};

function nobody(): never {
  throw new TypeError('There is a principal.');
}
