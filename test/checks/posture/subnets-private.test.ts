import { subnetsPrivate } from '../../../lib/checks/posture/subnets-private.ts';
import { denied } from '../../evidence/answers.ts';
import { clusters, express, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

type Json = Readonly<Record<string, unknown>>;
const local = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' };
const internet = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' };
const main = (...Routes: readonly Json[]) => ({ RouteTableId: 'rtb-main', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes });
const own = (subnet: string, ...Routes: readonly Json[]) => ({
  RouteTableId: `rtb-${subnet}`,
  VpcId: 'vpc-1',
  Associations: [{ Main: false, SubnetId: subnet, RouteTableAssociationId: `rtbassoc-${subnet}` }],
  Routes,
});
const tables = (...RouteTables: readonly unknown[]) => ({ 'ec2 describe-route-tables': { RouteTables } });

testPosture(subnetsPrivate, {
  passes: [
    {
      name: 'the main table routes inside the VPC only',
      says: 'None of the 2 subnets of orders has a route to an internet gateway.',
      command: null,
    },
    {
      name: 'a NAT gateway is fine',
      answers: tables(main(local, { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'active' })),
    },
    {
      name: 'an egress-only gateway is fine',
      answers: tables(main(local, { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1', State: 'active' })),
    },
    { name: 'a virtual private gateway is fine', answers: tables(main(local, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'vgw-1' })) },
    {
      name: 'the main table leads to the internet, but both subnets have tables of their own',
      answers: tables(main(local, internet), own('subnet-a', local), own('subnet-b', local)),
    },
    { name: 'the gateway is gone', answers: tables(main(local, { ...internet, State: 'blackhole' })) },
    {
      name: 'the main table of another VPC leads to the internet',
      answers: tables({ ...main(internet), RouteTableId: 'rtb-other', VpcId: 'vpc-2' }, main(local)),
    },
    { name: 'a single instance', answers: onlySingle({}) },
  ],
  fails: [
    {
      name: 'one subnet with a table of its own leads to the internet',
      answers: tables(main(local), own('subnet-a', local, internet)),
      says: 'orders has 1 subnet with a route to an internet gateway: subnet-a (igw-1).',
      evidence: { subnets: [{ subnet: 'subnet-a', routeTable: 'rtb-subnet-a', routes: [{ gateway: 'igw-1', destination: '0.0.0.0/0' }] }] },
      command:
        'table=$(aws ec2 create-route-table --region eu-central-1 --vpc-id vpc-1 --query RouteTable.RouteTableId --output text)\n' +
        'aws ec2 replace-route-table-association --region eu-central-1 --association-id rtbassoc-subnet-a --route-table-id "$table"',
      note: /local routes only/,
    },
    {
      name: 'subnets without a table of their own use the main one',
      answers: tables(main(local, internet)),
      says: 'orders has 2 subnets with a route to an internet gateway: subnet-a (igw-1) and subnet-b (igw-1).',
      command:
        'table=$(aws ec2 create-route-table --region eu-central-1 --vpc-id vpc-1 --query RouteTable.RouteTableId --output text)\n' +
        'aws ec2 associate-route-table --region eu-central-1 --subnet-id subnet-a --route-table-id "$table"\n' +
        'aws ec2 associate-route-table --region eu-central-1 --subnet-id subnet-b --route-table-id "$table"',
    },
    { name: 'IPv6 only', answers: tables(main(local, { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' })) },
    {
      name: 'only some addresses are routed there',
      answers: tables(main(local, { DestinationCidrBlock: '198.51.100.0/24', GatewayId: 'igw-1', State: 'active' })),
    },
    {
      name: 'an association that is being taken away leaves the main table',
      answers: tables(main(local, internet), {
        ...own('subnet-a', local),
        Associations: [{ Main: false, SubnetId: 'subnet-a', AssociationState: { State: 'disassociated' } }],
      }),
    },
    { name: 'a single instance', answers: { ...onlySingle({}), ...tables(main(internet)) } },
  ],
  notApplicable: [{ name: 'express', answers: express(), says: 'orders has no VPC.' }],
  unknown: [
    {
      name: 'the route tables denied',
      answers: { 'ec2 describe-route-tables': denied },
      says: /^access denied to ec2 describe-route-tables/,
    },
    {
      name: 'the subnet groups denied',
      answers: { 'rds describe-db-subnet-groups': denied },
      says: /^access denied to rds describe-db-subnet-groups/,
    },
    { name: 'another subnet group', answers: clusters({ DBSubnetGroup: 'gone' }), says: /subnet group gone is not in the answer/ },
    { name: 'no table at all', answers: tables(), says: /no route table for subnet subnet-a/ },
    { name: 'a table without routes in the answer', answers: tables({ ...main(), Routes: undefined }), says: /lacks Routes/ },
    {
      name: "a table that cannot be read may be the subnet's own",
      answers: tables(main(local), 'rtb-2'),
      says: /^unreadable/,
    },
    { name: 'the answer does not say the subnet group', answers: clusters({ DBSubnetGroup: undefined }), says: /lacks DBSubnetGroup/ },
  ],
});
