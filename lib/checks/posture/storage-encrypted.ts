import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { encryptedWords } from '../encrypted.ts';
import { remedy } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

/** The data is encrypted at rest. */
export const storageEncrypted = {
  kind: 'posture',
  on: 'cluster',
  id: 'storage-encrypted',
  title: "Cluster's storage is encrypted at rest",
  severity: 'high',
  rationale:
    'Without encryption, snapshots and backups are readable by whoever gets at them, and no key can be taken away to make a lost copy worthless.',
  judged:
    'Reads StorageEncrypted, StorageEncryptionType and KmsKeyId. A key that AWS owns counts, and the reason says so: nobody in the account controls it.',
  fix: 'Encryption cannot be turned on: restore a snapshot with a KMS key as a new cluster, and move the clients there.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html'],
  controls: ['AWS FSBP RDS.3', 'AWS FSBP RDS.27', 'CIS AWS 3.0 2.3.1', 'PCI DSS 4.0 3.5.1', 'NIST 800-53 SC-28'],
  falsePositives: [],
  needs: clusterNeeds,
  evaluate({ resource: { name }, encryption }) {
    if (!encryption.known) return cannotTell(encryption.cause);
    if (!encryption.value.encrypted) return fail(`The storage of ${name} is not encrypted.`, { encrypted: false });
    return pass(`The storage of ${name} is encrypted ${encryptedWords(encryption.value)}.`);
  },
  remediation(subject) {
    const { name, region } = subject.resource;
    const aws = (command: string, ...options: readonly string[]): string =>
      shellCommand('aws', 'rds', ...command.split(' '), '--region', region, ...options);
    const taken = `${name}-unencrypted`;
    const key = ['--kms-key-id', 'alias/aws/rds'];
    const commands =
      subject.kind === 'instance'
        ? [
            aws('create-db-snapshot', '--db-instance-identifier', name, '--db-snapshot-identifier', taken),
            aws('wait db-snapshot-available', '--db-snapshot-identifier', taken),
            aws(
              'copy-db-snapshot',
              '--source-db-snapshot-identifier',
              taken,
              '--target-db-snapshot-identifier',
              `${name}-encrypted`,
              ...key,
            ),
            aws('wait db-snapshot-available', '--db-snapshot-identifier', `${name}-encrypted`),
            aws(
              'restore-db-instance-from-db-snapshot',
              '--db-instance-identifier',
              `${name}-encrypted`,
              '--db-snapshot-identifier',
              `${name}-encrypted`,
            ),
          ]
        : [
            aws('create-db-cluster-snapshot', '--db-cluster-identifier', name, '--db-cluster-snapshot-identifier', taken),
            aws('wait db-cluster-snapshot-available', '--db-cluster-snapshot-identifier', taken),
            aws(
              'restore-db-cluster-from-snapshot',
              '--db-cluster-identifier',
              `${name}-encrypted`,
              '--snapshot-identifier',
              taken,
              '--engine',
              subject.engine,
              ...key,
            ),
          ];
    return remedy(
      commands.join('\n'),
      'after the clients moved to the new one',
      subject,
      'Restore with the parameter group, subnet group and security groups of the old one.',
    );
  },
} satisfies PostureCheck;
