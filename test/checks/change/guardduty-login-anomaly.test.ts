import { describe, expect, it } from '@jest/globals';
import { guarddutyLoginAnomaly } from '../../../lib/checks/change/guardduty-login-anomaly.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { readCloudTrailRecord } from '../../../lib/intake/cloudtrail.ts';
import { judgeChange } from '../../../lib/monitor/judge-change.ts';
import type { Answers } from '../../evidence/answers.ts';
import { account, at, cluster, evidenceOf, fine, region } from '../../evidence/answers.ts';

type Json = Readonly<Record<string, unknown>>;

/** What GuardDuty sends, after the pattern of its documentation. */
function finding({
  type = 'CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin',
  severity = 8,
  instance = {},
  user = {},
  logins = [{ user: 'orders_owner', application: 'psql', failedLoginAttempts: 0, successfulLoginAttempts: 1 }],
}: {
  type?: string;
  severity?: unknown;
  instance?: Json;
  user?: Json;
  logins?: readonly Json[];
} = {}): Json {
  return {
    version: '0',
    id: 'bus-1',
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account,
    time: '2026-05-03T11:59:00Z',
    region,
    detail: {
      schemaVersion: '2.0',
      accountId: account,
      region,
      id: 'finding-1',
      type,
      severity,
      title: 'A user successfully logged into an RDS database in an anomalous way',
      createdAt: '2026-05-03T11:50:00Z',
      updatedAt: '2026-05-03T11:58:00Z',
      resource: {
        resourceType: 'RDSDBInstance',
        rdsDbInstanceDetails: {
          dbInstanceIdentifier: 'orders-1',
          engine: 'Aurora PostgreSQL',
          dbClusterIdentifier: 'orders',
          dbInstanceArn: `arn:aws:rds:${region}:${account}:db:orders-1`,
          ...instance,
        },
        rdsDbUserDetails: { user: 'orders_owner', application: 'psql', database: 'shop', ssl: 'off', authMethod: 'password', ...user },
      },
      service: {
        detectorId: 'detector-1',
        action: {
          actionType: 'RDS_LOGIN_ATTEMPT',
          rdsLoginAttemptAction: {
            remoteIpDetails: { ipAddressV4: '203.0.113.77', country: { countryName: 'Nowhere' }, organization: { org: 'Example' } },
            loginAttributes: logins,
          },
        },
      },
    },
  };
}

function judge(event: Json, answers: Answers = {}) {
  const read = readCloudTrailRecord(event);
  if (read === null) throw new Error('It is no finding.');
  return judgeChange(read, evidenceOf(answers), [guarddutyLoginAnomaly], { at, configuration: defaultConfiguration });
}

describe('guardduty-login-anomaly', () => {
  it('joins the finding with what is known of the cluster and the user', () => {
    const alerts = judge(finding(), {
      ...fine,
      'rds describe-db-clusters': { DBClusters: [cluster({ IAMDatabaseAuthenticationEnabled: false })] },
    });

    expect(alerts).toMatchObject([
      {
        severity: 'high',
        eventId: 'finding-1',
        resources: [{ name: 'orders', type: 'cluster' }],
        sourceAddress: '203.0.113.77',
        tool: 'service',
        principal: { type: 'AWSService', invokedBy: 'guardduty.amazonaws.com' },
        after: {
          type: 'CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin',
          user: 'orders_owner',
          database: 'shop',
          application: 'psql',
          source: '203.0.113.77',
        },
        inEffect: null,
        remediation: null,
        links: { event: `https://${region}.console.aws.amazon.com/guardduty/home?region=${region}#/findings?macros=current&fId=finding-1` },
      },
    ]);
    expect(alerts[0]?.reason).toBe(
      'CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin: A user successfully logged into an RDS database in an anomalous way. 1 successful login on orders as orders_owner from 203.0.113.77 (Nowhere, Example). orders_owner is its master user. It came without TLS. IAM database authentication of orders is off.',
    );
  });

  it.each([
    [9.5, 'critical'],
    [9, 'critical'],
    [8.9, 'high'],
    [7, 'high'],
    [6.9, 'medium'],
    [4, 'medium'],
    [2, 'low'],
    ['5', 'medium'],
    [undefined, 'high'],
  ])('takes severity %p as %s', (severity, expected) => {
    const alerts = judge({ ...finding(), detail: { ...(finding().detail as Json), severity } });

    expect(alerts).toMatchObject([{ severity: expected }]);
  });

  it('adds up failed logins', () => {
    const alerts = judge(
      finding({
        type: 'Discovery:RDS/MaliciousIPCaller',
        logins: [
          { user: 'a', failedLoginAttempts: 3, successfulLoginAttempts: 0 },
          { user: 'b', failedLoginAttempts: 4 },
        ],
        user: { user: null, ssl: 'on' },
      }),
    );

    expect(alerts[0]?.reason).toMatch(/7 failed logins on orders as a and b from 203\.0\.113\.77/);
    expect(alerts[0]?.reason).not.toMatch(/without TLS/);
  });

  it.each([
    ['another kind of finding', finding({ type: 'Recon:EC2/PortProbeUnprotectedPort' }), {}],
    ['MySQL, in the words of the finding', finding({ instance: { engine: 'Aurora MySQL' } }), {}],
    ['MySQL, in the evidence', finding(), { 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } }],
    ['a finding without a database', { ...finding(), detail: { ...(finding().detail as Json), resource: {} } }, {}],
  ])('says nothing of %s', (_name, event, answers) => {
    const alerts = judge(event, answers);

    expect(alerts).toEqual([]);
  });

  it('reads an instance of its own', () => {
    const alerts = judge(finding({ instance: { dbClusterIdentifier: null, dbInstanceIdentifier: 'billing', engine: 'Postgres' } }));

    expect(alerts).toMatchObject([{ resources: [{ name: 'billing', type: 'instance' }] }]);
    expect(alerts[0]?.reason).toMatch(/Nothing more is known of billing\.$/);
  });
});
