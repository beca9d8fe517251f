import { causeText } from '../domain/answer.ts';
import { shellCommand } from '../domain/shell.ts';
import type { Remediation } from '../domain/verdict.ts';
import type { Grant, PrincipalSubject } from '../evidence/grants.ts';
import type { IdentityPolicy } from '../evidence/identities.ts';
import { managedNote } from './managed.ts';
import { clusterNeeds } from './needs.ts';
import { counted } from './sentences.ts';

/** What tells who holds `rds-db:connect`, and on which databases. */
export const grantNeeds: readonly string[] = [
  'iam:GetAccountAuthorizationDetails',
  ...clusterNeeds,
  'rds:DescribeDBProxies',
  'rds:DescribeDBProxyTargets',
];

/** `role reporting`, `user jane`. */
export function nameOf({ identity: { kind, name } }: Pick<PrincipalSubject, 'identity'>): string {
  return `${kind} ${name}`;
}

/** The patterns of the grants, each once. */
export function patternsOf(grants: readonly Grant[]): readonly string[] {
  return [...new Set(grants.map(({ resource }) => resource))].sort();
}

/** A sentence about the grants that hold only under a condition, after a space; empty where none does. */
export function conditionNote(grants: readonly Grant[]): string {
  const conditions = new Set(grants.flatMap(({ condition }) => (condition === null ? [] : [condition])));
  if (conditions.size === 0) return '';
  const [first] = conditions;
  const which = grants.every(({ condition }) => condition !== null)
    ? 'The grant is'
    : `${counted(conditions.size, 'grant')} of several ${conditions.size === 1 ? 'is' : 'are'}`;
  return ` ${which} conditional, which is not judged here: ${conditions.size === 1 ? first : `${first}, and others`}.`;
}

/**
 * The commands that take these policies' `rds-db:connect` from the principal, and nothing else: where something would be lost with a policy, a deny of
 * `resources`.
 */
export function takeAway(
  principal: PrincipalSubject,
  policies: readonly IdentityPolicy[],
  resources: readonly string[] = ['*'],
): readonly string[] {
  const { kind, name } = principal.identity;
  if (policies.every((policy) => isOwn(policy) && givesConnectAlone(policy))) {
    return [...new Set(policies)].map((policy) =>
      policy.arn === null
        ? shellCommand('aws', 'iam', `delete-${kind}-policy`, `--${kind}-name`, name, '--policy-name', policy.name)
        : shellCommand('aws', 'iam', `detach-${kind}-policy`, `--${kind}-name`, name, '--policy-arn', policy.arn),
    );
  }
  const Resource = resources.length === 1 ? resources[0] : resources;
  return [putPolicy(principal, 'deny-database-login', [{ Effect: 'Deny', Action: 'rds-db:connect', Resource }])];
}

/** The command that gives the principal an inline policy of these statements. */
export function putPolicy({ identity: { kind, name } }: PrincipalSubject, policy: string, Statement: readonly object[]): string {
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  return shellCommand('aws', 'iam', `put-${kind}-policy`, `--${kind}-name`, name, '--policy-name', policy, '--policy-document', document);
}

/** Commands about a principal, with the note on who manages it; null where only AWS can change it. */
export function remedyOf({ identity }: PrincipalSubject, commands: readonly string[], note: string | null = null): Remediation | null {
  if (/:role\/(?:aws-service-role|aws-reserved)\//.test(identity.arn)) return null;
  const notes = [note, managedNote(identity.managedBy, identity.name)].filter((one) => one !== null);
  const remediation = { command: commands.join('\n'), effect: 'at once' };
  return notes.length === 0 ? remediation : { ...remediation, note: notes.join(' ') };
}

/** True where the policy belongs to the principal itself, not to a group. */
function isOwn({ group }: IdentityPolicy): boolean {
  return group === null;
}

/** True where nothing else is lost with the policy: no other action, and no deny that limits other policies. */
export function givesConnectAlone({ statements }: IdentityPolicy): boolean {
  return (
    statements.known &&
    statements.value.every(
      ({ allow, actions }) => allow && !actions.negated && actions.patterns.every((one) => one.toLowerCase().startsWith('rds-db:')),
    )
  );
}

/** The first hours of a period may hold no record without anything missing. */
const slack = 3_600_000;

/** Why the logs of what the grants reach may lack a login since `start`, or null: they are complete. */
export function unseenLogs(grants: readonly Grant[], start: number): string | null {
  for (const { mayReachMore, reaches } of grants) {
    if (mayReachMore !== null) return causeText(mayReachMore);
    for (const { logs, resourceId } of reaches) {
      if (logs.size === 0) return `what ${resourceId} leads to is not known`;
      for (const [cluster, { complete, from, detail }] of logs) {
        if (!complete) return `${cluster}: ${detail || 'its log is not complete'}`;
        if (from !== null && Date.parse(from) > start + slack) return `${cluster}: its log begins on ${dayOf(from)}`;
      }
    }
  }
  return null;
}

/** True for a pattern that everything fits. */
export function isAny(pattern: string): boolean {
  return /^[*?]+$/.test(pattern);
}

/** The day of a time. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}
