import { describe, expect, it } from '@jest/globals';
import { creations } from '../../../lib/checks/change/group-association.ts';
import type { Alert } from '../../../lib/domain/alert.ts';
import type { Configuration } from '../../../lib/domain/configuration.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { OwnParts } from '../../../lib/evidence/change.ts';
import type { ChangeCheck } from '../../../lib/evidence/check-kinds.ts';
import { readCloudTrailRecord } from '../../../lib/intake/cloudtrail.ts';
import { judgeChange } from '../../../lib/monitor/judge-change.ts';
import type { Answers } from '../../evidence/answers.ts';
import { account, at, evidenceOf, region } from '../../evidence/answers.ts';

/** A CloudTrail record: `aws <call>` by alice, who assumed the role dba-oncall, a minute before the evidence's moment. */
export interface Call {
  /** `rds.amazonaws.com` unless it says otherwise. */
  readonly source?: string;
  readonly name: string;
  readonly request: unknown;
  readonly response?: unknown;
  /** Fields of the record that are replaced. */
  readonly record?: object;
}

/** One row: what somebody did beside which evidence, and what is told of it. */
export interface Row {
  readonly name: string;
  readonly call: Call;
  /** Raw answers; absent: nothing is known beside the event. */
  readonly answers?: Answers;
  /** True: the answers are from before the event. */
  readonly before?: true;
  readonly configuration?: Partial<Configuration>;
  readonly own?: OwnParts;
  /** The alert, in part; null: nothing is told. */
  readonly alert: Expected | null;
}

/** An alert, in part. */
export interface Expected {
  readonly severity?: string;
  /** The whole reason, or a part of it. */
  readonly reason?: string | RegExp;
  /** Names, sorted by ARN. */
  readonly resources?: readonly string[];
  /** `undefined`: it must not be there. */
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
  readonly inEffect?: boolean | null;
  /** The whole command; null: none. */
  readonly command?: string | null;
  readonly effect?: string;
  readonly note?: string | RegExp;
}

/** Runs the rows of one check. */
export function testChange(check: ChangeCheck, rows: readonly Row[]): void {
  describe(check.id, () => {
    it.each(rows)('$name', (row) => {
      const event = readCloudTrailRecord(recordOf(row.call));
      if (event === null) throw new Error(`"${row.name}" is no CloudTrail record.`);
      const moment = row.answers === undefined ? Number.NaN : row.before ? at - 120_000 : at;
      const context = { at: moment, configuration: { ...defaultConfiguration, ...row.configuration } };

      const alerts = judgeChange(event, evidenceOf(row.answers ?? {}), [check], context, row.own);

      if (row.alert === null) expect(alerts).toEqual([]);
      else expectAlert(alerts, row.alert);
    });
  });
}

function expectAlert(alerts: readonly Alert[], expected: Expected): void {
  expect(alerts).toHaveLength(1);
  const [alert] = alerts;
  if (alert === undefined) return;
  expect(alert.reason).toMatch(/^[^\n]+[.!?]$/);
  if (expected.severity !== undefined) expect(alert.severity).toBe(expected.severity);
  if (typeof expected.reason === 'string') expect(alert.reason).toBe(expected.reason);
  else if (expected.reason) expect(alert.reason).toMatch(expected.reason);
  if (expected.resources) expect(alert.resources.map(({ name }) => name)).toEqual(expected.resources);
  if ('before' in expected) expect(alert.before).toEqual(expected.before);
  if ('after' in expected) expect(alert.after).toEqual(expected.after);
  if (expected.inEffect !== undefined) expect(alert.inEffect).toBe(expected.inEffect);
  if (expected.command !== undefined) expect(alert.remediation?.command ?? null).toBe(expected.command);
  if (expected.effect !== undefined) expect(alert.remediation?.effect).toBe(expected.effect);
  if (typeof expected.note === 'string') expect(alert.remediation?.note).toBe(expected.note);
  else if (expected.note) expect(alert.remediation?.note).toMatch(expected.note);
}

/** The record as CloudTrail writes it. */
export function recordOf({
  source = 'rds.amazonaws.com',
  name,
  request,
  response = null,
  record,
}: Call): Readonly<Record<string, unknown>> {
  return {
    eventVersion: '1.09',
    userIdentity: alice,
    eventTime: '2026-05-03T11:59:00Z',
    eventSource: source,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: '203.0.113.40',
    userAgent: 'aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux md/command#rds',
    requestParameters: request,
    responseElements: response,
    requestID: '11111111-2222-3333-4444-555555555555',
    eventID: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...record,
  };
}

/** The role dba-oncall, assumed by alice. */
export const alice = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLE:alice',
  arn: `arn:aws:sts::${account}:assumed-role/dba-oncall/alice`,
  accountId: account,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLE',
      arn: `arn:aws:iam::${account}:role/dba-oncall`,
      accountId: account,
      userName: 'dba-oncall',
    },
    attributes: { creationDate: '2026-05-03T11:00:00Z', mfaAuthenticated: 'false' },
  },
};

/** The root user. */
export const root = { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account };

/** Every call that makes a cluster or an instance named `copy`, with what else it asks for and what the answer says. */
export function makingCalls(request: object, response: object): readonly Call[] {
  return creations.map((name) => {
    const isCluster = name.includes('DBCluster');
    const own = isCluster
      ? 'dBClusterIdentifier'
      : name === 'RestoreDBInstanceToPointInTime'
        ? 'targetDBInstanceIdentifier'
        : 'dBInstanceIdentifier';
    const answered = isCluster ? { dBClusterIdentifier: 'copy' } : { dBInstanceIdentifier: 'copy' };
    return {
      name,
      request: { [own]: 'copy', ...request },
      response: { ...answered, engine: isCluster ? 'aurora-postgresql' : 'postgres', engineVersion: '14.9', ...response },
    };
  });
}
