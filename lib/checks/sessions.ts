import type { Severity } from '../domain/severity.ts';
import type { ActivityContext, ActivityFinding } from '../evidence/check-kinds.ts';
import { listOf, numberOf, type Row, textOf, timeOf } from './rows.ts';
import { counted, listed } from './sentences.ts';

/** One finding for each cluster, user, database and source. `what`: what is wrong with the sessions, as in `3 sessions without TLS`. */
export function sessionFinding(
  row: Row,
  context: ActivityContext,
  {
    severity,
    what,
    more = {},
  }: { readonly severity: Severity; readonly what: string; readonly more?: Readonly<Record<string, string | null>> },
): ActivityFinding {
  const cluster = textOf(row, 'cluster') ?? '';
  const [user, database, source] = [textOf(row, 'user_name'), textOf(row, 'database_name'), textOf(row, 'host')];
  const sessions = numberOf(row, 'sessions');
  const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
  const applications = listOf(row, 'applications');
  const by = applications.length === 0 ? '' : ` (${listed(applications, 3)})`;
  return {
    resource: context.clusterResource(cluster),
    severity,
    reason: `${user ?? 'An unknown user'} had ${counted(sessions, 'session')} ${what} on database ${database ?? 'of unknown name'} of ${cluster} from ${source ?? 'an unknown address'}${by}.`,
    evidence: { user, database, source, cluster, sessions, first, last, applications, ...more },
    distinguishedBy: [user ?? '', database ?? '', source ?? '', ...Object.values(more).map((value) => value ?? '')],
    firstSeen: first,
    lastSeen: last,
    count: sessions,
    remediation: null,
  };
}
