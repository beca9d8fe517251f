import type { AlertPrincipal, Tool } from '../domain/alert.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import { matchesWildcard } from '../domain/wildcard.ts';

/** Who made the call: a role session is resolved to its role and the session's name, which often is the person. */
export function callerOf({ userIdentity: identity, account }: CloudTrailEvent): AlertPrincipal | null {
  if (Object.values(identity).every((value) => value === null)) return null;
  const [, partition, owner, kind, name, rest] =
    /^arn:([^:]+):sts::(\d+):(assumed-role|federated-user)\/([^/]+)(?:\/(.*))?$/s.exec(identity.arn ?? '') ?? [];
  const role = kind === 'assumed-role' ? name : undefined;
  return {
    arn: identity.arn,
    type: identity.type,
    account: identity.accountId ?? owner ?? (identity.type === 'Root' ? account : null),
    issuer: identity.issuerArn ?? (role === undefined ? null : `arn:${partition}:iam::${owner}:role/${role}`),
    session: (kind === 'federated-user' ? name : rest) ?? federatedName(identity),
    invokedBy: identity.invokedBy,
  };
}

/** True for the account's root user acting by itself; a service that acts for root is not a person. */
export function isRoot({ userIdentity }: CloudTrailEvent): boolean {
  return userIdentity.type === 'Root' && userIdentity.invokedBy === null;
}

/** ARNs that the caller may be known by in lists of who is allowed: its own and its role's. */
function callerArns(event: CloudTrailEvent): readonly string[] {
  const caller = callerOf(event);
  return [caller?.issuer, caller?.arn].filter((arn) => typeof arn === 'string');
}

/** True where one of the patterns means the caller, or its role. */
export function isAmong(patterns: readonly string[], event: CloudTrailEvent): boolean {
  return callerArns(event).some((arn) => patterns.some((pattern) => matchesWildcard(pattern, arn)));
}

/** The program that made the call, by its user agent and source address, both of which may be the name of an AWS service. */
export function toolOf({ userAgent, sourceAddress, userIdentity }: CloudTrailEvent): Tool | null {
  const names = [userIdentity.invokedBy, sourceAddress, userAgent].map((name) => (name ?? '').slice(0, 2000).toLowerCase());
  if (names.some((name) => name === 'cloudformation.amazonaws.com')) return 'cloudformation';
  const agent = names[2] ?? '';
  if (agent.includes('pulumi')) return 'pulumi';
  if (agent.includes('terraform') || agent.includes('opentofu')) return 'terraform';
  if (agent.includes('aws-cdk') || agent.includes('cdk/')) return 'cdk';
  if (/^\[?aws-cli\//.test(agent)) return 'aws-cli';
  if (
    /^(?:console|signin)(?:\.[a-z0-9-]+)*\.amazonaws\.com/.test(agent) ||
    agent.startsWith('mozilla/') ||
    agent.includes('awsconsole') ||
    agent.includes('aws-console')
  ) {
    return 'console';
  }
  if (names.some((name) => /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/.test(name) || name === 'aws internal')) return 'service';
  if (/(?:^|[\s[])(?:aws-sdk-|boto3\/|botocore\/)/.test(agent)) return 'sdk';
  return /^[^\s/]+/.exec((userAgent ?? '').trim().slice(0, 200))?.[0] ?? null;
}

function federatedName({ type, userName, principalId }: CloudTrailEvent['userIdentity']): string | null {
  if (type !== 'SAMLUser' && type !== 'WebIdentityUser') return null;
  return userName ?? principalId;
}

/** The call as IAM calls the action: `lambda:DeleteFunction`. In Lambda's events the name ends with the date of its API; CloudWatch's come from `monitoring`. */
export function actionOf({ eventSource, eventName }: CloudTrailEvent): string {
  const service = eventSource.replace(/\.amazonaws\.com$/, '');
  return `${service === 'monitoring' ? 'cloudwatch' : service}:${eventName.replace(/20\d{6}(?:v\d)?$/, '')}`;
}
