import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { textField } from '../../evidence/request.ts';
import { isForeign, snapshotNote, touchedSnapshot } from './snapshots.ts';
import { awsCommand, undo } from './undo.ts';

/** A snapshot was copied to where other people, or another key, decide about it. */
export const snapshotCopiedAway = {
  kind: 'change',
  id: 'snapshot-copied-away',
  title: 'A snapshot was copied to another region or key',
  severity: 'medium',
  rationale:
    'A copy under another key can be shared with other accounts where the original could not, and a copy in another region is where nobody looks. Both are steps on the way out.',
  judged:
    'Reads copies of snapshots of clusters and instances: the region in the ARN of the source against the region of the call, and the key that is asked for against the key of the source, where that is known. A copy in the same region with the same key is none.',
  fix: 'Delete the copy if nobody needs it there.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-copy-snapshot.html'],
  controls: ['PCI DSS 4.0 7.2.1', 'NIST 800-53 AC-4'],
  falsePositives: ['A backup plan that copies to a second region.'],
  needs: ['rds:DescribeDBClusterSnapshots', 'rds:DescribeDBSnapshots'],
  events: [{ source: 'rds.amazonaws.com', names: ['CopyDBClusterSnapshot', 'CopyDBSnapshot'] }],
  evaluate(change) {
    const { eventName, region, requestParameters: request, responseElements: response } = change.event;
    const of = eventName === 'CopyDBClusterSnapshot' ? 'cluster' : 'instance';
    const kind = of === 'cluster' ? 'dBClusterSnapshotIdentifier' : 'dBSnapshotIdentifier';
    const sourceName = textField(request, `source${kind}`);
    if (sourceName === null) return null;
    const source = touchedSnapshot(change, of, sourceName);
    const engine = source.engine ?? textField(response, 'engine');
    const from = textField(request, 'sourceRegion') ?? source.resource.region;
    const asked = textField(request, 'kmsKeyId');
    // An alias says nothing about which key it is: the answer does.
    const key = asked === null ? null : (textField(response, 'kmsKeyId') ?? asked);
    const elsewhere = from !== region;
    const rekeyed = key !== null && (source.key === null || !sameKey(key, source.key));
    if (isForeign({ engine }) || (!elsewhere && !rekeyed)) return null;
    const copy = touchedSnapshot(change, of, textField(request, `target${kind}`) ?? textField(response, kind) ?? source.resource.name);
    const to = [elsewhere ? `from ${from} to ${region}` : '', rekeyed ? `under the key ${key}` : '']
      .filter((part) => part !== '')
      .join(', ');
    const unsure = rekeyed && source.key === null && source.encrypted !== false && !elsewhere;
    const thing = of === 'cluster' ? 'db-cluster-snapshot' : 'db-snapshot';
    return {
      severity: 'medium',
      reason: [
        `Snapshot ${source.resource.name} was copied ${to}, as ${copy.resource.name}.`,
        ...(unsure ? ['Whether the source has the same key is not known.'] : []),
        ...(rekeyed && source.encrypted === false ? ['The source is not encrypted.'] : []),
        ...snapshotNote({ engine }),
      ].join(' '),
      on: source.resource,
      resources: [source.resource, copy.resource],
      before: { region: from, ...(source.key === null ? {} : { KmsKeyId: source.key }) },
      after: { region, ...(key === null ? {} : { KmsKeyId: key }) },
      inEffect: true,
      remediation: undo(change, awsCommand(change, 'rds', `delete-${thing}`, `--${thing}-identifier`, copy.resource.name), 'at once'),
    };
  },
} satisfies ChangeCheck;

/** A key may be named by its id, its ARN or an alias. */
function sameKey(asked: string, own: string): boolean {
  return asked === own || own.endsWith(`/${asked}`);
}
