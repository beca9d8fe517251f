import { shellCommand } from '../../domain/shell.ts';
import type { EvidenceData, Remediation, Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import { isEverything } from '../../evidence/address-ranges.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import type { JudgeContext } from '../../evidence/evidence.ts';
import type { AdmittedRange } from '../../evidence/reach.ts';
import type { WideIngress } from '../ingress.ts';
import { wideIngress } from '../ingress.ts';
import { askMembers } from '../members.ts';
import { remedy } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { counted, listed } from '../sentences.ts';

/** Few addresses reach the port. */
export const ingressRestricted = {
  kind: 'posture',
  on: 'cluster',
  id: 'ingress-restricted',
  title: "Cluster's port is open to few addresses",
  severity: 'high',
  rationale:
    'Whoever reaches the port may guess passwords, use stolen ones and try flaws of the server. The fewer addresses reach it, the fewer people can, from a lost laptop or a hacked neighbour too.',
  judged:
    "Reads the rules of the cluster's security groups that reach its real port (and the one that waits for the maintenance window): ranges of IPv4 and IPv6, and those in prefix lists. Ranges that touch or overlap count as one; wider than thresholds.widestIngress (default /16, for IPv6 /48) fails. A reference to a group admits that group's members, not what reaches them. Not applicable to express clusters, which have no security groups.",
  fix: 'Take the wide rules out of the security groups and let in the networks of the clients only, or refer to their security groups.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.RDSSecurityGroups.html'],
  controls: ['AWS FSBP EC2.19', 'CIS AWS 3.0 5.2', 'CIS AWS 3.0 5.3', 'PCI DSS 4.0 1.3.1', 'NIST 800-53 AC-4', 'NIST 800-53 SC-7(5)'],
  falsePositives: ['A company network as wide as 10.0.0.0/8 of which every part is trusted: set thresholds.widestIngress.'],
  needs: [
    ...clusterNeeds,
    'ec2:DescribeSecurityGroups',
    'ec2:GetManagedPrefixListEntries',
    'ec2:DescribeManagedPrefixLists',
    'rds:DescribeDBSubnetGroups',
    'ec2:DescribeRouteTables',
  ],
  evaluate(subject, context) {
    const { express, resource, ports, ingress } = subject;
    if (express) return notApplicable(`${resource.name} has no VPC and no security groups.`);
    if (!ports.known) return cannotTell(ports.cause);
    if (!ingress.known) return cannotTell(ingress.cause);
    const wide = widestOf(subject, context);
    if (wide !== null) return openTo(subject, wide, context);
    const [unseen] = ingress.value.unseen;
    if (unseen) return cannotTell(unseen);
    const { admitted, references } = ingress.value;
    const who = [counted(admitted.length, 'range'), ...(references.length > 0 ? [`the members of ${listed(references)}`] : [])];
    return pass(`Port ${ports.value[0]} of ${resource.name} is open to ${who.join(' and ')}, none wider than the limit.`);
  },
  remediation(subject, context) {
    const wide = widestOf(subject, context);
    return wide === null ? null : revoke(subject, wide.rules);
  },
} satisfies PostureCheck;

interface OpenPort extends WideIngress {
  readonly port: number;
  /** It waits for the maintenance window. */
  readonly waiting: boolean;
}

/** The port that clients use today comes first. */
function widestOf({ ports, ingress }: ClusterSubject, { configuration }: JudgeContext): OpenPort | null {
  if (!ports.known || !ingress.known) return null;
  for (const [index, port] of ports.value.entries()) {
    const wide = wideIngress(ingress.value.admitted, port, configuration.thresholds.widestIngress);
    if (wide !== null) return { ...wide, port, waiting: index > 0 };
  }
  return null;
}

function openTo(subject: ClusterSubject, { port, ranges, rules, waiting }: OpenPort, { configuration }: JudgeContext): Verdict {
  const { name } = subject.resource;
  const { ipv4, ipv6 } = configuration.thresholds.widestIngress;
  const families = [...new Set(ranges.filter(isEverything).map(({ family }) => (family === 'ipv6' ? 'IPv6' : 'IPv4')))];
  const what =
    families.length > 0 ? `every ${listed(families)} address` : `more than a network of /${ranges[0]?.family === 'ipv6' ? ipv6 : ipv4}`;
  const { reason, facts } = howReachable(subject);
  const evidence = { port, rules: rules.map(ruleFacts).sort(byJson), ...facts };
  const when = waiting ? ' after the next maintenance window' : '';
  const sentence = `Port ${port} of ${name} is open to ${what}${when}: ${listed(rules.map(ruleWords))}${reason}.`;
  return fail(sentence, evidence, waiting ? { inEffect: false } : {});
}

function ruleWords({ cidr, group, prefixList }: AdmittedRange): string {
  if (prefixList === null) return `${cidr} (${group})`;
  return `${cidr} of ${prefixList.name ?? prefixList.id} (${group})`;
}

function ruleFacts({ cidr, group, groupName, protocol, ports, prefixList }: AdmittedRange): EvidenceData {
  return { group, groupName, protocol, ports, cidr, prefixList };
}

function byJson(a: EvidenceData, b: EvidenceData): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Whether packets from the internet get there too, as far as that is known. */
function howReachable(subject: ClusterSubject): { readonly reason: string; readonly facts: EvidenceData } {
  const { said, unseen } = askMembers(subject, (details) => details.publiclyAccessible);
  const open = said
    .filter(({ value }) => value)
    .map(({ member }) => member)
    .sort();
  const routes = subject.subnets.known
    ? subject.subnets.value
        .filter(({ toInternet }) => toInternet.known && toInternet.value.length > 0)
        .map(({ subnet }) => subnet)
        .sort()
    : [];
  const facts = { publiclyAccessible: open, subnetsWithInternetRoute: routes };
  if (open.length > 0 && routes.length > 0) return { reason: `; ${listed(open)} can be reached from the internet`, facts };
  if (open.length > 0) return { reason: `; ${listed(open)} ${open.length === 1 ? 'has' : 'have'} a public address`, facts };
  return { reason: unseen === null ? '; no member has a public address' : '', facts };
}

function revoke(subject: ClusterSubject, rules: readonly AdmittedRange[]): Remediation {
  const { region } = subject.resource;
  const commands = rules.map((rule) =>
    shellCommand(
      'aws',
      'ec2',
      'revoke-security-group-ingress',
      '--region',
      region,
      '--group-id',
      rule.group,
      '--ip-permissions',
      JSON.stringify([permissionOf(rule)]),
    ),
  );
  const mind = 'Let in first what clients really need: aws ec2 authorize-security-group-ingress.';
  return remedy([...new Set(commands)].join('\n'), 'at once', subject, mind);
}

function permissionOf({ protocol, ports, cidr, range, prefixList }: AdmittedRange): EvidenceData {
  const reach = protocol === '-1' ? {} : { FromPort: ports?.from ?? 0, ToPort: ports?.to ?? 65535 };
  const source =
    prefixList !== null
      ? { PrefixListIds: [{ PrefixListId: prefixList.id }] }
      : range.family === 'ipv6'
        ? { Ipv6Ranges: [{ CidrIpv6: cidr }] }
        : { IpRanges: [{ CidrIp: cidr }] };
  return { IpProtocol: protocol, ...reach, ...source };
}
