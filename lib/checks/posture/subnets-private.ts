import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import type { SubnetRoute } from '../../evidence/reach.ts';
import { remedy } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { counted, listed } from '../sentences.ts';

const localOnly =
  'The new table has local routes only: add those to NAT gateways, endpoints and peers that the members need, and mind what else lives in these subnets.';

/** No subnet of the cluster leads to the internet. */
export const subnetsPrivate = {
  kind: 'posture',
  on: 'cluster',
  id: 'subnets-private',
  title: "Cluster's subnets have no route to an internet gateway",
  severity: 'medium',
  rationale:
    'In a subnet with a route to an internet gateway, one wrong flag gives the database a public address that works. In a private subnet the same mistake has no effect.',
  judged:
    "Reads the subnets of the cluster's DB subnet group and the route table of each, which is the VPC's main one where a subnet has none of its own. A route to an internet gateway fails, to whatever destination; one to a NAT gateway or an egress-only gateway is fine. Not applicable to express clusters, which have no VPC.",
  fix: 'Give the subnets of the database a route table without a route to an internet gateway.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
  ],
  controls: ['AWS FSBP RDS.46', 'PCI DSS 4.0 1.4.4', 'NIST 800-53 SC-7'],
  falsePositives: ['A subnet group that holds public subnets beside the private ones in which all members live.'],
  needs: [...clusterNeeds, 'rds:DescribeDBSubnetGroups', 'ec2:DescribeRouteTables'],
  evaluate({ resource: { name }, express, subnets }) {
    if (express) return notApplicable(`${name} has no VPC.`);
    if (!subnets.known) return cannotTell(subnets.cause);
    const open = subnets.value.filter(leadsToInternet);
    if (open.length > 0) {
      const routes = open.map(({ subnet, routeTable, toInternet }) => ({
        subnet,
        routeTable: routeTable.known ? routeTable.value : null,
        routes: toInternet.known ? toInternet.value : [],
      }));
      const words = open.map(
        ({ subnet, toInternet }) =>
          `${subnet} (${toInternet.known ? listed([...new Set(toInternet.value.map(({ gateway }) => gateway))]) : ''})`,
      );
      return fail(`${name} has ${counted(open.length, 'subnet')} with a route to an internet gateway: ${listed(words)}.`, {
        subnets: routes,
      });
    }
    for (const { toInternet } of subnets.value) if (!toInternet.known) return cannotTell(toInternet.cause);
    return pass(`None of the ${subnets.value.length} subnets of ${name} has a route to an internet gateway.`);
  },
  remediation(subject) {
    if (!subject.subnets.known) return null;
    const open = subject.subnets.value.filter(leadsToInternet);
    const vpc = open[0]?.vpc;
    if (!vpc) return null;
    return remedy(privateTable(subject, vpc, open), 'at once', subject, localOnly);
  },
} satisfies PostureCheck;

function leadsToInternet({ toInternet }: SubnetRoute): boolean {
  return toInternet.known && toInternet.value.length > 0;
}

/** A new table, for the one that is there may serve other subnets that need the route. */
function privateTable({ resource }: ClusterSubject, vpc: string, open: readonly SubnetRoute[]): string {
  const place = ['--region', resource.region];
  const create = shellCommand('aws', 'ec2', 'create-route-table', ...place, '--vpc-id', vpc, '--query', 'RouteTable.RouteTableId');
  const moves = open.map(({ subnet, association }) => {
    const move =
      association === null
        ? shellCommand('aws', 'ec2', 'associate-route-table', ...place, '--subnet-id', subnet)
        : shellCommand('aws', 'ec2', 'replace-route-table-association', ...place, '--association-id', association);
    return `${move} --route-table-id "$table"`;
  });
  return [`table=$(${create} --output text)`, ...moves].join('\n');
}
