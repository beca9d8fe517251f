import { ingressOpened } from '../../../lib/checks/change/ingress-opened.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { cluster, denied, fine, region, securityGroup } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const ec2 = 'ec2.amazonaws.com';
const authorize = (permission: object, response: unknown = null): Call => ({
  source: ec2,
  name: 'AuthorizeSecurityGroupIngress',
  request: { groupId: 'sg-orders', ipPermissions: { items: [permission] } },
  response,
});
const tcp = (from: number, to: number, ...cidrs: string[]) => ({
  ipProtocol: 'tcp',
  fromPort: from,
  toPort: to,
  groups: {},
  ipRanges: { items: cidrs.map((cidrIp) => ({ cidrIp })) },
  ipv6Ranges: {},
  prefixListIds: {},
});
const flat = (cidrIp: string, port = 5433): Call => ({
  source: ec2,
  name: 'AuthorizeSecurityGroupIngress',
  request: { groupId: 'sg-orders', ipPermissions: {}, ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIp },
});
const revoke = `aws ec2 revoke-security-group-ingress --region ${region} --group-id sg-orders`;

testChange(ingressOpened, [
  {
    name: 'the whole internet, in the nested form',
    call: authorize(tcp(5433, 5433, '0.0.0.0/0')),
    answers: fine,
    alert: {
      severity: 'high',
      reason: 'Security group sg-orders now lets every IPv4 address in to port 5433: 0.0.0.0/0. orders uses it.',
      resources: ['orders'],
      after: { ingress: ['0.0.0.0/0'] },
      inEffect: true,
      command: `${revoke} --ip-permissions '[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`,
      effect: 'at once',
    },
  },
  {
    name: 'the flat form, as captured',
    call: flat('0.0.0.0/0'),
    answers: fine,
    alert: {
      severity: 'high',
      command: `${revoke} --ip-permissions '[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`,
    },
  },
  {
    name: 'a group of the default VPC by its name, and no answer that says its id',
    call: {
      source: ec2,
      name: 'AuthorizeSecurityGroupIngress',
      request: { groupName: 'orders', ipPermissions: {}, ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, cidrIp: '0.0.0.0/0' },
    },
    answers: fine,
    alert: {
      resources: ['orders'],
      command: `${revoke} --ip-permissions '[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`,
    },
  },
  {
    name: 'the answer gives the id of the rule',
    call: {
      ...flat('0.0.0.0/0'),
      response: {
        _return: true,
        securityGroupRuleSet: {
          items: [
            {
              groupId: 'sg-orders',
              securityGroupRuleId: 'sgr-1',
              isEgress: false,
              ipProtocol: 'tcp',
              fromPort: 5433,
              toPort: 5433,
              cidrIpv4: '0.0.0.0/0',
            },
          ],
        },
      },
    },
    answers: fine,
    alert: { command: `${revoke} --security-group-rule-ids sgr-1` },
  },
  {
    name: 'IPv6',
    call: authorize({ ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } }),
    answers: fine,
    alert: { severity: 'high', reason: /every IPv6 address/ },
  },
  {
    name: 'a range that is wider than /16',
    call: authorize(tcp(5433, 5433, '10.0.0.0/8')),
    answers: fine,
    alert: { severity: 'high', reason: /more than a network of \/16/ },
  },
  { name: 'a /16', call: authorize(tcp(5433, 5433, '10.1.0.0/16')), answers: fine, alert: null },
  { name: 'an office', call: authorize(tcp(5433, 5433, '198.51.100.0/24')), answers: fine, alert: null },
  {
    name: 'two halves of the internet count as one',
    call: authorize(tcp(5433, 5433, '0.0.0.0/1', '128.0.0.0/1')),
    answers: fine,
    alert: { severity: 'high', reason: /every IPv4 address/ },
  },
  {
    name: 'half of a /15, where the other half is open already',
    call: authorize(tcp(5433, 5433, '10.1.0.0/16')),
    answers: {
      ...fine,
      'ec2 describe-security-groups': {
        SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }])],
      },
    },
    alert: { severity: 'high' },
  },
  {
    name: 'another limit',
    call: authorize(tcp(5433, 5433, '198.51.100.0/24')),
    answers: fine,
    configuration: { thresholds: { ...defaultConfiguration.thresholds, widestIngress: { ipv4: 28, ipv6: 64 } } },
    alert: { severity: 'high' },
  },
  {
    name: 'all ports',
    call: authorize({ ipProtocol: '-1', ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }),
    answers: fine,
    alert: { severity: 'high' },
  },
  { name: 'a range of ports that holds it', call: authorize(tcp(5000, 6000, '0.0.0.0/0')), answers: fine, alert: { severity: 'high' } },
  {
    name: 'the usual port, which is not the one of this cluster',
    call: authorize(tcp(5432, 5432, '0.0.0.0/0')),
    answers: fine,
    alert: null,
  },
  { name: 'port 22, as captured', call: flat('203.0.113.254/0', 22), answers: fine, alert: null },
  { name: 'UDP', call: authorize({ ...tcp(5433, 5433, '0.0.0.0/0'), ipProtocol: 'udp' }), answers: fine, alert: null },
  {
    name: 'the members of another group',
    call: authorize({ ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, groups: { items: [{ groupId: 'sg-app' }] } }),
    answers: fine,
    alert: null,
  },
  {
    name: 'a group that no cluster uses',
    call: {
      ...flat('0.0.0.0/0'),
      request: { groupId: 'sg-web', ipPermissions: {}, ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, cidrIp: '0.0.0.0/0' },
    },
    answers: fine,
    alert: null,
  },
  {
    name: 'a group of a MySQL cluster',
    call: flat('0.0.0.0/0', 5433),
    answers: { ...fine, 'rds describe-db-clusters': { DBClusters: [cluster({ Engine: 'aurora-mysql' })] } },
    alert: null,
  },
  {
    name: 'from the event alone: the usual port',
    call: flat('0.0.0.0/0', 5432),
    alert: {
      severity: 'high',
      resources: ['sg-orders'],
      reason: /Which clusters use it is not known; 5432 is the port that PostgreSQL has by default/,
    },
  },
  { name: 'from the event alone: another port', call: flat('0.0.0.0/0', 5433), alert: null },
  {
    name: 'a failed call',
    call: { ...flat('0.0.0.0/0'), record: { errorCode: 'Client.UnauthorizedOperation' } },
    answers: fine,
    alert: null,
  },
  {
    name: 'requestParameters null',
    call: { source: ec2, name: 'AuthorizeSecurityGroupIngress', request: null },
    answers: fine,
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
  {
    name: 'a prefix list that holds the internet',
    call: authorize({ ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, prefixListIds: { items: [{ prefixListId: 'pl-1' }] } }),
    answers: { ...fine, 'ec2 get-managed-prefix-list-entries pl-1': { Entries: [{ Cidr: '0.0.0.0/0' }] } },
    alert: {
      severity: 'high',
      command: `${revoke} --ip-permissions '[{"IpProtocol":"tcp","FromPort":5433,"ToPort":5433,"PrefixListIds":[{"PrefixListId":"pl-1"}]}]'`,
    },
  },
  {
    name: 'a prefix list of an office',
    call: authorize({ ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, prefixListIds: { items: [{ prefixListId: 'pl-1' }] } }),
    answers: { ...fine, 'ec2 get-managed-prefix-list-entries pl-1': { Entries: [{ Cidr: '198.51.100.0/24' }] } },
    alert: null,
  },
  {
    name: 'a prefix list of which nobody knows the entries',
    call: authorize({ ipProtocol: 'tcp', fromPort: 5433, toPort: 5433, prefixListIds: { items: [{ prefixListId: 'pl-1' }] } }),
    answers: { ...fine, 'ec2 get-managed-prefix-list-entries pl-1': denied },
    alert: { severity: 'medium', reason: /What the prefix list pl-1 holds is not known/ },
  },
]);

