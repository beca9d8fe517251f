import type { Severity } from '../domain/severity.ts';
import type { ActivityContext, ActivityFinding } from '../evidence/check-kinds.ts';
import { windowParameters } from '../evidence/window.ts';
import { listOf, numberOf, type Row, textOf, timeOf } from './rows.ts';
import { counted, listed } from './sentences.ts';

/** Values for the queries of failed logins: the window, and how far back a burst reaches. */
export function failureParameters(context: ActivityContext): Readonly<Record<string, string | number>> {
  const { failedLogins, failedLoginWindow } = context.configuration.thresholds;
  return {
    ...windowParameters(context),
    before_threshold: failedLogins - 1,
    before_tenfold: failedLogins * 10 - 1,
    window_ms: failedLoginWindow,
  };
}

/** One finding for each cluster, user, database and source. `kind`: how the logins were tried, as in `5 IAM logins`; empty for any way. */
export function failureFinding(
  row: Row,
  context: ActivityContext,
  kind: string,
  more: Readonly<Record<string, unknown>> = {},
): ActivityFinding {
  const cluster = textOf(row, 'cluster') ?? '';
  const [user, database, source] = [textOf(row, 'user_name'), textOf(row, 'database_name'), textOf(row, 'host')];
  const [attempts, unconfirmed] = [numberOf(row, 'attempts'), numberOf(row, 'unconfirmed')];
  const [first, last] = [timeOf(row, 'first_ms'), timeOf(row, 'last_ms')];
  const reasons = [...listOf(row, 'reasons'), ...listOf(row, 'codes')];
  const callers = listOf(row, 'callers');
  const by = callers.length === 0 ? '' : ` The caller was ${listed(callers, 2)}.`;
  const partly = unconfirmed === 0 ? '' : ` Of ${unconfirmed}, the connection was not seen.`;
  return {
    resource: context.clusterResource(cluster),
    severity: severityOf(row),
    reason: `${counted(attempts, `${kind} login`.trimStart())} as ${user ?? 'an unknown user'} to ${database === null ? 'an unknown database' : `database ${database}`} of ${cluster} from ${source ?? 'an unknown address'} failed: ${reasons.length === 0 ? 'the log does not say why' : listed(reasons, 2)}.${by}${partly}`,
    evidence: { user, database, source, cluster, attempts, unconfirmed, first, last, reasons, ...more },
    distinguishedBy: [user ?? '', database ?? '', source ?? ''],
    firstSeen: first,
    lastSeen: last,
    count: attempts,
    remediation: null,
  };
}

/** A single failure is information; a burst at the threshold, and ten times that, are more. */
function severityOf(row: Row): Severity {
  if (numberOf(row, 'reached_tenfold') === 1) return 'high';
  return numberOf(row, 'reached') === 1 ? 'medium' : 'info';
}
