import type { DbClusterSnapshotAttributes, DbSnapshotAttributes } from '../../domain/cluster-answers.ts';
import type { Severity } from '../../domain/severity.ts';
import type { Change } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import type { JudgeContext } from '../../evidence/evidence.ts';
import { objectsField, textField, textsField } from '../../evidence/request.ts';
import { listed } from '../sentences.ts';
import type { TouchedSnapshot } from './snapshots.ts';
import { isForeign, snapshotNote, touchedSnapshot } from './snapshots.ts';
import { awsCommand, undo } from './undo.ts';

/** Another account may restore a snapshot. */
export const snapshotShared = {
  kind: 'change',
  id: 'snapshot-shared',
  title: 'A snapshot was shared',
  severity: 'high',
  rationale:
    'A snapshot is the whole database. Whoever it is shared with restores it in an account of their own, where no log of yours shows what they read, and a copy made meanwhile stays theirs.',
  judged:
    'Reads additions to the attribute restore of snapshots of clusters and instances. With everybody (all) it is critical, with an account outside trustedAccounts high, with a trusted one or the own account information.',
  fix: 'Take the sharing back, and find out whether it was copied meanwhile.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-share-snapshot.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterSnapshotAttribute.html',
  ],
  controls: ['AWS FSBP RDS.1', 'PCI DSS 4.0 7.2.1', 'NIST 800-53 AC-3', 'NIST 800-53 AC-6'],
  falsePositives: ['A backup account that is not in trustedAccounts yet.'],
  needs: [
    'rds:DescribeDBClusterSnapshots',
    'rds:DescribeDBSnapshots',
    'rds:DescribeDBClusterSnapshotAttributes',
    'rds:DescribeDBSnapshotAttributes',
  ],
  events: [{ source: 'rds.amazonaws.com', names: ['ModifyDBClusterSnapshotAttribute', 'ModifyDBSnapshotAttribute'] }],
  evaluate(change, context) {
    const { eventName, requestParameters: request } = change.event;
    const of = eventName === 'ModifyDBClusterSnapshotAttribute' ? 'cluster' : 'instance';
    const name = textField(request, of === 'cluster' ? 'dBClusterSnapshotIdentifier' : 'dBSnapshotIdentifier');
    const asked = [...new Set(textsField(request, 'valuesToAdd'))].sort();
    if (name === null || asked.length === 0 || textField(request, 'attributeName')?.toLowerCase() !== 'restore') return null;
    const snapshot = touchedSnapshot(change, of, name);
    if (isForeign(snapshot)) return null;
    const current = sharedWith(change, snapshot);
    const before = change.seen === 'before' ? current : null;
    // Who had it already keeps it when this is undone.
    const added = asked.filter((one) => !before?.includes(one));
    if (added.length === 0) return null;
    const everybody = added.some((one) => one.toLowerCase() === 'all');
    const whom = everybody ? 'everybody: any AWS account may restore it' : `account ${listed(added)}`;
    const thing = of === 'cluster' ? 'db-cluster-snapshot' : 'db-snapshot';
    const words = [`--${thing}-identifier`, snapshot.resource.name, '--attribute-name', 'restore', '--values-to-remove', ...added];
    return {
      severity: severityOf(change, added, context),
      reason: [`Snapshot ${snapshot.resource.name} was shared with ${whom}.`, ...snapshotNote(snapshot)].join(' '),
      on: snapshot.resource,
      resources: [snapshot.resource],
      ...(before === null ? {} : { before: { restore: before } }),
      after: { restore: [...new Set([...(before ?? answered(change)), ...added])].sort() },
      inEffect: true,
      remediation: undo(
        change,
        awsCommand(change, 'rds', `modify-${thing}-attribute`, ...words),
        'at once; what was copied meanwhile stays',
      ),
    };
  },
} satisfies ChangeCheck;

function severityOf({ account }: Change, added: readonly string[], { configuration }: JudgeContext): Severity {
  if (added.some((one) => one.toLowerCase() === 'all')) return 'critical';
  const trusted = new Set([...configuration.trustedAccounts, account]);
  return added.every((one) => trusted.has(one)) ? 'info' : 'high';
}

function sharedWith({ inventory, event }: Change, { of, resource }: TouchedSnapshot): readonly string[] | null {
  if (of === 'cluster') {
    const answer = inventory.answer<DbClusterSnapshotAttributes>(
      event.region,
      'rds',
      'describe-db-cluster-snapshot-attributes',
      resource.name,
    );
    return answer.known ? valuesOf(answer.value.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes) : null;
  }
  const answer = inventory.answer<DbSnapshotAttributes>(event.region, 'rds', 'describe-db-snapshot-attributes', resource.name);
  return answer.known ? valuesOf(answer.value.DBSnapshotAttributesResult.DBSnapshotAttributes) : null;
}

function valuesOf(
  attributes: readonly { readonly AttributeName: string; readonly AttributeValues: readonly string[] }[],
): readonly string[] {
  return attributes.filter(({ AttributeName }) => AttributeName === 'restore').flatMap(({ AttributeValues }) => AttributeValues);
}

/** Everybody that the answer lists. */
function answered({ event: { responseElements } }: Change): readonly string[] {
  const attributes = [
    ...objectsField(responseElements, 'dBClusterSnapshotAttributes'),
    ...objectsField(responseElements, 'dBSnapshotAttributes'),
  ];
  return attributes.filter((one) => textField(one, 'attributeName') === 'restore').flatMap((one) => textsField(one, 'attributeValues'));
}
