import type { Alert, Transition } from '../domain/alert.ts';
import type { Finding } from '../domain/finding.ts';
import type { Resource } from '../domain/resource.ts';
import { atLeast, type Severity, severities } from '../domain/severity.ts';
import type { FindingStore, KnownFinding, StoredAlert } from '../ports/finding-store.ts';
import { alertId } from './alert-id.ts';
import { changeOwning, opens } from './change-owner.ts';
import type { Observation, Step } from './transition.ts';
import { transition } from './transition.ts';

/** What was seen, and what set off the look. */
export interface Look {
  /** A CloudTrail event's id or a sweep's: the same when the same thing is delivered again. */
  readonly cause: string;
  /** ISO 8601 of the event; null for a sweep. */
  readonly eventTime: string | null;
  readonly account: string | null;
  readonly region: string;
  readonly observations: readonly Observation[];
  /** What the change checks say of the event, as they are; empty for a sweep. */
  readonly changes: readonly Alert[];
  readonly minimumSeverity: Severity;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When the same was last looked for in full, milliseconds since 1970: what it did not find then, older looks cannot. Absent: the last sweep did. */
  readonly lookedBefore?: number;
}

/** What came of it. */
export interface Reconciled {
  /** Alerts of this cause that are to be sent, the worst first. */
  readonly alerts: readonly StoredAlert[];
  /** How many findings changed their state. */
  readonly transitions: number;
}

/** Somebody else wrote all the time. Nothing is lost: the same look can be reconciled again. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

const rounds = 12;
/** Alerts that a finding keeps: more than may be told of it before the second look at the event of the first of them. */
const remembered = 50;
/** The effect of a change is visible after so long at most, in milliseconds. */
export const becomesVisible = 600_000;

/**
 * Brings what was seen together with what is known: writes the alerts that tell it as pending, then the findings that refer to them, then seals the
 * alerts. It may stop anywhere and be run again for the same look: finished steps change nothing, unfinished ones are done.
 * Rejects with a {@link ContentionError} when others were faster again and again.
 */
export async function reconcile(store: FindingStore, look: Look): Promise<Reconciled> {
  let transitions = 0;
  for (let round = 0; round < rounds; round++) {
    const done = await reconcileOnce(store, look);
    transitions += done.transitions;
    if (!done.complete) continue;
    const alerts = await sealAlerts(store, await store.loadAlerts(look.cause));
    if (alerts) return { alerts, transitions };
  }
  throw new ContentionError(`Others kept writing what ${look.cause} was about.`);
}

/**
 * Finishes alerts that somebody began and never sent: seals what is pending, and gives all that may be sent, the oldest first: that something opened
 * is told before that it is over.
 * Only for alerts whose writer is surely gone; one that is still writing would find its alert sealed too early.
 */
export async function finishAlerts(store: FindingStore, alerts: readonly StoredAlert[]): Promise<readonly StoredAlert[]> {
  const ready = (await sealAlerts(store, alerts)) ?? [];
  return ready.sort((a, b) => Date.parse(a.alert.at) - Date.parse(b.alert.at));
}

/** An alert with what it speaks of, before it is stored. */
interface Draft {
  readonly key: string;
  readonly alert: Alert;
  readonly ofChange: boolean;
  readonly steps: Seen[];
}

/** An observation with what it changes. `late`: the change of this event that opened it, though it was told by itself before the event came. */
interface Seen {
  readonly step: Step;
  readonly seen: Observation;
  readonly before: KnownFinding | null;
  readonly late: Alert | null;
}

