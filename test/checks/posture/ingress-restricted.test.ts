import { ingressRestricted } from '../../../lib/checks/posture/ingress-restricted.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { denied, Refused, securityGroup } from '../../evidence/answers.ts';
import { clusters, express, members, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

type Json = Readonly<Record<string, unknown>>;
const groups = (...SecurityGroups: readonly Json[]) => ({ 'ec2 describe-security-groups': { SecurityGroups } });
const rules = (...IpPermissions: readonly Json[]) => groups(securityGroup(IpPermissions));
const tcp = (from: number, to: number, ...cidrs: readonly string[]) => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  IpRanges: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp })),
  Ipv6Ranges: cidrs.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
});
const fromList = { ...tcp(5433, 5433), PrefixListIds: [{ PrefixListId: 'pl-1' }] };
const list = (...cidrs: readonly string[]) => ({
  'ec2 get-managed-prefix-list-entries pl-1': { Entries: cidrs.map((Cidr) => ({ Cidr })) },
});
const limits = (ipv4: number, ipv6: number) => ({
  thresholds: { ...defaultConfiguration.thresholds, widestIngress: { ipv4, ipv6 } },
});

testPosture(ingressRestricted, {
  passes: [
    { name: 'a /24', says: 'Port 5433 of orders is open to 1 range, none wider than the limit.', command: null },
    { name: 'exactly the limit', answers: rules(tcp(5433, 5433, '10.1.0.0/16', '2001:db8:1::/48')) },
    { name: 'the whole internet on another port', answers: rules(tcp(5432, 5432, '0.0.0.0/0'), tcp(443, 443, '::/0')) },
    {
      name: 'the whole internet on UDP and ICMP',
      answers: rules(
        { ...tcp(5433, 5433, '0.0.0.0/0'), IpProtocol: 'udp' },
        { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ),
    },
    {
      name: 'a reference admits the members of that group, not what reaches them',
      answers: groups(
        securityGroup([{ ...tcp(5433, 5433), UserIdGroupPairs: [{ GroupId: 'sg-web' }] }]),
        securityGroup([tcp(0, 65535, '0.0.0.0/0')], { GroupId: 'sg-web', GroupName: 'web' }),
      ),
      says: 'Port 5433 of orders is open to 0 ranges and the members of sg-web, none wider than the limit.',
    },
    {
      name: 'another group lets everything in',
      answers: groups(securityGroup([]), securityGroup([tcp(0, 65535, '0.0.0.0/0')], { GroupId: 'sg-other' })),
    },
    { name: 'two networks far apart', answers: rules(tcp(5433, 5433, '10.1.0.0/16', '10.9.0.0/16')) },
    { name: 'a prefix list of small networks', answers: { ...rules(fromList), ...list('198.51.100.0/24', '2001:db8::/64') } },
    {
      name: 'the name of the prefix list denied: only words are lost',
      answers: { ...rules(fromList), ...list('198.51.100.0/24'), 'ec2 describe-managed-prefix-lists': denied },
    },
    { name: 'a wide network that the configuration allows', answers: rules(tcp(5433, 5433, '10.0.0.0/8')), configuration: limits(8, 32) },
    { name: 'no rule at all', answers: rules() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  fails: [
    {
      name: 'the whole internet reaches the real port',
      answers: rules(tcp(5433, 5433, '0.0.0.0/0')),
      says: 'Port 5433 of orders is open to every IPv4 address: 0.0.0.0/0 (sg-orders); no member has a public address.',
      inEffect: undefined,
      evidence: { port: 5433, rules: [{ group: 'sg-orders', cidr: '0.0.0.0/0', prefixList: null }], publiclyAccessible: [] },
      command:
        'aws ec2 revoke-security-group-ingress --region eu-central-1 --group-id sg-orders --ip-permissions \'[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]\'',
      effect: 'at once',
      note: /authorize-security-group-ingress/,
    },
    {
      name: 'IPv6 too',
      answers: rules(tcp(5433, 5433, '::/0')),
      says: /open to every IPv6 address: ::\/0 \(sg-orders\)/,
      command:
        'aws ec2 revoke-security-group-ingress --region eu-central-1 --group-id sg-orders --ip-permissions \'[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]\'',
    },
    { name: 'both families', answers: rules(tcp(5433, 5433, '0.0.0.0/0', '::/0')), says: /open to every IPv4 and IPv6 address/ },
    { name: 'a run of ports that holds the real one', answers: rules(tcp(5000, 6000, '0.0.0.0/0')) },
    {
      name: 'every protocol and port',
      answers: rules({ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }),
      command:
        'aws ec2 revoke-security-group-ingress --region eu-central-1 --group-id sg-orders --ip-permissions \'[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]\'',
    },
    { name: 'TCP as a number', answers: rules({ ...tcp(5433, 5433, '0.0.0.0/0'), IpProtocol: '6' }) },
    {
      name: 'two halves of the internet',
      answers: rules(tcp(5433, 5433, '0.0.0.0/1', '128.0.0.0/1')),
      says: /open to every IPv4 address: 0\.0\.0\.0\/1 \(sg-orders\) and 128\.0\.0\.0\/1 \(sg-orders\)/,
    },
    {
      name: 'two halves of the internet in two groups',
      answers: {
        ...clusters({ VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-orders' }, { VpcSecurityGroupId: 'sg-second' }] }),
        ...groups(securityGroup([tcp(5433, 5433, '0.0.0.0/1')]), securityGroup([tcp(5433, 5433, '128.0.0.0/1')], { GroupId: 'sg-second' })),
      },
      says: /every IPv4 address/,
    },
    {
      name: 'neighbours that are wider than the limit together; a network apart from them is left alone',
      answers: rules(tcp(5433, 5433, '10.0.0.0/16', '10.1.0.0/16', '192.0.2.0/24')),
      says: 'Port 5433 of orders is open to more than a network of /16: 10.0.0.0/16 (sg-orders) and 10.1.0.0/16 (sg-orders); no member has a public address.',
    },
    {
      name: 'a rule that is too wide by itself: the small one within it is left alone',
      answers: rules(tcp(5433, 5433, '10.0.0.0/8', '10.1.2.0/24')),
      says: /more than a network of \/16: 10\.0\.0\.0\/8 \(sg-orders\);/,
      command:
        'aws ec2 revoke-security-group-ingress --region eu-central-1 --group-id sg-orders --ip-permissions \'[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]\'',
    },
    { name: 'a /47 of IPv6', answers: rules(tcp(5433, 5433, '2001:db8::/47')), says: /more than a network of \/48/ },
    {
      name: 'a limit that the configuration lowers',
      answers: rules(tcp(5433, 5433, '10.1.0.0/20')),
      configuration: limits(24, 64),
      says: /\/24/,
    },
    {
      name: 'a prefix list that holds the whole internet',
      answers: {
        ...rules(fromList),
        ...list('198.51.100.0/24', '0.0.0.0/0'),
        'ec2 describe-managed-prefix-lists': { PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'offices' }] },
      },
      says: /every IPv4 address: 0\.0\.0\.0\/0 of offices \(sg-orders\)/,
      evidence: { rules: [{ prefixList: { id: 'pl-1', name: 'offices' } }] },
      command:
        'aws ec2 revoke-security-group-ingress --region eu-central-1 --group-id sg-orders --ip-permissions \'[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"PrefixListIds":[{"PrefixListId":"pl-1"}]}]\'',
    },
    {
      name: 'a rule and a prefix list that are too wide together',
      answers: { ...rules(tcp(5433, 5433, '0.0.0.0/1'), fromList), ...list('128.0.0.0/1') },
      says: /every IPv4 address/,
    },
    {
      name: 'open, whatever else cannot be seen',
      answers: { ...rules(tcp(5433, 5433, '0.0.0.0/0'), fromList), 'ec2 get-managed-prefix-list-entries pl-1': denied },
    },
    {
      name: 'open on the port that waits for the maintenance window',
      answers: { ...clusters({ PendingModifiedValues: { Port: 6543 } }), ...rules(tcp(6543, 6543, '0.0.0.0/0')) },
      says: /^Port 6543 of orders is open to every IPv4 address after the next maintenance window/,
      inEffect: false,
    },
    {
      name: 'a member with a public address, in a subnet that leads to the internet',
      answers: {
        ...rules(tcp(5433, 5433, '0.0.0.0/0')),
        ...members({}, { PubliclyAccessible: true }),
        'ec2 describe-route-tables': {
          RouteTables: [
            {
              RouteTableId: 'rtb-main',
              VpcId: 'vpc-1',
              Associations: [{ Main: true }],
              Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }],
            },
          ],
        },
      },
      says: 'Port 5433 of orders is open to every IPv4 address: 0.0.0.0/0 (sg-orders); orders-2 can be reached from the internet.',
      evidence: { publiclyAccessible: ['orders-2'], subnetsWithInternetRoute: ['subnet-a', 'subnet-b'] },
    },
    {
      name: 'the instances denied: the rules are enough',
      answers: { ...rules(tcp(5433, 5433, '0.0.0.0/0')), 'rds describe-db-instances': denied },
      says: 'Port 5433 of orders is open to every IPv4 address: 0.0.0.0/0 (sg-orders).',
    },
    {
      name: 'a single instance whose endpoint has another port',
      answers: { ...onlySingle({ Endpoint: { Port: 6000 } }), ...rules(tcp(6000, 6000, '0.0.0.0/0')) },
      says: /^Port 6000 of billing/,
    },
  ],
  notApplicable: [{ name: 'express', answers: express(), says: 'orders has no VPC and no security groups.' }],
  unknown: [
    {
      name: 'the groups denied',
      answers: { 'ec2 describe-security-groups': denied },
      says: /^access denied to ec2 describe-security-groups/,
    },
    { name: 'a group that is not in the answer', answers: groups(), says: /security group sg-orders is not in the answer/ },
    {
      name: 'a prefix list denied',
      answers: { ...rules(fromList), 'ec2 get-managed-prefix-list-entries pl-1': denied },
      says: /^access denied to ec2 get-managed-prefix-list-entries pl-1/,
    },
    { name: 'a prefix list not collected', answers: rules(fromList), says: /^not collected: ec2 get-managed-prefix-list-entries pl-1/ },
    { name: 'a range that is none', answers: rules(tcp(5433, 5433, '10.0.0.0/99')), says: /cannot be read: 10\.0\.0\.0\/99/ },
    { name: 'a rule without a protocol', answers: rules({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }), says: /lacks IpProtocol/ },
    { name: 'a group without rules in the answer', answers: groups({ GroupId: 'sg-orders' }), says: /lacks IpPermissions/ },
    { name: 'the port is not told', answers: clusters({ Port: undefined }), says: /lacks Port/ },
    {
      name: 'an instance that is being created has no endpoint',
      answers: onlySingle({ Endpoint: undefined, DBInstanceStatus: 'creating' }),
      says: /lacks Endpoint/,
    },
    { name: 'throttled', answers: { 'ec2 describe-security-groups': new Refused('throttled', 'Rate exceeded') }, says: /^throttled/ },
    { name: 'the groups are not told', answers: clusters({ VpcSecurityGroups: undefined }), says: /lacks VpcSecurityGroups/ },
  ],
});
