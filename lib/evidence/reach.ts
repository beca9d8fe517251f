import type { Answer, Cause } from '../domain/answer.ts';
import { allKnown, known } from '../domain/answer.ts';
import type {
  DbSubnetGroup,
  DbSubnetGroups,
  IpPermission,
  ManagedPrefixListEntries,
  ManagedPrefixLists,
  RouteTable,
  RouteTables,
  SecurityGroup,
  SecurityGroups,
} from '../domain/cluster-answers.ts';
import type { Question } from '../domain/question.ts';
import type { AddressRange } from './address-ranges.ts';
import { readRange } from './address-ranges.ts';
import type { Inventory } from './inventory.ts';
import { lacking, unreadable, whole } from './told.ts';

/** Who the security groups let in to the real port. */
export interface Ingress {
  /** Ranges of addresses, directly or from a prefix list. */
  readonly admitted: readonly AdmittedRange[];
  /** Ids of the groups whose members are let in: their members only, not what reaches those. */
  readonly references: readonly string[];
  /** What could not be seen: a range that was not read may be anything. */
  readonly unseen: readonly Cause[];
}

/** One range that a rule lets in. */
export interface AdmittedRange {
  readonly range: AddressRange;
  /** As it is written: `0.0.0.0/0`. */
  readonly cidr: string;
  /** The group's id. */
  readonly group: string;
  readonly groupName: string | null;
  /** `tcp`, or `-1` for all. */
  readonly protocol: string;
  /** Null: all ports. */
  readonly ports: { readonly from: number; readonly to: number } | null;
  /** The prefix list that holds it, or null: the rule itself names the range. */
  readonly prefixList: { readonly id: string; readonly name: string | null } | null;
}

/** A subnet of a cluster, and its routes to an internet gateway. */
export interface SubnetRoute {
  readonly subnet: string;
  readonly vpc: string | null;
  readonly routeTable: Answer<string>;
  /** Of the subnet with its table; null: it uses the VPC's main one. */
  readonly association: string | null;
  /** Empty: none. */
  readonly toInternet: Answer<readonly GatewayRoute[]>;
}

/** A route to an internet gateway. */
export interface GatewayRoute {
  /** `igw-…`. */
  readonly gateway: string;
  /** A range, or the id of a prefix list. */
  readonly destination: string;
}

/** Who the groups let in to one of the ports. */
export function ingressOf(inventory: Inventory, region: string, groupIds: readonly string[], ports: readonly number[]): Answer<Ingress> {
  const question = { region, service: 'ec2', command: 'describe-security-groups', key: null };
  const answer = inventory.answer<SecurityGroups>(region, 'ec2', 'describe-security-groups');
  if (!answer.known) return answer;

  const admitted: AdmittedRange[] = [];
  const references = new Set<string>();
  const unseen: Cause[] = [];
  for (const id of groupIds) {
    const group = answer.value.SecurityGroups.find(({ GroupId }) => GroupId === id);
    if (group?.IpPermissions === undefined) {
      unseen.push(
        lacking(group ? `the answer for ${id} lacks IpPermissions` : `security group ${id} is not in the answer`, question).cause,
      );
      continue;
    }
    for (const permission of group.IpPermissions) {
      if (permission.IpProtocol === undefined) {
        unseen.push(lacking(`a rule of ${id} lacks IpProtocol`, question).cause);
      } else if (ports.some((port) => reaches(permission, port))) {
        for (const pair of permission.UserIdGroupPairs ?? []) references.add(pair.GroupId ?? 'a group without an id');
        collect(admitRanges(inventory, region, group, permission), admitted, unseen);
      }
    }
  }
  return known({ admitted, references: [...references].sort(), unseen });
}

function collect(found: readonly (AdmittedRange | Cause)[], admitted: AdmittedRange[], unseen: Cause[]): void {
  for (const one of found) {
    if ('range' in one) admitted.push(one);
    else unseen.push(one);
  }
}

/** `-1` is every protocol and port; a rule for TCP without ports, or from -1, is for all ports. */
function reaches({ IpProtocol, FromPort, ToPort }: IpPermission, port: number): boolean {
  const protocol = IpProtocol?.toLowerCase();
  if (protocol === '-1' || protocol === 'all') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  if (FromPort === undefined || ToPort === undefined || FromPort === -1) return true;
  return FromPort <= port && port <= ToPort;
}

function admitRanges(inventory: Inventory, region: string, group: SecurityGroup, permission: IpPermission): (AdmittedRange | Cause)[] {
  const direct = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
  ];
  const from = { group: group.GroupId, groupName: group.GroupName ?? null, ...protocolAndPorts(permission) };
  const question = { region, service: 'ec2', command: 'describe-security-groups', key: null };
  const admit = (cidr: string | undefined, prefixList: AdmittedRange['prefixList']): AdmittedRange | Cause => {
    const range = readRange(cidr ?? '');
    if (range && cidr !== undefined) return { ...from, range, cidr, prefixList };
    const { cause } = lacking(`a range of ${group.GroupId} cannot be read: ${cidr ?? 'it is missing'}`, question);
    return { ...cause, kind: 'unreadable' };
  };
  const found = direct.map((cidr) => admit(cidr, null));
  for (const { PrefixListId: id } of permission.PrefixListIds ?? []) {
    if (id === undefined) {
      found.push(lacking(`a rule of ${group.GroupId} has a prefix list without an id`, question).cause);
      continue;
    }
    const entries = inventory.answer<ManagedPrefixListEntries>(region, 'ec2', 'get-managed-prefix-list-entries', id);
    if (!entries.known) {
      found.push(entries.cause);
      continue;
    }
    const list = { id, name: prefixListName(inventory, region, id) };
    for (const { Cidr } of entries.value.Entries) found.push(admit(Cidr, list));
    if ((entries.rejected ?? 0) > 0) {
      const rest = unreadable('part of its entries could not be read', {
        region,
        service: 'ec2',
        command: 'get-managed-prefix-list-entries',
        key: id,
      });
      if (!rest.known) found.push(rest.cause);
    }
  }
  return found;
}