async function reconcileOnce(store: FindingStore, look: Look): Promise<{ complete: boolean; transitions: number }> {
  const [known, swept, stored] = await Promise.all([
    store.load(look.observations.map(({ fingerprint }) => fingerprint)),
    store.watermark('sweep'),
    store.loadAlerts(look.cause),
  ]);
  const lastSweep = look.lookedBefore ?? (swept === null ? 0 : Date.parse(swept));
  const steps = look.observations.flatMap((seen) => {
    const before = known.get(seen.fingerprint) ?? null;
    const late = before && lateOwner(look, before);
    const step = transition(before, seen, lastSweep) ?? (late && before ? unchanged(before) : null);
    return step ? [{ step, seen, before, late }] : [];
  });

  // What is over weighs what it weighed while it was open, whatever its check usually weighs.
  const drafts = draftAlerts(
    look,
    steps.filter(({ step }) => step.tell !== null && atLeast(step.next.severity, look.minimumSeverity)),
    steps.filter(({ late }) => late !== null),
  );
  const telling = new Map<string, Telling[]>();
  for (const draft of drafts) {
    const kept = await keepPending(store, stored, look.cause, draft);
    if (!kept) return { complete: false, transitions: 0 };
    for (const { seen } of draft.steps)
      telling.set(seen.fingerprint, [
        ...(telling.get(seen.fingerprint) ?? []),
        { id: kept.alert.id, check: draft.ofChange ? draft.key : null },
      ]);
  }

  let transitions = 0;
  let complete = true;
  await forEachAtOnce(steps, 16, async (one) => {
    const { step, seen, before } = one;
    const saved = await store.save(
      (telling.get(seen.fingerprint) ?? []).reduce((next, by) => withAlert(one, next, by, lastSweep), step.next),
    );
    if (!saved) complete = false;
    else if (step.next.state !== before?.state && step.next.state !== 'passing' && step.next.state !== 'unseen') transitions += 1;
  });
  return { complete, transitions };
}

/** An alert that speaks of a finding. `check`: of the change that it tells; null: it tells of findings alone. */
interface Telling {
  readonly id: string;
  readonly check: string | null;
}

/** The finding with an alert that speaks of it. */
function withAlert({ step: { tell }, before, late }: Seen, next: KnownFinding, { id, check }: Telling, lastSweep: number): KnownFinding {
  const alerts = [id, ...next.alerts.filter((one) => one !== id)].slice(0, remembered);
  if (late !== null && check === late.check && next.unowned) return { ...next, alerts, unowned: { ...next.unowned, saidBy: id } };
  const opens = tell === 'opened' || tell === 'reopened' || (tell === 'worsened' && next.openedBy === null);
  if (!opens) return { ...next, alerts };
  const unowned = check === null && tell !== 'worsened' ? { fineAt: before?.knownAt ?? lastSweep, saidBy: null } : undefined;
  return { ...next, alerts, openedBy: id, unowned };
}

/** Nothing new of a finding, but who did it. */
function unchanged(known: KnownFinding): Step {
  return { next: { ...known, revision: known.revision + 1 }, tell: null };
}

/** The change of this event that opened what was told by itself, for the event had not come yet; null: none. */
function lateOwner(look: Look, { check, resource, unowned, openedAt }: KnownFinding): Alert | null {
  if (!unowned || unowned.saidBy !== null || openedAt === null || look.eventTime === null) return null;
  const happened = Date.parse(look.eventTime);
  // What was seen to be fine after it, long enough for its effect to be visible, somebody else opened.
  if (!(happened <= openedAt && happened > unowned.fineAt - becomesVisible)) return null;
  return changeOwning(
    check,
    resource,
    tellable(look).filter((change) => opens[change.check]?.includes(check)),
  );
}

/** The changes that are worth telling, the worst first. */
function tellable({ changes, minimumSeverity }: Look): readonly Alert[] {
  return changes.filter(({ severity }) => atLeast(severity, minimumSeverity)).sort(bySeverity);
}

/** One draft for each change that is worth telling, and one for each check and transition that no change accounts for. */
function draftAlerts(look: Look, told: readonly Seen[], late: readonly Seen[]): Draft[] {
  const drafts = new Map<string, Draft>();
  const changes = tellable(look);
  for (const alert of changes) drafts.set(alert.check, { key: alert.check, alert, ofChange: true, steps: [] });

  for (const one of late) drafts.get(one.late?.check ?? '')?.steps.push(one);
  for (const one of told) {
    const { step, seen } = one;
    const worsens = step.tell === 'opened' || step.tell === 'reopened' || step.tell === 'worsened';
    // What a change once opened, and what was put right since, somebody else opened again.
    const others = changes.filter(({ check }) => !step.next.alerts.includes(alertId(look.cause, check)));
    const owner = worsens ? changeOwning(seen.check, seen.resource, others) : null;
    const openedBy = step.tell === 'resolved' ? step.next.openedBy : null;
    const key = owner?.check ?? [seen.check, step.tell, ...(openedBy === null ? [] : [openedBy])].join('#');
    const draft = drafts.get(key) ?? { key, alert: postureAlert(look, step, seen), ofChange: false, steps: [] };
    drafts.set(key, draft);
    draft.steps.push(one);
  }
  return [...drafts.values()].map((draft) => ({ ...draft, alert: describe(look, draft) }));
}

