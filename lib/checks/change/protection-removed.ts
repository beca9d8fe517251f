import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import type { JudgeContext } from '../../evidence/evidence.ts';
import { flagField, numberField, textField } from '../../evidence/request.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { isOutOfScope, touchedDatabase, waitsForWindow } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { counted } from '../sentences.ts';
import { creations, isCreation } from './group-association.ts';
import { awsCommand, engineNote, modifyWhole, undo } from './undo.ts';

const deletions = ['DeleteDBCluster', 'DeleteDBInstance', 'DeleteDBClusterAutomatedBackup', 'DeleteDBInstanceAutomatedBackup'] as const;

/** What keeps data from being lost is gone, or the data is. */
export const protectionRemoved = {
  kind: 'change',
  id: 'protection-removed',
  title: 'Protection against loss was removed',
  severity: 'medium',
  rationale:
    'Without deletion protection one call deletes the database, and without backups of some days nothing brings it back: that is how data is destroyed or held to ransom.',
  judged:
    'Reads deletion protection that is turned off, a backup retention that is set below thresholds.backupDays, and clusters, instances and automated backups that are deleted, which is high. A reader that automatic scaling takes away again is information.',
  fix: 'Turn deletion protection on again and set the retention back. A deleted database comes back from its last snapshot or its retained backups; deleted backups do not come back, so take a snapshot now.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html',
  ],
  controls: ['AWS FSBP RDS.7', 'AWS FSBP RDS.8', 'AWS FSBP RDS.11', 'NIST 800-53 CP-9', 'NIST 800-53 SI-12'],
  falsePositives: ['A test database that was meant to go.'],
  needs: clusterNeeds,
  events: [{ source: 'rds.amazonaws.com', names: ['ModifyDBCluster', 'ModifyDBInstance', ...creations, ...deletions] }],
  evaluate(change, context) {
    const database = touchedDatabase(change);
    if (database === null) return change.event.eventName.endsWith('AutomatedBackup') ? judgeBackup(change) : null;
    if (isOutOfScope(database)) return null;
    if (change.event.eventName.endsWith('AutomatedBackup')) return judgeBackup(change, database);
    if (deletions.some((name) => name === change.event.eventName)) return judgeDeletion(change, database);
    return judgeSettings(change, database, context);
  },
} satisfies ChangeCheck;

function judgeSettings(change: Change, database: TouchedDatabase, { configuration }: JudgeContext): ChangeVerdict | null {
  const { eventName, requestParameters: request } = change.event;
  const known = database.member === null ? (database.cluster ?? database.instance) : null;
  const created = isCreation(eventName);
  const unprotected = !created && flagField(request, 'deletionProtection') === false;
  const protection = earlier(change, unprotected ? known?.DeletionProtection : null, false);
  const limit = configuration.thresholds.backupDays;
  const days = numberField(request, 'backupRetentionPeriod');
  const fewer = days !== null && days < limit && database.member === null;
  const retention = earlier(change, fewer && !created ? known?.BackupRetentionPeriod : null, days);
  const removed = unprotected && !protection.repeats;
  // Few days that become more are no loss.
  const shortened = fewer && !retention.repeats && (retention.before === null || retention.before > days);
  if (!removed && !shortened) return null;

  const { name } = database.resource;
  const waits = shortened && !created && waitsForWindow(change, 'backupRetentionPeriod', days);
  const options = [
    ...(removed ? ['--deletion-protection'] : []),
    ...(shortened ? ['--backup-retention-period', String(Math.max(retention.before ?? 0, limit))] : []),
  ];
  return {
    severity: 'medium',
    reason: [
      ...(removed ? [`Deletion protection of ${name} was turned off: one call can delete it now.`] : []),
      ...(shortened ? [shortenedSentence(name, days ?? 0, limit, created)] : []),
      ...(waits ? ['The retention changes in the next maintenance window.'] : []),
      ...engineNote(database),
    ].join(' '),
    on: database.resource,
    resources: [database.resource],
    before: {
      ...(removed && protection.before !== null ? { DeletionProtection: protection.before } : {}),
      ...(shortened && retention.before !== null ? { BackupRetentionPeriod: retention.before } : {}),
    },
    after: { ...(removed ? { DeletionProtection: false } : {}), ...(shortened ? { BackupRetentionPeriod: days } : {}) },
    inEffect: removed || !waits,
    remediation: undo(change, modifyWhole(change, database, options), 'at once', [database]),
  };
}