const modifyRule = (rule: object): Call => ({
  source: ec2,
  name: 'ModifySecurityGroupRules',
  request: {
    ModifySecurityGroupRulesRequest: {
      GroupId: 'sg-orders',
      SecurityGroupRule: { tag: 1, SecurityGroupRuleId: 'sgr-1', SecurityGroupRule: rule },
    },
  },
});
const entries = (...cidrs: string[]): Call => ({
  source: ec2,
  name: 'ModifyManagedPrefixList',
  request: {
    ModifyManagedPrefixListRequest: {
      PrefixListId: 'pl-1',
      CurrentVersion: 3,
      AddEntry: cidrs.map((Cidr, index) => ({ tag: index + 1, Cidr })),
    },
  },
});
const listed = {
  ...fine,
  'ec2 describe-security-groups': {
    SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: 'pl-1' }] }])],
  },
  'ec2 get-managed-prefix-list-entries pl-1': { Entries: [{ Cidr: '198.51.100.0/24' }] },
};
const modify = (...groups: string[]): Call => ({
  name: 'ModifyDBCluster',
  request: { dBClusterIdentifier: 'orders', vpcSecurityGroupIds: groups },
});
const withOpen = {
  ...fine,
  'ec2 describe-security-groups': {
    SecurityGroups: [
      securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, IpRanges: [{ CidrIp: '10.0.0.0/24' }] }]),
      securityGroup([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }], { GroupId: 'sg-open' }),
    ],
  },
};

