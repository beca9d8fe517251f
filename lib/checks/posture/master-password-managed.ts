import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import { modify, remedy } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';
import { rotationProblem } from '../rotation.ts';

/** RDS keeps the master password in Secrets Manager and changes it. */
export const masterPasswordManaged = {
  kind: 'posture',
  on: 'cluster',
  id: 'master-password-managed',
  title: "Cluster's master password is managed by RDS and rotated on schedule",
  severity: 'medium',
  rationale:
    'A master password that people keep lives in files, tickets and heads, and nobody changes it when somebody leaves. With it one may do everything in the database, past IAM.',
  judged:
    "Reads MasterUserSecret, which must be active (or just being rotated), and the secret's rotation: on, and not a day past its date. Not applicable in a global database, which cannot have it, and to express clusters, whose master user logs in through IAM.",
  fix: 'Let RDS manage the master password; applications should use users of their own, through IAM. Leave the rotation of the secret on.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html',
  ],
  controls: ['AWS FSBP SecretsManager.1', 'AWS FSBP SecretsManager.2', 'PCI DSS 4.0 8.6.3', 'NIST 800-53 IA-5'],
  falsePositives: ['A read replica, which has the password of its source.', 'A password that another vault makes and changes.'],
  needs: [...clusterNeeds, 'rds:DescribeGlobalClusters', 'secretsmanager:DescribeSecret'],
  evaluate({ resource: { name }, masterSecret, globalDatabase, express }, { at }) {
    if (masterSecret === null) {
      if (express) return notApplicable(`The master user of ${name} logs in through IAM only.`);
      if (!globalDatabase.known) return cannotTell(globalDatabase.cause);
      if (globalDatabase.value !== null) {
        return notApplicable(`${name} belongs to global database ${globalDatabase.value}, in which RDS cannot manage the master password.`);
      }
      return fail(`The master password of ${name} is not managed by RDS.`, { secret: null });
    }

    const { arn: secret, status, rotation } = masterSecret;
    if (status === null) return cannotTell(`Nothing tells the state of the master user secret of ${name}.`);
    if (!isUsable(status)) return fail(`The secret of the master user of ${name} is ${status}, not active.`, { secret, status });
    if (!rotation.known) return cannotTell(rotation.cause);
    const problem = rotationProblem(rotation.value, at);
    if (problem === 'unknown') return cannotTell(`Nothing tells when the master user secret of ${name} is due for rotation.`);
    if (problem !== null) return fail(`The secret of the master user of ${name} ${problem}.`, { secret, status, ...rotation.value });
    return pass(`RDS manages the master password of ${name} and rotates it on schedule.`);
  },
  remediation(subject) {
    const { masterSecret } = subject;
    if (masterSecret === null) return modify(subject, ['--manage-master-user-password']);
    const { arn, rotation } = masterSecret;
    if (arn !== null && rotation.known && rotation.value.enabled !== true) return turnOnRotation(subject, arn);
    return modify(subject, ['--rotate-master-user-password']);
  },
} satisfies PostureCheck;

function isUsable(status: string): boolean {
  return ['active', 'rotating'].includes(status.toLowerCase());
}

function turnOnRotation(subject: ClusterSubject, arn: string): ReturnType<typeof remedy> {
  const { region } = subject.resource;
  const rules = ['--rotation-rules', 'AutomaticallyAfterDays=7'];
  return remedy(
    shellCommand('aws', 'secretsmanager', 'rotate-secret', '--region', region, '--secret-id', arn, ...rules),
    'at once',
    subject,
  );
}
