import type { EvidenceData, Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject, ServerCertificate } from '../../evidence/clusters.ts';
import type { MembersSay } from '../members.ts';
import { askMembers } from '../members.ts';
import { modify, modifyMembers } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';

const day = 24 * 60 * 60 * 1000;
/** As long a certificate must still be valid. */
const leastDays = 90;
/** Authorities that AWS gave up; clients of today do not trust them. */
const retired: ReadonlySet<string> = new Set(['rds-ca-2010', 'rds-ca-2015', 'rds-ca-2019']);
const newAuthority: readonly string[] = ['--ca-certificate-identifier', 'rds-ca-rsa2048-g1'];

/** Clients can verify every member, for months to come. */
export const certificateCurrent = {
  kind: 'posture',
  on: 'cluster',
  id: 'certificate-current',
  title: "Cluster's certificates are valid for 90 more days, of a current authority",
  severity: 'high',
  rationale:
    'On the day that a certificate ends, every client that verifies it is locked out, and people turn verification off to get going again. From then on anyone on the way can pose as the database.',
  judged:
    "Reads CertificateDetails of every member (of a Multi-AZ DB cluster its own too): valid for 90 more days, and not of an authority that AWS retired (rds-ca-2019 and earlier). Where only the authority is told, the authority's own end stands in. Not applicable to Serverless v1, whose certificates AWS renews.",
  fix: 'Give the members a certificate of a current authority, after clients trust its bundle.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL-certificate-rotation.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html',
  ],
  controls: ['PCI DSS 4.0 4.2.1.1', 'NIST 800-53 SC-12', 'NIST 800-53 SC-17'],
  falsePositives: ['An authority for which RDS renews the certificates of servers by itself: it does so before they end.'],
  needs: [...clusterNeeds, 'rds:DescribeCertificates'],
  evaluate(subject, { at }) {
    const { name } = subject.resource;
    if (subject.serverlessV1) return notApplicable(`${name} is Serverless v1, whose certificates AWS renews.`);
    const { said, unseen } = certificatesOf(subject);
    const wrong = said.filter(({ value }) => problemOf(value, at) !== null);
    if (wrong.length > 0) return outdated(wrong, at);
    if (unseen !== null) return cannotTell(unseen);
    const first = said.map(({ value }) => value.validTill).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? '';
    return pass(`All certificates of ${name} are valid until ${dateOf(first)} or longer.`, true);
  },
  remediation(subject, { at }) {
    if (subject.kind === 'multi-az') return modify(subject, newAuthority);
    const wrong = askMembers(subject, ({ certificate }) => certificate).said.filter(({ value }) => problemOf(value, at) !== null);
    return wrong.length === 0 ? null : modifyMembers(subject, wrong.map(({ member }) => member).sort(), newAuthority);
  },
} satisfies PostureCheck;

/** A cluster with a certificate of its own speaks for members of which nothing is known. */
function certificatesOf(subject: ClusterSubject): MembersSay<ServerCertificate> {
  const own = subject.certificate;
  const { said, unseen } = askMembers(subject, ({ certificate }) => certificate);
  return own?.known ? { said: [{ member: subject.resource.name, value: own.value }, ...said], unseen: null } : { said, unseen };
}

/** What is wrong, as a clause; null: nothing. */
function problemOf({ authority, validTill, pendingAuthority }: ServerCertificate, at: number): string | null {
  const left = Date.parse(validTill) - at;
  if (left < 0) return `ended on ${dateOf(validTill)}`;
  if (authority !== null && retired.has(authority)) return `is of the retired authority ${authority}`;
  if (left < leastDays * day) return `ends on ${dateOf(validTill)}, in ${Math.floor(left / day)} days`;
  if (pendingAuthority !== null && retired.has(pendingAuthority)) {
    return `is to be replaced by one of the retired authority ${pendingAuthority} in the maintenance window`;
  }
  return null;
}

function outdated(wrong: MembersSay<ServerCertificate>['said'], at: number): Verdict {
  const words = wrong.map(({ member, value }) => `that of ${member} ${problemOf(value, at)}`);
  const certificates: EvidenceData[] = wrong
    .map(({ member, value }) => ({ member, ...value }))
    .sort((a, b) => (a.member < b.member ? -1 : 1));
  const waiting = wrong.every(({ value }) => value.pendingAuthority !== null);
  const planned = wrong.every(({ value: { pendingAuthority } }) => pendingAuthority !== null && !retired.has(pendingAuthority));
  const reason = `Certificates are not current: ${listed(words)}${planned ? '; new ones wait for the maintenance window' : ''}.`;
  return fail(reason, { certificates }, waiting ? { inEffect: false } : {});
}

function dateOf(time: string): string {
  return new Date(time).toISOString().slice(0, 10);
}
