import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';
import type { Inventory } from '../evidence/inventory.ts';

/** The names in an event that lead to what it touches, in lower case: identifiers, ARNs, groups. */
export function namesIn(event: CloudTrailEvent): ReadonlySet<string> {
  const names = new Set<string>();
  for (const said of [event.requestParameters, event.responseElements]) addNames(said, names, 0);
  return names;
}

/** A cluster or an instance of its own by its name, with everything that an event may call it by, in lower case. */
export interface NamedCluster {
  readonly name: string;
  readonly names: ReadonlySet<string>;
  /** Parameter groups of it and of its members. */
  readonly groups: ReadonlySet<string>;
}

/** The clusters and instances of the region, each with its members, groups and security groups. Empty where they could not be listed. */
export function namedClusters(inventory: Inventory, region: string): readonly NamedCluster[] {
  const clusters = list(inventory, region, 'describe-db-clusters', 'DBClusters');
  const instances = list(inventory, region, 'describe-db-instances', 'DBInstances');
  return [
    ...clusters.map((cluster) => {
      const name = text(cluster.DBClusterIdentifier);
      return named(name, [cluster, ...instances.filter((one) => text(one.DBClusterIdentifier) === name)]);
    }),
    ...instances.filter((one) => text(one.DBClusterIdentifier) === '').map((one) => named(text(one.DBInstanceIdentifier), [one])),
  ];
}

/** Those that the event touches: one parameter group may touch many. */
export function touchedClusters(clusters: readonly NamedCluster[], event: CloudTrailEvent): readonly NamedCluster[] {
  const said = namesIn(event);
  return clusters.filter(({ names }) => [...said].some((one) => names.has(one)));
}

/** True when the event speaks of the resource by its name or ARN. */
export function isNamed(resource: Resource, names: ReadonlySet<string>): boolean {
  return names.has(resource.arn.toLowerCase()) || names.has(resource.name.toLowerCase());
}

/** Names deep in a request are few; whatever is deeper or longer than this is none. */
const deepest = 5;
const longest = 2048;

function addNames(value: unknown, names: Set<string>, depth: number): void {
  if (typeof value === 'string' && value.length <= longest) {
    const name = value.toLowerCase();
    names.add(name);
    // A log group carries its cluster's name: /aws/rds/cluster/<name>/postgresql.
    const group = /^\/aws\/rds\/(?:cluster|instance)\/([^/]+)\//.exec(name);
    if (group?.[1]) names.add(group[1]);
  }
  if (typeof value !== 'object' || value === null || depth >= deepest) return;
  for (const inner of Object.values(value)) addNames(inner, names, depth + 1);
}

type Item = Readonly<Record<string, unknown>>;

function named(name: string, items: readonly Item[]): NamedCluster {
  const groups = items.flatMap((item) => [text(item.DBClusterParameterGroup), ...fields(item.DBParameterGroups, 'DBParameterGroupName')]);
  const names = items.flatMap((item) => [
    text(item.DBClusterIdentifier),
    text(item.DBClusterArn),
    text(item.DbClusterResourceId),
    text(item.DBInstanceIdentifier),
    text(item.DBInstanceArn),
    ...fields(item.DBClusterMembers, 'DBInstanceIdentifier'),
    ...fields(item.DBClusterMembers, 'DBClusterParameterGroup'),
    ...fields(item.VpcSecurityGroups, 'VpcSecurityGroupId'),
  ]);
  const clean = (values: readonly string[]) => new Set(values.filter((one) => one !== '').map((one) => one.toLowerCase()));
  return { name, names: clean([...names, ...groups]), groups: clean(groups) };
}

function fields(value: unknown, field: string): string[] {
  return items(value).map((item) => text(item[field]));
}

function list(inventory: Inventory, region: string, command: string, name: string): readonly Item[] {
  const answer = inventory.answer<Item>(region, 'rds', command);
  return answer.known ? items(answer.value[name]) : [];
}

function items(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value.filter((one): one is Item => typeof one === 'object' && one !== null) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
