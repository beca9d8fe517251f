import type { Alert } from '../domain/alert.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import { accountResource, type Resource } from '../domain/resource.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import { actionOf, callerOf, toolOf } from '../evidence/caller.ts';
import type { ChangeVerdict, OwnParts } from '../evidence/change.ts';
import { type Change, changeOf } from '../evidence/change.ts';
import type { ChangeCheck } from '../evidence/check-kinds.ts';
import type { Evidence, JudgeContext } from '../evidence/evidence.ts';
import { isOutOfScope, touchedDatabase } from '../evidence/touched.ts';
import { alertId } from './alert-id.ts';
import { linksOf } from './console-links.ts';
import { fingerprintOf } from './fingerprint.ts';
import { hasEnded } from './judge.ts';
import { unreadOf } from './unread.ts';

/**
 * What the change checks say of one event, an alert for each check that has something to tell, in the checks' order. Failed calls are no change; a call
 * of which a check cannot read what decides is told as that.
 * The same event gives alerts with the same ids, whatever is known beside it.
 */
export function judgeChange(
  event: CloudTrailEvent,
  evidence: Evidence,
  checks: readonly ChangeCheck[],
  context: JudgeContext,
  own?: OwnParts,
): readonly Alert[] {
  if (event.errorCode !== null) return [];
  const change = changeOf(event, evidence, context.at, own);
  let isUnread = false;
  return checks.flatMap((check) => {
    if (!isWatchedBy(check, event)) return [];
    const verdict = check.evaluate(change, context);
    const unread = verdict === null && !isUnread ? unreadVerdict(check, change) : null;
    const told = verdict ?? unread;
    if (told === null || isQuiet(check.id, told.resources, context)) return [];
    // One alert says that an event cannot be read, however many checks would have judged it.
    isUnread ||= unread !== null;
    const alert = alertOf(check, event, told, context);
    return [unread === null ? alert : { ...alert, title: unreadTitle, fix: unreadFix }];
  });
}

const unreadTitle = 'A change could not be read';
const unreadFix = 'Ask whoever made the call what it changed, and look at what it may have touched.';

/** What is to be told of a change that the check cannot judge, for its event does not say what was asked for; null: it does, or it is not for this check to tell. */
function unreadVerdict({ id, events }: ChangeCheck, change: Change): ChangeVerdict | null {
  const { event, account, partition } = change;
  // Other people's things are watched by the same names as the monitor's own parts.
  const isNamedBy = events.some(({ source, names }) => source === event.eventSource && names.includes(event.eventName));
  if (!isNamedBy || event.readOnly === true || event.eventSource === 'aws.guardduty' || id === 'monitor-tampered') return null;
  const unread = unreadOf(id, event);
  if (unread?.length === 0) return null;
  const database = event.eventSource === 'rds.amazonaws.com' ? touchedDatabase(change) : null;
  if (database !== null && isOutOfScope(database)) return null;
  const on = database?.resource ?? accountResource(account, partition);
  const unknown =
    unread === null
      ? 'its event holds no parameters that can be read: what it changed is not known.'
      : `its event does not say ${unread.join(', ')} in a form that can be read: whether ${id} applies is not known.`;
  return {
    severity: 'medium',
    reason: `${actionOf(event)} was called, and ${unknown}`,
    on,
    resources: [on],
    inEffect: null,
    remediation: null,
  };
}

/** True for an event that the check judges. */
export function isWatchedBy({ events }: ChangeCheck, { eventSource, eventName }: CloudTrailEvent): boolean {
  return events.some(({ source, names, byRoot }) => source === eventSource && (byRoot === true || names.includes(eventName)));
}

function alertOf(check: ChangeCheck, event: CloudTrailEvent, verdict: ChangeVerdict, { configuration, at }: JudgeContext): Alert {
  const { before, after } = verdict;
  const happened = Date.parse(event.eventTime);
  const told = at >= happened ? at : happened;
  const resources = inOrder(verdict.resources);
  return {
    schemaVersion: '1',
    id: alertId(event.eventId, check.id),
    openedBy: null,
    check: check.id,
    severity: configuration.severities[check.id] ?? verdict.severity,
    title: check.title,
    account: event.account,
    region: event.region,
    at: new Date(told).toISOString(),
    eventId: event.eventId,
    fingerprint: fingerprintOf(check.id, verdict.on),
    transition: 'happened',
    eventTime: event.eventTime,
    delaySeconds: Math.round((told - happened) / 1000),
    principal: callerOf(event),
    sourceAddress: event.sourceAddress,
    userAgent: event.userAgent,
    tool: toolOf(event),
    resources,
    ...(before && Object.keys(before).length > 0 ? { before } : {}),
    ...(after && Object.keys(after).length > 0 ? { after } : {}),
    inEffect: verdict.inEffect,
    findings: [],
    reason: verdict.reason,
    remediation: verdict.remediation,
    ...(verdict.remediation === null ? { fix: check.fix } : {}),
    links: linksOf(event, resources),
  };
}

function inOrder(resources: readonly Resource[]): readonly Resource[] {
  const unique = new Map(resources.map((one) => [`${one.arn} ${one.region}`, one]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** True where suppressions that still hold cover all that is affected. */
function isQuiet(check: string, resources: readonly Resource[], { configuration, at }: JudgeContext): boolean {
  const holding = suppressionsOf(configuration, check, at);
  return resources.length > 0 && resources.every(({ arn }) => holding.some(({ resource }) => matchesWildcard(resource, arn)));
}

function suppressionsOf({ suppressions }: Configuration, check: string, at: number): Configuration['suppressions'] {
  return suppressions.filter((one) => matchesWildcard(one.check, check) && !hasEnded(one, Number.isNaN(at) ? null : at));
}
