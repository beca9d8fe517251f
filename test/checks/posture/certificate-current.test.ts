import { certificateCurrent } from '../../../lib/checks/posture/certificate-current.ts';
import { denied, member } from '../../evidence/answers.ts';
import { clusters, limitless, members, multiAz, onlySingle, serverlessV1 } from './given.ts';
import { testPosture } from './table.ts';

/** The moment of the evidence is 2026-05-03T12:00:00Z: 90 days later is 2026-08-01T12:00:00Z. */
const until = (ValidTill: string | undefined, CAIdentifier = 'rds-ca-rsa2048-g1') => ({ CertificateDetails: { CAIdentifier, ValidTill } });
const authorities = (...Certificates: readonly Readonly<Record<string, unknown>>[]) => ({ 'rds describe-certificates': { Certificates } });

testPosture(certificateCurrent, {
  passes: [
    { name: 'valid for months', says: 'All certificates of orders are valid until 2027-01-10 or longer.', command: null },
    { name: 'valid for 90 days to the second', answers: members(until('2026-08-01T12:00:00Z')), says: /until 2026-08-01 or longer/ },
    {
      name: 'the earliest is said',
      answers: members(until('2028-01-01T00:00:00Z'), until('2026-12-24T00:00:00+01:00')),
      says: /until 2026-12-23 or longer/,
    },
    { name: 'a time in seconds', answers: members({ CertificateDetails: { CAIdentifier: 'rds-ca-rsa2048-g1', ValidTill: 1799568600 } }) },
    {
      name: 'only the authority is told: its own end stands in',
      answers: {
        ...members({ CertificateDetails: undefined, CACertificateIdentifier: 'rds-ca-ecc384-g1' }),
        ...authorities({ CertificateIdentifier: 'rds-ca-ecc384-g1', ValidTill: '2121-05-24T00:00:00Z' }),
      },
    },
    { name: 'the authorities denied: the certificates are enough', answers: { 'rds describe-certificates': denied } },
    {
      name: 'a change to another authority that waits',
      answers: members({ PendingModifiedValues: { CACertificateIdentifier: 'rds-ca-rsa4096-g1' } }),
    },
    { name: 'a single instance', answers: onlySingle({}) },
    {
      name: 'a Multi-AZ DB cluster has one of its own',
      answers: { ...multiAz({}, until('2027-01-01T00:00:00Z')), 'rds describe-db-instances': denied },
      says: /until 2027-01-01/,
    },
  ],
  fails: [
    {
      name: 'a reader has one that ends a second before the 90 days',
      answers: members({}, until('2026-08-01T11:59:59Z')),
      says: 'Certificates are not current: that of orders-2 ends on 2026-08-01, in 89 days.',
      inEffect: undefined,
      evidence: { certificates: [{ member: 'orders-2', authority: 'rds-ca-rsa2048-g1', pendingAuthority: null }] },
      command:
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier orders-2 --ca-certificate-identifier rds-ca-rsa2048-g1 --apply-immediately',
    },
    { name: 'it ended', answers: members(until('2026-05-03T11:59:59Z')), says: /that of orders-1 ended on 2026-05-03\./ },
    ...['rds-ca-2019', 'rds-ca-2015'].map((authority) => ({
      name: `of the retired authority ${authority}, whatever its end`,
      answers: members(until('2029-01-01T00:00:00Z', authority)),
      says: `Certificates are not current: that of orders-1 is of the retired authority ${authority}.`,
    })),
    {
      name: 'retired; a new one waits for the maintenance window',
      answers: members({
        ...until('2029-01-01T00:00:00Z', 'rds-ca-2019'),
        PendingModifiedValues: { CACertificateIdentifier: 'rds-ca-rsa2048-g1' },
      }),
      says: /new ones wait for the maintenance window\.$/,
      inEffect: false,
    },
    {
      name: 'current, but a retired one waits',
      answers: members({ PendingModifiedValues: { CACertificateIdentifier: 'rds-ca-2019' } }),
      says: /is to be replaced by one of the retired authority rds-ca-2019/,
      inEffect: false,
    },
    {
      name: 'one is retired, of the other nothing is known',
      answers: members(until('2029-01-01T00:00:00Z', 'rds-ca-2019'), { CertificateDetails: undefined, CACertificateIdentifier: undefined }),
    },
    {
      name: 'both members',
      answers: members(until('2026-06-01T00:00:00Z'), until('2026-06-01T00:00:00Z')),
      says: /that of orders-1 .* and that of orders-2 /,
    },
    {
      name: 'a single instance',
      answers: onlySingle(until('2026-06-01T12:00:00Z')),
      says: 'Certificates are not current: that of billing ends on 2026-06-01, in 29 days.',
    },
    {
      name: 'of a Multi-AZ DB cluster',
      answers: multiAz({}, until('2026-06-01T12:00:00Z')),
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --ca-certificate-identifier rds-ca-rsa2048-g1 --apply-immediately',
    },
    {
      name: 'of a member of a Multi-AZ DB cluster, whatever that of the cluster',
      answers: { ...multiAz({}, until('2028-01-01T00:00:00Z')), ...members({ Engine: 'postgres', ...until('2026-06-01T12:00:00Z') }) },
      says: /^Certificates are not current: that of orders-1 ends on 2026-06-01/,
    },
  ],
  notApplicable: [{ name: 'Serverless v1', answers: serverlessV1(), says: 'orders is Serverless v1, whose certificates AWS renews.' }],
  unknown: [
    { name: 'the instances denied', answers: { 'rds describe-db-instances': denied }, says: /^access denied to rds describe-db-instances/ },
    {
      name: 'a member that is not among the instances',
      answers: clusters({ DBClusterMembers: [member('orders-1'), member('orders-9')] }),
      says: /member orders-9 is not in the answer/,
    },
    {
      name: 'nothing is told of a certificate',
      answers: members({ CertificateDetails: undefined, CACertificateIdentifier: undefined }),
      says: /lacks CertificateDetails/,
    },
    {
      name: 'only the authority is told, and the authorities are denied',
      answers: { ...members({ CertificateDetails: undefined }), 'rds describe-certificates': denied },
      says: /^access denied to rds describe-certificates/,
    },
    {
      name: 'only an authority that nobody knows',
      answers: { ...members({ CertificateDetails: undefined }), ...authorities() },
      says: /authority rds-ca-rsa2048-g1 is not in the answer/,
    },
    {
      name: 'an end that is no time',
      answers: members({ CertificateDetails: { CAIdentifier: 'rds-ca-unheard-of', ValidTill: 'soon' } }),
      says: /authority rds-ca-unheard-of is not in the answer/,
    },
    { name: 'Limitless', answers: limitless(), says: /Limitless/ },
  ],
});
