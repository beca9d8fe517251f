import type { Tag } from '../domain/cluster-answers.ts';

/** A tool whose tags stand on a resource: a change made elsewhere is undone by its next run. */
export interface ManagedBy {
  readonly tool: 'CloudFormation' | 'Terraform';
  /** The stack, where the tag says it. */
  readonly stack: string | null;
}

/** The tool that the tags name: CloudFormation sets its own, Terraform's are a custom. */
export function managedBy(tags: readonly Tag[] | undefined): ManagedBy | null {
  let terraform = false;
  for (const { Key = '', Value = '' } of tags ?? []) {
    if (Key === 'aws:cloudformation:stack-name') return { tool: 'CloudFormation', stack: Value };
    const key = Key.toLowerCase().replaceAll(/[-_ ]/g, '');
    const value = Value.toLowerCase();
    if ((key === 'terraform' && value !== 'false' && value !== 'no') || key.startsWith('terraform:')) terraform = true;
    if (['managedby', 'createdby', 'provisionedby', 'provisioner', 'iac', 'tool'].includes(key) && value.includes('terraform'))
      terraform = true;
  }
  return terraform ? { tool: 'Terraform', stack: null } : null;
}
