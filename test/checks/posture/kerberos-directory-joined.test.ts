import { kerberosDirectoryJoined } from '../../../lib/checks/posture/kerberos-directory-joined.ts';
import { denied, member } from '../../evidence/answers.ts';
import { clusters, members, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

const directory = (Status: string | undefined) => ({
  DomainMemberships: [{ Domain: 'd-0123456789', FQDN: 'corp.example.com', IAMRoleName: 'rds-directory', Status }],
});
const attached = (Status: string, first = 'joined', second = 'joined') => ({
  ...clusters(directory(Status)),
  ...members(directory(first), directory(second)),
});
/** Less and more than a day before the moment of the evidence. */
const today = { InstanceCreateTime: '2026-05-03T10:00:00Z' };
const lastYear = { InstanceCreateTime: '2025-01-10T08:10:00Z' };

testPosture(kerberosDirectoryJoined, {
  passes: [
    { name: 'joined on every member', answers: attached('joined'), says: /^orders joined corp\.example\.com\./ },
    { name: 'Kerberos enabled', answers: attached('kerberos-enabled', 'kerberos-enabled', 'kerberos-enabled') },
    { name: 'members have no entries of their own: the word of the cluster', answers: clusters(directory('joined')) },
    {
      name: 'a reader that was made two hours ago is still joining',
      answers: { ...clusters(directory('joined')), ...members(directory('joined'), { ...directory('pending-join'), ...today }) },
      says: /orders-2 is pending-join in corp\.example\.com, for less than a day/,
    },
    { name: 'a single instance', answers: onlySingle(directory('kerberos-enabled')), says: 'billing joined corp.example.com.' },
  ],
  fails: [
    {
      name: 'a reader failed',
      answers: attached('joined', 'joined', 'failed'),
      says: 'orders-2 is not in corp.example.com: failed.',
      evidence: {
        memberships: [
          { who: 'orders', domain: 'corp.example.com', status: 'joined' },
          { who: 'orders-1', domain: 'corp.example.com', status: 'joined' },
          { who: 'orders-2', domain: 'corp.example.com', status: 'failed' },
        ],
      },
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --domain d-0123456789 --domain-iam-role-name rds-directory --apply-immediately',
    },
    { name: 'enabling Kerberos failed', answers: attached('joined', 'enable-kerberos-failed') },
    ...['pending-join', 'pending-enable-kerberos', 'pending-maintenance-enable-kerberos', 'enabling-kerberos'].map((status) => ({
      name: `${status} on a member that is older than a day`,
      answers: { ...clusters(directory('joined')), ...members(directory('joined'), { ...directory(status), ...lastYear }) },
      says: `orders-2 is still ${status} in corp.example.com.`,
    })),
    {
      name: 'a reader has no entry, the writer has',
      answers: { ...clusters(directory('joined')), ...members(directory('joined'), { DomainMemberships: [] }) },
      says: 'orders-2 of orders did not join the directory.',
      evidence: { outside: ['orders-2'] },
    },
    { name: 'the cluster itself failed', answers: clusters(directory('failed')), says: 'orders is not in corp.example.com: failed.' },
    {
      name: 'a member failed, another is not among the instances',
      answers: {
        ...members(directory('failed')),
        ...clusters({ ...directory('joined'), DBClusterMembers: [member('orders-1', { IsClusterWriter: true }), member('orders-9')] }),
      },
    },
    {
      name: 'a single instance that failed',
      answers: onlySingle(directory('failed')),
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --domain d-0123456789 --domain-iam-role-name rds-directory --apply-immediately',
    },
  ],
  notApplicable: [
    { name: 'no directory', says: 'No directory is attached to orders.', command: null },
    { name: 'an empty list', answers: clusters({ DomainMemberships: [] }) },
    { name: 'no directory, and the instances denied', answers: { 'rds describe-db-instances': denied } },
    { name: 'a single instance without one', answers: onlySingle({}) },
  ],
  unknown: [
    {
      name: 'the instances denied',
      answers: { ...attached('joined'), 'rds describe-db-instances': denied },
      says: /^access denied to rds describe-db-instances/,
    },
    {
      name: 'a state that AWS does not say',
      answers: { ...clusters(directory('joined')), ...members(directory(undefined), directory('joined')) },
      says: 'Nothing tells whether orders-1 joined corp.example.com.',
    },
    {
      name: 'a word that nobody knows',
      answers: attached('contemplating'),
      says: 'What AWS says of orders in corp.example.com is not known: contemplating.',
    },
    {
      name: 'pending on a member of which nobody knows how old it is',
      answers: {
        ...clusters(directory('joined')),
        ...members({ ...directory('pending-join'), InstanceCreateTime: undefined }, directory('joined')),
      },
      says: /nothing tells since when/,
    },
  ],
});
