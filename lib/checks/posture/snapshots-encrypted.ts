import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { encryptedWords } from '../encrypted.ts';
import { remedy } from '../modify.ts';
import { snapshotNeeds } from '../needs.ts';

/** A snapshot is encrypted. */
export const snapshotsEncrypted = {
  kind: 'posture',
  on: 'snapshot',
  id: 'snapshots-encrypted',
  title: 'Snapshot is encrypted',
  severity: 'high',
  rationale:
    'A snapshot that is not encrypted can be shared and restored by whoever may call one API; with a key, they need that key too. Snapshots outlive the cluster that they were taken of.',
  judged: 'Reads StorageEncrypted (of an instance, Encrypted), StorageEncryptionType and KmsKeyId of each manual snapshot.',
  fix: 'Copy a snapshot of an instance with a KMS key; restore one of a cluster with a KMS key and take a new snapshot there. Then delete the one that is not encrypted.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html'],
  controls: ['AWS FSBP RDS.4', 'PCI DSS 4.0 3.5.1', 'NIST 800-53 SC-28'],
  falsePositives: [],
  needs: snapshotNeeds,
  evaluate({ resource: { name }, source, encryption }) {
    if (!encryption.known) return cannotTell(encryption.cause);
    if (!encryption.value.encrypted) return fail(`Snapshot ${name} is not encrypted.`, { encrypted: false, snapshotOf: source });
    return pass(`Snapshot ${name} is encrypted ${encryptedWords(encryption.value)}.`);
  },
  remediation(subject) {
    const { name, region } = subject.resource;
    const aws = (command: string, ...options: readonly string[]): string =>
      shellCommand('aws', 'rds', ...command.split(' '), '--region', region, ...options);
    const copy = `${name}-encrypted`;
    const key = ['--kms-key-id', 'alias/aws/rds'];
    if (subject.of === 'instance') {
      const commands = [
        aws('copy-db-snapshot', '--source-db-snapshot-identifier', name, '--target-db-snapshot-identifier', copy, ...key),
        aws('wait db-snapshot-available', '--db-snapshot-identifier', copy),
        aws('delete-db-snapshot', '--db-snapshot-identifier', name),
      ];
      return remedy(commands.join('\n'), 'when the copy is there', subject);
    }
    const commands = [
      aws(
        'restore-db-cluster-from-snapshot',
        '--db-cluster-identifier',
        copy,
        '--snapshot-identifier',
        name,
        '--engine',
        subject.engine,
        ...key,
      ),
      aws('wait db-cluster-available', '--db-cluster-identifier', copy),
      aws('create-db-cluster-snapshot', '--db-cluster-identifier', copy, '--db-cluster-snapshot-identifier', copy),
      aws('wait db-cluster-snapshot-available', '--db-cluster-snapshot-identifier', copy),
      aws('delete-db-cluster', '--db-cluster-identifier', copy, '--skip-final-snapshot'),
      aws('delete-db-cluster-snapshot', '--db-cluster-snapshot-identifier', name),
    ];
    return remedy(
      commands.join('\n'),
      'when the new snapshot is there',
      subject,
      'A snapshot of a cluster cannot be encrypted by copying it.',
    );
  },
} satisfies PostureCheck;
