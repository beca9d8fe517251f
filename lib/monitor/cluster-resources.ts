import type { Resource } from '../domain/resource.ts';
import { listClusters } from '../evidence/clusters.ts';
import type { Evidence } from '../evidence/evidence.ts';

/**
 * The resource of a cluster or single instance by the name that its log carries. Where the inventory does not know the name, the ARN is
 * made up from the account and the region of the evidence (`unknown` where there are several). `elsewhere`: those of regions that are not looked at.
 */
export function clusterResources(evidence: Evidence, elsewhere: readonly Resource[] = []): (name: string) => Resource {
  const here = listClusters(evidence).subjects.map(({ resource }) => resource);
  const byName = new Map([...elsewhere, ...here].map((resource) => [resource.name, resource]));
  const { regions } = evidence.inventory;
  const region = (regions.length === 1 && regions[0]) || 'unknown';
  return (name) =>
    byName.get(name) ?? {
      arn: `arn:${evidence.partition}:rds:${region}:${evidence.account}:cluster:${name}`,
      type: 'cluster',
      name,
      region,
    };
}
