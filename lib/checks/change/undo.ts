import { shellCommand } from '../../domain/shell.ts';
import type { Remediation } from '../../domain/verdict.ts';
import { toolOf } from '../../evidence/caller.ts';
import type { Change } from '../../evidence/change.ts';
import { managedBy } from '../../evidence/managed-by.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { managedNote } from '../managed.ts';

/** Tools that make the same change again as long as it stands in their sources. */
const declarative = new Map([
  ['cloudformation', 'CloudFormation'],
  ['terraform', 'Terraform'],
  ['pulumi', 'Pulumi'],
  ['cdk', 'CDK'],
]);

/** A command of the AWS CLI in the event's region. */
export function awsCommand({ event }: Change, service: string, command: string, ...words: readonly string[]): string {
  return shellCommand('aws', service, command, ...(event.region === '' ? [] : ['--region', event.region]), ...words);
}

/** The commands that undo the change, with the note on the tool that manages what it touched, or that made it. */
export function undo(
  change: Change,
  commands: string | readonly string[],
  effect: string,
  databases: readonly TouchedDatabase[] = [],
): Remediation {
  const command = typeof commands === 'string' ? commands : commands.join('\n');
  const note = noteOf(change, databases);
  return note === null ? { command, effect } : { command, effect, note };
}

function noteOf(change: Change, databases: readonly TouchedDatabase[]): string | null {
  for (const { tags, resource } of databases) {
    const note = managedNote(managedBy(tags), resource.name);
    if (note !== null) return note;
  }
  const tool = declarative.get(toolOf(change.event) ?? '');
  return tool === undefined ? null : `${tool} made this change: change it there, or its next run makes it again.`;
}

/** `aws rds modify-db-cluster` (or `modify-db-instance`) of what the event touched, applied immediately. */
export function modifyTouched(change: Change, { resource, member }: TouchedDatabase, options: readonly string[]): string {
  const isInstance = member !== null || resource.type === 'instance';
  const thing = isInstance ? 'db-instance' : 'db-cluster';
  return awsCommand(change, 'rds', `modify-${thing}`, `--${thing}-identifier`, member ?? resource.name, ...options, '--apply-immediately');
}

/** `modify-db-cluster` (of an instance of its own `modify-db-instance`): for what belongs to the cluster, whichever member the event names. */
export function modifyWhole(change: Change, database: TouchedDatabase, options: readonly string[]): string {
  return modifyTouched(change, { ...database, member: null }, options);
}

/** The commands that reboot the database: an Aurora cluster member by member, as far as the inventory knows them. */
export function reboots(change: Change, { resource, kind, cluster, member }: TouchedDatabase): readonly string[] {
  const reboot = (name: string): string => awsCommand(change, 'rds', 'reboot-db-instance', '--db-instance-identifier', name);
  if (resource.type === 'instance') return [reboot(resource.name)];
  if (kind === 'multi-az') return [awsCommand(change, 'rds', 'reboot-db-cluster', '--db-cluster-identifier', resource.name)];
  if (cluster === null) return member === null ? [] : [reboot(member)];
  return (cluster.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier: name }) => (name === undefined ? [] : [reboot(name)]));
}

/** Says so where nothing tells the engine. */
export function engineNote({ engine, resource }: TouchedDatabase): readonly string[] {
  return engine === null ? [`Nothing tells the engine of ${resource.name}: it is judged as PostgreSQL.`] : [];
}
