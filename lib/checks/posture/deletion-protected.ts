import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { modify } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

/** One call alone deletes nothing. */
export const deletionProtected = {
  kind: 'posture',
  on: 'cluster',
  id: 'deletion-protected',
  title: 'Cluster is protected against deletion',
  severity: 'medium',
  rationale:
    'Without it one call, by mistake or by somebody with stolen keys, deletes the cluster, and may skip the last snapshot and remove the backups.',
  judged: 'Reads DeletionProtection of the cluster, or of the single instance. Members have no say in it.',
  fix: 'Turn deletion protection on.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html'],
  controls: ['AWS FSBP RDS.7', 'AWS FSBP RDS.8', 'NIST 800-53 CP-9', 'NIST 800-53 SI-13(5)'],
  falsePositives: ['A cluster that tests make and delete every day.'],
  needs: clusterNeeds,
  evaluate({ resource: { name }, deletionProtected }) {
    if (!deletionProtected.known) return cannotTell(deletionProtected.cause);
    return deletionProtected.value
      ? pass(`${name} is protected against deletion.`)
      : fail(`${name} is not protected against deletion.`, { deletionProtection: false });
  },
  remediation(subject) {
    return modify(subject, ['--deletion-protection']);
  },
} satisfies PostureCheck;