function shortenedSentence(name: string, days: number, limit: number, created: boolean): string {
  const kept = days === 0 ? 'no backups at all' : `backups of ${counted(days, 'day')}`;
  return created ? `${name} was made with ${kept}, less than ${limit}.` : `${name} keeps ${kept} from now on, less than ${limit}.`;
}

function judgeDeletion(change: Change, database: TouchedDatabase): ChangeVerdict {
  const { requestParameters: request, responseElements: response, userIdentity } = change.event;
  const { name } = database.resource;
  const { member } = database;
  const scaled = member !== null && (userIdentity.invokedBy ?? '').includes('application-autoscaling');
  const last = textField(request, 'finalDBSnapshotIdentifier') ?? textField(request, 'finalSnapshotIdentifier');
  const withoutBackups = flagField(request, 'deleteAutomatedBackups') === true;
  const what = member === null ? `${name} was deleted` : `Member ${member} of ${name} was deleted`;
  const snapshot = last === null ? (member === null ? ', without a last snapshot' : '') : `, with ${last} as its last snapshot`;
  return {
    severity: scaled ? 'info' : 'high',
    reason: [
      `${what}${snapshot}.`,
      ...(withoutBackups ? ['Its automated backups were deleted too.'] : []),
      ...(scaled ? ['Automatic scaling took it away.'] : []),
      ...engineNote(database),
    ].join(' '),
    on: database.resource,
    resources: [database.resource],
    inEffect: true,
    remediation: last === null || member !== null ? null : restore(change, database, last, textField(response, 'engine')),
  };
}

function restore(change: Change, database: TouchedDatabase, snapshot: string, answered: string | null): ChangeVerdict['remediation'] {
  const { name, type } = database.resource;
  const command =
    type === 'instance'
      ? awsCommand(
          change,
          'rds',
          'restore-db-instance-from-db-snapshot',
          '--db-instance-identifier',
          name,
          '--db-snapshot-identifier',
          snapshot,
        )
      : awsCommand(
          change,
          'rds',
          'restore-db-cluster-from-snapshot',
          ...['--db-cluster-identifier', name, '--snapshot-identifier', snapshot],
          ...['--engine', database.engine ?? answered ?? 'aurora-postgresql'],
        );
  return undo(change, command, 'once it is restored; parameter group, security groups and members must be given again', [database]);
}

function judgeBackup(change: Change, database: TouchedDatabase | null = null): ChangeVerdict | null {
  const { requestParameters: request, responseElements: response, region } = change.event;
  const id =
    textField(request, 'dbClusterResourceId') ?? textField(request, 'dbiResourceId') ?? textField(request, 'dBInstanceAutomatedBackupsArn');
  const engine = textField(response, 'engine') ?? database?.engine ?? null;
  if (isOutOfScope({ engine }) || (id === null && database === null)) return null;
  const on = database?.resource ?? {
    arn: id?.startsWith('arn:') ? id : `arn:${change.partition}:rds:${region}:${change.account}:auto-backup:${id}`,
    type: 'snapshot' as const,
    name: id ?? '',
    region,
  };
  return {
    severity: 'high',
    reason: `The automated backups of ${database?.resource.name ?? id} were deleted: no moment of the past can be restored from them, and nothing brings them back.`,
    on,
    resources: [on],
    inEffect: true,
    remediation: null,
  };
}
