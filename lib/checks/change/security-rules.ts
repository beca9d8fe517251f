import type { CloudTrailEvent } from '../../domain/event.ts';
import type { Words } from '../../evidence/request.ts';
import { field, itemsField, numberField, objectField, objectsField, textField } from '../../evidence/request.ts';

/** A rule that lets somebody in, as an event asks for it. */
export interface AskedRule {
  /** Its group: an id, or a name where the call uses one. */
  readonly group: string;
  /** `sgr-…`, where EC2 said it. */
  readonly id: string | null;
  readonly protocol: string;
  /** Null: all ports. */
  readonly from: number | null;
  readonly to: number | null;
  readonly cidrs: readonly string[];
  readonly prefixLists: readonly string[];
}

/** The rules of AuthorizeSecurityGroupIngress, in both its forms, and of ModifySecurityGroupRules; all of one group. */
export function rulesOf({ eventName, requestParameters: request, responseElements: response }: CloudTrailEvent): readonly AskedRule[] {
  if (eventName === 'ModifySecurityGroupRules') return modifiedRules(request);
  if (eventName !== 'AuthorizeSecurityGroupIngress') return [];
  const answered = objectsField(response, 'securityGroupRuleSet').filter((rule) => field(rule, 'isEgress') !== true);
  const group = textField(request, 'groupId') ?? textField(answered[0], 'groupId') ?? textField(request, 'groupName');
  if (group === null) return [];
  // The answer has one rule for each range, with its id.
  if (answered.length > 0) return answered.map((rule) => ruleOf(group, rule));
  const nested = objectsField(request, 'ipPermissions');
  return nested.length > 0 ? nested.map((permission) => permissionIn(group, permission)) : request === null ? [] : [ruleOf(group, request)];
}

function modifiedRules(request: Words | null): AskedRule[] {
  const inner = objectField(request, 'ModifySecurityGroupRulesRequest') ?? request;
  const group = textField(inner, 'GroupId');
  if (group === null) return [];
  const updates = [...objectsField(inner, 'SecurityGroupRule'), ...objectsField(inner, 'SecurityGroupRules')];
  return updates.flatMap((update) => {
    const rule = objectField(update, 'SecurityGroupRule');
    return rule === null ? [] : [{ ...ruleOf(group, rule), id: textField(update, 'SecurityGroupRuleId') }];
  });
}

/** A rule with its ranges side by side: `cidrIp`, `cidrIpv4`, `cidrIpv6`, `prefixListId`. */
function ruleOf(group: string, rule: Words): AskedRule {
  return {
    group,
    id: textField(rule, 'securityGroupRuleId'),
    ...portsOf(rule),
    cidrs: ['cidrIp', 'cidrIpv4', 'cidrIpv6'].flatMap((name) => textField(rule, name) ?? []),
    prefixLists: ['prefixListId'].flatMap((name) => textField(rule, name) ?? []),
  };
}

/** A permission with lists of ranges. */
function permissionIn(group: string, permission: Words): AskedRule {
  const ranges = [...itemsField(permission, 'ipRanges'), ...itemsField(permission, 'ipv6Ranges')];
  return {
    group,
    id: null,
    ...portsOf(permission),
    cidrs: ranges.flatMap((range) =>
      typeof range === 'string' ? range : (textField(asWords(range), 'cidrIp') ?? textField(asWords(range), 'cidrIpv6') ?? []),
    ),
    prefixLists: objectsField(permission, 'prefixListIds').flatMap((list) => textField(list, 'prefixListId') ?? []),
  };
}

function asWords(value: unknown): Words | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function portsOf(rule: Words): Pick<AskedRule, 'protocol' | 'from' | 'to'> {
  return { protocol: textField(rule, 'ipProtocol') ?? '-1', from: numberField(rule, 'fromPort'), to: numberField(rule, 'toPort') };
}

/** `-1` is every protocol and port; a rule for TCP without ports, or from -1, is for all ports. */
export function reachesPort({ protocol, from, to }: Pick<AskedRule, 'protocol' | 'from' | 'to'>, port: number): boolean {
  const name = protocol.toLowerCase();
  if (name === '-1' || name === 'all') return true;
  if (name !== 'tcp' && name !== '6') return false;
  if (from === null || to === null || from === -1) return true;
  return from <= port && port <= to;
}

/** The rule as `--ip-permissions` takes it. */
export function permissionOf({ protocol, from, to, cidrs, prefixLists }: AskedRule): object {
  const ipv4 = cidrs.filter((cidr) => !cidr.includes(':'));
  const ipv6 = cidrs.filter((cidr) => cidr.includes(':'));
  return {
    IpProtocol: protocol,
    ...(from === null ? {} : { FromPort: from }),
    ...(to === null ? {} : { ToPort: to }),
    ...(ipv4.length === 0 ? {} : { IpRanges: ipv4.map((CidrIp) => ({ CidrIp })) }),
    ...(ipv6.length === 0 ? {} : { Ipv6Ranges: ipv6.map((CidrIpv6) => ({ CidrIpv6 })) }),
    ...(prefixLists.length === 0 ? {} : { PrefixListIds: prefixLists.map((PrefixListId) => ({ PrefixListId })) }),
  };
}

/** What ModifyManagedPrefixList adds; null: it adds nothing. `version`: what the list is at afterwards. */
export function prefixListEntries({ requestParameters: request, responseElements: response }: CloudTrailEvent): {
  readonly id: string;
  readonly cidrs: readonly string[];
  readonly version: number | null;
} | null {
  const inner = objectField(request, 'ModifyManagedPrefixListRequest') ?? request;
  const id = textField(inner, 'PrefixListId');
  const added = [...objectsField(inner, 'AddEntry'), ...objectsField(inner, 'AddEntries'), ...objectsField(inner, 'addEntrySet')];
  const cidrs = added.flatMap((entry) => textField(entry, 'Cidr') ?? []);
  if (id === null || cidrs.length === 0) return null;
  const answer = objectField(objectField(response, 'ModifyManagedPrefixListResponse') ?? response, 'prefixList');
  const current = numberField(inner, 'CurrentVersion');
  return { id, cidrs, version: current === null ? numberField(answer, 'version') : current + 1 };
}
