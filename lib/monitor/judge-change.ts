import type { Alert } from '../domain/alert.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { CloudTrailEvent } from '../domain/event.ts';
import type { Resource } from '../domain/resource.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import { callerOf, toolOf } from '../evidence/caller.ts';
import type { ChangeVerdict, OwnParts } from '../evidence/change.ts';
import { changeOf } from '../evidence/change.ts';
import type { ChangeCheck } from '../evidence/check-kinds.ts';
import type { Evidence, JudgeContext } from '../evidence/evidence.ts';
import { alertId } from './alert-id.ts';
import { linksOf } from './console-links.ts';
import { fingerprintOf } from './fingerprint.ts';
import { hasEnded } from './judge.ts';

/**
 * What the change checks say of one event, an alert for each check that has something to tell, in the checks' order. Failed calls are no change.
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
  return checks.flatMap((check) => {
    if (!isWatchedBy(check, event)) return [];
    const verdict = check.evaluate(change, context);
    if (verdict === null || isQuiet(check.id, verdict.resources, context)) return [];
    return [alertOf(check, event, verdict, context)];
  });
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
