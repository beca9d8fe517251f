import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import type { MembersSay } from '../members.ts';
import { askMembers } from '../members.ts';
import { modify, modifyMembers } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';

/** Fixes come in by themselves. */
export const minorUpgradesAutomatic = {
  kind: 'posture',
  on: 'cluster',
  id: 'minor-upgrades-automatic',
  title: 'Cluster upgrades to minor versions automatically, on every member',
  severity: 'low',
  rationale:
    'Minor versions bring the fixes for known flaws. Where nobody has to think of them they come within weeks; one member with the switch off keeps the whole cluster back.',
  judged: 'Reads AutoMinorVersionUpgrade of every member; of a Multi-AZ DB cluster, and of one that shows no members, its own.',
  fix: 'Turn automatic minor version upgrades on for every member.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.PostgreSQL.MinorUpgrade.html'],
  controls: ['AWS FSBP RDS.13', 'AWS FSBP RDS.35', 'CIS AWS 3.0 2.3.2', 'PCI DSS 4.0 6.3.3', 'NIST 800-53 SI-2(5)'],
  falsePositives: ['Upgrades that are planned and made by hand within the time that your rules allow.'],
  needs: clusterNeeds,
  evaluate(subject) {
    const { name } = subject.resource;
    const { said, unseen } = switchesOf(subject);
    const off = said
      .filter(({ value }) => !value)
      .map(({ member }) => member)
      .sort();
    if (off.length > 0) {
      return fail(`Minor versions are not installed automatically on ${listed(off)}.`, { off });
    }
    return unseen === null ? pass(`${name} upgrades to minor versions automatically.`) : cannotTell(unseen);
  },
  remediation(subject) {
    const off = switchesOf(subject)
      .said.filter(({ value }) => !value)
      .map(({ member }) => member)
      .sort();
    const options = ['--auto-minor-version-upgrade'];
    if (off.length === 0) return null;
    return asksItself(subject) ? modify(subject, options) : modifyMembers(subject, off, options);
  },
} satisfies PostureCheck;

/** The cluster's own switch decides where members have none, or none are shown. */
function asksItself({ kind, members, minorUpgrades }: ClusterSubject): boolean {
  return minorUpgrades.known && (kind === 'multi-az' || (members.known && members.value.length === 0));
}

function switchesOf(subject: ClusterSubject): MembersSay<boolean> {
  const { minorUpgrades, resource } = subject;
  if (minorUpgrades.known && asksItself(subject)) return { said: [{ member: resource.name, value: minorUpgrades.value }], unseen: null };
  return askMembers(subject, (details) => details.minorUpgrades);
}