function postureAlert(look: Look, { next, tell }: Step, seen: Observation): Alert {
  const isWrong = tell !== 'resolved' && tell !== 'blind';
  const remediation = isWrong ? (seen.finding?.remediation ?? null) : null;
  return {
    schemaVersion: '1',
    id: '',
    openedBy: tell === 'resolved' ? next.openedBy : null,
    check: seen.check,
    severity: next.severity,
    title: seen.title,
    account: look.account,
    region: seen.resource.region === 'global' ? look.region : seen.resource.region,
    at: new Date(look.now).toISOString(),
    eventId: look.eventTime === null ? null : look.cause,
    fingerprint: seen.fingerprint,
    transition: transitionOf(tell),
    eventTime: look.eventTime,
    delaySeconds: delay(look),
    principal: null,
    sourceAddress: null,
    userAgent: null,
    tool: null,
    resources: [],
    inEffect: seen.finding?.inEffect ?? null,
    findings: [],
    reason: seen.reason,
    remediation,
    ...(isWrong && remediation === null && seen.fix !== undefined ? { fix: seen.fix } : {}),
    links: {},
  };
}

function transitionOf(tell: Step['tell']): Transition {
  if (tell === null) throw new TypeError('Nothing is to be told.');
  return tell;
}

function delay(look: Look): number | null {
  return look.eventTime === null ? null : Math.max(0, Math.round((look.now - Date.parse(look.eventTime)) / 1000));
}

