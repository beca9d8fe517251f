import type { ManagedBy } from '../evidence/managed-by.ts';

/** Where a resource must be changed instead, or null: nothing tells that a tool manages it. */
export function managedNote(managedBy: ManagedBy | null, name: string): string | null {
  if (managedBy === null) return null;
  if (managedBy.tool === 'Terraform') return `Terraform manages ${name}: change it there, or its next run undoes this.`;
  return `CloudFormation manages ${name} (stack ${managedBy.stack ?? ''}): change it there, or its next deployment undoes this.`;
}
