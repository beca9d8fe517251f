import type { Resource } from '../../domain/resource.ts';
import type { Change } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { textField, textsField } from '../../evidence/request.ts';
import { isOutOfScope, touchedByArn } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { isForeign, snapshotNote, touchedSnapshot } from './snapshots.ts';
import { awsCommand, engineNote, undo } from './undo.ts';

/** The rows of a snapshot or cluster are written to a bucket. */
export const snapshotExported = {
  kind: 'change',
  id: 'snapshot-exported',
  title: 'Data was exported to S3',
  severity: 'medium',
  rationale:
    'An export writes every row of the database as files into a bucket, past all logins and logs of the database. Who may read the bucket has the data.',
  judged: 'Reads export tasks of snapshots and of clusters that were started, with the bucket that they go to.',
  fix: 'Cancel the task if it still runs; otherwise delete what it wrote and look at who may read the bucket.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-export-snapshot.html'],
  controls: ['PCI DSS 4.0 7.2.1', 'NIST 800-53 AC-4'],
  falsePositives: ['A planned export for analysis.'],
  needs: [...clusterNeeds, 'rds:DescribeDBClusterSnapshots', 'rds:DescribeDBSnapshots'],
  events: [{ source: 'rds.amazonaws.com', names: ['StartExportTask'] }],
  evaluate(change) {
    const { requestParameters: request, responseElements: response } = change.event;
    const arn = textField(request, 'sourceArn') ?? textField(response, 'sourceArn');
    const source = arn === null ? null : sourceOf(change, arn);
    if (source === null) return null;
    const task = textField(request, 'exportTaskIdentifier') ?? textField(response, 'exportTaskIdentifier');
    const bucket = textField(request, 's3BucketName') ?? textField(response, 's3Bucket');
    const only = [...textsField(request, 'exportOnly')];
    return {
      severity: 'medium',
      reason: [
        `${only.length > 0 ? `Part of ${source.resource.name} (${only.length} of its databases, schemas or tables)` : `All of ${source.resource.name}`} is being exported to ${bucket === null ? 'a bucket that is not known' : `the bucket ${bucket}`}.`,
        ...source.notes,
      ].join(' '),
      on: source.resource,
      resources: [source.resource],
      after: {
        ...(bucket === null ? {} : { S3Bucket: bucket }),
        ...(textField(request, 'kmsKeyId') === null ? {} : { KmsKeyId: textField(request, 'kmsKeyId') }),
      },
      inEffect: true,
      remediation:
        task === null
          ? null
          : undo(
              change,
              awsCommand(change, 'rds', 'cancel-export-task', '--export-task-identifier', task),
              'while the task runs; what it wrote stays',
            ),
    };
  },
} satisfies ChangeCheck;

function sourceOf(change: Change, arn: string): { readonly resource: Resource; readonly notes: readonly string[] } | null {
  const database = touchedByArn(change, arn);
  if (database !== null) return isOutOfScope(database) ? null : { resource: database.resource, notes: engineNote(database) };
  const snapshot = touchedSnapshot(change, arn.includes(':cluster-snapshot:') ? 'cluster' : 'instance', arn);
  return isForeign(snapshot) ? null : { resource: snapshot.resource, notes: snapshotNote(snapshot) };
}
