import type { ManagedPrefixListEntries, SecurityGroups } from '../../domain/cluster-answers.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Remediation } from '../../domain/verdict.ts';
import type { AddressRange, RangeLimits } from '../../evidence/address-ranges.ts';
import { isEverything, isWiderThan, overlaps, readRange, unionOf } from '../../evidence/address-ranges.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { ingressOf } from '../../evidence/reach.ts';
import { textsField } from '../../evidence/request.ts';
import type { TouchedDatabase, Users } from '../../evidence/touched.ts';
import { isOutOfScope, touchedDatabase, usersOfSecurityGroups } from '../../evidence/touched.ts';
import { wideIngress } from '../ingress.ts';
import { clusterNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';
import type { AskedRule } from './security-rules.ts';
import { permissionOf, prefixListEntries, reachesPort, rulesOf } from './security-rules.ts';
import { awsCommand, engineNote, modifyWhole, undo } from './undo.ts';

/** Many addresses reach a database's port. */
export const ingressOpened = {
  kind: 'change',
  id: 'ingress-opened',
  title: 'A database port was opened wide',
  severity: 'high',
  rationale:
    'Every address that reaches the port may try passwords, tokens and holes. A rule for the whole internet is found by scanners within minutes.',
  judged:
    'Reads rules that are added to security groups or changed, entries that are added to prefix lists, and clusters that are given other security groups. A rule counts where it reaches the port of a cluster that uses the group (where nobody knows who uses it: 5432) from a range wider than thresholds.widestIngress; ranges of the same group count together. Where nobody knows what the other groups or a prefix list let in, it is told as that: medium.',
  fix: 'Take the rule away again; let in the networks or the security groups of the clients only.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.RDSSecurityGroups.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html',
  ],
  controls: ['AWS FSBP EC2.18', 'AWS FSBP EC2.19', 'CIS AWS 3.0 5.2', 'PCI DSS 4.0 1.3.1', 'NIST 800-53 AC-4', 'NIST 800-53 SC-7'],
  falsePositives: ['A company network that is wider than the limit: set thresholds.widestIngress.'],
  needs: [...clusterNeeds, 'ec2:DescribeSecurityGroups', 'ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],
  events: [
    { source: 'ec2.amazonaws.com', names: ['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules', 'ModifyManagedPrefixList'] },
    { source: 'rds.amazonaws.com', names: ['ModifyDBCluster', 'ModifyDBInstance'] },
  ],
  evaluate(change, { configuration }) {
    const limits = configuration.thresholds.widestIngress;
    const { eventName, eventSource } = change.event;
    if (eventSource === 'rds.amazonaws.com') return judgeOtherGroups(change, limits);
    return eventName === 'ModifyManagedPrefixList' ? judgePrefixList(change, limits) : judgeRules(change, limits);
  },
} satisfies ChangeCheck;

/** Where nobody knows which clusters use a group: the port that PostgreSQL has by default. */
const usualPort = 5432;

/** Ports of those who use a group, today's and the one that waits. */
function portsOf({ databases, complete }: Users): readonly number[] {
  const ports = databases.flatMap(({ cluster, instance }) => [
    cluster?.Port ?? instance?.Endpoint?.Port ?? (instance?.DbInstancePort || undefined) ?? usualPort,
    ...[cluster?.PendingModifiedValues?.Port ?? instance?.PendingModifiedValues?.Port ?? []].flat(),
  ]);
  return [...new Set(ports.length > 0 ? ports : complete ? [] : [usualPort])];
}

function judgeRules(change: Change, limits: RangeLimits): ChangeVerdict | null {
  const asked = rulesOf(change.event);
  const named = asked[0]?.group;
  if (named === undefined) return null;
  const group = groupId(change, named);
  const users = usersOfSecurityGroups(change, [group]);
  const ports = portsOf(users);
  const reaching = asked.filter((rule) => ports.some((port) => reachesPort(rule, port)));
  const port = ports.find((one) => reaching.some((rule) => reachesPort(rule, one)));
  if (port === undefined) return null;
  const lists = new Map(reaching.flatMap(({ prefixLists }) => prefixLists.map((id) => [id, entriesOf(change, id)] as const)));
  const unread = [...lists].filter(([, ranges]) => ranges === null).map(([id]) => id);
  const ranges = reaching.flatMap(({ cidrs, prefixLists }) => [
    ...cidrs.flatMap(rangeOf),
    ...prefixLists.flatMap((id) => lists.get(id) ?? []),
  ]);
  const wide = widestOf(change, [group], port, ranges, limits);
  const unreadable = reaching.flatMap(({ cidrs }) => cidrs.filter((cidr) => rangeOf(cidr).length === 0));
  if (wide.length === 0 && unread.length === 0 && unreadable.length === 0) return null;
  const others = [
    ...(wide.length === 0 && unread.length > 0 ? [`What the prefix list ${listed(unread)} holds is not known.`] : []),
    ...(unreadable.length > 0 ? [`Which addresses ${listed(unreadable)} stands for is not known.`] : []),
  ];
  return openedVerdict(change, group, users, port, {
    severity: wide.length === 0 ? 'medium' : 'high',
    what: `Security group ${group} now lets ${wide.length > 0 ? addresses(wide, limits) : unread.length > 0 ? 'what a prefix list holds' : 'a range that cannot be read'} in to port ${port}: ${listed(reaching.flatMap(({ cidrs, prefixLists }) => [...cidrs, ...prefixLists]))}.`,
    more: others,
    after: { ingress: reaching.flatMap(({ cidrs, prefixLists }) => [...cidrs, ...prefixLists]) },
    remediation: undoRules(change, group, reaching),
  });
}

/** The id of a group of the default VPC that a call names, where the evidence knows it; else the name. */
function groupId({ inventory, event }: Change, group: string): string {
  const answer = inventory.answer<SecurityGroups>(event.region, 'ec2', 'describe-security-groups');
  const groups = answer.known && !group.startsWith('sg-') ? answer.value.SecurityGroups.filter(({ GroupName }) => GroupName === group) : [];
  return (groups.length === 1 && groups[0]?.GroupId) || group;
}

/** The runs of addresses that are too wide and that the event's ranges have a part in, with what the groups admit already. */
function widestOf(
  change: Change,
  groups: readonly string[],
  port: number,
  ranges: readonly AddressRange[],
  limits: RangeLimits,
): readonly AddressRange[] {
  const now = ingressOf(change.inventory, change.event.region, groups, [port]);
  const admitted = now.known ? now.value.admitted.map(({ range }) => range) : [];
  return unionOf([...admitted, ...ranges]).filter((run) => isWiderThan(run, limits) && ranges.some((range) => overlaps(run, range)));
}

function addresses(wide: readonly AddressRange[], limits: RangeLimits): string {
  const [everything] = wide.filter(isEverything);
  if (everything) return `every ${everything.family === 'ipv6' ? 'IPv6' : 'IPv4'} address`;
  const family = wide[0]?.family ?? 'ipv4';
  return `more than a network of /${limits[family]}`;
}

function openedVerdict(
  change: Change,
  group: string,
  users: Users,
  port: number,
  found: {
    severity: 'high' | 'medium';
    what: string;
    more: readonly string[];
    after: Readonly<Record<string, unknown>>;
    remediation: Remediation | null;
  },
): ChangeVerdict {
  const on = securityGroup(change, group);
  const names = listed(users.databases.map(({ resource }) => resource.name).sort());
  const whose =
    users.databases.length > 0
      ? [
          `${names} ${users.databases.length === 1 ? 'uses' : 'use'} it.`,
          ...(users.complete ? [] : ['There may be others: not all could be listed.']),
        ]
      : [`Which clusters use it is not known; ${port} is the port that PostgreSQL has by default.`];
  return {
    severity: found.severity,
    reason: [found.what, ...found.more, ...whose].join(' '),
    on,
    resources: users.databases.length > 0 ? users.databases.map(({ resource }) => resource) : [on],
    after: found.after,
    inEffect: true,
    remediation: found.remediation,
  };
}

function securityGroup({ partition, account, event }: Change, group: string): Resource {
  return {
    arn: `arn:${partition}:ec2:${event.region}:${account}:security-group/${group}`,
    type: 'security-group',
    name: group,
    region: event.region,
  };
}

function rangeOf(cidr: string): AddressRange[] {
  const range = readRange(cidr);
  return range === null ? [] : [range];
}

/** What a prefix list holds; null: not known. */
function entriesOf({ inventory, event }: Change, id: string): readonly AddressRange[] | null {
  const answer = inventory.answer<ManagedPrefixListEntries>(event.region, 'ec2', 'get-managed-prefix-list-entries', id);
  return answer.known ? answer.value.Entries.flatMap(({ Cidr }) => rangeOf(Cidr ?? '')) : null;
}

/** By the ids that EC2 gave to the rules, or else by what the rules say. */
function undoRules(change: Change, group: string, reaching: readonly AskedRule[]): Remediation {
  const ids = reaching.flatMap(({ id }) => id ?? []);
  const by =
    ids.length === reaching.length
      ? ['--security-group-rule-ids', ...ids]
      : ['--ip-permissions', JSON.stringify(reaching.map(permissionOf))];
  const name = group.startsWith('sg-') ? ['--group-id', group] : ['--group-name', group];
  return undo(change, awsCommand(change, 'ec2', 'revoke-security-group-ingress', ...name, ...by), 'at once');
}

function judgePrefixList(change: Change, limits: RangeLimits): ChangeVerdict | null {
  const asked = prefixListEntries(change.event);
  if (asked === null) return null;
  const { id, cidrs, version } = asked;
  const added = cidrs.flatMap(rangeOf);
  const answer = change.inventory.answer<SecurityGroups>(change.event.region, 'ec2', 'describe-security-groups');
  const groups = answer.known
    ? answer.value.SecurityGroups.filter(({ IpPermissions = [] }) =>
        IpPermissions.some(({ PrefixListIds = [] }) => PrefixListIds.some(({ PrefixListId }) => PrefixListId === id)),
      ).map(({ GroupId }) => GroupId)
    : [];
  const users = usersOfSecurityGroups(change, groups);
  const reached = users.databases.filter((database) =>
    portsOf({ databases: [database], complete: true }).some((port) => usesList(change, groups, port, id)),
  );
  if (answer.known && users.complete && reached.length === 0) return null;
  const entries = [...(entriesOf(change, id) ?? []), ...added];
  const wide = unionOf(entries).filter((run) => isWiderThan(run, limits) && added.some((range) => overlaps(run, range)));
  const isUnreadable = cidrs.some((cidr) => rangeOf(cidr).length === 0);
  if (wide.length === 0 && !isUnreadable) return null;
  const { partition, account, event } = change;
  const on: Resource = {
    arn: `arn:${partition}:ec2:${event.region}:${account}:prefix-list/${id}`,
    type: 'security-group',
    name: id,
    region: event.region,
  };
  const names = listed(reached.map(({ resource }) => resource.name).sort());
  const words = [
    '--prefix-list-id',
    id,
    ...(version === null ? [] : ['--current-version', String(version)]),
    '--remove-entries',
    ...cidrs.map((cidr) => `Cidr=${cidr}`),
  ];
  return {
    severity: reached.length > 0 ? 'high' : 'medium',
    reason: `Prefix list ${id} now holds ${wide.length > 0 ? addresses(wide, limits) : 'a range that cannot be read'}: ${listed(cidrs)}. ${reached.length > 0 ? `A security group of ${names} lets it in to the port.` : 'Which security groups let it in is not known.'}`,
    on,
    resources: reached.length > 0 ? reached.map(({ resource }) => resource) : [on],
    after: { entries: cidrs },
    inEffect: true,
    remediation: undo(change, awsCommand(change, 'ec2', 'modify-managed-prefix-list', ...words), 'at once'),
  };
}

function usesList(change: Change, groups: readonly string[], port: number, list: string): boolean {
  const answer = change.inventory.answer<SecurityGroups>(change.event.region, 'ec2', 'describe-security-groups');
  const rules = answer.known
    ? answer.value.SecurityGroups.filter(({ GroupId }) => groups.includes(GroupId)).flatMap(({ IpPermissions = [] }) => IpPermissions)
    : [];
  return rules.some(
    ({ PrefixListIds = [], IpProtocol, FromPort, ToPort }) =>
      PrefixListIds.some(({ PrefixListId }) => PrefixListId === list) &&
      reachesPort({ protocol: IpProtocol ?? '-1', from: FromPort ?? null, to: ToPort ?? null }, port),
  );
}

function judgeOtherGroups(change: Change, limits: RangeLimits): ChangeVerdict | null {
  const groups = [...textsField(change.event.requestParameters, 'vpcSecurityGroupIds')].sort();
  const database = groups.length === 0 ? null : touchedDatabase(change);
  if (database === null || isOutOfScope(database)) return null;
  const current = groupsOf(database);
  const { before, repeats } = earlier(change, current, groups, (a, b) => a.join(' ') === b.join(' '));
  if (repeats) return null;
  const fresh = before === null ? groups : groups.filter((group) => !before.includes(group));
  const { event, inventory } = change;
  const ports = portsOf({ databases: [database], complete: true });
  const opened = (severity: 'high' | 'medium', what: string): ChangeVerdict => ({
    severity,
    reason: [`${database.resource.name} was given security groups ${what}.`, ...engineNote(database)].join(' '),
    on: database.resource,
    resources: [database.resource],
    ...(before === null ? {} : { before: { VpcSecurityGroups: before } }),
    after: { VpcSecurityGroups: groups },
    inEffect: true,
    remediation:
      before === null ? null : undo(change, modifyWhole(change, database, ['--vpc-security-group-ids', ...before]), 'at once', [database]),
  });
  for (const port of ports) {
    const ingress = ingressOf(inventory, event.region, groups, [port]);
    const wide = ingress.known ? wideIngress(ingress.value.admitted, port, limits) : null;
    if (wide === null || !wide.rules.some(({ group }) => fresh.includes(group))) continue;
    const rules = listed([...new Set(wide.rules.map(({ cidr, group }) => `${cidr} (${group})`))].sort());
    return opened('high', `that let ${addresses(wide.ranges, limits)} in to port ${port}: ${rules}`);
  }
  const unread = fresh.filter((group) => {
    const ingress = ingressOf(inventory, event.region, [group], ports);
    return !ingress.known || ingress.value.unseen.length > 0;
  });
  if (unread.length === 0) return null;
  return opened('medium', `of which it is not known who is let in to port ${listed(ports.map(String))}: ${listed(unread)}`);
}

function groupsOf({ cluster, instance }: TouchedDatabase): readonly string[] | null {
  const groups = (cluster ?? instance)?.VpcSecurityGroups;
  return groups === undefined ? null : groups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []).sort();
}
