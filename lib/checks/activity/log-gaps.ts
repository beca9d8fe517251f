import type { Resource } from '../../domain/resource.ts';
import { accountResource } from '../../domain/resource.ts';
import type { ActivityCheck, ActivityContext, ActivityFinding } from '../../evidence/check-kinds.ts';
import { listClusters, type Member } from '../../evidence/clusters.ts';
import { isoTime, windowParameters } from '../../evidence/window.ts';
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
    'An instance that wrote a log is expected to write in every whole hour of the window from its first one on, for as long as any instance wrote or CloudTrail has a call, or up to its own last one where the inventory does not list it any more (a reader that came with the load); a member of a cluster whose other members wrote is expected to write too, from the hour in which it was created. CloudTrail is expected to hold a call on every whole day from its first one on, for as long. Single missing hours count. A cluster without any log in the evidence is no finding here: nobody can tell silence from what was not collected.',
  fix: 'Is the export of the postgresql log on, does the log group have its subscription, and does the delivery stream deliver? With log_connections on, the monitoring of RDS itself logs in every minute, so that no hour is silent.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html',
  ],
  controls: ['NIST 800-53 AU-5', 'NIST 800-53 AU-12', 'PCI DSS 4.0 10.7.2'],
  falsePositives: [
    'An idle Aurora instance that logs no connections may write nothing for hours: Aurora has no checkpoints to write of, as RDS for PostgreSQL has every few minutes.',
    'A log that somebody downloaded for some hours only.',
    'A cluster that was stopped.',
    'A quiet account in which for a day nobody called RDS and nothing assumed a role.',
  ],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  // Silence shows only beside what was there before; and logs that are under way are no silence.
  rhythm: { every: hourLength, lookBack: 6 * dayLength, settles: 2 * hourLength },
  parameters: windowParameters,
  findings(rows, context) {
    const { clusters, trail, last } = hoursOf(rows);
    const seen: Seen = { end: last + hourLength, context };
    return [...instanceGaps(clusters, seen), ...trailGaps(trail, seen)];
  },
} satisfies ActivityCheck;

/** Hours by cluster and instance, those of CloudTrail, and the last of all. */
interface Hours {
  readonly clusters: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<number>>>;
  readonly trail: ReadonlySet<number>;
  readonly last: number;
}

/** How far anything was seen: what is silent there should have spoken. */
interface Seen {
  /** End of the last hour, milliseconds. */
  readonly end: number;
  readonly context: ActivityContext;
}

function hoursOf(rows: readonly Row[]): Hours {
  const clusters = new Map<string, Map<string, Set<number>>>();
  const trail = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const [cluster, instance, hour] = [textOf(row, 'cluster'), textOf(row, 'instance') ?? '', numberOf(row, 'hour')];
    last = Math.max(last, hour);
    if (cluster === null) {
      trail.add(hour);
      continue;
    }
    const instances = clusters.get(cluster) ?? new Map<string, Set<number>>();
    clusters.set(cluster, instances);
    instances.set(instance, (instances.get(instance) ?? new Set()).add(hour));
  }
  return { clusters, trail, last };
}

function instanceGaps(clusters: Hours['clusters'], { end, context }: Seen): ActivityFinding[] {
  const members = membersOf(context);
  const isGone = goneIn(context);
  return [...clusters].flatMap(([cluster, instances]) => {
    const resource = context.clusterResource(cluster);
    const began = leastOf([...instances.values()].flatMap((hours) => [...hours]));
    const silent = [...(members.get(cluster) ?? [])].filter(([name]) => !instances.has(name));
    const expected = [
      ...[...instances].map(([instance, hours]) => ({ instance, hours, from: leastOf([...hours]) })),
      ...silent.map(([instance, created]) => ({ instance, hours: new Set<number>(), from: Math.max(began, created) })),
    ];
    return expected.flatMap(({ instance, hours, from }) => {
      const last = isGone(cluster, instance) ? mostOf([...hours]) + hourLength : end;
      const gaps = missing(hours, { from, end: last, step: hourLength, context });
      return gaps.length === 0 ? [] : [gapFinding(resource, { cluster, instance, gaps, step: hourLength }, context)];
    });
  });
}

