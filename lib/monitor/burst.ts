import type { Alert } from '../domain/alert.ts';
import type { Resource } from '../domain/resource.ts';
import { severities } from '../domain/severity.ts';
import type { StoredAlert } from '../ports/finding-store.ts';

/** One message, and the alerts that it stands for: the one whose id it has comes first. */
export interface Message {
  readonly alert: Alert;
  readonly of: readonly [StoredAlert, ...StoredAlert[]];
}

/** From so many on, alerts of one kind that are told together become one message: fewer are read one by one. */
const burst = 4;
/** What is left of a message that was cut off stays one message. */
const remainder = 2;

/**
 * The messages for alerts that are told together, in their order, each alert once. A burst (the same check and transition, caused by the same caller) is
 * one message that says how many there are; it has the id of the worst of them, of equal ones the first.
 * @param begun ids of alerts that somebody began to send: with them, two are a burst already
 */
export function gather(alerts: readonly StoredAlert[], begun: ReadonlySet<string> = new Set()): readonly Message[] {
  const groups = new Map<string, Map<string, StoredAlert>>();
  for (const one of alerts) {
    const { check, transition, principal, region } = one.alert;
    const caller = principal && [principal.account, principal.arn ?? principal.issuer, principal.invokedBy];
    const kind = JSON.stringify([check, transition, region, caller]);
    groups.set(kind, (groups.get(kind) ?? new Map<string, StoredAlert>()).set(JSON.stringify([one.cause, one.key]), one));
  }
  return [...groups.values()].flatMap((group) => {
    const members = [...group.values()];
    const [lead, ...rest] = members.toSorted(worstFirst);
    if (lead === undefined) return [];
    const fewest = members.some(({ alert }) => begun.has(alert.id)) ? remainder : burst;
    return members.length < fewest ? members.map((one) => ({ alert: one.alert, of: [one] as const })) : [together(lead, rest)];
  });
}

function together(lead: StoredAlert, rest: readonly StoredAlert[]): Message {
  const alerts = [lead, ...rest].map(({ alert }) => alert);
  const { alert } = lead;
  const commands = distinct(alerts.flatMap(({ remediation }) => remediation?.command.split('\n') ?? []));
  const effects = distinct(alerts.flatMap(({ remediation }) => (remediation === null ? [] : [remediation.effect])));
  const notes = distinct(alerts.flatMap(({ remediation }) => (remediation?.note === undefined ? [] : [remediation.note])));
  return {
    alert: {
      ...alert,
      standsFor: alerts.map(({ id }) => id),
      openedBy: alerts.every(({ openedBy }) => openedBy === alert.openedBy) ? alert.openedBy : null,
      resources: resourcesOf(alerts),
      findings: distinct(alerts.flatMap(({ findings }) => findings)).sort(),
      inEffect: alerts.every(({ inEffect }) => inEffect === alert.inEffect) ? alert.inEffect : null,
      reason: `This is one of ${alerts.length} such alerts that came together: ${alert.reason}`,
      remediation:
        commands.length === 0
          ? null
          : { command: commands.join('\n'), effect: effects.join(' or '), ...(notes.length === 0 ? {} : { note: notes.join(' ') }) },
    },
    of: [lead, ...rest],
  };
}

function resourcesOf(alerts: readonly Alert[]): readonly Resource[] {
  const unique = new Map(alerts.flatMap(({ resources }) => resources).map((one) => [`${one.arn} ${one.region}`, one]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function worstFirst({ alert: a, cause: x }: StoredAlert, { alert: b, cause: y }: StoredAlert): number {
  const [first, second] = [`${a.eventTime ?? a.at} ${x}`, `${b.eventTime ?? b.at} ${y}`];
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || (first < second ? -1 : first > second ? 1 : 0);
}