testChange(ingressOpened, [
  {
    name: 'a rule is changed',
    call: modifyRule({ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, CidrIpv4: '0.0.0.0/0' }),
    answers: fine,
    alert: { severity: 'high', resources: ['orders'], command: `${revoke} --security-group-rule-ids sgr-1` },
  },
  {
    name: 'a rule is changed to an office',
    call: modifyRule({ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, CidrIpv4: '198.51.100.0/24' }),
    answers: fine,
    alert: null,
  },
  {
    name: 'the internet is put into a prefix list that a cluster lets in',
    call: entries('0.0.0.0/0'),
    answers: listed,
    alert: {
      severity: 'high',
      resources: ['orders'],
      reason: 'Prefix list pl-1 now holds every IPv4 address: 0.0.0.0/0. A security group of orders lets it in to the port.',
      command: `aws ec2 modify-managed-prefix-list --region ${region} --prefix-list-id pl-1 --current-version 4 --remove-entries Cidr=0.0.0.0/0`,
    },
  },
  { name: 'another office is put into it', call: entries('203.0.113.0/24'), answers: listed, alert: null },
  { name: 'a prefix list that no cluster lets in', call: entries('0.0.0.0/0'), answers: fine, alert: null },
  {
    name: 'a prefix list, from the event alone',
    call: entries('0.0.0.0/0'),
    alert: { severity: 'medium', resources: ['pl-1'], reason: /Which security groups let it in is not known/ },
  },
  {
    name: 'entries taken out',
    call: {
      source: ec2,
      name: 'ModifyManagedPrefixList',
      request: { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', RemoveEntry: { tag: 1, Cidr: '0.0.0.0/0' } } },
    },
    answers: listed,
    alert: null,
  },
  {
    name: 'a cluster is given an open group',
    call: modify('sg-orders', 'sg-open'),
    answers: withOpen,
    alert: {
      severity: 'high',
      resources: ['orders'],
      before: { VpcSecurityGroups: ['sg-orders'] },
      after: { VpcSecurityGroups: ['sg-open', 'sg-orders'] },
      reason: /let every IPv4 address in to port 5433: 0\.0\.0\.0\/0 \(sg-open\)\.$/,
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --vpc-security-group-ids sg-orders --apply-immediately`,
    },
  },
  {
    name: 'a cluster is given a narrow group',
    call: modify('sg-orders'),
    answers: {
      ...withOpen,
      'rds describe-db-clusters': { DBClusters: [cluster({ VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-open' }] })] },
    },
    alert: null,
  },
  {
    name: 'the same groups again',
    call: modify('sg-open'),
    answers: {
      ...withOpen,
      'rds describe-db-clusters': { DBClusters: [cluster({ VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-open' }] })] },
    },
    before: true,
    alert: null,
  },
  {
    name: 'groups of which nobody knows the rules',
    call: modify('sg-open', 'sg-two'),
    alert: {
      severity: 'medium',
      reason:
        'orders was given security groups of which it is not known who is let in to port 5432: sg-open and sg-two. Nothing tells the engine of orders: it is judged as PostgreSQL.',
      resources: ['orders'],
      before: undefined,
      after: { VpcSecurityGroups: ['sg-open', 'sg-two'] },
      inEffect: true,
      command: null,
    },
  },
  {
    name: 'another group of which nobody knows the rules, beside the one that was there',
    call: modify('sg-orders', 'sg-new'),
    answers: withOpen,
    alert: {
      severity: 'medium',
      reason: 'orders was given security groups of which it is not known who is let in to port 5433: sg-new.',
      before: { VpcSecurityGroups: ['sg-orders'] },
      command: `aws rds modify-db-cluster --region ${region} --db-cluster-identifier orders --vpc-security-group-ids sg-orders --apply-immediately`,
    },
  },
  {
    name: 'a group that lets in a prefix list of which nobody knows the entries',
    call: modify('sg-list'),
    answers: {
      ...withOpen,
      'ec2 describe-security-groups': {
        SecurityGroups: [
          securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: 'pl-9' }] }], {
            GroupId: 'sg-list',
          }),
        ],
      },
    },
    alert: { severity: 'medium', reason: /not known who is let in to port 5433: sg-list\.$/ },
  },
  {
    name: 'a single instance is given an open group',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'billing', vpcSecurityGroupIds: ['sg-open'] },
      response: { engine: 'postgres' },
    },
    answers: { 'ec2 describe-security-groups': withOpen['ec2 describe-security-groups'] },
    alert: {
      severity: 'high',
      resources: ['billing'],
      reason: /^billing was given security groups that let every IPv4 address in to port 5432/,
    },
  },
  {
    name: 'a MySQL instance is given a group',
    call: {
      name: 'ModifyDBInstance',
      request: { dBInstanceIdentifier: 'shop', vpcSecurityGroupIds: ['sg-open'] },
      response: { engine: 'mysql' },
    },
    alert: null,
  },
]);
