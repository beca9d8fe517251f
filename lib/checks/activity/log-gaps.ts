import type { Resource } from '../../domain/resource.ts';
import { accountResource } from '../../domain/resource.ts';
import type { ActivityCheck, ActivityContext, ActivityFinding } from '../../evidence/check-kinds.ts';
import { listClusters } from '../../evidence/clusters.ts';
import { windowParameters } from '../../evidence/window.ts';
import { numberOf, type Row, textOf } from '../rows.ts';
import { counted } from '../sentences.ts';

const hourLength = 3_600_000;
const dayLength = 24 * hourLength;
/** More are counted and not shown. */
const mostShown = 20;

/** Silence where a log should speak. */
export const logGaps = {
  kind: 'activity',
  id: 'log-gaps',
  title: 'A log that should be there has gaps',
  severity: 'medium',
  rationale:
    'What was not logged, or not delivered, cannot be found: an export that was switched off for an hour hides whatever happened in it, and every check over logs is blind there.',
  judged:
    'An instance that wrote a log is expected to write in every hour until its last one, or until the last hour of any other instance of the evidence; a member of a cluster whose other members wrote is expected to write too. CloudTrail is expected to hold a call on every day between its first and its last. Single missing hours count.',
  fix: 'Is the export of the postgresql log on, does the log group have its subscription, and does the delivery stream deliver? With log_connections on, the monitoring of RDS itself logs in every minute, so that no hour is silent.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html',
  ],
  controls: ['NIST 800-53 AU-5', 'NIST 800-53 AU-12', 'PCI DSS 4.0 10.7.2'],
  falsePositives: [
    'An idle instance that logs no connections writes nothing for hours.',
    'A log that somebody downloaded for some hours only.',
    'A cluster that was stopped.',
  ],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  parameters: windowParameters,
  findings(rows, context) {
    const logs = rows.filter((row) => textOf(row, 'cluster') !== null);
    const trail = rows.filter((row) => textOf(row, 'cluster') === null);
    return [...instanceGaps(logs, context), ...trailGaps(trail, context)];
  },
} satisfies ActivityCheck;

function instanceGaps(rows: readonly Row[], context: ActivityContext): ActivityFinding[] {
  const hours = new Map<string, Map<string, number[]>>();
  let end = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const hour = numberOf(row, 'hour');
    if (hour + hourLength <= context.from || hour >= context.to) continue;
    const [cluster, instance] = [textOf(row, 'cluster') ?? '', textOf(row, 'instance') ?? ''];
    const instances = hours.get(cluster) ?? new Map<string, number[]>();
    hours.set(cluster, instances);
    instances.set(instance, [...(instances.get(instance) ?? []), hour]);
    end = Math.max(end, hour);
  }
  const members = membersOf(context);
  return [...hours].flatMap(([cluster, instances]) => {
    const all = [...instances.values()].flat();
    const silent = (members.get(cluster) ?? []).filter((name) => !instances.has(name));
    const found = [...instances].flatMap(([instance, seen]) =>
      missing(seen, end, hourLength).map((gaps) => gapFinding(context.clusterResource(cluster), cluster, instance, gaps, hourLength)),
    );
    const whole = [{ from: Math.min(...all), to: end + hourLength }];
    return [...found, ...silent.map((instance) => gapFinding(context.clusterResource(cluster), cluster, instance, whole, hourLength))];
  });
}

function trailGaps(rows: readonly Row[], context: ActivityContext): ActivityFinding[] {
  const days = [...new Set(rows.map((row) => numberOf(row, 'hour')))];
  if (days.length === 0) return [];
  const resource = accountResource(context.evidence.account, context.evidence.partition);
  return missing(days, Math.max(...days), dayLength).map((gaps) => gapFinding(resource, null, 'CloudTrail', gaps, dayLength));
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The stretches without anything between the first of `seen` and `end`, in one list; no list where there are none. */
function missing(seen: readonly number[], end: number, step: number): (readonly Gap[])[] {
  const sorted = [...new Set([...seen, end + step])].sort((a, b) => a - b);
  const gaps = sorted.flatMap((time, index) => {
    const before = sorted[index - 1];
    return before !== undefined && time - before > step ? [{ from: before + step, to: time }] : [];
  });
  return gaps.length === 0 ? [] : [gaps];
}

function gapFinding(resource: Resource, cluster: string | null, instance: string, gaps: readonly Gap[], step: number): ActivityFinding {
  const iso = (time: number): string => new Date(time).toISOString();
  const count = gaps.reduce((sum, { from, to }) => sum + (to - from) / step, 0);
  const [first, last] = [iso(gaps[0]?.from ?? 0), iso(gaps.at(-1)?.to ?? 0)];
  return {
    resource,
    severity: 'medium',
    reason: `The log of ${instance} lacks ${counted(count, step === hourLength ? 'hour' : 'day')} between ${first.slice(0, 16)}Z and ${last.slice(0, 16)}Z.`,
    evidence: {
      cluster,
      instance,
      missing: count,
      gaps: gaps.slice(0, mostShown).map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
      first,
      last,
    },
    distinguishedBy: [instance],
    firstSeen: first,
    lastSeen: last,
    count,
    remediation: null,
  };
}

function membersOf({ evidence }: ActivityContext): ReadonlyMap<string, readonly string[]> {
  return new Map(
    listClusters(evidence).subjects.flatMap(({ resource, kind, members }) =>
      kind !== 'instance' && members.known ? [[resource.name, members.value.map(({ name }) => name)] as const] : [],
    ),
  );
}
