import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { JudgeContext } from '../../evidence/evidence.ts';
import type { SnapshotSubject } from '../../evidence/snapshots.ts';
import { remedy } from '../modify.ts';
import { snapshotNeeds } from '../needs.ts';
import { listed } from '../sentences.ts';

/** No stranger can restore a snapshot. */
export const snapshotsPrivate = {
  kind: 'posture',
  on: 'snapshot',
  id: 'snapshots-private',
  title: 'Snapshot is shared with nobody but trusted accounts',
  severity: 'critical',
  rationale:
    'Whoever a snapshot is shared with restores all of the data in an account of their own, where none of your logs, users or rules are. A public one is found by those who search for such.',
  judged:
    'Reads the attribute restore of each manual snapshot of a cluster or instance. It must be empty or hold accounts of trustedAccounts or the own one only; all makes it public.',
  fix: 'Take the accounts, or all, out of the attribute restore. What was restored or copied meanwhile stays with them.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-share-snapshot.html'],
  controls: ['AWS FSBP RDS.1', 'PCI DSS 4.0 7.2.1', 'NIST 800-53 AC-3', 'NIST 800-53 SC-7'],
  falsePositives: ['An account of the same company that is not in trustedAccounts yet.'],
  needs: [...snapshotNeeds, 'rds:DescribeDBClusterSnapshotAttributes', 'rds:DescribeDBSnapshotAttributes'],
  evaluate(subject, context) {
    const { resource, sharedWith } = subject;
    if (!sharedWith.known) return cannotTell(sharedWith.cause);
    const strangers = strangersOf(subject, context);
    const evidence = { sharedWith: [...sharedWith.value].sort(), snapshotOf: subject.source };
    if (strangers.includes('all')) return fail(`Snapshot ${resource.name} is public: every AWS account can restore it.`, evidence);
    if (strangers.length > 0)
      return fail(`Snapshot ${resource.name} is shared outside the trusted accounts, with ${listed(strangers)}.`, evidence);
    if (sharedWith.value.length === 0) return pass(`Snapshot ${resource.name} is shared with nobody.`);
    return pass(`Snapshot ${resource.name} is shared with trusted accounts only: ${listed([...sharedWith.value].sort())}.`);
  },
  remediation(subject, context) {
    const strangers = strangersOf(subject, context);
    if (strangers.length === 0) return null;
    const { name, region } = subject.resource;
    const kind = subject.of === 'cluster' ? 'db-cluster-snapshot' : 'db-snapshot';
    const attribute = ['--attribute-name', 'restore', '--values-to-remove', ...strangers];
    const command = shellCommand('aws', 'rds', `modify-${kind}-attribute`, '--region', region, `--${kind}-identifier`, name, ...attribute);
    return remedy(command, 'at once', subject);
  },
} satisfies PostureCheck;

/** Who may restore it and is neither trusted nor the account that it is in, `all` included; sorted. */
function strangersOf({ resource, sharedWith }: SnapshotSubject, { configuration }: JudgeContext): string[] {
  const own = [resource.arn.split(':')[4], ...configuration.trustedAccounts];
  return sharedWith.known ? [...new Set(sharedWith.value)].filter((one) => !own.includes(one)).sort() : [];
}
