import { alice, recordOf } from '../checks/change/table.ts';

/** A CloudTrail record at `time`: `name` by alice, who assumed the role dba-oncall, unless `record` replaces fields. Each has an id of its own. */
export function call(time: string, name: string, request: unknown, record: Readonly<Record<string, unknown>> = {}): object {
  const { eventSource = 'rds.amazonaws.com', ...rest } = record;
  const eventID = `${time} ${name} ${JSON.stringify(request)} ${JSON.stringify(record)}`;
  return recordOf({ source: String(eventSource), name, request, record: { eventTime: time, eventID, ...rest } });
}

/** A call that AWS denied. */
export function denied(time: string, name = 'DescribeDBClusters', record: Readonly<Record<string, unknown>> = {}): object {
  return call(time, name, null, { errorCode: 'AccessDenied', errorMessage: `User is not authorized to perform: rds:${name}`, ...record });
}

/** AssumeRole of a role of this account. */
export function assumeRole(
  time: string,
  role: string,
  userIdentity: object = alice,
  record: Readonly<Record<string, unknown>> = {},
): object {
  return call(
    time,
    'AssumeRole',
    { roleArn: role, roleSessionName: 'session' },
    { eventSource: 'sts.amazonaws.com', userIdentity, ...record },
  );
}

/** Another account, as the events of this one show it. */
export const stranger = { type: 'AWSAccount', principalId: 'AROASTRANGER:batch', accountId: '444455556666' };
