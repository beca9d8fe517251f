import { known } from '../../domain/answer.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject, DomainState } from '../../evidence/clusters.ts';
import { askMembers } from '../members.ts';
import { modify } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';
import { worst } from '../worst.ts';

const day = 24 * 60 * 60 * 1000;

/** Where a directory is attached, every member is in it. */
export const kerberosDirectoryJoined = {
  kind: 'posture',
  on: 'cluster',
  id: 'kerberos-directory-joined',
  title: 'Cluster has joined its directory on every member',
  severity: 'medium',
  rationale:
    'On a member that is not in the directory nobody can log in through Kerberos. After a failover all such users are locked out, and passwords are handed out to get going again.',
  judged:
    "Reads DomainMemberships of the cluster and of every member: joined or with Kerberos enabled. One that failed does not pass, nor one that is pending on a member older than a day: AWS does not say since when. Where no member has an entry of its own, the cluster's counts. Not applicable without a directory.",
  fix: 'Mend what keeps the member out (the IAM role, security groups, the trust of the directory), then modify the cluster with the same directory: that tries again.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/postgresql-kerberos-managing.html'],
  controls: ['NIST 800-53 IA-2', 'NIST 800-53 AC-2(1)'],
  falsePositives: ['A directory that was attached less than a day ago to a member that is older.'],
  needs: clusterNeeds,
  evaluate(subject, { at }) {
    const { name } = subject.resource;
    const { said, unseen } = askMembers(subject, known);
    const withEntries = said.filter(({ value }) => value.domains.length > 0);
    if (subject.domains.length === 0 && withEntries.length === 0) return notApplicable(`No directory is attached to ${name}.`);

    const entries: Entry[] = [
      ...(subject.kind === 'instance' ? [] : subject.domains.map((state) => ({ who: name, state, createdAt: subject.createdAt }))),
      ...withEntries.flatMap(({ member, value }) => value.domains.map((state) => ({ who: member, state, createdAt: value.createdAt }))),
    ];
    const outside = withEntries.length > 0 ? said.filter(({ value }) => value.domains.length === 0).map(({ member }) => member) : [];
    const verdicts = entries.map((entry) => judgeEntry(entry, at));
    if (outside.length > 0) verdicts.push(fail(`${listed(outside.sort())} of ${name} did not join the directory.`, {}));
    if (unseen !== null) verdicts.push(cannotTell(unseen));
    const [first, ...rest] = verdicts;
    if (first === undefined) return notApplicable(`No directory is attached to ${name}.`);
    const verdict = worst([first, ...rest]);
    if (verdict.verdict !== 'fail') return verdict;
    const memberships = entries.map(({ who, state: { domain, status } }) => ({ who, domain, status }));
    return { ...verdict, evidence: { memberships, outside } };
  },
  remediation(subject) {
    const [state] = [...subject.domains, ...statesOfMembers(subject)].filter(({ directory }) => directory !== null);
    if (!state?.directory) return null;
    const role = state.role === null ? [] : ['--domain-iam-role-name', state.role];
    return modify(subject, ['--domain', state.directory, ...role], 'after some minutes');
  },
} satisfies PostureCheck;

function statesOfMembers({ members }: ClusterSubject): DomainState[] {
  return members.known ? members.value.flatMap(({ details }) => (details.known ? details.value.domains : [])) : [];
}

interface Entry {
  /** The cluster or member that says it. */
  readonly who: string;
  readonly state: DomainState;
  readonly createdAt: string | null;
}

function judgeEntry({ who, state: { domain, status }, createdAt }: Entry, at: number): Verdict {
  const word = status?.toLowerCase() ?? null;
  if (word === null) return cannotTell(`Nothing tells whether ${who} joined ${domain}.`);
  if (['joined', 'kerberos-enabled', 'enabled', 'active'].includes(word)) return pass(`${who} joined ${domain}.`);
  if (word.includes('fail') || word === 'removed' || word === 'kerberos-disabled')
    return fail(`${who} is not in ${domain}: ${status}.`, {});
  if (!/^(pending|joining|enabling|disabling|removing|maintenance)/.test(word)) {
    return cannotTell(`What AWS says of ${who} in ${domain} is not known: ${status}.`);
  }
  if (createdAt === null) return cannotTell(`${who} is ${status} in ${domain}, and nothing tells since when.`);
  if (at - Date.parse(createdAt) <= day) return pass(`${who} is ${status} in ${domain}, for less than a day.`);
  return fail(`${who} is still ${status} in ${domain}.`, {});
}
