import type { Cause } from '../../domain/answer.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import { askMembers } from '../members.ts';
import { modifyMembers } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';

/** Nothing of the cluster has a public address. */
export const notPubliclyAccessible = {
  kind: 'posture',
  on: 'cluster',
  id: 'not-publicly-accessible',
  title: 'Cluster has no public address',
  severity: 'critical',
  rationale:
    'A database with a public address is one rule of a security group away from the whole internet: scanners find it within hours and guess passwords from then on.',
  judged:
    'Reads PubliclyAccessible of every member; of a Multi-AZ DB cluster also its own; of a Limitless database that of its shard groups; of a cluster of express configuration whether its internet access gateway is on. A cluster of which nothing of that is known is unknown.',
  fix: 'Turn public access off on every member. An express cluster or the shard group of a Limitless database cannot be changed: restore it as a cluster in a VPC, or make the shard group anew without public access.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
  ],
  controls: ['AWS FSBP RDS.2', 'CIS AWS 3.0 2.3.3', 'PCI DSS 4.0 1.4.4', 'NIST 800-53 AC-3', 'NIST 800-53 SC-7'],
  falsePositives: ['A database that is meant for clients on the internet, and lets in few addresses.'],
  needs: [...clusterNeeds, 'rds:DescribeDBShardGroups'],
  evaluate(subject) {
    const { name } = subject.resource;
    if (gatewayIsOn(subject)) {
      return fail(`${name} has its internet access gateway on, so the whole internet reaches it.`, { internetAccessGateway: true });
    }
    const { open, unseen } = publicParts(subject);
    if (open.length > 0) {
      const parts = open.filter((part) => part !== name);
      const who = parts.length > 0 ? `${listed(parts)} of ${name}` : name;
      return fail(`${who} ${parts.length > 1 ? 'are' : 'is'} publicly accessible.`, { public: open });
    }
    if (unseen !== null) return cannotTell(unseen);
    return pass(subject.express ? `${name} has no VPC, and its internet access gateway is off.` : `${name} has no public address.`);
  },
  remediation(subject) {
    if (subject.kind === 'multi-az') return null;
    const { said } = askMembers(subject, (details) => details.publiclyAccessible);
    const open = said.filter(({ value }) => value).map(({ member }) => member);
    return open.length > 0 && !gatewayIsOn(subject) ? modifyMembers(subject, open.sort(), ['--no-publicly-accessible']) : null;
  },
} satisfies PostureCheck;

function gatewayIsOn({ internetGateway }: ClusterSubject): boolean {
  return internetGateway.known && internetGateway.value;
}

/** What is publicly accessible, and why not everything could be looked at. */
function publicParts(subject: ClusterSubject): { readonly open: readonly string[]; readonly unseen: Cause | string | null } {
  const { name } = subject.resource;
  if (subject.express) return { open: [], unseen: subject.internetGateway.known ? null : subject.internetGateway.cause };
  if (subject.limitless) return publicShardGroups(subject);

  const { said, unseen } = askMembers(subject, (details) => details.publiclyAccessible);
  const open = said.filter(({ value }) => value).map(({ member }) => member);
  const own = subject.kind === 'multi-az' && subject.publiclyAccessible.known ? subject.publiclyAccessible.value : null;
  if (own === true) open.push(name);
  return { open: open.sort(), unseen: own === null ? unseen : null };
}

function publicShardGroups({ shardGroups, resource }: ClusterSubject): { readonly open: string[]; readonly unseen: Cause | string | null } {
  if (!shardGroups.known) return { open: [], unseen: shardGroups.cause };
  if (shardGroups.value.length === 0) return { open: [], unseen: `${resource.name} is a Limitless database without a shard group.` };
  const open: string[] = [];
  let unseen: Cause | null = null;
  for (const { name, publiclyAccessible } of shardGroups.value) {
    if (!publiclyAccessible.known) unseen ??= publiclyAccessible.cause;
    else if (publiclyAccessible.value) open.push(name);
  }
  return { open: open.sort(), unseen };
}
