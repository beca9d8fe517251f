import type { ActivityCheck, ActivityContext, ActivityFinding } from '../../evidence/check-kinds.ts';
import { windowParameters } from '../../evidence/window.ts';
import { numberOf, type Row, textOf } from '../rows.ts';
import { counted } from '../sentences.ts';

const dayLength = 86_400_000;
/** What is new in the window is told by what was before it. */
const history = 30 * dayLength;

/** Users that come from a network for the first time. */
export const newSource = {
  kind: 'activity',
  id: 'new-source',
  title: 'A database user logged in from a network where it was never seen',
  severity: 'low',
  rationale: 'Applications and people connect from the same few networks. A user that appears elsewhere has moved, or its secret has.',
  judged:
    'Sessions of each user by network of the source (/24 of IPv4, /48 of IPv6): new is one from which this user had no session on this cluster in the 30 days before, those before the window included. Nothing is said of the first 30 days that the log of a cluster reaches back. Local logins are left out.',
  fix: 'Ask who moved. Where nobody did, end the sessions, change the secret of the user and close the source.',
  references: ['https://docs.aws.amazon.com/guardduty/latest/ug/findings-rds-protection.html'],
  controls: ['NIST 800-53 AC-2(12)', 'NIST 800-53 SI-4'],
  falsePositives: ['A new subnet of an application; a person who travels.'],
  needs: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  // Its history is long to read; and a session more than a month ago, which makes another one new, may have been days before that.
  rhythm: { every: 22 * 3_600_000, lookBack: 6 * dayLength, settles: 0 },
  parameters: ({ from, to }) => windowParameters({ from: from - history, to }),
  findings(rows, context) {
    const began = new Map<string, number>();
    const networks = new Map<string, Row[]>();
    for (const row of rows) {
      const cluster = textOf(row, 'cluster') ?? '';
      began.set(cluster, Math.min(began.get(cluster) ?? beginOf(cluster, context), timeIn(row)));
      const key = JSON.stringify([cluster, textOf(row, 'user_name'), networkOf(textOf(row, 'host') ?? '')]);
      networks.set(key, [...(networks.get(key) ?? []), row]);
    }
    return [...networks.values()].flatMap((days) => newIn(days, began, context));
  },
} satisfies ActivityCheck;

/** From when on the log of a cluster would show a session. */
function beginOf(cluster: string, { evidence, from }: ActivityContext): number {
  const begin = evidence.activity.logs.get(cluster)?.from ?? null;
  return begin === null ? Number.POSITIVE_INFINITY : Math.max(from - history, Date.parse(begin));
}

/** When a day's first session began, or the end of one was seen that began earlier. */
function timeIn(row: Row): number {
  return numberOf(row, row.first_ms === null ? 'last_ms' : 'first_ms');
}

/** The last time in the window that a user appeared in one network after 30 days without it; none: it did not. */
function newIn(rows: readonly Row[], began: ReadonlyMap<string, number>, context: ActivityContext): ActivityFinding[] {
  const sorted = [...rows].sort((a, b) => timeIn(a) - timeIn(b));
  const cluster = textOf(sorted[0] ?? {}, 'cluster') ?? '';
  let before = began.get(cluster) ?? 0;
  let start = -1;
  sorted.forEach((row, index) => {
    // Nothing older than the history is read, so what is this long after it lies in the window.
    if (numberOf(row, 'sessions') > 0 && timeIn(row) - before >= history) start = index;
    before = Math.max(before, numberOf(row, 'last_ms'));
  });
  const seen = start < 0 ? [] : sorted.slice(start);
  const [one] = seen;
  if (!one) return [];
  const [user, source] = [textOf(one, 'user_name') ?? '', textOf(one, 'host') ?? ''];
  const count = seen.reduce((sum, row) => sum + numberOf(row, 'sessions'), 0);
  const first = new Date(numberOf(one, 'first_ms')).toISOString();
  const last = new Date(Math.max(...seen.map((row) => numberOf(row, 'last_ms')))).toISOString();
  return [
    {
      resource: context.clusterResource(cluster),
      severity: 'low',
      reason: `${user} logged in to ${cluster} from ${source} on ${first.slice(0, 10)}, where it was not seen in the 30 days before (${counted(count, 'session')} since).`,
      evidence: { user, source, cluster, network: networkOf(source), first, last, count },
      distinguishedBy: [user, networkOf(source)],
      firstSeen: first,
      lastSeen: last,
      count,
      remediation: null,
    },
  ];
}

/** `192.0.2.0/24`, `2001:db8:1::/48`; anything else is its own network. */
function networkOf(address: string): string {
  const four = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (four) return `${four[1]}.0/24`;
  if (!/^[0-9a-f:]{2,39}(?:%\w{1,20})?$/i.test(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const all =
    tail === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
  return `${all.slice(0, 3).join(':')}::/48`;
}