function trailGaps(hours: ReadonlySet<number>, { end, context }: Seen): ActivityFinding[] {
  if (hours.size === 0) return [];
  const days = new Set([...hours].map((hour) => hour - (hour % dayLength)));
  const gaps = missing(days, { from: leastOf([...days]), end, step: dayLength, context });
  if (gaps.length === 0) return [];
  const resource = accountResource(context.evidence.account, context.evidence.partition);
  return [gapFinding(resource, { cluster: null, instance: 'CloudTrail', gaps, step: dayLength }, context)];
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The stretches of `from` to `end` of which `seen` has nothing; what does not lie in the window as a whole is not judged. */
function missing(
  seen: ReadonlySet<number>,
  { from, end, step, context }: { readonly from: number; readonly end: number; readonly step: number; readonly context: ActivityContext },
): Gap[] {
  const gaps: { from: number; to: number }[] = [];
  const first = Math.ceil(Math.max(from, context.from) / step) * step;
  for (let time = first; time < end && time + step <= context.to; time += step) {
    const open = gaps.at(-1);
    if (seen.has(time)) continue;
    if (open?.to === time) open.to = time + step;
    else gaps.push({ from: time, to: time + step });
  }
  return gaps;
}

function gapFinding(
  resource: Resource,
  {
    cluster,
    instance,
    gaps,
    step,
  }: { readonly cluster: string | null; readonly instance: string; readonly gaps: readonly Gap[]; readonly step: number },
  { unread }: ActivityContext,
): ActivityFinding {
  const count = gaps.reduce((sum, { from, to }) => sum + (to - from) / step, 0);
  const [first, last] = [isoTime(gaps[0]?.from ?? 0), isoTime(gaps.at(-1)?.to ?? 0)];
  const what = cluster === null ? 'CloudTrail' : `The log of ${instance}`;
  const maybe = unread?.has(cluster) ? '; it may stand in what could not be read, which the coverage names' : '';
  const how = counted(count, step === hourLength ? 'hour' : 'day');
  return {
    resource,
    severity: 'medium',
    reason: `${what} lacks ${how}${gaps.length === 1 ? ',' : ` in ${gaps.length} gaps`} between ${first.slice(0, 16)}Z and ${last.slice(0, 16)}Z${maybe}.`,
    evidence: {
      cluster,
      instance,
      missing: count,
      gaps: gaps.slice(0, mostShown).map(({ from, to }) => ({ from: isoTime(from), to: isoTime(to) })),
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

function leastOf(times: readonly number[]): number {
  return times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
}

function mostOf(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
}

/** Whether the inventory, which lists all there is, does not list an instance that wrote a log. */
function goneIn({ evidence }: ActivityContext): (cluster: string, instance: string) => boolean {
  const { subjects, unlisted } = listClusters(evidence);
  const members = new Map(subjects.map(({ resource, members: own }) => [resource.name, own]));
  return (cluster, instance) => {
    const own = members.get(cluster);
    if (own === undefined) return unlisted.length === 0 && evidence.inventory.regions.length > 0;
    return own.known && own.value.length > 0 && !own.value.some(({ name }) => name === instance);
  };
}

/** By cluster: its members, and when each was created (0: not told). */
function membersOf({ evidence }: ActivityContext): ReadonlyMap<string, ReadonlyMap<string, number>> {
  return new Map(
    listClusters(evidence).subjects.flatMap(({ resource, kind, members }) => {
      if (kind === 'instance' || !members.known) return [];
      return [[resource.name, new Map(members.value.map(({ name, details }) => [name, createdAt(details)] as const))] as const];
    }),
  );
}

function createdAt(details: Member['details']): number {
  const time = details.known && details.value.createdAt !== null ? Date.parse(details.value.createdAt) : 0;
  return Number.isNaN(time) ? 0 : time;
}