/** The draft's alert with all that it speaks of. */
function describe(look: Look, { alert, ofChange, steps }: Draft): Alert {
  const findings = [...new Set([...alert.findings, ...steps.map(({ seen }) => seen.fingerprint)])].sort();
  const touched = new Map([...alert.resources, ...steps.map(({ seen }) => seen.resource)].map((one) => [`${one.arn} ${one.region}`, one]));
  const resources = [...touched.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  if (ofChange) return { ...alert, findings };
  const worst = steps.map(({ step }) => step.next.severity).sort((a, b) => severities.indexOf(a) - severities.indexOf(b))[0];
  const others = steps.length - 1;
  // Activity finds several things on one resource.
  const kind = new Set(steps.map(({ seen }) => seen.resource.arn)).size < steps.length ? '' : others === 1 ? ' resource' : ' resources';
  const more = others > 0 ? ` And ${others} more${kind} like it.` : '';
  const first = [...steps].sort((a, b) => (a.seen.resource.arn < b.seen.resource.arn ? -1 : 1))[0];
  return {
    ...alert,
    severity: worst ?? alert.severity,
    fingerprint: first?.seen.fingerprint ?? alert.fingerprint,
    reason: `${reasonOf(first, look)}${more}`,
    remediation: alert.remediation === null ? null : (first?.seen.finding?.remediation ?? alert.remediation),
    resources,
    findings,
  };
}

function reasonOf(first: Draft['steps'][number] | undefined, look: Look): string {
  if (!first) return '';
  const { step, seen } = first;
  if (step.tell === 'resolved') {
    const openedAt = step.next.openedAt;
    const open = openedAt === null ? '' : ` It was open for ${duration(look.now - openedAt)}.`;
    return `${seen.seen === 'gone' ? 'The resource is gone.' : sentence(seen.reason)}${open}`;
  }
  if (step.tell === 'blind') return `Three sweeps in a row could not see this: ${sentence(seen.reason)}`;
  return sentence(seen.reason);
}

/** What a change's alert says while nothing of its effect can be seen. */
export const notVisible = 'The effect is not yet visible.';

/** Who was told that something is wrong is not told so again, but who did it. */
const toldBefore = 'What it opened was told before, without who did it.';

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** `3 minutes`, `5 hours`, `2 days`: the largest unit that is at least two, or else one. */
export function duration(milliseconds: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const;
  for (const [name, size] of units) {
    const count = Math.floor(milliseconds / size);
    if (count >= 2 || (count === 1 && milliseconds < 1.5 * size)) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a second';
}

/**
 * Writes the alert as pending before the findings that will refer to it. One that an earlier delivery left pending is taken on; one that is already
 * on its way (or told) stays as it is: a change's alert then is referred to, and anything else gets an alert of its own. Null: somebody was faster.
 */
async function keepPending(store: FindingStore, stored: readonly StoredAlert[], cause: string, draft: Draft): Promise<StoredAlert | null> {
  const byKey = new Map(stored.map((one) => [one.key, one]));
  for (let number = 1; ; number++) {
    const key = number === 1 ? draft.key : `${draft.key}#${number}`;
    const before = byKey.get(key);
    if (before && before.status !== 'pending') {
      if (draft.ofChange) return before;
      continue;
    }
    const fingerprints = draft.steps.map(({ seen }) => seen.fingerprint);
    if (before && fingerprints.every((one) => before.intended.includes(one))) return before;
    const next: StoredAlert = {
      cause,
      key,
      status: 'pending',
      alert: { ...draft.alert, id: alertId(cause, key), at: before?.alert.at ?? draft.alert.at },
      intended: [...new Set([...(before?.intended ?? []), ...fingerprints])].sort(),
      ofChange: draft.ofChange,
      revision: (before?.revision ?? 0) + 1,
    };
    return (await store.saveAlert(next)) ? next : null;
  }
}

/** Seals what is pending, with the findings that came to refer to it; null where somebody was faster. */
async function sealAlerts(store: FindingStore, alerts: readonly StoredAlert[]): Promise<StoredAlert[] | null> {
  const ready: StoredAlert[] = [];
  for (const stored of alerts) {
    if (stored.status === 'sealed' || stored.status === 'sending') ready.push(stored);
    if (stored.status !== 'pending') continue;
    const sealed = seal(stored, await store.load(stored.intended));
    if (!(await store.saveAlert(sealed))) return null;
    if (sealed.status === 'sealed') ready.push(sealed);
  }
  return ready.sort((a, b) => bySeverity(a.alert, b.alert));
}

function seal(stored: StoredAlert, known: ReadonlyMap<string, KnownFinding>): StoredAlert {
  const referring = stored.intended.filter((one) => known.get(one)?.alerts.includes(stored.alert.id));
  const revision = stored.revision + 1;
  if (stored.ofChange) {
    const { alert } = stored;
    const before = referring.flatMap((one) => known.get(one) ?? []).find(({ unowned }) => unowned?.saidBy === alert.id);
    // What was told was seen: where it cannot be seen now, it is over.
    const reason = alert.reason.replace(` ${notVisible}`, '');
    const update = before ? { openedBy: before.openedBy, reason: `${sentence(reason)} ${toldBefore}` } : {};
    return { ...stored, status: 'sealed', alert: { ...alert, ...update, findings: referring }, revision };
  }
  if (referring.length === 0) return { ...stored, status: 'void', revision };
  const findings = referring.map((one) => known.get(one)?.finding ?? null);
  return {
    ...stored,
    status: 'sealed',
    alert: { ...stored.alert, findings: referring, resources: only(stored.alert.resources, findings) },
    revision,
  };
}

/** The resources of the findings that are left; all, where a finding does not say (it was never one). */
function only(resources: readonly Resource[], findings: readonly (Finding | null)[]): readonly Resource[] {
  if (findings.some((finding) => finding === null)) return resources;
  const arns = new Set(findings.map((finding) => finding?.resource.arn));
  return resources.filter(({ arn }) => arns.has(arn));
}

function bySeverity(a: Alert, b: Alert): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.check < b.check ? -1 : a.check > b.check ? 1 : 0);
}

async function forEachAtOnce<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
