import type { CloudTrailEvent } from '../domain/event.ts';

/**
 * Reads a GuardDuty finding as EventBridge delivers it (`detail-type: GuardDuty Finding`) into the event that the change checks read: the source
 * is `aws.guardduty`, the name `GuardDuty Finding`, the request parameters are the finding itself. Its id is the finding's own, so that GuardDuty's
 * later updates of the same finding are the same event. Null: it has no id, type or time.
 */
export function readGuardDutyFinding(event: Readonly<Record<string, unknown>>): CloudTrailEvent | null {
  const detail = event.detail;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return null;
  const finding: Readonly<Record<string, unknown>> = { ...detail };
  const id = finding.id;
  const time = [event.time, finding.updatedAt, finding.createdAt].find((at) => typeof at === 'string' && !Number.isNaN(Date.parse(at)));
  if (typeof id !== 'string' || typeof finding.type !== 'string' || typeof time !== 'string') return null;
  const text = (...values: readonly unknown[]): string | null => values.find((value): value is string => typeof value === 'string') ?? null;
  const account = text(finding.accountId, event.account);
  return {
    eventId: id,
    eventTime: new Date(time).toISOString(),
    eventSource: 'aws.guardduty',
    eventName: 'GuardDuty Finding',
    region: text(finding.region, event.region) ?? '',
    account,
    sourceAddress: remoteAddress(finding),
    userAgent: null,
    errorCode: null,
    errorMessage: null,
    readOnly: null,
    userIdentity: {
      type: 'AWSService',
      arn: null,
      accountId: account,
      principalId: null,
      userName: null,
      invokedBy: 'guardduty.amazonaws.com',
      issuerArn: null,
      issuerType: null,
      sourceIdentity: null,
    },
    requestParameters: finding,
    responseElements: null,
  };
}

/** Where the login came from: `service.action.rdsLoginAttemptAction.remoteIpDetails`. */
function remoteAddress(finding: Readonly<Record<string, unknown>>): string | null {
  let value: unknown = finding;
  for (const name of ['service', 'action', 'rdsLoginAttemptAction', 'remoteIpDetails']) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  if (typeof value !== 'object' || value === null) return null;
  const address = 'ipAddressV4' in value ? value.ipAddressV4 : 'ipAddressV6' in value ? value.ipAddressV6 : null;
  return typeof address === 'string' && address !== '' ? address : null;
}
