import type { Alert } from '../../domain/alert.ts';
import { emailBody, emailSubject } from './email.ts';
import { renderAlertText } from './text.ts';

/** SNS takes 256 KB for all parts of a message together, as bytes; the JSON in it is escaped once more. */
const longest = 250_000;
/** ARNs are up to 2048 characters. */
const longestName = 2048;
/** What is left of lists and commands in the first try, and in those after it. */
const tries = [500, 200, 50, 10, 0] as const;

/** An alert as a message of SNS: `message` is JSON with a part per protocol, cut to what SNS takes; attributes are for filter policies. */
export function topicMessage(alert: Alert): {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
} {
  const { severity, check, transition, account, region } = alert;
  let message = partsOf(alert);
  for (const most of tries) {
    if (new TextEncoder().encode(message).length <= longest) break;
    message = partsOf(shortened(alert, most));
  }
  return {
    subject: emailSubject(alert),
    message,
    attributes: { severity, check, transition, account: (account ?? '').slice(0, 100), region: region.slice(0, 100) },
  };
}

function partsOf(alert: Alert): string {
  return JSON.stringify({ default: renderAlertText([alert]), email: emailBody(alert), sqs: JSON.stringify(alert) });
}

/** The alert with at most so many resources, findings and steps of a command, and a word on how many more there are; no name or id longer than anybody reads. */
function shortened(whole: Alert, most: number): Alert {
  const alert = withShortNames(whole);
  const { resources, findings, remediation, reason, before, after } = alert;
  const left = resources.length - most;
  const more = left > 0 ? ` And ${left} more ${left === 1 ? 'resource' : 'resources'}.` : '';
  const limit = 2000 + 100 * most;
  return {
    ...alert,
    resources: resources.slice(0, most),
    findings: findings.slice(0, most),
    ...(alert.standsFor ? { standsFor: alert.standsFor.slice(0, most) } : {}),
    reason: `${reason.length > limit ? `${reason.slice(0, limit)}…` : reason}${more}`,
    ...(before ? { before: short(before, limit) } : {}),
    ...(after ? { after: short(after, limit) } : {}),
    remediation: remediation === null ? null : { ...remediation, command: stepsWithin(remediation.command, most, limit) },
  };
}

/** Names and ids are short by nature, but nothing holds those in an event to that. Half an address leads nowhere. */
function withShortNames(alert: Alert): Alert {
  const { reason, before, after, remediation, links, ...rest } = alert;
  const named: typeof rest = JSON.parse(JSON.stringify(rest), (_, value: unknown) =>
    typeof value === 'string' && value.length > longestName ? `${value.slice(0, longestName).toWellFormed()}…` : value,
  );
  return {
    ...named,
    reason,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    remediation: remediation && {
      command: remediation.command,
      effect: remediation.effect.slice(0, longestName),
      ...(remediation.note === undefined ? {} : { note: remediation.note.slice(0, longestName) }),
    },
    links: Object.fromEntries(Object.entries(links).filter(([, url]) => url.length <= longestName)),
  };
}

/** Whole steps only: half a command is none. */
function stepsWithin(command: string, most: number, limit: number): string {
  const steps = command.split('\n');
  const kept: string[] = [];
  let length = 0;
  for (const step of steps.slice(0, most)) {
    length += step.length + 1;
    if (length > limit) break;
    kept.push(step);
  }
  const rest = steps.length - kept.length;
  return rest === 0 ? command : [...kept, `# and ${rest} more`].join('\n');
}

function short(values: Readonly<Record<string, unknown>>, limit: number): Readonly<Record<string, unknown>> {
  return JSON.stringify(values).length > limit ? {} : values;
}