function prefixListName(inventory: Inventory, region: string, id: string): string | null {
  const lists = inventory.answer<ManagedPrefixLists>(region, 'ec2', 'describe-managed-prefix-lists');
  return (lists.known ? lists.value.PrefixLists.find(({ PrefixListId }) => PrefixListId === id)?.PrefixListName : null) ?? null;
}

function protocolAndPorts({ IpProtocol = '', FromPort, ToPort }: IpPermission): Pick<AdmittedRange, 'protocol' | 'ports'> {
  const protocol = IpProtocol.toLowerCase();
  if (protocol === '-1' || protocol === 'all') return { protocol: '-1', ports: null };
  const all = FromPort === undefined || ToPort === undefined || FromPort === -1;
  return { protocol: 'tcp', ports: all ? null : { from: FromPort, to: ToPort } };
}

/** The subnets of a DB subnet group and where they route to; a subnet without a table of its own uses the VPC's main one. */
export function subnetRoutes(inventory: Inventory, region: string, subnetGroup: Answer<DbSubnetGroup>): Answer<readonly SubnetRoute[]> {
  if (!subnetGroup.known) return subnetGroup;
  const { DBSubnetGroupName: name = '', Subnets, VpcId } = subnetGroup.value;
  const place = { region, service: 'rds', command: 'describe-db-subnet-groups', key: null };
  if (Subnets === undefined || Subnets.length === 0) return lacking(`subnet group ${name} lists no subnets`, place);
  const tables = inventory.answer<RouteTables>(region, 'ec2', 'describe-route-tables');
  const subnets = Subnets.map(({ SubnetIdentifier: subnet }) =>
    subnet === undefined ? lacking(`a subnet of ${name} has no id`, place) : known(subnetRoute(subnet, VpcId, tables, region)),
  );
  return allKnown<SubnetRoute>(subnets);
}

function subnetRoute(subnet: string, vpc: string | undefined, tables: Answer<RouteTables>, region: string): SubnetRoute {
  const place = { subnet, vpc: vpc ?? null, association: null };
  if (!tables.known) return { ...place, routeTable: tables, toInternet: tables };
  const question = { region, service: 'ec2', command: 'describe-route-tables', key: null };
  const own = tables.value.RouteTables.flatMap((table) => {
    const association = (table.Associations ?? []).find(({ SubnetId, State }) => SubnetId === subnet && State !== 'disassociated');
    return association ? [{ table, association: association.RouteTableAssociationId ?? null }] : [];
  })[0];
  if (own) return { ...place, ...routesOf(own.table, question), association: own.association };

  // The subnet's own table may be among those that could not be read.
  const all = whole(tables, question);
  if (!all.known) return { ...place, routeTable: all, toInternet: all };
  const isMain = (table: RouteTable): boolean =>
    vpc !== undefined && table.VpcId === vpc && (table.Associations ?? []).some(({ Main }) => Main === true);
  const main = all.value.RouteTables.find(isMain);
  if (main) return { ...place, ...routesOf(main, question) };
  const missing = lacking(`no route table for subnet ${subnet}, nor a main one of its VPC`, question);
  return { ...place, routeTable: missing, toInternet: missing };
}

function routesOf({ RouteTableId, Routes }: RouteTable, question: Question): Pick<SubnetRoute, 'routeTable' | 'toInternet'> {
  const routeTable = known(RouteTableId);
  if (Routes === undefined) return { routeTable, toInternet: lacking(`the answer for ${RouteTableId} lacks Routes`, question) };
  const toInternet = Routes.flatMap((route) => {
    // A route to a gateway that is gone leads nowhere.
    if (!route.GatewayId?.startsWith('igw-') || route.State === 'blackhole') return [];
    const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? '';
    return [{ gateway: route.GatewayId, destination }];
  });
  return { routeTable, toInternet: known(toInternet) };
}

/** The subnet group of this name. */
export function findSubnetGroup(inventory: Inventory, region: string, name: string): Answer<DbSubnetGroup> {
  const answer = inventory.answer<DbSubnetGroups>(region, 'rds', 'describe-db-subnet-groups');
  if (!answer.known) return answer;
  const found = answer.value.DBSubnetGroups.find(({ DBSubnetGroupName }) => DBSubnetGroupName === name);
  return found
    ? known(found)
    : lacking(`subnet group ${name} is not in the answer`, { region, service: 'rds', command: 'describe-db-subnet-groups', key: null });
}
