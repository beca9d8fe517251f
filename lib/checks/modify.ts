import { shellCommand } from '../domain/shell.ts';
import type { Remediation } from '../domain/verdict.ts';
import type { ClusterSubject } from '../evidence/clusters.ts';
import { managedNote } from './managed.ts';

/** `aws rds modify-db-cluster` (of a single instance `modify-db-instance`) with these options, applied immediately. */
export function modify(subject: ClusterSubject, options: readonly string[], effect = 'at once'): Remediation {
  const { name, region } = subject.resource;
  const thing = subject.kind === 'instance' ? 'db-instance' : 'db-cluster';
  const command = shellCommand(
    'aws',
    'rds',
    `modify-${thing}`,
    '--region',
    region,
    `--${thing}-identifier`,
    name,
    ...options,
    '--apply-immediately',
  );
  return remedy(command, effect, subject);
}

/** `aws rds modify-db-instance` for each of the members. */
export function modifyMembers(
  subject: ClusterSubject,
  members: readonly string[],
  options: readonly string[],
  effect = 'at once',
): Remediation {
  const { region } = subject.resource;
  const commands = members.map((member) =>
    shellCommand(
      'aws',
      'rds',
      'modify-db-instance',
      '--region',
      region,
      '--db-instance-identifier',
      member,
      ...options,
      '--apply-immediately',
    ),
  );
  return remedy(commands.join('\n'), effect, subject);
}

/** A command about a resource, with what to mind and who manages it. */
export function remedy(
  command: string,
  effect: string,
  { managedBy, resource }: Pick<ClusterSubject, 'managedBy' | 'resource'>,
  mind: string | null = null,
): Remediation {
  const notes = [mind, managedNote(managedBy, resource.name)].filter((one) => one !== null);
  return notes.length === 0 ? { command, effect } : { command, effect, note: notes.join(' ') };
}
