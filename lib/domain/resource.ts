/** What a verdict or a finding is about; `arn` identifies it, `name` is what a person calls it. */
export interface Resource {
  readonly arn: string;
  readonly type: ResourceType;
  readonly name: string;
  /** The region's name; for resources of IAM, `global`. */
  readonly region: string;
}

/** The kinds of resource that a report speaks of. */
export const resourceTypes = [
  'account',
  'region',
  'cluster',
  'instance',
  'shard-group',
  'snapshot',
  'proxy',
  'principal',
  'policy',
  'parameter-group',
  'security-group',
  'log-group',
  'trail',
] as const;

/** One of {@link resourceTypes}. */
export type ResourceType = (typeof resourceTypes)[number];

/** The account as a resource: `arn:<partition>:iam::<account>:root`. */
export function accountResource(account: string, partition = 'aws'): Resource {
  return { arn: `arn:${partition}:iam::${account}:root`, type: 'account', name: account, region: 'global' };
}

/** A region as a resource: the account's ARN, the region's name. */
export function regionResource(account: string, region: string, partition = 'aws'): Resource {
  return { arn: `arn:${partition}:iam::${account}:root`, type: 'region', name: region, region };
}
