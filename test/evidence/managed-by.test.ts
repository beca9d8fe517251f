import { describe, expect, it } from '@jest/globals';
import { managedBy } from '../../lib/evidence/managed-by.ts';

describe('managedBy', () => {
  it.each([
    [
      'the tag that CloudFormation sets',
      [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }],
      { tool: 'CloudFormation', stack: 'shop' },
    ],
    ['a custom of Terraform', [{ Key: 'ManagedBy', Value: 'Terraform' }], { tool: 'Terraform', stack: null }],
    ['another', [{ Key: 'terraform', Value: 'true' }], { tool: 'Terraform', stack: null }],
    ['with a dash', [{ Key: 'provisioned-by', Value: 'terraform-cloud' }], { tool: 'Terraform', stack: null }],
    [
      'both: CloudFormation sets its own',
      [
        { Key: 'terraform', Value: '1' },
        { Key: 'aws:cloudformation:stack-name', Value: 's' },
      ],
      { tool: 'CloudFormation', stack: 's' },
    ],
    ['one that says no', [{ Key: 'Terraform', Value: 'false' }], null],
    ['the word in another tag', [{ Key: 'comment', Value: 'not by terraform' }], null],
    ['no tags', [], null],
    ['a tag without a key', [{ Value: 'terraform' }], null],
    ['none in the answer', undefined, null],
  ])('%s', (_, tags, expected) => {
    expect(managedBy(tags)).toEqual(expected);
  });
});
